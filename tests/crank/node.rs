//! A node with a few accounts, in a thread of this process: JSON-RPC as far as `getAccountInfo` needs it.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;

use crate::server::serve;

/// Accounts by address: owner and bytes.
pub(crate) type Accounts = BTreeMap<Pubkey, (Pubkey, Vec<u8>)>;

/// Starts a node that shows `accounts`, and returns its address.
pub(crate) fn start(accounts: Accounts) -> String {
    serve(move |request| {
        let (address, options) = (request["params"][0].as_str().unwrap(), &request["params"][1]);
        assert_eq!(
            (request["method"].as_str(), options["encoding"].as_str()),
            (Some("getAccountInfo"), Some("base64"))
        );
        let value = accounts.get(&address.parse().unwrap()).map(|(owner, data)| {
            let length = options["dataSlice"]["length"].as_u64().map_or(data.len(), |length| length as usize);
            account_json(owner, &data[..length.min(data.len())])
        });
        Some(json!({ "jsonrpc": "2.0", "id": 1, "result": { "context": { "slot": 7 }, "value": value } }).to_string())
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
