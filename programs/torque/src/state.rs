//! The accounts of the program: one file each, with the seeds, the layout and the rules of its state.

mod action;
mod block;
mod config;
mod distributor;
mod epoch;
mod epoch_marks;
mod link;

pub use action::{Action, Audience};
pub use block::Block;
pub use config::Config;
pub use distributor::{Distributor, Kind, Mode, Terms};
pub use epoch::Epoch;
pub use epoch_marks::EpochMarks;
pub use link::Link;
