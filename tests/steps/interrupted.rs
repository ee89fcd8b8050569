//! A cluster whose user dies at a transaction, after a number of others.

use std::sync::atomic::{AtomicUsize, Ordering};

use crank_cluster::cluster::{Cluster, FinalizedView, Receipt};
use crank_cluster::embedded::Embedded;
use crank_cluster::error::ChainError;
use crank_cluster::transaction::Format;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;

/// When the user dies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Death {
    /// Before the transaction leaves.
    BeforeSending,
    /// After the transaction has landed, but before the user knows.
    AfterLanding,
}

/// The embedded cluster, for a user who dies at a transaction.
pub(crate) struct Interrupted<'a> {
    cluster: &'a Embedded,
    left: AtomicUsize,
    death: Death,
}

impl<'a> Interrupted<'a> {
    /// `cluster` for a user who dies at the transaction after `count` others.
    pub(crate) fn after(cluster: &'a Embedded, count: usize, death: Death) -> Self {
        Self { cluster, left: AtomicUsize::new(count), death }
    }
}

impl Cluster for Interrupted<'_> {
    async fn finalized_view(&self, addresses: &[Pubkey]) -> Result<FinalizedView, ChainError> {
        self.cluster.finalized_view(addresses).await
    }

    async fn send_and_confirm(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        format: Format<'_>,
    ) -> Result<Receipt, ChainError> {
        let lives = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if lives || self.death == Death::AfterLanding {
            let receipt = self.cluster.send_and_confirm(instructions, signers, format).await?;
            if lives {
                return Ok(receipt);
            }
        }
        Err(ChainError::Unreachable("the process was killed".to_owned()))
    }
}
