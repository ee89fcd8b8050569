//! Accounts that exist already and differ: each differing field gives a refusal that names it, and nothing is sent.

use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::{self, Asset, DistributorAddresses};
use crank_cluster::error::ChainError;
use crank_cluster::instruction::{self, authority};
use crank_cluster::steps::launch::{self, Roles};
use crank_cluster::steps::{lookup_table, post};
use crank_rules::campaign::{Campaign, written_powers};
use crank_rules::tree::MerkleTree;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use spl_token_2022::instruction::AuthorityType;
use tests::issuers::{ISSUED, Issued};
use torque::instructions::{DistributorUpdateArgs, EpochPostArgs};
use torque::state::Limits;

use crate::interrupted::{Death, Interrupted};
use crate::scene::{BUNDLES, METADATA_HASH, Scene, campaign, wait};

/// A scene whose campaign is launched, funded and posted.
fn posted() -> (Scene, EpochPostArgs) {
    let scene = Scene::new();
    let bundle = scene.bundle();
    wait(scene.escrow(&scene.world.cluster, &bundle)).unwrap();
    (scene, post::args(&bundle, BUNDLES).unwrap())
}

/// The field that the refusal names. A refused step must send nothing: a transaction would end the test.
#[track_caller]
fn differing_field<T: std::fmt::Debug>(asked: Result<T, ChainError>) -> &'static str {
    match asked {
        Err(ChainError::Different(difference)) => difference.field,
        other => panic!("{other:?} is not a difference"),
    }
}

fn nothing_sent(scene: &Scene) -> Interrupted<'_> {
    Interrupted::after(&scene.world.cluster, 0, Death::BeforeSending)
}

fn action(scene: &Scene, campaign: &Campaign, metadata_hash: [u8; 32]) -> Result<Pubkey, ChainError> {
    wait(launch::action(&nothing_sent(scene), &scene.world.owner, campaign, 1, metadata_hash))
}

fn distributor(scene: &Scene, roles: Roles<'_>, campaign: &Campaign) -> Result<DistributorAddresses, ChainError> {
    let action = address::action(&scene.world.owner.pubkey(), 1);
    wait(launch::distributor(&nothing_sent(scene), roles, campaign, scene.asset, 1, action))
}

fn epoch(scene: &Scene, args: EpochPostArgs) -> Result<usize, ChainError> {
    let (nothing, addresses) = (nothing_sent(scene), scene.addresses());
    wait(post::epoch(&nothing, &addresses, &scene.world.publisher, args)).map(|receipts| receipts.len())
}

#[test]
fn another_action_of_the_same_number_is_refused_by_its_field() {
    let (scene, _) = posted();
    let edited = |key: &str, value: Value| campaign(&scene.asset, |file| file[key] = value);
    let list = json!({ "allowList": [Pubkey::new_from_array([1; 32]).to_string()] });
    let measured = campaign(&scene.asset, |file| {
        file.as_object_mut().unwrap().remove("allocations");
        file["type"] = json!("leaderboard");
        file["totalFundAmount"] = json!(1);
        file["sqlQuery"] = json!("SELECT user_pubkey AS address, count(*) AS value FROM trade GROUP BY user_pubkey");
    });
    let cases = [
        ("audience", edited("audience", list), METADATA_HASH),
        ("query hash", measured, METADATA_HASH),
        ("metadata hash", scene.campaign.clone(), [5; 32]),
        ("start", edited("startDate", json!("2025-12-30T00:00:00Z")), METADATA_HASH),
    ];
    for (field, campaign, metadata_hash) in cases {
        assert_eq!(differing_field(action(&scene, &campaign, metadata_hash)), field);
    }
}

#[test]
fn another_distributor_of_the_same_number_is_refused_by_its_field() {
    let (scene, _) = posted();
    let edited = |key: &str, value: Value| campaign(&scene.asset, |file| file[key] = value);
    let cases = [
        ("accepted powers", edited("acceptedPowers", json!(["freeze"]))),
        ("mode", edited("distributionMode", json!("CLAIM"))),
        ("start", edited("startDate", json!("2025-12-30T00:00:00Z"))),
        ("epoch duration", edited("interval", json!("WEEKLY"))),
        ("epoch count", edited("maxIterations", json!(2))),
        ("minimum sponsorship", edited("minimumSponsorship", json!(7))),
        ("epoch budget", campaign(&scene.asset, |file| file["allocations"][0]["amount"] = json!(2))),
    ];
    for (field, campaign) in cases {
        assert_eq!(differing_field(distributor(&scene, scene.roles(), &campaign)), field, "{field}");
    }
    let stranger = scene.world.stranger.pubkey();
    let (publisher, guardian) =
        (Roles { publisher: stranger, ..scene.roles() }, Roles { guardian: stranger, ..scene.roles() });
    let fee = Roles { max_fee_basis_points: 499, ..scene.roles() };
    for (field, roles) in [("publisher", publisher), ("guardian", guardian), ("fee in basis points", fee)] {
        assert_eq!(differing_field(distributor(&scene, roles, &scene.campaign)), field);
    }
    let action = address::action(&scene.world.owner.pubkey(), 1);
    let nothing = nothing_sent(&scene);
    let in_sol = wait(launch::distributor(&nothing, scene.roles(), &scene.campaign, Asset::SOL, 1, action));
    assert_eq!(differing_field(in_sol), "mint");
}

#[test]
fn terms_that_were_changed_are_another_distributor() {
    let (scene, _) = posted();
    let update = DistributorUpdateArgs {
        epoch_budget: scene.campaign.terms.pool,
        activation_delay: launch::ACTIVATION_DELAY,
        claim_window: launch::CLAIM_WINDOW,
        epoch_count: 6,
        limits: Limits { absolute: scene.campaign.terms.pool, window: 3_600, epoch_basis_points: 10_000 },
    };
    // The schedule of the usual scene is over, so nothing could be changed; this one's is not.
    let later = campaign(&scene.asset, |file| file["maxIterations"] = json!(5));
    let (cluster, owner) = (&scene.world.cluster, &scene.world.owner);
    let action = address::action(&owner.pubkey(), 1);
    let launch =
        |campaign: &Campaign| wait(launch::distributor(cluster, scene.roles(), campaign, scene.asset, 2, action));
    let addresses = launch(&later).unwrap();
    cluster.send(&[authority::distributor_update(&addresses, update)], &[owner]).unwrap();
    assert_eq!(differing_field(launch(&later)), "epoch count");
}

/// Below the address that the caller names, under the name that `--out-root` gives a bundle.
#[test]
fn a_posting_names_the_place_of_its_bundle() {
    let scene = Scene::new();
    let bundle = scene.bundle();
    let hash: String = bundle.manifest_hash().iter().map(|byte| format!("{byte:02x}")).collect();
    let uri = format!("https://example.com/bundles/{hash}");
    for bundles in ["https://example.com/bundles", "https://example.com/bundles/"] {
        assert_eq!(post::args(&bundle, bundles).unwrap().bundle_uri, uri);
    }
    assert_eq!(post::args(&bundle, &"u".repeat(63)).unwrap().bundle_uri.len(), 128);
    for bundles in ["", "/", "https://example.com/our bundles", "https://exämple.com", &"u".repeat(64)] {
        let refused = post::args(&bundle, bundles).unwrap_err().to_string();
        assert!(refused.contains("write at most 63 printable ASCII characters without a space"), "{refused}");
    }
}

#[test]
fn another_root_of_the_same_epoch_is_refused_by_its_field() {
    let (scene, args) = posted();
    let cases = [
        ("root", EpochPostArgs { root: [1; 32], ..args.clone() }),
        ("manifest hash", EpochPostArgs { manifest_hash: [1; 32], ..args.clone() }),
        ("leaf count", EpochPostArgs { leaf_count: 1, ..args.clone() }),
        ("total", EpochPostArgs { total: 1, ..args.clone() }),
    ];
    for (field, args) in cases {
        assert_eq!(differing_field(epoch(&scene, args)), field);
    }
    let other = MerkleTree::from_leaves(vec![[1; 32]]).unwrap();
    let (nothing, addresses) = (nothing_sent(&scene), scene.addresses());
    let prove = wait(post::prove_subtrees(&nothing, &addresses, &scene.world.publisher, 0, &other));
    assert_eq!(differing_field(prove), "root");
}

#[test]
fn an_epoch_that_was_cancelled_is_not_posted_again_by_itself() {
    let (scene, args) = posted();
    let (guardian, publisher) = (&scene.world.guardian, scene.world.publisher.pubkey());
    let cancel = instruction::epoch_cancel(&scene.addresses(), guardian.pubkey(), publisher, 0);
    scene.world.cluster.send(&[cancel], &[guardian]).unwrap();
    let refusal = epoch(&scene, args).unwrap_err();
    assert!(refusal.to_string().contains("its root is empty, since the epoch was cancelled or skipped"), "{refusal}");
}

#[test]
fn a_closed_account_is_not_created_again() {
    let (scene, args) = posted();
    let (cluster, owner, addresses) = (&scene.world.cluster, &scene.world.owner, scene.addresses());
    let action_address = address::action(&owner.pubkey(), 1);
    cluster.set_time(scene.world.epoch(&addresses, 0).closes_at);
    cluster.send(&[instruction::epoch_close(&addresses, scene.world.publisher.pubkey(), 0)], &[owner]).unwrap();
    let is_closed = |asked: ChainError, what: &str| {
        assert!(matches!(asked, ChainError::Closed { what: found, .. } if found == what), "{asked}");
    };
    is_closed(epoch(&scene, args).unwrap_err(), "epoch");
    let close = instruction::distributor_close(&addresses, &scene.world.treasury);
    cluster.send(&[close], &[owner]).unwrap();
    is_closed(distributor(&scene, scene.roles(), &scene.campaign).unwrap_err(), "distributor");
    is_closed(wait(launch::fund(&nothing_sent(&scene), owner, &addresses, 1)).unwrap_err(), "distributor");
    cluster.send(&[authority::action_close(owner.pubkey(), action_address)], &[owner]).unwrap();
    is_closed(action(&scene, &scene.campaign, METADATA_HASH).unwrap_err(), "action");
}

#[test]
fn a_lookup_table_with_other_accounts_is_refused() {
    let (scene, _) = posted();
    let (cluster, payer) = (&scene.world.cluster, &scene.world.publisher);
    let slot = wait(lookup_table::recent_slot(cluster)).unwrap();
    let accounts = lookup_table::constant_accounts(&scene.addresses(), 0);
    wait(lookup_table::create(cluster, payer, slot, accounts)).unwrap();
    let others = lookup_table::constant_accounts(&scene.addresses(), 1);
    assert_eq!(differing_field(wait(lookup_table::create(&nothing_sent(&scene), payer, slot, others))), "accounts");
}

#[test]
fn a_missing_account_is_named() {
    let scene = Scene::new();
    let (nothing, addresses, publisher) = (nothing_sent(&scene), scene.addresses(), &scene.world.publisher);
    let is_missing = |asked: ChainError, address: Pubkey| {
        assert!(matches!(asked, ChainError::NoAccount(found) if found == address), "{asked}");
    };
    is_missing(wait(launch::fund(&nothing, publisher, &addresses, 1)).unwrap_err(), addresses.distributor);
    is_missing(epoch(&scene, post::args(&scene.bundle(), BUNDLES).unwrap()).unwrap_err(), addresses.distributor);
    is_missing(wait(post::extend(&nothing, &addresses, publisher, 0)).unwrap_err(), addresses.epoch(0));
}

#[test]
fn only_what_is_missing_is_funded() {
    let (scene, _) = posted();
    let (cluster, owner, addresses) = (&scene.world.cluster, &scene.world.owner, scene.addresses());
    let funded = || scene.world.distributor(&addresses).funded;
    let before = funded();
    wait(launch::fund(cluster, owner, &addresses, before + 7)).unwrap();
    assert_eq!(funded(), before + 7);
    wait(launch::fund(&nothing_sent(&scene), owner, &addresses, before)).unwrap();
}

/// Why a launch of `accepted` over the scene's token is refused; nothing must be sent.
#[track_caller]
fn refused_launch(scene: &Scene, accepted: Value) -> String {
    let campaign = campaign(&scene.asset, |file| file["acceptedPowers"] = accepted);
    match distributor(scene, scene.roles(), &campaign) {
        Err(ChainError::Unbuildable(reason)) => reason,
        other => panic!("{other:?} is not a refusal to build"),
    }
}

#[test]
fn a_launch_that_does_not_accept_what_the_mint_gives_says_what_to_write() {
    let scene = Scene::new();
    for accepted in [json!(null), json!(["freeze"]), json!(["freeze", "ownerFreeze", "pause"])] {
        let reason = refused_launch(&scene, accepted);
        let texts = [
            "acceptedPowers: found [",
            "its freeze authority can stop the vault and any wallet, the freeze authority is the campaign's owner;",
            "write \"acceptedPowers\": [\"freeze\", \"ownerFreeze\"] to accept that, or pay another token",
        ];
        assert!(texts.iter().all(|text| reason.contains(text)), "{reason}");
    }
}

#[test]
fn a_launch_that_accepts_a_power_over_a_mint_which_gives_none_is_refused() {
    let mut scene = Scene::new();
    scene.world.set_mint_authority(&scene.asset, AuthorityType::FreezeAccount, None);
    let reason = refused_launch(&scene, json!(["freeze"]));
    assert!(reason.contains("found [\"freeze\"], but nobody has power over"), "{reason}");
    assert!(reason.ends_with("; leave it out"), "{reason}");
}

#[test]
fn a_token_of_an_issuer_is_launched_as_the_refusal_of_it_says() {
    for issued in ISSUED {
        let mut scene = Scene::new();
        scene.asset = scene.world.issue_token(issued);
        let reason = refused_launch(&scene, json!(null));
        let accepted = written_powers(issued.powers());
        assert!(reason.contains(&format!("write \"acceptedPowers\": {accepted} to accept that")), "{reason}");
        let accepted: Value = serde_json::from_str(&accepted).unwrap();
        scene.campaign = campaign(&scene.asset, |file| file["acceptedPowers"] = accepted);
        let action = address::action(&scene.world.owner.pubkey(), 1);
        let cluster = &scene.world.cluster;
        wait(launch::action(cluster, &scene.world.owner, &scene.campaign, 1, METADATA_HASH)).unwrap();
        let launched = launch::distributor(cluster, scene.roles(), &scene.campaign, scene.asset, 1, action);
        let addresses = wait(launched).unwrap();
        assert_eq!(scene.world.distributor(&addresses).accepted_powers, issued.powers());
        wait(launch::fund(cluster, &scene.world.owner, &addresses, scene.campaign.terms.pool)).unwrap();
    }
}

#[test]
fn a_mint_that_can_never_be_paid_is_refused_before_anything_is_sent() {
    let mut scene = Scene::new();
    scene.asset = scene.world.issue_token(Issued::XStock);
    scene.world.set_mint_hook(&scene.asset, Some(torque::ID));
    let reason = refused_launch(&scene, json!(["freeze"]));
    assert!(
        reason.starts_with("tokenAddress: the mint ") && reason.contains("an extension that is refused"),
        "{reason}"
    );
}
