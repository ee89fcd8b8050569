//! Several nodes of one cluster, asked as one: the next answers if one does not, and none takes the crank back in time.
//!
//! The *floor* is the newest slot that was believed. A node that has not reached it is behind, and what it says is not
//! used; it may be asked again later.

use std::future::Future;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use super::node::{Node, NodeError};
use crate::error::ChainError;

/// How often all nodes are asked before it counts that none answers.
const ROUNDS: u32 = 6;
/// How long to wait after the first round; after each further one twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The nodes of a cluster.
pub struct Endpoints {
    nodes: Vec<Node>,
    /// The one that answered last.
    preferred: AtomicUsize,
    floor: AtomicU64,
}

impl Endpoints {
    /// The nodes at `places`, each as [`Node::at`] takes it, which must all be of one cluster. Returns them with the
    /// hash of its genesis, which names the cluster.
    ///
    /// # Errors
    /// `Unreachable` when there is none, one cannot be asked, or two are of different clusters.
    pub async fn at(places: &[&str]) -> Result<(Self, String), ChainError> {
        let nodes = places.iter().map(|place| Node::at(place)).collect::<Result<Vec<_>, _>>()?;
        let mut genesis: Option<String> = None;
        for (node, number) in nodes.iter().zip(1..) {
            let found: String = node.ask("getGenesisHash", json!([])).await?;
            if let Some(first) = genesis.as_ref().filter(|first| **first != found) {
                let reason = format!("node {number} is of the cluster with the genesis {found}, and node 1 of {first}");
                return Err(ChainError::Unreachable(reason));
            }
            genesis = Some(found);
        }
        let genesis = genesis.ok_or_else(|| ChainError::Unreachable("there is no node to ask".to_owned()))?;
        Ok((Self { nodes, preferred: AtomicUsize::new(0), floor: AtomicU64::new(0) }, genesis))
    }

    /// All of them.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The newest slot that was believed.
    #[must_use]
    pub fn floor(&self) -> u64 {
        self.floor.load(Ordering::SeqCst)
    }

    /// Believes `slot`: from now on no node that is behind it is.
    pub fn believe(&self, slot: u64) {
        self.floor.fetch_max(slot, Ordering::SeqCst);
    }

    /// The first answer of `question`, which is put to one node after the other, with pauses, until one answers.
    ///
    /// # Errors
    /// `Unreachable`, with what each said last.
    pub async fn first<T, F>(&self, question: impl Fn(Node) -> F) -> Result<T, ChainError>
    where
        F: Future<Output = Result<T, NodeError>>,
    {
        let (mut pause, mut round) = (FIRST_PAUSE, 0_u32);
        loop {
            let mut refusals = Vec::new();
            for (node, place) in self.in_order() {
                match question(node.clone()).await {
                    Ok(answer) => {
                        self.preferred.store(place, Ordering::SeqCst);
                        return Ok(answer);
                    }
                    Err(error) => refusals.push(format!("node {}: {error}", place.saturating_add(1))),
                }
            }
            round = round.saturating_add(1);
            if round >= ROUNDS {
                return Err(ChainError::Unreachable(refusals.join("; ")));
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2);
        }
    }

    /// The nodes with their places, from the preferred one on.
    fn in_order(&self) -> impl Iterator<Item = (&Node, usize)> {
        let preferred = self.preferred.load(Ordering::SeqCst);
        let places = self.nodes.iter().zip(0..);
        places.clone().skip(preferred).chain(places.take(preferred))
    }
}
