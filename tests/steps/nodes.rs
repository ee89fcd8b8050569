//! The steps behind nodes that lose transactions, fall behind, hang up or show nonsense: everybody is paid once.

use crank_cluster::cluster::Cluster as _;
use crank_cluster::error::ChainError;
use crank_cluster::rpc::Remote;
use crank_cluster::steps::lookup_table;
use crank_cluster::transaction::Format;
use solana_signer::Signer as _;
use solana_system_interface::instruction::transfer;
use torque::error::TorqueError;

use crate::model_node::{Faults, Model, start};
use crate::scene::{Scene, payments, wallet};

/// Waits for a step that talks to nodes.
fn wait<T>(step: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(step)
}

const GOOD: Faults =
    Faults { lost: 0, unanswered: 0, silent: 0, lag: 0, is_down: false, forgets_one: false, forgets_accounts: false };

#[test]
fn what_gets_lost_is_sent_again_as_it_was_and_lands_once() {
    let scene = Scene::new();
    for faults in [Faults { lost: 2, ..GOOD }, Faults { unanswered: 1, ..GOOD }] {
        let model = Model::of(scene.world.cluster.fork());
        let url = start(&model, "here", faults);
        let (from, to) = (scene.world.owner.insecure_clone(), wallet(7));
        let receipt = wait(async {
            let remote = Remote::at(&[&url]).await?;
            let payment = [transfer(&from.pubkey(), &to, 1_000_000)];
            remote.send_and_confirm(&payment, &[&from], Format::PLAIN).await
        });
        assert_eq!(receipt.unwrap().fee, 5_000);
        let model = model.lock().unwrap();
        assert_eq!((model.landed(), model.cluster.lamports(&to)), (1, 1_000_000));
        assert!(model.sent().iter().all(|wire| *wire == model.sent()[0]));
        assert_eq!(model.sent().len(), 1 + faults.lost);
    }
}

#[test]
fn what_never_lands_is_given_up_once_it_cannot_land_any_more() {
    let scene = Scene::new();
    let model = Model::of(scene.world.cluster.fork());
    let url = start(&model, "here", Faults { lost: usize::MAX, ..GOOD });
    let from = scene.world.owner.insecure_clone();
    let refusal = wait(async {
        let remote = Remote::at(&[&url]).await?;
        let payment = [transfer(&from.pubkey(), &wallet(7), 1_000_000)];
        remote.send_and_confirm(&payment, &[&from], Format::PLAIN).await
    });
    let refusal = refusal.unwrap_err();
    assert!(matches!(refusal, ChainError::Unreachable(_)), "it may have landed for all that nodes say: {refusal}");
    assert!(refusal.to_string().contains("expired"), "{refusal}");
}

#[test]
fn what_the_program_refuses_is_not_sent() {
    let scene = Scene::new();
    let bundle = scene.bundle();
    let model = Model::of(scene.world.cluster.fork());
    let url = start(&model, "here", GOOD);
    wait(async {
        let remote = Remote::at(&[&url]).await.unwrap();
        scene.escrow(&remote, &bundle).await.unwrap();
        let slot = lookup_table::recent_slot(&remote).await.unwrap();
        let sent = model.lock().unwrap().sent().len();
        let refusal = scene.pay(&remote, &bundle, slot).await.unwrap_err();
        assert!(refusal.is(TorqueError::EpochNotOpen), "{refusal}");
        // Three transactions open the accounts, and one makes the table.
        assert_eq!(model.lock().unwrap().sent().len(), sent + 4);
    });
}

#[test]
fn a_node_that_is_down_or_behind_or_forgets_is_passed_over() {
    let scene = Scene::new();
    let bundle = scene.bundle();
    for faults in
        [Faults { is_down: true, ..GOOD }, Faults { lag: 1_000, ..GOOD }, Faults { forgets_accounts: true, ..GOOD }]
    {
        let model = Model::of(scene.world.cluster.fork());
        let [bad, good] = [faults, GOOD].map(|faults| start(&model, "here", faults));
        wait(async {
            let remote = Remote::at(&[&good, &bad]).await.unwrap();
            // What was seen of the good one is the floor from now on.
            remote.finalized_view(&[]).await.unwrap();
            scene.escrow(&remote, &bundle).await.unwrap();
        });
        assert_eq!(model.lock().unwrap().landed(), 4, "action, distributor with its link, funding, root");
    }
}

#[test]
fn a_node_that_does_not_answer_at_first_is_asked_for_its_cluster_when_it_does() {
    let scene = Scene::new();
    let model = Model::of(scene.world.cluster.fork());
    let down = start(&model, "here", Faults { is_down: true, ..GOOD });
    let good = start(&model, "here", GOOD);
    // Its first answer gets lost.
    let late = start(&model, "there", Faults { silent: 1, ..GOOD });
    wait(async {
        assert!(Remote::at(&[&down, &good]).await.unwrap().finalized_view(&[]).await.is_ok());
        let all_down = Remote::at(&[&down, &down]).await.err().unwrap().to_string();
        assert!(all_down.contains("node 1: ") && all_down.contains("node 2: "), "{all_down}");
        let mixed = Remote::at(&[&late, &good]).await.unwrap();
        assert_eq!(mixed.genesis(), "here");
        assert!(mixed.finalized_view(&[]).await.is_ok(), "by the other, since this one is of another cluster");
    });
}

#[test]
fn a_slot_that_was_seen_is_never_unseen() {
    let scene = Scene::new();
    let model = Model::of(scene.world.cluster.fork());
    let urls = [start(&model, "here", GOOD), start(&model, "here", Faults { lag: 500, ..GOOD })];
    wait(async {
        let [good, late] = [Remote::at(&[&urls[0]]).await.unwrap(), Remote::at(&[&urls[1]]).await.unwrap()];
        let both = Remote::at(&[&urls[0], &urls[1]]).await.unwrap();
        let seen = both.finalized_view(&[]).await.unwrap().slot;
        assert!(late.finalized_view(&[]).await.unwrap().slot < seen, "alone it is believed");
        assert!(both.finalized_view(&[]).await.unwrap().slot > seen);
        assert!(good.finalized_view(&[]).await.unwrap().slot > seen);
    });
}

#[test]
fn an_account_as_of_a_slot_before_those_that_were_seen_is_not_believed() {
    let scene = Scene::new();
    let model = Model::of(scene.world.cluster.fork());
    let old = start(&model, "here", Faults { forgets_one: true, ..GOOD });
    let good = start(&model, "here", GOOD);
    wait(async {
        let remote = Remote::at(&[&old, &good]).await.unwrap();
        let owner = scene.world.owner.pubkey();
        assert_eq!(remote.account(&owner, None).await.unwrap(), None, "nothing was seen yet");
        remote.finalized_view(&[]).await.unwrap();
        assert!(remote.account(&owner, None).await.unwrap().is_some());
    });
}

#[test]
fn nodes_of_different_clusters_are_refused() {
    let scene = Scene::new();
    let model = Model::of(scene.world.cluster.fork());
    let urls = [start(&model, "here", GOOD), start(&model, "there", GOOD)];
    let refusal = wait(Remote::at(&[&urls[0], &urls[1]])).err().unwrap().to_string();
    assert!(refusal.contains("node 2 is of the cluster with the genesis there, and node 1 of here"), "{refusal}");
    let refusal = wait(Remote::at(&[])).err().unwrap().to_string();
    assert!(refusal.contains("no node to ask"), "{refusal}");
}

#[test]
fn a_campaign_behind_a_node_that_loses_every_third_transaction_pays_everybody_once() {
    let scene = Scene::new();
    let bundle = scene.bundle();
    let model = Model::of(scene.world.cluster.fork());
    let url = start(&model, "here", Faults { lost: 1, unanswered: 1, ..GOOD });
    wait(async {
        let remote = Remote::at(&[&url]).await.unwrap();
        scene.escrow(&remote, &bundle).await.unwrap();
        let opens_at = model.lock().unwrap().cluster.epoch(&scene.addresses().epoch(0)).unwrap().opens_at;
        model.lock().unwrap().cluster.set_time(opens_at);
        let slot = lookup_table::recent_slot(&remote).await.unwrap();
        scene.pay(&remote, &bundle, slot).await.unwrap();
        scene.pay(&remote, &bundle, slot).await.unwrap();
    });
    let model = model.lock().unwrap();
    for payment in payments(&bundle) {
        assert_eq!(model.cluster.balance(&scene.asset, &payment.recipient), payment.amount);
    }
    assert_eq!(model.landed(), 4 + 3 + 1 + 3, "nothing landed twice");
}
