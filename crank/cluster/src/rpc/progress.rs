//! How far the chain is for a node, and what a node is asked that must not be behind.

use serde::Deserialize;
use serde_json::{Value, json};

use super::node::{Node, NodeError};

/// How far the chain is, at one bank.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EpochInfo {
    pub(super) absolute_slot: u64,
    pub(super) block_height: u64,
}

/// How far the chain is for `node` at `commitment`, where it must have reached the slot `floor`.
///
/// # Errors
/// Those of the node, and `Unusable` if it is behind.
pub(super) async fn progress(node: &Node, floor: u64, commitment: &str) -> Result<EpochInfo, NodeError> {
    let info: EpochInfo = node.ask("getEpochInfo", json!([at_least(floor, commitment)])).await?;
    // Not every node heeds the slot that it is asked for.
    require_reached(info.absolute_slot, floor)?;
    Ok(info)
}

/// Refuses an answer as of `slot` where `wanted` was seen.
///
/// # Errors
/// `Unusable`.
pub(super) fn require_reached(slot: u64, wanted: u64) -> Result<(), NodeError> {
    if slot < wanted {
        return Err(NodeError::Unusable(format!("the node is behind: it is at slot {slot}, and {wanted} was seen")));
    }
    Ok(())
}

/// The options of a question about the state at `commitment`, which a node that has not reached `slot` refuses.
pub(super) fn at_least(slot: u64, commitment: &str) -> Value {
    json!({ "commitment": commitment, "minContextSlot": slot })
}
