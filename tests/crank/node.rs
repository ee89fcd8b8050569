//! A node with a few accounts, in a thread of this process: HTTP and JSON-RPC as far as `getAccountInfo` needs them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;

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
        json!({ "jsonrpc": "2.0", "id": 1, "result": { "context": { "slot": 7 }, "value": value } }).to_string()
    })
}

/// Starts a node that gives the same answer to everything.
pub(crate) fn start_with_answer(answer: &'static str) -> String {
    serve(move |_| answer.to_owned())
}

/// An account in the JSON of nodes.
pub(crate) fn account_json(owner: &Pubkey, data: &[u8]) -> Value {
    let data = json!([STANDARD.encode(data), "base64"]);
    json!({ "data": data, "executable": false, "lamports": 1, "owner": owner.to_string(), "rentEpoch": 0, "space": 1 })
}

fn serve(answer: impl Fn(Value) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/?api-key=secret", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            // The client may close the connection early, when it has its answer.
            let _ = respond(stream.unwrap(), &answer);
        }
    });
    url
}

fn respond(mut stream: TcpStream, answer: &impl Fn(Value) -> String) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    for line in reader.by_ref().lines() {
        let line = line?.to_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let answer = answer(serde_json::from_slice(&body).unwrap());
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
    write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())
}
