//! Who acts in the demonstration, on a cluster where the protocol is set up.

use std::future::Future;

use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use crate::failure::Failure;
use crank_cluster::embedded::Embedded;
use crank_cluster::instruction;
use crank_cluster::steps::launch::FEE_BASIS_POINTS;
use tokio::runtime::{Builder, Runtime};

const SOL: u64 = 1_000_000_000;

/// The cluster and the people on it.
pub(super) struct Cast {
    /// The cluster.
    pub(super) cluster: Embedded,
    /// Owns the campaigns.
    pub(super) owner: Keypair,
    /// Posts roots and submits pushes.
    pub(super) publisher: Keypair,
    /// Could cancel roots.
    pub(super) guardian: Pubkey,
    /// Receives fees.
    pub(super) treasury: Pubkey,
    runtime: Runtime,
}

impl Cast {
    /// Starts the cluster a day before `start`, unix seconds, and sets the protocol up.
    pub(super) fn new(start: i64) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| Failure::Outside(format!("no thread for the cluster: {error}")))?;
        let [admin, owner, publisher, guardian, treasury] = std::array::from_fn(|_| Keypair::new());
        let cluster = Embedded::start(&admin.pubkey(), start.saturating_sub(24 * 60 * 60))?;
        for person in [&admin, &owner, &publisher, &treasury] {
            cluster.airdrop(&person.pubkey(), SOL.saturating_mul(10))?;
        }
        let setup = instruction::config_initialize(admin.pubkey(), treasury.pubkey(), FEE_BASIS_POINTS);
        cluster.send(&[setup], &[&admin])?;
        Ok(Self { cluster, owner, publisher, guardian: guardian.pubkey(), treasury: treasury.pubkey(), runtime })
    }

    /// Waits until a step is done.
    pub(super) fn wait<T>(&self, step: impl Future<Output = T>) -> T {
        self.runtime.block_on(step)
    }
}
