//! Whether something is paused, and for how long it has been in all, so that a pause need not cost anybody time.
//!
//! There is one clock for the protocol and one for each distributor. Together they tell how many seconds a distributor
//! could not pay for: a second in which both were paused counts once. So the sum never runs faster than the time, and a
//! deadline that moves with it, once it is over, stays over.

use anchor_lang::prelude::*;

use crate::constants::MAX_PAUSE;
use crate::error::TorqueError;
use crate::state::{Config, Distributor};

/// The pauses so far.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
#[repr(C)]
pub struct Downtime {
    /// Unix seconds at which the pause began; zero while it runs.
    pub since: i64,
    /// Seconds of the pauses before; of a distributor that is paused, those of the protocol are among them.
    pub seconds: u64,
}

impl Downtime {
    /// A pause that begins at `now`, unix seconds, after `seconds` of others.
    #[must_use]
    pub fn paused(seconds: u64, now: i64) -> Self {
        Self { since: now.max(1), seconds }
    }

    /// No pause, after `seconds` of them.
    #[must_use]
    pub fn running(seconds: u64) -> Self {
        Self { since: 0, seconds }
    }

    /// Whether it is paused.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.since != 0
    }

    /// Seconds of the pause that lasts at `now`, unix seconds; zero while it runs.
    #[must_use]
    pub fn lasts(&self, now: i64) -> u64 {
        // A clock that was set back has not paused anything for less than nothing.
        let seconds = u64::try_from(now.saturating_sub(self.since)).unwrap_or_default();
        if self.is_paused() { seconds } else { 0 }
    }

    /// Seconds of all the pauses until `now`, unix seconds.
    #[must_use]
    pub fn at(&self, now: i64) -> u64 {
        self.seconds.saturating_add(self.lasts(now))
    }

    /// Seconds by which a deadline moves that was set after `before` seconds of pauses, when there have been `after`.
    #[must_use]
    pub fn extension(before: u64, after: u64) -> i64 {
        i64::try_from(after.saturating_sub(before)).unwrap_or(i64::MAX)
    }
}

impl Distributor {
    /// Seconds until `now`, unix seconds, in which the protocol or this distributor was paused.
    #[must_use]
    pub fn downtime_at(&self, config: &Config, now: i64) -> u64 {
        if self.downtime.is_paused() {
            return self.downtime.at(now);
        }
        config.downtime.at(now).saturating_add(self.downtime.seconds)
    }

    /// Refuses while the protocol or this distributor is paused.
    ///
    /// # Errors
    /// `Paused`, `DistributorPaused`.
    pub fn require_running(&self, config: &Config) -> Result<()> {
        config.require_running()?;
        ensure!(!self.downtime.is_paused(), TorqueError::DistributorPaused);
        Ok(())
    }

    /// Seconds until `now`, unix seconds, in which this distributor was paused and the protocol was not.
    #[must_use]
    pub fn own_downtime_at(&self, config: &Config, now: i64) -> u64 {
        self.downtime_at(config, now).saturating_sub(config.downtime.at(now))
    }

    /// Whether its pauses are used up at `now`, unix seconds: it may be let run by anybody, and not be paused again.
    #[must_use]
    pub fn is_pause_used_up(&self, config: &Config, now: i64) -> bool {
        self.own_downtime_at(config, now) >= MAX_PAUSE
    }

    /// Pauses it from `now` on, unix seconds.
    ///
    /// # Errors
    /// `DistributorPaused`, `PauseUsedUp`.
    pub fn pause(&mut self, config: &Config, now: i64) -> Result<()> {
        ensure!(!self.downtime.is_paused(), TorqueError::DistributorPaused);
        ensure!(!self.is_pause_used_up(config, now), TorqueError::PauseUsedUp);
        self.downtime = Downtime::paused(self.downtime_at(config, now), now);
        Ok(())
    }

    /// Lets it run again from `now` on, unix seconds; the seconds that the protocol counts itself are left to it.
    ///
    /// # Errors
    /// `DistributorNotPaused`.
    pub fn unpause(&mut self, config: &Config, now: i64) -> Result<()> {
        ensure!(self.downtime.is_paused(), TorqueError::DistributorNotPaused);
        self.downtime = Downtime::running(self.own_downtime_at(config, now));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anchor_lang::AnchorDeserialize as _;

    use super::*;

    fn running() -> (Config, Distributor) {
        let (config, distributor) = (vec![0; Config::INIT_SPACE], vec![0; Distributor::INIT_SPACE]);
        (Config::try_from_slice(&config).unwrap(), Distributor::try_from_slice(&distributor).unwrap())
    }

    /// Every way to pause and unpause both, or to let a second pass, ten times.
    #[test]
    fn every_second_in_which_either_was_paused_counts_once() {
        for sequence in 0..3_u32.pow(10) {
            let ((mut config, mut distributor), mut now, mut expected) = (running(), 100, 0);
            for step in 0..10 {
                let is_paused = [config.downtime.is_paused(), distributor.downtime.is_paused()];
                match sequence / 3_u32.pow(step) % 3 {
                    0 => {
                        now += 1;
                        expected += u64::from(is_paused.contains(&true));
                    }
                    1 if is_paused[0] => config.unpause(config.downtime.since, now).unwrap(),
                    1 => config.pause(now).unwrap(),
                    _ if is_paused[1] => distributor.unpause(&config, now).unwrap(),
                    _ => distributor.pause(&config, now).unwrap(),
                }
                assert_eq!(distributor.downtime_at(&config, now), expected, "sequence {sequence}, step {step}");
            }
        }
    }

    #[test]
    fn a_deadline_moves_by_the_pauses_since_it_was_set_however_long() {
        let most = i64::MAX.unsigned_abs();
        for (before, after, moved) in
            [(0, 0, 0), (5, 6, 1), (6, 5, 0), (7, 7 + most, i64::MAX), (0, u64::MAX, i64::MAX), (u64::MAX, 0, 0)]
        {
            assert_eq!(Downtime::extension(before, after), moved, "{before} to {after}");
        }
    }

    #[test]
    fn a_pause_begins_at_a_time_that_is_not_mistaken_for_none() {
        for now in [i64::MIN, -1, 0, 1] {
            assert!(Downtime::paused(3, now).is_paused(), "at {now}");
            assert_eq!(Downtime::paused(3, now).at(now), 3, "at {now}");
        }
    }
}
