//! Steps are killed between any two transactions and started again: no wallet is paid twice, no payment is missing, and
//! no more transactions land than without the kill.

use std::collections::BTreeMap;

use crank_cluster::cluster::Cluster as _;
use crank_cluster::embedded::Embedded;
use crank_cluster::error::ChainError;
use crank_cluster::instruction;
use crank_cluster::steps::{launch, lookup_table, post, push};
use crank_cluster::transaction::Format;
use crank_rules::bundle::Bundle;
use crank_rules::tree::MerkleTree;
use solana_account::{AccountSharedData, ReadableAccount as _};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::tree;
use tests::ledger::SYSVARS;
use tests::world::World;
use torque::constants::MAX_GROWTH;
use torque::instructions::EpochPostArgs;
use torque::state::Epoch;

use crate::interrupted::{Death, Interrupted};
use crate::scene::{BUNDLES, Scene, payments, pushable, wait};

/// Every account except those in which the cluster itself counts slots and blocks. They include the fee payers, so two
/// clusters agree only if the same number of transactions has landed.
fn accounts(cluster: &Embedded) -> BTreeMap<Pubkey, AccountSharedData> {
    cluster.accounts().into_iter().filter(|(_, account)| *account.owner() != SYSVARS).collect()
}

/// Runs `steps` on forks of `world`, kills them at each of their transactions in both ways, and starts them again.
/// Every time the accounts must end as in an undisturbed run. Returns the undisturbed world and its number of
/// transactions.
fn kill_everywhere(world: &World, steps: impl AsyncFn(&Interrupted<'_>) -> Result<(), ChainError>) -> (World, usize) {
    let run = |world: &World, count, death| wait(steps(&Interrupted::after(&world.cluster, count, death)));
    let undisturbed = world.fork();
    run(&undisturbed, usize::MAX, Death::BeforeSending).unwrap();
    let expected = accounts(&undisturbed.cluster);
    let is_killed = |count: usize, death: Death| {
        let world = world.fork();
        let first = run(&world, count, death);
        assert!(matches!(first, Ok(()) | Err(ChainError::Unreachable(_))), "{first:?}");
        run(&world, usize::MAX, death).unwrap();
        assert!(accounts(&world.cluster) == expected, "killed {death:?} at transaction {count}");
        first.is_err()
    };
    let deaths = [Death::BeforeSending, Death::AfterLanding];
    let count = (0..).find(|count| !deaths.map(|death| is_killed(*count, death)).contains(&true));
    (undisturbed, count.unwrap())
}

#[test]
fn a_campaign_that_is_killed_between_any_two_transactions_pays_everybody_once() {
    let scene = Scene::new();
    let bundle = scene.bundle();
    let (world, sent) = kill_everywhere(&scene.world, async |cluster| scene.escrow(cluster, &bundle).await);
    assert_eq!(sent, 4, "action, distributor with its link, funding, root");

    let epoch = world.epoch(&scene.addresses(), 0);
    world.cluster.set_time(epoch.opens_at);
    let slot = wait(lookup_table::recent_slot(&world.cluster)).unwrap();
    let (paid, sent) = kill_everywhere(&world, async |cluster| scene.pay(cluster, &bundle, slot).await);
    assert_eq!(sent, 3 + 1 + 3, "accounts, lookup table, blocks");
    for payment in payments(&bundle) {
        assert_eq!(paid.balance(&scene.asset, &payment.recipient), payment.amount, "{}", payment.recipient);
    }
    assert_eq!(paid.epoch(&scene.addresses(), 0).paid_count, 35);
}

#[test]
fn finished_steps_send_nothing_again() {
    let scene = Scene::new();
    let bundle = scene.bundle();
    let world = scene.world.fork();
    wait(scene.escrow(&world.cluster, &bundle)).unwrap();
    world.cluster.set_time(world.epoch(&scene.addresses(), 0).opens_at);
    let slot = wait(lookup_table::recent_slot(&world.cluster)).unwrap();
    wait(scene.pay(&world.cluster, &bundle, slot)).unwrap();
    let nothing = Interrupted::after(&world.cluster, 0, Death::BeforeSending);
    wait(scene.escrow(&nothing, &bundle)).unwrap();
    wait(scene.pay(&nothing, &bundle, slot)).unwrap();
}

#[test]
fn a_leaf_that_nobody_can_receive_is_left_until_its_wallet_has_an_account() {
    let mut scene = Scene::new();
    let bundle = scene.bundle();
    wait(scene.escrow(&scene.world.cluster, &bundle)).unwrap();
    scene.world.cluster.set_time(scene.world.epoch(&scene.addresses(), 0).opens_at);
    let (addresses, payments) = (scene.addresses(), payments(&bundle));
    let publisher = scene.world.publisher.insecure_clone();
    let slot = wait(lookup_table::recent_slot(&scene.world.cluster)).unwrap();
    let table = wait(scene.table(&scene.world.cluster, slot)).unwrap();
    let epoch = pushable(&addresses, &payments, &bundle, Format::V0(std::slice::from_ref(&table)));
    let push_all = |world: &World| wait(push::all(&world.cluster, &publisher, &epoch)).unwrap().len();
    assert_eq!(push_all(&scene.world), 0, "nobody has an account");
    let other = tree(&addresses.epoch(0), &payments[..34]);
    let another = push::PushableEpoch { tree: &other, ..epoch };
    let refusal = wait(push::all(&scene.world.cluster, &publisher, &another)).unwrap_err();
    assert!(refusal.to_string().contains("its root is"), "{refusal}");
    scene.world.open_account(&scene.asset, &payments[20].recipient);
    assert_eq!(push_all(&scene.world), 1, "one leaf of one block can be paid");
    assert_eq!(scene.world.balance(&scene.asset, &payments[20].recipient), payments[20].amount);
    assert_eq!(push_all(&scene.world), 0, "the others of its block still lack one");
}

/// Enough leaves that their marks and subtree roots need two growth steps, and that proving takes three transactions.
const MANY_LEAVES: u32 = 170_000;

#[test]
fn a_large_epoch_that_is_killed_while_it_grows_and_is_proven_ends_the_same() {
    let scene = Scene::new();
    let small = scene.bundle();
    wait(scene.escrow(&scene.world.cluster, &small)).unwrap();
    let (addresses, publisher) = (scene.addresses(), scene.world.publisher.insecure_clone());
    let payments: Vec<_> = payments(&small).into_iter().cycle().take(MANY_LEAVES as usize).collect();
    let tree = tree(&addresses.epoch(0), &payments);
    replace_root(&scene, &small, &tree);
    let (world, sent) = kill_everywhere(&scene.world, async |cluster| {
        post::extend(cluster, &addresses, &publisher, 0).await?;
        post::prove_subtrees(cluster, &addresses, &publisher, 0, &tree).await.map(|_| ())
    });
    assert_eq!(sent, 1 + 3, "growth, and proofs of sixteen subtrees each");
    let account = world.cluster.account(&addresses.epoch(0)).unwrap();
    assert_eq!(account.data.len(), Epoch::full_size(MANY_LEAVES));
    assert!(account.data.len() > 2 * MAX_GROWTH, "it grows by more than one step");
}

/// Cancels the epoch and posts the root of `tree` in its place.
fn replace_root(scene: &Scene, bundle: &Bundle, tree: &MerkleTree) {
    let (addresses, guardian, publisher) = (scene.addresses(), &scene.world.guardian, &scene.world.publisher);
    let [guardian_key, publisher_key] = [guardian, publisher].map(|it| it.pubkey());
    let cancel = instruction::epoch_cancel(&addresses, guardian_key, publisher_key, 0);
    scene.world.cluster.send(&[cancel], &[guardian]).unwrap();
    let args = EpochPostArgs { root: tree.root(), leaf_count: MANY_LEAVES, ..post::args(bundle, BUNDLES).unwrap() };
    let repost = instruction::epoch_repost(&addresses, publisher_key, publisher_key, publisher_key, args);
    scene.world.cluster.send(&[repost], &[publisher]).unwrap();
}

#[test]
fn what_has_landed_lies_in_a_past_slot() {
    let scene = Scene::new();
    let before = wait(scene.world.cluster.finalized_view(&[])).unwrap();
    wait(launch::action(&scene.world.cluster, &scene.world.owner, &scene.campaign, 1, [0; 32])).unwrap();
    let after = wait(scene.world.cluster.finalized_view(&[])).unwrap();
    assert_eq!((after.slot, after.block_height), (before.slot + 1, before.block_height + 1));
}
