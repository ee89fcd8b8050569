//! Sponsors: wallets with money, and the instructions by which they, the treasury or others for them get money back.
//!
//! The guardian pays the fees of these transactions, so that a sponsor of SOL keeps its exact balance.

use anchor_lang::{AccountDeserialize, Discriminator, Space as _};
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction::{self, settlement};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::SponsorArgs;
use torque::state::{AgreedTerms, Distributor, Mode, Sponsorship};

use crate::assertions::{Sent, expect_success};
use crate::campaign::{Allocations, Campaign};
use crate::memory;
use crate::world::{World, keypair};

/// Sponsor number `number`, from 0 on.
#[must_use]
pub fn sponsor(number: u32) -> Keypair {
    keypair(50_000 + number)
}

/// The sponsorships of `distributor` among `accounts` of the program, each with its address and its data, in the order
/// in which they came.
pub fn sponsorships_among<'a>(
    accounts: impl Iterator<Item = (&'a Pubkey, &'a [u8])>,
    distributor: &Pubkey,
) -> Vec<Sponsorship> {
    let decoded = accounts.filter(|(_, data)| data.starts_with(Sponsorship::DISCRIMINATOR)).map(|(at, mut data)| {
        let found = Sponsorship::try_deserialize(&mut data).unwrap();
        let expected = memory::sponsorship_address(&found.distributor, &found.wallet, found.number);
        assert_eq!(*at, expected, "a sponsorship astray");
        found
    });
    let mut found: Vec<Sponsorship> = decoded.filter(|found| found.distributor == *distributor).collect();
    found.sort_unstable_by_key(|found| found.start);
    found
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

    /// Sponsor number `number` with `amount` base units of `asset`, and lamports for the rent of four
    /// sponsorships.
    pub fn new_sponsor(&mut self, number: u32, asset: &Asset, amount: u64) -> Keypair {
        let wallet = sponsor(number);
        self.set_lamports(&wallet.pubkey(), self.rent(0) + 4 * self.rent(8 + Sponsorship::INIT_SPACE));
        self.provide(asset, &wallet.pubkey(), amount);
        wallet
    }

    /// The terms of a distributor that a sponsor agrees to; none in particular if it is closed.
    #[must_use]
    pub fn agreed_terms(&self, addresses: &DistributorAddresses) -> AgreedTerms {
        let found = self.cluster.decode::<Distributor>(&addresses.distributor, "distributor");
        found.map_or_else(|_| AgreedTerms::default(), |found| found.agreed_terms())
    }

    /// The sponsorships of `distributor`.
    #[must_use]
    pub fn sponsorships_of(&self, distributor: &Pubkey) -> Vec<Sponsorship> {
        let accounts = self.cluster.accounts_of(&torque::ID);
        sponsorships_among(accounts.iter().map(|(address, account)| (address, &account.data[..])), distributor)
    }
}

impl Campaign {
    /// The addition of `amount` base units by `wallet`, and the fee on top, as its sponsorship `number`, under the
    /// terms that there are.
    #[must_use]
    pub fn sponsorship(&self, world: &World, wallet: Pubkey, amount: u64, number: u32) -> Instruction {
        let agreed = world.agreed_terms(&self.addresses);
        instruction::distributor_sponsor(&self.addresses, wallet, amount, SponsorArgs { number, agreed })
    }

    /// Adds `amount` base units of `wallet`, and the fee on top, as its next sponsorship.
    pub fn sponsor(&self, world: &mut World, wallet: &Keypair, amount: u64) -> Sent {
        let guardian = world.guardian.insecure_clone();
        let number = self.numbers_of(world, &wallet.pubkey()).max().map_or(0, |last| last + 1);
        let fund = self.sponsorship(world, wallet.pubkey(), amount, number);
        world.send(fund, &[&guardian, wallet])
    }

    /// Refunds the first sponsorship of `wallet` to its own account; another wallet signs.
    pub fn refund(&self, world: &mut World, wallet: &Pubkey) -> Sent {
        let guardian = world.guardian.insecure_clone();
        let number = self.numbers_of(world, wallet).min().unwrap_or_default();
        world.send(settlement::sponsor_refund(&self.addresses, wallet, number), &[&guardian])
    }

    /// Refunds the first sponsorship of `wallet` to `destination`, which it signs.
    pub fn refund_to(&self, world: &mut World, wallet: &Keypair, destination: Pubkey) -> Sent {
        let guardian = world.guardian.insecure_clone();
        let number = self.numbers_of(world, &wallet.pubkey()).min().unwrap_or_default();
        let mut refund = settlement::sponsor_refund(&self.addresses, &wallet.pubkey(), number);
        refund.accounts[0].is_signer = true;
        refund.accounts[5].pubkey = destination;
        world.send(refund, &[&guardian, wallet])
    }

    /// The numbers of the sponsorships of `wallet`.
    fn numbers_of(&self, world: &World, wallet: &Pubkey) -> impl Iterator<Item = u32> {
        let all = world.sponsorships_of(&self.addresses.distributor);
        all.into_iter().filter(move |it| it.wallet == *wallet).map(|it| it.number)
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
