//! A campaign with its bundle, and the world in which it is launched, just after the end of its epoch.

use crank::operations::evaluate::{EvaluateRequest, evaluate};
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::cluster::Cluster;
use crank_cluster::error::ChainError;
use crank_cluster::payment::Payment;
use crank_cluster::steps::launch::{self, FEE_BASIS_POINTS, Roles};
use crank_cluster::steps::push::{self, PushableEpoch};
use crank_cluster::steps::{lookup_table, post};
use crank_cluster::transaction::Format;
use crank_rules::bundle::Bundle;
use crank_rules::campaign::Campaign;
use serde_json::json;
use solana_message::AddressLookupTableAccount;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::world::{World, keypair};

/// The campaign's wallets: two blocks of sixteen and three more.
pub(crate) const WALLETS: u32 = 35;
/// The file from which the action was launched.
pub(crate) const METADATA_HASH: [u8; 32] = [4; 32];
/// Where the bundles can be downloaded.
pub(crate) const BUNDLES: &str = "https://example.com/bundles/";

/// A campaign that pays tokens to each of its wallets by push, and its world.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) campaign: Campaign,
    pub(crate) asset: Asset,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut world = World::new();
        let asset = world.create_token(anchor_spl::token::ID);
        let campaign = campaign(&asset, |_| {});
        Self { world, campaign, asset }
    }

    pub(crate) fn roles(&self) -> Roles<'_> {
        Roles {
            owner: &self.world.owner,
            publisher: self.world.publisher.pubkey(),
            guardian: self.world.guardian.pubkey(),
            max_fee_basis_points: FEE_BASIS_POINTS,
        }
    }

    pub(crate) fn addresses(&self) -> DistributorAddresses {
        DistributorAddresses::new(self.world.owner.pubkey(), 1, self.asset)
    }

    pub(crate) fn bundle(&self) -> Bundle {
        let distributor = Some(self.addresses().distributor);
        let request = EvaluateRequest { cluster: "embedded".to_owned(), distributor, ..EvaluateRequest::default() };
        evaluate(&self.campaign, &request).unwrap()
    }

    /// Launches, funds and posts, whatever part of that `cluster` has already.
    pub(crate) async fn escrow<C: Cluster>(&self, cluster: &C, bundle: &Bundle) -> Result<(), ChainError> {
        let (owner, publisher) = (&self.world.owner, &self.world.publisher);
        let action = launch::action(cluster, owner, &self.campaign, 1, METADATA_HASH).await?;
        let addresses = launch::distributor(cluster, self.roles(), &self.campaign, self.asset, 1, action).await?;
        launch::fund(cluster, owner, &addresses, self.campaign.terms.pool).await?;
        post::epoch(cluster, &addresses, publisher, post::args(bundle, BUNDLES)?).await?;
        post::extend(cluster, &addresses, publisher, 0).await?;
        post::prove_subtrees(cluster, &addresses, publisher, 0, bundle.tree().unwrap()).await?;
        Ok(())
    }

    /// Pushes the epoch to all wallets through the lookup table of `slot`, whatever part of that `cluster` has already.
    pub(crate) async fn pay<C: Cluster>(&self, cluster: &C, bundle: &Bundle, slot: u64) -> Result<(), ChainError> {
        let (publisher, addresses) = (&self.world.publisher, self.addresses());
        let payments = payments(bundle);
        push::open_accounts(cluster, &self.asset, publisher, &payments).await?;
        let table = self.table(cluster, slot).await?;
        push::all(cluster, publisher, &pushable(&addresses, &payments, bundle, Format::V0(&[table]))).await?;
        Ok(())
    }

    /// The lookup table of `slot`, which is created if `cluster` does not have it.
    pub(crate) async fn table<C: Cluster>(
        &self,
        cluster: &C,
        slot: u64,
    ) -> Result<AddressLookupTableAccount, ChainError> {
        let accounts = lookup_table::constant_accounts(&self.addresses(), 0);
        lookup_table::create(cluster, &self.world.publisher, slot, accounts).await
    }
}

/// The epoch of `bundle`, whose leaves are `payments`, to be pushed.
pub(crate) fn pushable<'a>(
    addresses: &'a DistributorAddresses,
    payments: &'a [Payment],
    bundle: &'a Bundle,
    format: Format<'a>,
) -> PushableEpoch<'a> {
    PushableEpoch {
        addresses,
        index: 0,
        payments,
        tree: bundle.tree().unwrap(),
        format,
        has_subtrees: false,
        can_batch: true,
    }
}

/// The leaves of a bundle.
pub(crate) fn payments(bundle: &Bundle) -> Vec<Payment> {
    bundle.evaluation().allocations().map(Payment::from).collect()
}

/// The wallet of this number.
pub(crate) fn wallet(number: u32) -> Pubkey {
    keypair(10_000 + number).pubkey()
}

/// The scene's campaign in tokens of `asset`, its file changed by `edit`.
pub(crate) fn campaign(asset: &Asset, edit: impl FnOnce(&mut serde_json::Value)) -> Campaign {
    let allocation = |number: u32| json!({ "address": wallet(number).to_string(), "amount": number + 1 });
    let mut file = json!({
        "name": "To each of them",
        "type": "direct",
        "emissionType": "TOKENS",
        "tokenAddress": asset.mint.to_string(),
        "tokenDecimals": 6,
        "acceptedPowers": ["freeze", "ownerFreeze"],
        "startDate": "2025-12-31T00:00:00Z",
        "interval": "DAILY",
        "maxIterations": 1,
        "distributionMode": "PUSH",
        "allocations": (0..WALLETS).map(allocation).collect::<Vec<_>>(),
    });
    edit(&mut file);
    Campaign::parse(file.to_string().as_bytes()).unwrap()
}

/// Waits for a step.
pub(crate) fn wait<T>(step: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(step)
}
