//! Reads accounts from a node over JSON-RPC: one method, `getAccountInfo`, and nothing is ever sent.
//!
//! A node's URL may contain an access key, so no message repeats it. Not here: decoding the bytes (`fetched`).

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use solana_pubkey::Pubkey;

use super::error::ChainError;
use super::fetched::{AccountJson, FetchedAccount};
use crank_rules::wording::shown;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The longest answer, in bytes: an account has at most 10 MiB, and base64 makes it a third longer.
const LONGEST_ANSWER: usize = 16 << 20;

/// A node that answers JSON-RPC.
#[derive(Clone)]
pub struct Node {
    url: String,
    client: reqwest::Client,
}

/// The answer of a node.
#[derive(Deserialize)]
struct Answer {
    result: Option<AnswerResult>,
    error: Option<AnswerError>,
}

#[derive(Deserialize)]
struct AnswerResult {
    value: Option<AccountJson>,
}

#[derive(Deserialize)]
struct AnswerError {
    code: i64,
    message: String,
}

impl Node {
    /// The node at `place`: a URL that begins with `http://` or `https://`, or `localnet`, `devnet` or `mainnet`.
    ///
    /// # Errors
    /// `Unreachable` when it is something else.
    pub fn at(place: &str) -> Result<Self, ChainError> {
        let url = match place {
            "localnet" => "http://127.0.0.1:8899",
            "devnet" => "https://api.devnet.solana.com",
            "mainnet" => "https://api.mainnet-beta.solana.com",
            url if url.starts_with("http://") || url.starts_with("https://") => url,
            _ => {
                let reason = "a cluster is localnet, devnet, mainnet or the address of a node that begins with http";
                return Err(ChainError::Unreachable(reason.to_owned()));
            }
        };
        // A redirection would send the request to a server that the user did not choose.
        let client = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build();
        Ok(Self { url: url.to_owned(), client: client.map_err(unreachable)? })
    }

    /// The account at `address` as of the last finalized slot; `None` if it does not exist.
    ///
    /// `first_bytes` is how many of its bytes to read; `None` for all.
    ///
    /// # Errors
    /// `Unreachable` when the node cannot be reached or its answer is not valid; `WrongAccount`.
    pub async fn account(
        &self,
        address: &Pubkey,
        first_bytes: Option<usize>,
    ) -> Result<Option<FetchedAccount>, ChainError> {
        let mut options = json!({ "encoding": "base64", "commitment": "finalized" });
        if let (Some(length), Some(options)) = (first_bytes, options.as_object_mut()) {
            options.insert("dataSlice".to_owned(), json!({ "offset": 0, "length": length }));
        }
        let request = json!({
            "jsonrpc": "2.0",
            "id": 1,
            "method": "getAccountInfo",
            "params": [address.to_string(), options],
        });
        let body = self.ask(&request.to_string()).await?;
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|error| ChainError::Unreachable(format!("the node's answer is not JSON-RPC: {error}")))?;
        match answer {
            Answer { error: Some(AnswerError { code, message }), .. } => {
                Err(ChainError::Unreachable(format!("the node refuses with {code}: {}", shown(&message))))
            }
            Answer { result: None, .. } => Err(ChainError::Unreachable("the node's answer has no result".to_owned())),
            Answer { result: Some(AnswerResult { value }), .. } => {
                value.map(|json| FetchedAccount::from_json(*address, &json)).transpose()
            }
        }
    }

    async fn ask(&self, request: &str) -> Result<Vec<u8>, ChainError> {
        let request = self.client.post(&self.url).header("content-type", "application/json").body(request.to_owned());
        let mut response = request.send().await.map_err(unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER {
                return Err(ChainError::Unreachable(format!(
                    "the node's answer is longer than {LONGEST_ANSWER} bytes"
                )));
            }
        }
        // A JSON-RPC error can come with any HTTP status, and says more than the status.
        if response.status().is_success() || body.starts_with(b"{") {
            return Ok(body);
        }
        Err(ChainError::Unreachable(format!("the node answers with the status {}", response.status())))
    }
}

/// The error, without the node's URL.
fn unreachable(error: reqwest::Error) -> ChainError {
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    ChainError::Unreachable(reason)
}
