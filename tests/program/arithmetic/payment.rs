//! What leaves the vault for a leaf: "a leaf's amount is the amount that arrives. If a mint takes a fee, the vault
//! sends more", under the fee in force. An epoch reserves only so much, and a leaf beyond that waits.

use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::instruction::{ClaimedLeaf, view};
use dashu::integer::IBig;
use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use spl_token_2022::extension::StateWithExtensionsMut;
use spl_token_2022::state::Account as TokenAccount;
use tests::campaign::Campaign;
use tests::world::World;
use torque::instructions::ClaimableView;
use torque::merkle::leaf_hash;
use torque::state::{Epoch, Mode};

use super::machine::Machine;
use super::numbers::Random;
use super::rule::{Outcome, Rule, big, ceil};

/// The question whether a leaf can be claimed.
pub(super) struct Payment {
    machine: Machine,
    epoch: Account,
    vault: Account,
    wallet: Pubkey,
}

/// A leaf, and what its epoch has reserved for it.
#[derive(Debug)]
pub(super) struct Numbers {
    amount: u64,
    fee: (u16, u64),
    spent: u64,
    reserved: u64,
}

/// The least that must be sent so that `net` arrives, if a transfer costs `fee`: a rate, and the most that is taken.
/// Found by halving: of one base unit more, never less arrives, and never more than one more.
fn least_sent(net: u64, (rate, most): (u16, u64)) -> IBig {
    let arrives = |sent: &IBig| sent - ceil(sent * big(rate), 10_000_u16).min(big(most));
    let (mut low, mut high) = (big(net), big(net) + big(most));
    while low < high {
        let middle: IBig = (&low + &high) / big(2_u8);
        if arrives(&middle) >= big(net) { high = middle } else { low = middle + IBig::ONE }
    }
    assert_eq!(arrives(&low), big(net));
    low
}

impl Rule for Payment {
    type Numbers = Numbers;

    const REFUSALS: &[&str] = &["ReserveExceeded"];

    fn stage() -> Self {
        let mut world = World::new();
        let asset = world.create_fee_token(1, 1);
        let (campaign, _) = Campaign::open(&mut world, asset, Mode::Claim, 1);
        let [epoch, vault] =
            [campaign.epoch(0), campaign.addresses.vault].map(|address| world.cluster.account(&address).unwrap());
        let wallet = world.stranger.pubkey();
        Self { machine: Machine::of(world, campaign), epoch, vault, wallet }
    }

    fn choose(random: &mut Random) -> Numbers {
        let (amount, fee) = (random.amount(), (random.rate(10_000), random.amount()));
        let sent = u64::try_from(&least_sent(amount, fee)).unwrap_or(u64::MAX);
        let spent = if random.once_in(2) { 0 } else { random.part_of(u64::MAX - sent) };
        let reserved = random.beside(sent.saturating_add(spent));
        Numbers { amount, fee, spent, reserved }
    }

    /// Whether the leaf is paid now: if the vault sends exactly what the rule says, for no other reservation.
    fn expected(Numbers { amount, fee, spent, reserved }: &Numbers) -> Outcome {
        let is_reserved = least_sent(*amount, *fee) + big(*spent) <= big(*reserved);
        if is_reserved { Ok(vec![*amount]) } else { Err("ReserveExceeded") }
    }

    fn observed(&mut self, Numbers { amount, fee, spent, reserved }: &Numbers) -> Result<Vec<u64>, String> {
        let Self { machine, epoch, vault, wallet } = self;
        machine.forge_fees([*fee; 2]);
        machine.forge_distributor(|distributor| {
            let limiter = &mut distributor.limiter;
            (limiter.absolute, limiter.limits.absolute) = (u64::MAX, u64::MAX);
        });
        let (addresses, mut account) = (machine.campaign.addresses, epoch.clone());
        let address = addresses.epoch(0);
        let (header, _) = Epoch::split(&mut account.data).unwrap();
        header.root = leaf_hash(&address, 0, wallet, *amount);
        (header.total, header.spent, header.reserved) = (*amount, *spent, *reserved);
        machine.put(address, account);
        let mut account = vault.clone();
        let mut state = StateWithExtensionsMut::<TokenAccount>::unpack(&mut account.data).unwrap();
        state.base.amount = u64::MAX;
        state.pack_base();
        machine.put(addresses.vault, account);
        let leaf = ClaimedLeaf { epoch: 0, index: 0, amount: *amount, path: Vec::new() };
        let view: ClaimableView = machine.ask(view::claimable(&addresses, *wallet, leaf))?;
        view.obstacle.map_or(Ok(vec![view.amount]), |obstacle| Err(format!("{obstacle:?}")))
    }
}
