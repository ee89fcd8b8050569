//! During a pause of the protocol, money of ended distributors still goes back; after it, open windows go on. `roles`
//! tests which instructions a pause stops.

use crank_cluster::address::Asset;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH};
use tests::world::World;
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::state::Mode;

#[test]
fn an_owner_gets_everything_back_during_a_pause() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    expect_success(campaign.end(&mut world));
    world.pass(2 * EPOCH + POSTING_GRACE);
    world.set_paused(true);
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
