//! The crank's access to the chain: addresses and instructions of the program, and clusters to send them to.
//!
//! Only this package knows Solana's transactions, the embedded virtual machine and the nodes' interface. `steps` makes
//! a cluster agree with what was decided, and `payment` cuts allocations into payments. `crank-rules` decides what to
//! post and whom to pay; nothing here knows activity, a database or text for people.

pub mod address;
pub mod cluster;
pub mod embedded;
pub mod error;
pub mod fetched;
pub mod instruction;
pub mod mint;
pub mod payment;
pub mod preflight;
pub mod rpc;
pub mod steps;
pub mod transaction;
