//! Pushes by transactions of both versions: what fits, who is paid, and what the log still says.

use crank_cluster::address::Asset;
use crank_cluster::cluster::Receipt;
use crank_cluster::steps::lookup_table;
use crank_cluster::steps::push::{self, PushableEpoch};
use crank_cluster::transaction::Format;
use tests::campaign::{Allocations, Campaign};
use tests::events::events;
use tests::invariants;
use tests::world::World;
use torque::events::Pushed;
use torque::state::Mode;

use crate::scene::wait;

/// Two whole transactions of version 1, and four leaves more.
const LEAVES: u32 = 100;

#[test]
fn a_transaction_of_version_1_pays_forty_eight_leaves_and_reports_all_of_them() {
    let (world, campaign, allocations) = opened();
    let receipts = push_all(&world, &campaign, &allocations, Format::V1);
    assert_eq!(paid(&receipts), [vec![32, 16], vec![16, 32], vec![4]]);
    // The lines of forty-eight transfers are more than a log has room for, and the events come before them.
    let is_cut = |receipt: &Receipt| receipt.logs.iter().any(|line| line == "Log truncated");
    assert_eq!(receipts.iter().map(is_cut).collect::<Vec<_>>(), [true, true, false]);
    assert!(receipts.iter().all(|receipt| (0..Format::V1.most_bytes()).contains(&receipt.bytes)));
    expect_all_paid(&world, &campaign, &allocations);
    assert_eq!(push_all(&world, &campaign, &allocations, Format::V1).len(), 0, "nothing is left to push");
}

#[test]
fn batches_leave_the_log_room_for_everything() {
    let (world, campaign, allocations) = opened();
    let epoch = PushableEpoch { can_batch: true, ..pushable(&campaign, &allocations, Format::V1) };
    let receipts = wait(push::all(&world.cluster, &world.publisher, &epoch)).unwrap();
    assert_eq!(paid(&receipts), [vec![32, 16], vec![16, 32], vec![4]]);
    assert!(!receipts.iter().any(|receipt| receipt.logs.iter().any(|line| line == "Log truncated")));
    expect_all_paid(&world, &campaign, &allocations);
}

#[test]
fn a_transaction_of_version_0_pays_sixteen() {
    let (world, campaign, allocations) = opened();
    let payer = &world.publisher;
    let slot = wait(lookup_table::recent_slot(&world.cluster)).unwrap();
    let constant = lookup_table::constant_accounts(&campaign.addresses, 0);
    let table = wait(lookup_table::create(&world.cluster, payer, slot, constant)).unwrap();
    let receipts = push_all(&world, &campaign, &allocations, Format::V0(&[table]));
    let expected: Vec<Vec<u32>> = [16; 6].into_iter().chain([4]).map(|count| vec![count]).collect();
    assert_eq!(paid(&receipts), expected);
    expect_all_paid(&world, &campaign, &allocations);
}

#[test]
fn what_one_version_has_begun_the_other_finishes() {
    let (world, campaign, allocations) = opened();
    let epoch = pushable(&campaign, &allocations, Format::V1);
    wait(push::blocks(&world.cluster, &world.publisher, &epoch, 0..48)).unwrap();
    let receipts = push_all(&world, &campaign, &allocations, Format::PLAIN);
    assert_eq!(paid(&receipts), [vec![16], vec![16], vec![16], vec![4]]);
    expect_all_paid(&world, &campaign, &allocations);
}

/// A distributor whose epoch is open, and whose wallets have accounts.
fn opened() -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset: Asset = world.create_token(anchor_spl::token::ID);
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Push, LEAVES);
    (world, campaign, allocations)
}

fn pushable<'a>(campaign: &'a Campaign, allocations: &'a Allocations, format: Format<'a>) -> PushableEpoch<'a> {
    let Allocations { payments, tree, .. } = allocations;
    let (addresses, has_subtrees, can_batch) = (&campaign.addresses, false, false);
    PushableEpoch { addresses, index: 0, payments, tree, format, has_subtrees, can_batch }
}

fn push_all(world: &World, campaign: &Campaign, allocations: &Allocations, format: Format<'_>) -> Vec<Receipt> {
    wait(push::all(&world.cluster, &world.publisher, &pushable(campaign, allocations, format))).unwrap()
}

/// How many leaves each push of each transaction reports as paid.
fn paid(receipts: &[Receipt]) -> Vec<Vec<u32>> {
    let pushes = |receipt: &Receipt| events::<Pushed>(receipt).iter().map(|event| event.paid.count_ones()).collect();
    receipts.iter().map(pushes).collect()
}

fn expect_all_paid(world: &World, campaign: &Campaign, allocations: &Allocations) {
    for payment in &allocations.payments {
        assert_eq!(world.balance(&campaign.addresses.asset, &payment.recipient), payment.amount);
    }
    assert_eq!(world.epoch(&campaign.addresses, 0).paid_count, LEAVES);
    invariants::check(world, &[campaign]);
}
