//! A node with a few accounts, in a thread of this process: JSON-RPC as far as `verify` and
//! `status` need it.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;

use crate::server::serve;

/// The slot that everything is as of: far behind those in which something is waited for.
const SLOT: u64 = 1 << 40;

/// Accounts by address: owner and bytes.
pub(crate) type Accounts = BTreeMap<Pubkey, (Pubkey, Vec<u8>)>;

/// Starts a node that shows `accounts`, and returns its address.
pub(crate) fn start(accounts: Accounts) -> String {
    serve(move |request| {
        let (method, params) = (request["method"].as_str().unwrap(), &request["params"]);
        let shown = |address: &Value, options: &Value| {
            assert_eq!(options["encoding"], "base64");
            accounts.get(&address.as_str().unwrap().parse().unwrap()).map(|(owner, data)| {
                let length = options["dataSlice"]["length"].as_u64().map_or(data.len(), |length| length as usize);
                account_json(owner, &data[..length.min(data.len())])
            })
        };
        let as_of = |value: Value| json!({ "context": { "slot": SLOT }, "value": value });
        let result = match method {
            "getGenesisHash" => json!("genesis"),
            "getEpochInfo" => json!({ "absoluteSlot": SLOT, "blockHeight": SLOT }),
            "getMultipleAccounts" => {
                as_of(params[0].as_array().unwrap().iter().map(|address| shown(address, &params[1])).collect())
            }
            "getAccountInfo" => as_of(json!(shown(&params[0], &params[1]))),
            _ => panic!("nobody asks for {method}"),
        };
        Some(json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }).to_string())
    })
}

/// Starts a node that gives the same answer to everything.
pub(crate) fn start_with_answer(answer: String) -> String {
    serve(move |_| Some(answer.clone()))
}

/// An account in the JSON of nodes.
pub(crate) fn account_json(owner: &Pubkey, data: &[u8]) -> Value {
    let data = json!([STANDARD.encode(data), "base64"]);
    json!({ "data": data, "executable": false, "lamports": 1, "owner": owner.to_string(), "rentEpoch": 0, "space": 1 })
}
