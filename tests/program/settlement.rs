//! The order in which sponsors, owner and treasury are paid changes no amount: random sponsors, payments and orders,
//! for tokens and SOL, are compared with the formula and with the reverse order.

use std::collections::BTreeMap;

use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH};
use tests::invariants;
use tests::world::World;
use torque::state::Mode;

/// Cases for each of tokens and SOL.
const CASES: u32 = 24;

#[test]
fn tokens_are_shared_alike_in_every_order() {
    share_in_random_orders(Some(spl_token::ID));
}

#[test]
fn lamports_are_shared_alike_in_every_order() {
    share_in_random_orders(None);
}

/// The contributions, the payments, and the order of the steps afterwards.
#[derive(Clone, Debug)]
struct Case {
    fee_basis_points: u16,
    owner: u64,
    sponsors: Vec<u64>,
    /// The leaves of the only epoch.
    amounts: Vec<u64>,
    /// How many of them are paid.
    paid: usize,
    /// Sent to the vault from outside.
    gift: u64,
    order: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Refund(usize),
    Close,
    Collect,
}

fn share_in_random_orders(program: Option<Pubkey>) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]));
    let outcome = runner.run(&case(), |case| {
        let stage = Stage::over(program, &case);
        let forward = stage.play(case.order.iter());
        let backward = stage.play(case.order.iter().rev());
        assert_eq!(forward, backward, "the order matters");
        stage.expect_formula(&case, &forward);
        Ok(())
    });
    outcome.unwrap();
}

/// A distributor that is over, and the people who wait for money.
struct Stage {
    world: World,
    campaign: Campaign,
    sponsors: Vec<Keypair>,
    has_gift: bool,
}

/// The balances of everybody afterwards, in base units and in lamports.
type Holdings = BTreeMap<Pubkey, (u64, u64)>;

impl Stage {
    fn over(program: Option<Pubkey>, case: &Case) -> Self {
        let mut world = World::new();
        let asset = program.map_or(Asset::SOL, |program| world.create_token(program));
        expect_success(world.set_fee(case.fee_basis_points));
        let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
        let sponsors: Vec<Keypair> = case
            .sponsors
            .iter()
            .zip(0..)
            .map(|(amount, number)| {
                let wallet = world.new_sponsor(number, &asset, amount + amount / 10 + 2);
                expect_success(campaign.sponsor(&mut world, &wallet, *amount));
                wallet
            })
            .collect();
        expect_success(campaign.fund(&mut world, case.owner));
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(0, &case.amounts);
        expect_success(campaign.post(&mut world, &allocations));
        for payment in &allocations.payments {
            world.open_account(&asset, &payment.recipient);
        }
        world.pass(DELAY);
        for index in 0..case.paid {
            expect_success(campaign.pay(&mut world, &allocations, index as u32));
        }
        campaign.wind_up(&mut world);
        if case.gift > 0 {
            world.give_to_vault(&campaign.addresses, case.gift);
        }
        Self { world, campaign, sponsors, has_gift: case.gift > 0 }
    }

    /// Plays the steps in a copy of the world, then all that are left, and returns everybody's balances.
    fn play<'steps>(&self, steps: impl Iterator<Item = &'steps Step>) -> Holdings {
        let mut world = self.world.fork();
        let mut refunded = vec![false; self.sponsors.len()];
        let rest = (0..self.sponsors.len()).map(Step::Refund).chain([Step::Close]);
        for step in steps.copied().chain(rest) {
            match step {
                Step::Refund(place) if !self.sponsors.is_empty() => {
                    let place = place % self.sponsors.len();
                    let is_ok = self.campaign.refund(&mut world, &self.sponsors[place].pubkey()).is_ok();
                    assert_ne!(is_ok, std::mem::replace(&mut refunded[place], true), "refunded twice or never");
                }
                Step::Refund(_) => {}
                // If it is closed for ever or no fee is earned, there is nothing to do.
                Step::Close if world.size(&self.campaign.addresses.distributor) == 8 => {}
                Step::Close => drop(expect_success(self.close(&mut world))),
                Step::Collect => drop(self.campaign.collect(&mut world)),
            }
            if !self.has_gift {
                invariants::check(&world, &[&self.campaign]);
            }
        }
        assert!(world.is_absent(&self.campaign.addresses.vault), "money stays behind");
        self.holdings(&world)
    }

    /// The owner closes, and the guardian pays the transaction's fee.
    fn close(&self, world: &mut World) -> Sent {
        let (guardian, owner) = (world.guardian.insecure_clone(), world.owner.insecure_clone());
        let close = instruction::distributor_close(&self.campaign.addresses, &world.treasury);
        world.send(close, &[&guardian, &owner])
    }

    fn holdings(&self, world: &World) -> Holdings {
        let wallets = self.sponsors.iter().map(|sponsor| sponsor.pubkey());
        let wallets = wallets.chain([world.owner.pubkey(), world.treasury]);
        let asset = &self.campaign.addresses.asset;
        wallets.map(|wallet| (wallet, (world.balance(asset, &wallet), world.cluster.lamports(&wallet)))).collect()
    }

    /// The balances by the formula, in base units without any rent.
    fn expect_formula(&self, case: &Case, after: &Holdings) {
        let before = self.holdings(&self.world);
        let is_native = self.campaign.addresses.asset.is_native();
        let rent = |rent: u64| if is_native { rent } else { 0 };
        let gained = |wallet: &Pubkey| after[wallet].0 - before[wallet].0;
        let with_fee = |rewards: u64| rewards + (rewards * u64::from(case.fee_basis_points)).div_ceil(10_000);
        let paid: u64 = case.amounts[..case.paid].iter().sum();
        let of_owner = paid.min(case.owner);
        let of_sponsors = paid - of_owner;
        let mut start = 0;
        for (wallet, amount) in self.sponsors.iter().zip(&case.sponsors) {
            let end = start + amount;
            let share = with_fee(end) - with_fee(of_sponsors.clamp(start, end));
            assert_eq!(gained(&wallet.pubkey()), share + rent(self.world.rent(128)), "a sponsor of {amount}");
            start = end;
        }
        let earned = with_fee(of_owner) + with_fee(of_sponsors) - paid;
        assert_eq!(gained(&self.world.treasury), earned, "the treasury");
        let rents = self.world.cluster.lamports(&self.campaign.addresses.distributor) - self.world.rent(8);
        let owners = with_fee(case.owner) - with_fee(of_owner) + case.gift + rent(rents + self.world.rent(0));
        assert_eq!(gained(&self.world.owner.pubkey()), owners, "the owner");
    }
}

fn case() -> impl Strategy<Value = Case> {
    let fees = prop::sample::select(vec![0, 1, 37, 333, 500, 1_000]);
    let amount = || prop_oneof![1 => 1..10_u64, 2 => 1_000_000..1_000_000_000_u64];
    let sponsors = prop::collection::vec(amount(), 0..5);
    let amounts = prop::collection::vec(1_000_000..3_000_000_u64, 1..4);
    let gift = prop_oneof![2 => Just(0), 1 => 1..1_000_u64];
    let owner = prop_oneof![1_000_000..5_000_000_u64, 10_000_000..900_000_000_u64];
    let parts = (fees, owner, sponsors, amounts, 0..4_usize, gift, order());
    parts.prop_map(|(fee_basis_points, owner, sponsors, mut amounts, paid, gift, order)| {
        // No more than there is, and more than the owner has where it can be.
        let mut left = owner + sponsors.iter().sum::<u64>();
        amounts.iter_mut().for_each(|amount| {
            *amount = (*amount).min(left);
            left -= *amount;
        });
        amounts.retain(|amount| *amount > 0);
        let paid = paid.min(amounts.len());
        Case { fee_basis_points, owner, sponsors, amounts, paid, gift, order }
    })
}

/// Refunds by places that differ, with closings and collections between them.
fn order() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..4_usize).prop_map(Step::Refund),
        2 => Just(Step::Close),
        1 => Just(Step::Collect),
    ];
    prop::collection::vec(step, 0..10)
}
