//! A root is posted with its explanation: the hash of its bundle's manifest, and the place of the bundle. Nobody could
//! check it otherwise, and nobody would see that it cannot be checked.

use anchor_lang::error::ErrorCode;
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_anchor_error, expect_error, expect_success};
use tests::campaign::{BUNDLE_URI, Campaign, DELAY, EPOCH};
use tests::events::the_event;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::EpochPosted;
use torque::instructions::EpochPostArgs;
use torque::state::Mode;

#[test]
fn the_place_is_reported_when_a_root_is_posted_and_when_another_is() {
    let (mut world, campaign) = ended_epoch();
    let allocations = campaign.allocations(0, 3);
    let event: EpochPosted = the_event(&expect_success(campaign.post(&mut world, &allocations)));
    assert_eq!((event.manifest_hash, event.bundle_uri.as_str()), ([9; 32], BUNDLE_URI));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    let bundle_uri = "https://example.org/another".to_owned();
    let event: EpochPosted =
        the_event(&expect_success(repost(&mut world, &campaign, |args| args.bundle_uri = bundle_uri)));
    assert_eq!(event.bundle_uri, "https://example.org/another");
}

#[test]
fn a_root_without_the_hash_of_its_manifest_is_not_posted() {
    expect_error(post_changed(|args| args.manifest_hash = [0; 32]), TorqueError::ManifestHashZero);
    expect_success(post_changed(|args| args.manifest_hash[31] ^= 9));
}

#[test]
fn a_root_is_posted_with_the_place_of_its_bundle_which_has_128_bytes_at_most() {
    let with = |uri: String| post_changed(|args| args.bundle_uri = uri);
    expect_error(with(String::new()), TorqueError::BundleUriEmpty);
    expect_success(with("u".to_owned()));
    let receipt = expect_success(with("u".repeat(128)));
    assert_eq!(the_event::<EpochPosted>(&receipt).bundle_uri, "u".repeat(128));
    expect_error(with("u".repeat(129)), TorqueError::BundleUriTooLong);
    expect_error(with("u".repeat(600)), TorqueError::BundleUriTooLong);
}

/// Watchers print the place, so that it must not contain anything that a terminal or a log would act on.
#[test]
fn the_place_of_a_bundle_is_printable_ascii_without_spaces() {
    let with = |uri: String| post_changed(|args| args.bundle_uri = uri);
    expect_success(with("ar://!~#%C3%A9".to_owned()));
    for character in [' ', '\n', '\t', '\0', '\u{1b}', '\u{7f}', 'é', '\u{202e}'] {
        expect_error(with(format!("https://example.com/{character}")), TorqueError::BundleUriNotPrintable);
    }
}

#[test]
fn a_place_that_is_not_utf_8_is_not_read() {
    let (mut world, campaign) = ended_epoch();
    let mut post = campaign.post_instruction(campaign.post_args(&campaign.allocations(0, 3)));
    *post.data.last_mut().unwrap() = 0xff;
    let publisher = world.publisher.insecure_clone();
    expect_anchor_error(world.send(post, &[&publisher]), ErrorCode::InstructionDidNotDeserialize);
}

/// The program does not know the leaves, so it cannot compare. Whoever recomputes the bundle sees it before the epoch
/// opens, and the guardian cancels.
#[test]
fn a_total_below_the_sum_of_the_leaves_pays_whoever_comes_first() {
    let (mut world, campaign) = ended_epoch();
    let allocations = campaign.allocations(0, 3);
    let total = allocations.total() - 1;
    expect_success(campaign.post_with(&mut world, EpochPostArgs { total, ..campaign.post_args(&allocations) }));
    world.pass(DELAY);
    for index in [2, 1] {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::EpochTotalExceeded);
}

/// Changes the arguments of a posting.
type Edit = fn(&mut EpochPostArgs);

#[test]
fn another_root_needs_its_explanation_too() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    let cases: [(Edit, TorqueError); 4] = [
        (|args| args.manifest_hash = [0; 32], TorqueError::ManifestHashZero),
        (|args| args.bundle_uri.clear(), TorqueError::BundleUriEmpty),
        (|args| args.bundle_uri = "u".repeat(129), TorqueError::BundleUriTooLong),
        (|args| args.bundle_uri = "https://ex ample.com".to_owned(), TorqueError::BundleUriNotPrintable),
    ];
    for (edit, error) in cases {
        expect_error(repost(&mut world, &campaign, edit), error);
    }
    expect_success(repost(&mut world, &campaign, |_| {}));
}

/// A funded distributor whose epoch 0 has just ended.
fn ended_epoch() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    (world, campaign)
}

/// Posts epoch 0 like the fixture, with the changes of `edit`.
fn post_changed(edit: impl FnOnce(&mut EpochPostArgs)) -> Sent {
    let (mut world, campaign) = ended_epoch();
    let mut args = campaign.post_args(&campaign.allocations(0, 3));
    edit(&mut args);
    campaign.post_with(&mut world, args)
}

/// Gives the cancelled epoch 0 a root, with the changes of `edit`.
fn repost(world: &mut World, campaign: &Campaign, edit: impl FnOnce(&mut EpochPostArgs)) -> Sent {
    let (publisher, mut args) = (campaign.publisher.pubkey(), campaign.post_args(&campaign.allocations(0, 3)));
    edit(&mut args);
    let repost = instruction::epoch_repost(&campaign.addresses, publisher, publisher, publisher, args);
    world.send(repost, &[&campaign.publisher])
}
