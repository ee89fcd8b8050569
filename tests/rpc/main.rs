//! The crank's steps on a JSON-RPC server that is not ours: a campaign from its launch to its end.
//!
//! `scripts/test-rpc` starts the server, `server.cjs`, and names it in `TORQUE_RPC_URL`; without it these tests fail.
//! Not here: what every step decides (`tests/steps`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod server;

use crank::operations::evaluate::{EvaluateRequest, evaluate};
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::payment::Payment;
use crank_cluster::steps::launch::{self, Roles};
use crank_cluster::steps::push::{self, PushableEpoch};
use crank_cluster::steps::{lookup_table, post};
use crank_cluster::transaction::Format;
use crank_rules::bundle::Bundle;
use crank_rules::campaign::Campaign;
use serde_json::json;
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use tests::world::{FEE_BASIS_POINTS, keypair};
use torque::error::TorqueError;

use crate::server::Server;

/// A block of sixteen leaves and five more.
const WALLETS: u32 = 21;
/// Base units for all of them: 1 + 2 + … + 21.
const TOTAL: u64 = 231;

fn campaign(asset: &Asset, start: &str) -> Campaign {
    let allocation =
        |number: u32| json!({ "address": keypair(10_000 + number).pubkey().to_string(), "amount": number + 1 });
    let file = json!({
        "name": "To each of them",
        "type": "direct",
        "emissionType": "TOKENS",
        "tokenAddress": asset.mint.to_string(),
        "tokenDecimals": 0,
        "startDate": start,
        "interval": "DAILY",
        "maxIterations": 1,
        "distributionMode": "PUSH",
        "allocations": (0..WALLETS).map(allocation).collect::<Vec<_>>(),
    });
    Campaign::parse(file.to_string().as_bytes()).unwrap()
}

fn payments(bundle: &Bundle) -> Vec<Payment> {
    bundle.evaluation().allocations().map(Payment::from).collect()
}

/// Launches `campaign` as number `id` of its owner, funds it and posts its only epoch.
async fn posted(server: &Server, campaign: &Campaign, asset: Asset, id: u64) -> (DistributorAddresses, Bundle) {
    let (cluster, owner, publisher) = (&server.cluster, &keypair(2), &keypair(3));
    let roles = Roles {
        owner,
        publisher: publisher.pubkey(),
        guardian: keypair(4).pubkey(),
        max_fee_basis_points: FEE_BASIS_POINTS,
    };
    let action = launch::action(cluster, owner, campaign, id, [4; 32]).await.unwrap();
    let addresses = launch::distributor(cluster, roles, campaign, asset, id, action).await.unwrap();
    launch::fund(cluster, owner, &addresses, campaign.terms.pool).await.unwrap();
    let request = EvaluateRequest {
        cluster: "localnet".to_owned(),
        distributor: Some(addresses.distributor),
        ..EvaluateRequest::default()
    };
    let bundle = evaluate(campaign, &request).unwrap();
    let args = post::args(&bundle, "https://example.com/bundles/").unwrap();
    post::epoch(cluster, &addresses, publisher, args).await.unwrap();
    (addresses, bundle)
}

#[tokio::test]
async fn tokens_are_pushed_to_every_wallet_and_every_base_unit_is_where_it_belongs() {
    let server = Server::deployed().await;
    let (cluster, owner, publisher) = (&server.cluster, &keypair(2), &keypair(3));
    let asset = server.token(owner, 1_000).await;
    let campaign = campaign(&asset, &server.day_before().await);
    let (addresses, bundle) = posted(&server, &campaign, asset, 1).await;
    let payments = payments(&bundle);
    push::open_accounts(cluster, &asset, publisher, &payments).await.unwrap();
    let slot = lookup_table::recent_slot(cluster).await.unwrap();
    let accounts = lookup_table::constant_accounts(&addresses, 0);
    let table = lookup_table::create(cluster, publisher, slot, accounts).await.unwrap();
    let epoch = PushableEpoch {
        addresses: &addresses,
        index: 0,
        payments: &payments,
        tree: bundle.tree().unwrap(),
        format: Format::V0(std::slice::from_ref(&table)),
        has_subtrees: false,
        can_batch: true,
    };
    let early = push::all(cluster, publisher, &epoch).await.unwrap_err();
    assert!(early.is(TorqueError::EpochNotOpen), "{early}");
    let shown = server.status(addresses.distributor).await.unwrap();
    assert_eq!((shown.state, shown.open_epochs[0].state, shown.open_epochs[0].leaves), ("RUNNING", "POSTED", WALLETS));
    server.travel_to(server.epoch(&addresses.epoch(0)).await.opens_at).await;
    assert_eq!(push::all(cluster, publisher, &epoch).await.unwrap().len(), 2);
    assert!(push::all(cluster, publisher, &epoch).await.unwrap().is_empty(), "all are paid");
    let shown = server.status(addresses.distributor).await.unwrap();
    assert_eq!((shown.open_epochs[0].state, shown.open_epochs[0].paid_leaves), ("OVER", WALLETS));
    for payment in &payments {
        assert_eq!(server.balance(&asset, &payment.recipient).await, payment.amount);
    }
    server.close(&addresses).await;
    let fee = TOTAL.div_ceil(20);
    assert_eq!(server.balance(&asset, &owner.pubkey()).await, 1_000 - TOTAL - fee);
    assert_eq!(server.balance(&asset, &keypair(6).pubkey()).await, fee);
}

#[tokio::test]
async fn sol_is_claimed_by_each_wallet_and_paid_once() {
    let server = Server::deployed().await;
    let payer = keypair(5);
    let wallets = [1, 2, 3].map(|number| keypair(20_000 + number));
    let allocation =
        |(wallet, number): (&Keypair, u32)| json!({ "address": wallet.pubkey().to_string(), "amount": number });
    let file = json!({
        "name": "To each of them",
        "type": "direct",
        "emissionType": "SOL",
        "startDate": server.day_before().await,
        "interval": "DAILY",
        "maxIterations": 1,
        "allocations": wallets.iter().zip(1..).map(allocation).collect::<Vec<_>>(),
    });
    let campaign = Campaign::parse(file.to_string().as_bytes()).unwrap();
    let (addresses, bundle) = posted(&server, &campaign, Asset::SOL, 2).await;
    server.travel_to(server.epoch(&addresses.epoch(0)).await.opens_at).await;
    let directory = tempfile::tempdir().unwrap();
    bundle.write(&directory.path().join("bundle")).unwrap();
    for payment in payments(&bundle) {
        let wallet = wallets.iter().find(|wallet| wallet.pubkey() == payment.recipient).unwrap();
        let claim = || server.claim(directory.path().join("bundle"), wallet.insecure_clone(), payer.insecure_clone());
        let claimed = claim().await.unwrap();
        assert_eq!((claimed.amount.amount_base_units, claimed.fee_lamports), (payment.amount.to_string(), 10_000));
        assert_eq!(server.lamports(&wallet.pubkey()).await, payment.amount);
        let again = claim().await.unwrap_err().to_string();
        assert!(again.contains("already paid") || again.contains("or all is paid"), "{again}");
    }
    server.close(&addresses).await;
}
