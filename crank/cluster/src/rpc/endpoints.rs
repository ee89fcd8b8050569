//! Several nodes of one cluster, asked as one: the next answers if one does not, and none takes the crank back in time.
//!
//! The *floor* is the newest slot that was believed. A node that has not reached it is behind, and what it says is not
//! used; it may be asked again later.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
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
    nodes: Vec<Endpoint>,
    /// The hash of the cluster's genesis, which names the cluster.
    genesis: String,
    /// The one that answered last.
    preferred: AtomicUsize,
    floor: AtomicU64,
}

/// A node, and whether it is known to be of the cluster.
struct Endpoint {
    node: Node,
    is_known: AtomicBool,
}

impl Endpoints {
    /// The nodes at `places`, each as [`Node::at`] takes it. The cluster is that of the first one that answers; one
    /// that does not answer now is asked for its cluster when it does.
    ///
    /// # Errors
    /// `Unreachable` when there is none, none answers, or two are of different clusters.
    pub async fn at(places: &[&str]) -> Result<Self, ChainError> {
        let mut genesis: Option<(String, i32)> = None;
        let (mut nodes, mut refusals) = (Vec::new(), Vec::new());
        for (place, number) in places.iter().zip(1..) {
            let node = Node::at(place)?;
            let found = genesis_of(&node).await;
            let is_known = AtomicBool::new(found.is_ok());
            match (found, &genesis) {
                (Ok(found), None) => genesis = Some((found, number)),
                (Ok(found), Some((first, other))) if found != *first => {
                    let reason = format!(
                        "node {number} is of the cluster with the genesis {found}, and node {other} of {first}"
                    );
                    return Err(ChainError::Unreachable(reason));
                }
                (Ok(_), Some(_)) => {}
                (Err(error), _) => refusals.push(format!("node {number}: {error}")),
            }
            nodes.push(Endpoint { node, is_known });
        }
        let reasons = if nodes.is_empty() { "there is no node to ask".to_owned() } else { refusals.join("; ") };
        let (genesis, _) = genesis.ok_or(ChainError::Unreachable(reasons))?;
        Ok(Self { nodes, genesis, preferred: AtomicUsize::new(0), floor: AtomicU64::new(0) })
    }

    /// The hash of the cluster's genesis, which names the cluster.
    #[must_use]
    pub fn genesis(&self) -> &str {
        &self.genesis
    }

    /// All of them.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().map(|endpoint| &endpoint.node)
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
            for (endpoint, place) in self.in_order() {
                let answer = match self.require_known(endpoint).await {
                    Ok(()) => question(endpoint.node.clone()).await,
                    Err(error) => Err(error),
                };
                match answer {
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

    /// Refuses a node that is of another cluster, or that does not say of which.
    async fn require_known(&self, Endpoint { node, is_known }: &Endpoint) -> Result<(), NodeError> {
        if is_known.load(Ordering::SeqCst) {
            return Ok(());
        }
        let found = genesis_of(node).await?;
        if found != self.genesis {
            return Err(NodeError::Unusable(format!("it is of the cluster with the genesis {found}")));
        }
        is_known.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// The nodes with their places, from the preferred one on.
    fn in_order(&self) -> impl Iterator<Item = (&Endpoint, usize)> {
        let preferred = self.preferred.load(Ordering::SeqCst);
        let places = self.nodes.iter().zip(0..);
        places.clone().skip(preferred).chain(places.take(preferred))
    }
}

async fn genesis_of(node: &Node) -> Result<String, NodeError> {
    node.ask("getGenesisHash", json!([])).await
}
