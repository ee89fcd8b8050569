//! The accounts of the program: one file each, with the seeds, the layout and the rules of its state.

mod action;
mod block;
mod config;
mod distributor;
mod downtime;
mod epoch;
mod epoch_marks;
mod hand_over;
mod limiter;
mod link;
mod milestone;
mod terms;

pub use action::{Action, Audience, NextRules};
pub use block::Block;
pub use config::Config;
pub use distributor::{Distributor, Kind, Mode};
pub use downtime::Downtime;
pub use epoch::Epoch;
pub use epoch_marks::EpochMarks;
pub use hand_over::Role;
pub use limiter::Limiter;
pub use link::Link;
pub use milestone::{MAX_MILESTONE_STEPS, Milestone, MilestoneStep};
pub use terms::{EpochTerms, NextTerms, Terms};
