//! One node that answers JSON-RPC 2.0.
//!
//! A node's URL may contain an access key, so no message repeats it. Not here: which node to ask, and when again
//! (`endpoints`).

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;

use crate::error::ChainError;
use crate::fetched::{AccountJson, FetchedAccount};
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

/// Why a node gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// It cannot be reached, or what it says is not an answer.
    #[error("{0}")]
    Unusable(String),
    /// It refuses, with a number and words of its own.
    #[error("the node refuses {method} with {code}: {}", shown(.message))]
    Refused {
        /// What it was asked for.
        method: String,
        /// The number of the error.
        code: i64,
        /// Its words.
        message: String,
    },
}

impl From<NodeError> for ChainError {
    fn from(error: NodeError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

/// The number of every question: one connection has one at a time.
const QUESTION: u64 = 1;

/// The answer of a node.
#[derive(Deserialize)]
struct Answer {
    id: Option<u64>,
    // So that a result that is `null` is one.
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    error: Option<AnswerError>,
}

#[derive(Deserialize)]
struct AnswerError {
    code: i64,
    message: String,
}

/// A value with the slot that it is as of.
#[derive(Deserialize)]
pub(super) struct AsOf<T> {
    pub(super) context: Context,
    pub(super) value: T,
}

#[derive(Deserialize)]
pub(super) struct Context {
    pub(super) slot: u64,
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
        Ok(Self { url: url.to_owned(), client: client.map_err(unusable)? })
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
        let shown = self.show(address, first_bytes).await?;
        shown.value.map(|json| FetchedAccount::from_json(*address, &json)).transpose()
    }

    /// The same as the node shows it, with the slot that it is as of.
    pub(super) async fn show(
        &self,
        address: &Pubkey,
        first_bytes: Option<usize>,
    ) -> Result<AsOf<Option<AccountJson>>, NodeError> {
        let mut options = json!({ "encoding": "base64", "commitment": "finalized" });
        if let (Some(length), Some(options)) = (first_bytes, options.as_object_mut()) {
            options.insert("dataSlice".to_owned(), json!({ "offset": 0, "length": length }));
        }
        self.ask("getAccountInfo", json!([address.to_string(), options])).await
    }

    /// Asks for `method` with `params`.
    ///
    /// # Errors
    /// `Unusable`, `Refused`.
    pub async fn ask<T: DeserializeOwned>(&self, method: &str, params: Value) -> Result<T, NodeError> {
        let request = json!({ "jsonrpc": "2.0", "id": QUESTION, "method": method, "params": params });
        let body = self.post(request.to_string()).await?;
        let unfit = |what: &str| NodeError::Unusable(format!("the node's answer to {method} {what}"));
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|error| unfit(&format!("is not JSON-RPC: {error}")))?;
        match answer {
            Answer { error: Some(AnswerError { code, message }), .. } => {
                Err(NodeError::Refused { method: method.to_owned(), code, message })
            }
            Answer { id: Some(QUESTION), result: Some(result), .. } => {
                serde_json::from_value(result).map_err(|error| unfit(&format!("has another form: {error}")))
            }
            Answer { id: Some(QUESTION), .. } => Err(unfit("has no result")),
            Answer { .. } => Err(unfit("is to another question")),
        }
    }

    async fn post(&self, request: String) -> Result<Vec<u8>, NodeError> {
        let request = self.client.post(&self.url).header("content-type", "application/json").body(request);
        let mut response = request.send().await.map_err(unusable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unusable)? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER {
                return Err(NodeError::Unusable(format!("the node's answer is longer than {LONGEST_ANSWER} bytes")));
            }
        }
        // A JSON-RPC error can come with any HTTP status, and says more than the status.
        if response.status().is_success() || body.starts_with(b"{") {
            return Ok(body);
        }
        Err(NodeError::Unusable(format!("the node answers with the status {}", response.status())))
    }
}

/// A value that is there, though it may be `null`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The error, without the node's URL.
fn unusable(error: reqwest::Error) -> NodeError {
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    NodeError::Unusable(reason)
}
