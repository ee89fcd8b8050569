//! The accounts of the program: one file each, with the seeds, the layout and the rules of its state.

mod action;
mod block;
mod bucket;
mod config;
mod distributor;
mod downtime;
mod epoch;
mod epoch_marks;
mod hand_over;
pub mod layout;
mod limiter;
mod link;
mod milestone;
mod moment;
mod raffle;
mod settlement;
mod sponsor;
mod terms;
mod windows;

pub use action::{Action, Audience, NextRules};
pub use block::Block;
pub use bucket::Bucket;
pub use config::Config;
pub use distributor::{Distributor, Kind, Mode};
pub use downtime::Downtime;
pub use epoch::Epoch;
pub use epoch_marks::EpochMarks;
pub use hand_over::Role;
pub use limiter::{Limiter, Outflow};
pub use link::Link;
pub use milestone::{MAX_MILESTONE_STEPS, Milestone, MilestoneStep};
pub use moment::Moment;
pub use raffle::{Raffle, RaffleStage};
pub use sponsor::{Sponsor, share_rounded_down};
pub use terms::{EpochTerms, NextTerms, Terms};
