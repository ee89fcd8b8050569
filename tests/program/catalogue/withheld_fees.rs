//! C-098: the fees of a mint that the vault holds back, and that must leave it before it can be closed.

use crank_cluster::instruction;
use tests::assertions::expect_success;
use tests::ledger::expect_unchanged_by;
use tests::world::World;
use torque::state::Mode;

use super::transfer_fees::{MOST, expect_conserved, open};

/// C-098. Fundings leave the mint's fees in the vault, which cannot be closed with them; closing sends them home first.
#[test]
fn c_098_withheld_fees_are_harvested_before_the_vault_is_closed() {
    let mut world = World::new();
    let asset = world.create_fee_token(250, MOST);
    let (campaign, allocations) = open(&mut world, asset, Mode::Claim, &[1_000]);
    let withheld = world.withheld_by(&campaign.addresses.vault);
    assert!(withheld > 0);
    campaign.finish(&mut world, &allocations);
    assert_eq!(world.withheld_by_mint(&asset), 0);
    expect_success(campaign.close(&mut world));
    assert_eq!(world.withheld_by_mint(&asset), withheld);
    assert!(world.is_absent(&campaign.addresses.vault));
    expect_conserved(&world, &campaign, &allocations);
}

/// C-098. A stranger's gift just before the closing leaves a fee in a vault that had none, and stops nothing.
#[test]
fn c_098_a_gift_that_leaves_a_fee_in_the_vault_stops_no_closing() {
    let mut world = World::new();
    let asset = world.create_fee_token(0, 0);
    let (campaign, allocations) = open(&mut world, asset, Mode::Claim, &[1_000]);
    campaign.finish(&mut world, &allocations);
    assert_eq!(world.withheld_by(&campaign.addresses.vault), 0);
    world.announce_fee(&asset, 5_000, MOST);
    world.pass_chain_epochs(2);
    world.send_tokens(&asset, &campaign.addresses.vault, 3);
    assert_eq!(world.withheld_by(&campaign.addresses.vault), 2);
    expect_success(campaign.close(&mut world));
    assert_eq!(world.withheld_by_mint(&asset), 2);
    expect_conserved(&world, &campaign, &allocations);
}

/// C-098. Without the mint being writable there is no harvest: the closing is refused, and nothing has happened.
#[test]
fn c_098_a_closing_that_cannot_harvest_changes_nothing() {
    let mut world = World::new();
    let asset = world.create_fee_token(250, MOST);
    let (campaign, allocations) = open(&mut world, asset, Mode::Claim, &[1_000]);
    campaign.finish(&mut world, &allocations);
    let owner = world.owner.insecure_clone();
    let mut close = instruction::distributor_close(&campaign.addresses, &world.treasury);
    close.accounts.iter_mut().filter(|account| account.pubkey == asset.mint).for_each(|it| it.is_writable = false);
    expect_unchanged_by(&mut world, |world| world.send(close, &[&owner]));
    expect_success(campaign.close(&mut world));
}
