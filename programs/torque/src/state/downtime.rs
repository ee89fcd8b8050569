//! Whether something is paused, and for how long it has been in all, so that a pause need not cost anybody time.

use anchor_lang::prelude::*;

/// The pauses so far.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
pub struct Downtime {
    /// Unix seconds at which the pause began; zero while it runs.
    pub since: i64,
    /// Seconds of all the pauses that are over.
    pub seconds: u64,
}
