//! Clusters that nodes show over JSON-RPC.
//!
//! `node` asks one node one question, `endpoints` asks several as one, `sender` makes a transaction land, and `remote`
//! is the cluster that the steps use. Nothing here trusts a node with more than the steps can check again. Not here:
//! decoding accounts (`fetched`).

mod endpoints;
mod node;
mod progress;
mod remote;
mod sender;

pub use endpoints::Endpoints;
pub use node::{Node, NodeError};
pub use remote::Remote;
