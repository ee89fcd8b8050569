//! The time of an instruction, as far as windows and delays ask for it: the clock, the slot, and the pauses until then.
//!
//! A delay or a window is over only when its seconds and its slots are both over. While the chain stands still its
//! clock goes on, and without the slots an epoch could open, or end, before anybody could do anything.

use anchor_lang::prelude::*;

use crate::constants::{LEAST_SLOTS, SLOT_SECONDS};
use crate::state::{Config, Distributor};

/// One moment of one distributor.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Moment {
    /// Unix seconds.
    pub now: i64,
    /// The slot.
    pub slot: u64,
    /// Seconds until now in which the protocol or the distributor was paused.
    pub downtime: u64,
}

impl Moment {
    /// The slot that must be reached when `seconds` that began in slot `from` are over.
    #[must_use]
    pub fn slot_after(from: u64, seconds: u64) -> u64 {
        from.saturating_add(seconds.saturating_mul(LEAST_SLOTS).checked_div(SLOT_SECONDS).unwrap_or_default())
    }
}

impl Distributor {
    /// The moment of the instruction that is executed.
    ///
    /// # Errors
    /// Those of the clock.
    pub fn moment(&self, config: &Config) -> Result<Moment> {
        let Clock { unix_timestamp: now, slot, .. } = Clock::get()?;
        Ok(Moment { now, slot, downtime: self.downtime_at(config, now) })
    }

    /// The same, of a distributor that is not paused.
    ///
    /// # Errors
    /// `Paused`, `DistributorPaused`, and those of the runtime.
    pub fn running_moment(&self, config: &Config) -> Result<Moment> {
        self.require_running(config)?;
        self.moment(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_takes_at_least_half_of_its_usual_slots_rounded_down() {
        for (seconds, slots) in [(0, 0), (1, 1), (3, 3), (4, 5), (3_600, 4_500), (u64::MAX, u64::MAX / SLOT_SECONDS)] {
            assert_eq!(Moment::slot_after(0, seconds), slots, "{seconds} seconds");
        }
        assert_eq!(Moment::slot_after(u64::MAX, 1), u64::MAX);
    }
}
