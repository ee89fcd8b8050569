//! A node over an embedded cluster, which can lose what it is sent, fall behind and hang up.
//!
//! It answers what `crank_cluster::rpc` asks for. Whenever it is asked how far the chain is, the chain goes on, so that
//! a transaction becomes final, or dies, after a few questions. Not here: forks, and accounts as of an older slot.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crank_cluster::embedded::Embedded;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use solana_transaction::versioned::VersionedTransaction;
use tests::node::serve;

/// Slots that pass with each question how far the chain is.
const STEP: u64 = 10;
/// Slots after which a transaction is final.
const FINALITY: u64 = 10;
/// Blocks in which a blockhash may be used.
const LIFETIME: u64 = 150;

/// What a node does wrong.
#[derive(Clone, Copy, Default)]
pub(crate) struct Faults {
    /// So many sendings get lost.
    pub(crate) lost: usize,
    /// So many answers to sendings get lost, after the transactions have landed.
    pub(crate) unanswered: usize,
    /// So many answers get lost, whatever it is asked.
    pub(crate) silent: usize,
    /// It is so many slots behind.
    pub(crate) lag: u64,
    /// Of a single account it shows an old state, in which there was none.
    pub(crate) forgets_one: bool,
    /// It hangs up, whatever it is asked.
    pub(crate) is_down: bool,
    /// It shows one account less than it is asked for.
    pub(crate) forgets_accounts: bool,
}

/// A cluster that several nodes show.
pub(crate) struct Model {
    pub(crate) cluster: Embedded,
    sent: Vec<String>,
    /// The slots in which transactions landed, and what came of them.
    landed: BTreeMap<String, (u64, Value)>,
}

impl Model {
    pub(crate) fn of(cluster: Embedded) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self { cluster, sent: Vec::new(), landed: BTreeMap::new() }))
    }

    /// What was sent, from first to last.
    pub(crate) fn sent(&self) -> &[String] {
        &self.sent
    }

    /// How many transactions have landed.
    pub(crate) fn landed(&self) -> usize {
        self.landed.len()
    }
}

/// Starts a node of `model` with `faults` and returns its URL.
pub(crate) fn start(model: &Arc<Mutex<Model>>, genesis: &'static str, mut faults: Faults) -> String {
    let model = Arc::clone(model);
    serve(move |question| {
        let mut model = model.lock().unwrap();
        let result = answer(&mut model, genesis, &mut faults, &question)?;
        Some(json!({ "jsonrpc": "2.0", "id": question["id"], "result": result }).to_string())
    })
}

fn answer(model: &mut MutexGuard<'_, Model>, genesis: &str, faults: &mut Faults, question: &Value) -> Option<Value> {
    if faults.silent > 0 || faults.is_down {
        faults.silent = faults.silent.saturating_sub(1);
        return None;
    }
    let params = &question["params"];
    let slot = model.cluster.slot().saturating_sub(faults.lag);
    let as_of = |value: Value| Some(json!({ "context": { "slot": slot }, "value": value }));
    match question["method"].as_str().unwrap() {
        "getGenesisHash" => Some(json!(genesis)),
        "getEpochInfo" => {
            (0..STEP).for_each(|_| model.cluster.next_slot());
            let slot = model.cluster.slot() - faults.lag;
            Some(json!({ "absoluteSlot": slot, "blockHeight": slot }))
        }
        "getMultipleAccounts" => {
            let addresses: Vec<Pubkey> =
                params[0].as_array().unwrap().iter().map(|key| key.as_str().unwrap().parse().unwrap()).collect();
            let mut accounts: Vec<Value> = addresses.iter().map(|address| account(&model.cluster, address)).collect();
            if faults.forgets_accounts {
                accounts.pop();
            }
            as_of(json!(accounts))
        }
        "getAccountInfo" if faults.forgets_one => Some(json!({ "context": { "slot": 0 }, "value": null })),
        "getAccountInfo" => as_of(account(&model.cluster, &params[0].as_str().unwrap().parse().unwrap())),
        "getLatestBlockhash" => {
            let blockhash = model.cluster.new_blockhash().to_string();
            as_of(json!({ "blockhash": blockhash, "lastValidBlockHeight": slot + LIFETIME }))
        }
        "simulateTransaction" => {
            let fork = model.cluster.fork();
            as_of(executed(&fork, &transaction(&params[0])))
        }
        "sendTransaction" => send(model, faults, params[0].as_str().unwrap()),
        "getSignatureStatuses" => {
            let status = model.landed.get(params[0][0].as_str().unwrap()).map(|(landed, _)| {
                let is_final = landed + FINALITY <= slot;
                json!({ "confirmationStatus": if is_final { "finalized" } else { "confirmed" } })
            });
            as_of(json!([status]))
        }
        "getTransaction" => {
            Some(model.landed.get(params[0].as_str().unwrap()).map_or(Value::Null, |(_, meta)| json!({ "meta": meta })))
        }
        other => panic!("nobody asks for {other}"),
    }
}

fn send(model: &mut Model, faults: &mut Faults, wire: &str) -> Option<Value> {
    model.sent.push(wire.to_owned());
    if faults.lost > 0 {
        faults.lost -= 1;
        return Some(json!("a signature"));
    }
    let transaction = transaction(&json!(wire));
    let signature = transaction.signatures[0].to_string();
    if !model.landed.contains_key(&signature) {
        let meta = executed(&model.cluster, &transaction);
        let slot = model.cluster.slot();
        model.landed.insert(signature.clone(), (slot, meta));
    }
    if faults.unanswered > 0 {
        faults.unanswered -= 1;
        return None;
    }
    Some(json!(signature))
}

fn transaction(wire: &Value) -> VersionedTransaction {
    wincode::deserialize(&STANDARD.decode(wire.as_str().unwrap()).unwrap()).unwrap()
}

/// What comes of `transaction`, as a simulation and as a receipt tell it.
fn executed(cluster: &Embedded, transaction: &VersionedTransaction) -> Value {
    let (error, meta) = match cluster.execute(transaction.clone()) {
        Ok(meta) => (Value::Null, meta),
        Err(failed) => (failure(&failed.err), failed.meta),
    };
    json!({
        "err": error,
        "fee": meta.fee,
        "logs": meta.logs,
        "logMessages": meta.logs,
        "computeUnitsConsumed": meta.compute_units_consumed,
    })
}

/// An error as nodes write it.
fn failure(error: &solana_transaction::TransactionError) -> Value {
    use solana_instruction::error::InstructionError::Custom;
    match error {
        solana_transaction::TransactionError::InstructionError(place, Custom(code)) => {
            json!({ "InstructionError": [place, { "Custom": code }] })
        }
        other => json!(format!("{other:?}")),
    }
}

fn account(cluster: &Embedded, address: &Pubkey) -> Value {
    cluster.fetched(address).map_or(Value::Null, |account| {
        json!({
            "data": [STANDARD.encode(&account.data), "base64"],
            "owner": account.owner.to_string(),
            "lamports": account.lamports,
        })
    })
}
