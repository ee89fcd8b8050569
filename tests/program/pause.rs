//! A pause stops what brings money in or out for the campaign, and nothing that keeps it in or gives it back.

use crank::chain::address::Asset;
use tests::assertions::{expect_error, expect_success};
use tests::calls::calls;
use tests::campaign::{Campaign, DELAY, EPOCH, WINDOW};
use tests::world::World;
use torque::error::TorqueError;
use torque::state::Mode;

/// What a pause stops.
const STOPPED: [&str; 8] = [
    "claim",
    "distributor_create",
    "distributor_fund",
    "epoch_post",
    "epoch_repost",
    "epoch_skip",
    "push",
    "raffle_commit",
];

/// What it does not touch: it only keeps money in or gives it back, moves none, or ends the pause.
const UNTOUCHED: [&str; 17] = [
    "action_create",
    "config_update",
    "distributor_close",
    "distributor_end",
    "epoch_cancel",
    "epoch_close",
    "epoch_extend",
    "fee_collect",
    "link_create",
    "milestone_report",
    "raffle_close",
    "raffle_draw",
    "sponsor_refund",
    "subtree_prove",
    "view_claimable",
    "view_leaf",
    "view_refund",
];

#[test]
fn a_pause_stops_exactly_what_moves_money_towards_wallets() {
    for mut call in calls().filter(|call| call.name != "config_initialize") {
        call.world.set_paused(true);
        let sent = call.try_changed(&call.instruction).sent;
        let name = call.name.split(' ').next().unwrap();
        if STOPPED.contains(&name) {
            expect_error(sent, TorqueError::Paused);
        } else {
            assert!(UNTOUCHED.contains(&name), "{name} is in neither table");
            expect_success(sent);
        }
    }
}

#[test]
fn an_owner_gets_everything_back_during_a_pause() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    world.set_paused(true);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    expect_success(campaign.end(&mut world));
    world.pass(2 * EPOCH + WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close(&mut world));
}

#[test]
fn what_was_open_is_claimed_and_pushed_again_after_the_pause() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, mode, 3);
        world.pass(DELAY);
        world.set_paused(true);
        expect_error(campaign.pay(&mut world, &allocations, 0), TorqueError::Paused);
        world.set_paused(false);
        expect_success(campaign.pay(&mut world, &allocations, 0));
    }
}
