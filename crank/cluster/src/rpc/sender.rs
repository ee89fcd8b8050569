//! Makes one transaction land: the same bytes again and again, until they are finalized or can never be any more.
//!
//! A transaction names a blockhash and is dead once the finalized chain is higher than the last block in which that one
//! may be used. Its height is read before its status: then a transaction that was dead at that height and left no trace
//! afterwards has not landed. What a node says to a sending proves nothing.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signature::Signature;

use super::endpoints::Endpoints;
use super::node::{AsOf, Node};
use super::progress::{at_least, progress};
use crate::cluster::Receipt;
use crate::error::ChainError;
use crate::transaction::{self, Format};

/// How long to wait before the chain is asked again.
const PAUSE: Duration = Duration::from_millis(500);
/// After how many of these pauses the same bytes are sent again.
const PAUSES_BETWEEN_SENDINGS: u32 = 4;
/// How often a transaction that is final is asked for, until a node shows what it cost.
const RECEIPT_ROUNDS: u32 = 20;

/// Sends transactions to the nodes of one cluster.
pub(super) struct Sender<'a> {
    endpoints: &'a Endpoints,
}

/// A blockhash, and the height from which on nothing can land any more that names it.
struct Lifetime {
    blockhash: solana_message::Hash,
    dead_after: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LatestBlockhash {
    blockhash: String,
    last_valid_block_height: u64,
}

#[derive(Deserialize)]
struct Simulation {
    err: Option<Value>,
    logs: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    confirmation_status: Option<String>,
}

#[derive(Deserialize)]
struct Landed {
    meta: Meta,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    err: Option<Value>,
    fee: u64,
    log_messages: Option<Vec<String>>,
    compute_units_consumed: Option<u64>,
}

impl<'a> Sender<'a> {
    pub(super) fn new(endpoints: &'a Endpoints) -> Self {
        Self { endpoints }
    }

    /// Signs `instructions`, simulates them, and sends them until they are finalized.
    ///
    /// # Errors
    /// `Unbuildable`; `Refused` by the simulation, which costs nothing, or on the chain; `Unreachable` if no node
    /// answers, or if the transaction expired and none shows it.
    pub(super) async fn send(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        format: Format<'_>,
    ) -> Result<Receipt, ChainError> {
        let Lifetime { blockhash, dead_after } = self.lifetime().await?;
        let transaction = transaction::sign(instructions, signers, format, blockhash)?;
        let bytes = transaction::require_size(&transaction, format)?;
        let signature = *transaction.signatures.first().ok_or_else(|| unbuildable(&"nobody signs"))?;
        let wire = wincode::serialize(&transaction).map_err(|error| unbuildable(&error))?;
        let wire = STANDARD.encode(wire);
        self.simulate(&wire).await?;
        self.land(&signature, &wire, dead_after).await?;
        self.receipt(&signature, bytes).await
    }

    /// The newest confirmed blockhash. A finalized one would live for a shorter time, and one that is only processed
    /// may belong to a fork that is given up.
    ///
    /// The last height is a node's word, which need not be true. So it counts from the newest block that any may have:
    /// no blockhash outlives that by more than its whole life.
    async fn lifetime(&self) -> Result<Lifetime, ChainError> {
        let floor = self.endpoints.floor();
        let (confirmed, latest, tip) = self
            .endpoints
            .first(|node| async move {
                let confirmed = progress(&node, floor, "confirmed").await?;
                let options = json!([at_least(floor, "confirmed")]);
                let latest: AsOf<LatestBlockhash> = node.ask("getLatestBlockhash", options).await?;
                Ok((confirmed, latest.value, progress(&node, floor, "processed").await?))
            })
            .await?;
        let LatestBlockhash { blockhash, last_valid_block_height } = latest;
        let life = last_valid_block_height.saturating_sub(confirmed.block_height);
        let dead_after = last_valid_block_height.max(tip.block_height.saturating_add(life));
        let blockhash = blockhash.parse().map_err(|_| ChainError::Unreachable("its blockhash is none".to_owned()))?;
        Ok(Lifetime { blockhash, dead_after })
    }

    /// Refuses what the cluster would refuse now. Whether the node has heard of the blockhash yet does not matter.
    async fn simulate(&self, wire: &str) -> Result<(), ChainError> {
        let options = json!({
            "commitment": "confirmed",
            "minContextSlot": self.endpoints.floor(),
            "encoding": "base64",
            "replaceRecentBlockhash": true,
        });
        let params = json!([wire, options]);
        let question = |node: Node| {
            let params = params.clone();
            async move { node.ask("simulateTransaction", params).await }
        };
        let simulated: AsOf<Simulation> = self.endpoints.first(question).await?;
        let Simulation { err, logs } = simulated.value;
        err.map_or(Ok(()), |error| Err(refusal(&error, logs.unwrap_or_default())))
    }

    /// Sends `wire` to all nodes until it is finalized, with or without an error.
    async fn land(&self, signature: &Signature, wire: &str, dead_after: u64) -> Result<(), ChainError> {
        let mut pauses = 0_u32;
        loop {
            let floor = self.endpoints.floor();
            let (height, status) = self
                .endpoints
                .first(|node| async move {
                    let finalized = progress(&node, floor, "finalized").await?;
                    let params = json!([[signature.to_string()]]);
                    let statuses: AsOf<Vec<Option<Status>>> = node.ask("getSignatureStatuses", params).await?;
                    Ok((finalized.block_height, statuses.value.into_iter().next().flatten()))
                })
                .await?;
            match status {
                Some(Status { confirmation_status: Some(status) }) if status == "finalized" => return Ok(()),
                None if height > dead_after => {
                    let reason = format!("the transaction {signature} expired, and no node shows that it landed");
                    return Err(ChainError::Unreachable(reason));
                }
                None if pauses.is_multiple_of(PAUSES_BETWEEN_SENDINGS) => self.broadcast(wire).await,
                _ => {}
            }
            tokio::time::sleep(PAUSE).await;
            pauses = pauses.wrapping_add(1);
        }
    }

    /// Sends `wire` to every node once. Neither an error nor a signature in the answer means anything.
    async fn broadcast(&self, wire: &str) {
        let options = json!({ "encoding": "base64", "skipPreflight": true, "maxRetries": 0 });
        for node in self.endpoints.nodes() {
            let _: Result<Value, _> = node.ask("sendTransaction", json!([wire, options])).await;
        }
    }

    /// What the transaction cost that is finalized.
    async fn receipt(&self, signature: &Signature, bytes: usize) -> Result<Receipt, ChainError> {
        let options = json!({ "commitment": "finalized", "encoding": "base64", "maxSupportedTransactionVersion": 1 });
        let params = json!([signature.to_string(), options]);
        for _ in 0..RECEIPT_ROUNDS {
            let question = |node: Node| {
                let params = params.clone();
                async move { node.ask("getTransaction", params).await }
            };
            let landed: Option<Landed> = self.endpoints.first(question).await?;
            if let Some(Landed { meta: Meta { err, fee, log_messages, compute_units_consumed } }) = landed {
                let logs = log_messages.unwrap_or_default();
                if let Some(error) = err {
                    return Err(refusal(&error, logs));
                }
                let compute_units = compute_units_consumed.unwrap_or_default();
                return Ok(Receipt { signature: *signature, compute_units, bytes, fee, logs });
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(ChainError::Unreachable(format!("the transaction {signature} is final, but no node shows what it did")))
    }
}

fn unbuildable(error: &dyn std::fmt::Display) -> ChainError {
    ChainError::Unbuildable(error.to_string())
}

/// The refusal that `error`, a node's account of a failed transaction, and `logs` tell of.
fn refusal(error: &Value, logs: Vec<String>) -> ChainError {
    let code = error.pointer("/InstructionError/1/Custom").and_then(Value::as_u64);
    ChainError::refused(error.to_string(), code.and_then(|code| u32::try_from(code).ok()), logs)
}
