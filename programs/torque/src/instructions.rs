//! The instructions, one file each: accounts, checks, handler.

mod action_create;
mod claim;
mod config_initialize;
mod config_update;
mod distributor_close;
mod distributor_create;
mod distributor_end;
mod distributor_fund;
mod epoch_cancel;
mod epoch_close;
mod epoch_extend;
mod epoch_post;
mod epoch_repost;
mod epoch_skip;
mod link_create;
mod milestone_report;
mod push;
mod subtree_prove;

pub use action_create::*;
pub use claim::*;
pub use config_initialize::*;
pub use config_update::*;
pub use distributor_close::*;
pub use distributor_create::*;
pub use distributor_end::*;
pub use distributor_fund::*;
pub use epoch_cancel::*;
pub use epoch_close::*;
pub use epoch_extend::*;
pub use epoch_post::*;
pub use epoch_repost::*;
pub use epoch_skip::*;
pub use link_create::*;
pub use milestone_report::*;
pub use push::*;
pub use subtree_prove::*;
