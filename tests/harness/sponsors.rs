//! Sponsors: wallets with money, and the instructions by which they, the treasury or others for them get money back.
//!
//! The guardian pays the fees of these transactions, so that a sponsor of SOL keeps its exact balance.

use anchor_lang::{AccountDeserialize, Discriminator};
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction::{self, settlement};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::{Mode, Sponsor};

use crate::assertions::{Sent, expect_success};
use crate::campaign::{Allocations, Campaign};
use crate::memory;
use crate::world::{World, keypair};

/// Sponsor number `number`, from 0 on.
#[must_use]
pub fn sponsor(number: u32) -> Keypair {
    keypair(50_000 + number)
}

/// The sponsor accounts of `distributor` among `accounts` of the program, each with its address and its data.
pub fn sponsors_among<'a>(
    accounts: impl Iterator<Item = (&'a Pubkey, &'a [u8])>,
    distributor: &Pubkey,
) -> Vec<Sponsor> {
    let decoded = accounts.filter(|(_, data)| data.starts_with(Sponsor::DISCRIMINATOR)).map(|(at, mut data)| {
        let sponsor = Sponsor::try_deserialize(&mut data).unwrap();
        let expected = memory::sponsor_address(&sponsor.distributor, &sponsor.wallet);
        assert_eq!(*at, expected, "a sponsor account astray");
        sponsor
    });
    decoded.filter(|sponsor| sponsor.distributor == *distributor).collect()
}

impl World {
    /// Gives `wallet` `amount` base units of `asset`, which for SOL come from nowhere.
    pub fn provide(&mut self, asset: &Asset, wallet: &Pubkey, amount: u64) {
        if asset.is_native() {
            let held = self.cluster.lamports(wallet);
            self.set_lamports(wallet, held + amount);
        } else {
            self.open_account(asset, wallet);
            self.send_tokens(asset, &asset.account_of(wallet), amount);
        }
    }

    /// Sends `amount` base units to a vault from outside.
    pub fn give_to_vault(&mut self, addresses: &DistributorAddresses, amount: u64) {
        if addresses.asset.is_native() {
            self.provide(&addresses.asset, &addresses.vault, amount);
        } else {
            self.send_tokens(&addresses.asset, &addresses.vault, amount);
        }
    }

    /// Sponsor number `number` with `amount` base units of `asset`, and lamports for an account's rent.
    pub fn new_sponsor(&mut self, number: u32, asset: &Asset, amount: u64) -> Keypair {
        let wallet = sponsor(number);
        self.set_lamports(&wallet.pubkey(), self.rent(0) + self.rent(8 + 106));
        self.provide(asset, &wallet.pubkey(), amount);
        wallet
    }

    /// The sponsor accounts of `distributor`.
    #[must_use]
    pub fn sponsors_of(&self, distributor: &Pubkey) -> Vec<Sponsor> {
        let accounts = self.cluster.accounts_of(&torque::ID);
        sponsors_among(accounts.iter().map(|(address, account)| (address, &account.data[..])), distributor)
    }
}

impl Campaign {
    /// Funds with `amount` base units of `wallet`, and the fee on top.
    pub fn sponsor(&self, world: &mut World, wallet: &Keypair, amount: u64) -> Sent {
        let guardian = world.guardian.insecure_clone();
        let fund = instruction::distributor_sponsor(&self.addresses, wallet.pubkey(), amount);
        world.send(fund, &[&guardian, wallet])
    }

    /// Refunds the sponsor `wallet` to its own account; another wallet signs.
    pub fn refund(&self, world: &mut World, wallet: &Pubkey) -> Sent {
        let guardian = world.guardian.insecure_clone();
        world.send(settlement::sponsor_refund(&self.addresses, wallet), &[&guardian])
    }

    /// Refunds the sponsor `wallet` to `destination`, which it signs.
    pub fn refund_to(&self, world: &mut World, wallet: &Keypair, destination: Pubkey) -> Sent {
        let guardian = world.guardian.insecure_clone();
        let mut refund = settlement::sponsor_refund(&self.addresses, &wallet.pubkey());
        refund.accounts[0].is_signer = true;
        refund.accounts[5].pubkey = destination;
        world.send(refund, &[&guardian, wallet])
    }

    /// Moves the earned fee to the treasury; another wallet signs.
    pub fn collect(&self, world: &mut World) -> Sent {
        let guardian = world.guardian.insecure_clone();
        world.send(settlement::fee_collect(&self.addresses, &world.treasury), &[&guardian])
    }
}

impl Campaign {
    /// A distributor that paid its three leaves and is over, with a sponsor for each of `amounts`; the owner funded
    /// [`FUNDING`](crate::campaign::FUNDING).
    pub fn sponsored_and_over(world: &mut World, asset: Asset, amounts: &[u64]) -> (Self, Vec<Keypair>) {
        let (campaign, allocations, sponsors) = Self::sponsored(world, asset, amounts);
        campaign.finish(world, &allocations);
        (campaign, sponsors)
    }

    /// A distributor whose epoch 0, with three leaves, is open, with a sponsor for each of `amounts`.
    pub fn sponsored(world: &mut World, asset: Asset, amounts: &[u64]) -> (Self, Allocations, Vec<Keypair>) {
        let (campaign, allocations) = Self::open(world, asset, Mode::Claim, 3);
        let sponsors = amounts.iter().zip(0..).map(|(amount, number)| {
            let wallet = world.new_sponsor(number, &asset, amount + amount / 10 + 1);
            expect_success(campaign.sponsor(world, &wallet, *amount));
            wallet
        });
        let sponsors = sponsors.collect();
        (campaign, allocations, sponsors)
    }
}
