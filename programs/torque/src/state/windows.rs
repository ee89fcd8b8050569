//! When an epoch can be cancelled, when its leaves are paid, and when it is over.
//!
//! A delay and a window end by seconds and by slots (`moment`); pauses move the ends of windows and graces
//! (`downtime`). The rest of the epoch is in `epoch`.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::state::{Downtime, Epoch, Moment};

impl Epoch {
    /// Unix seconds from which leaves are no longer paid, or a vacant epoch gets no root, after `downtime` seconds of
    /// pauses in all: [`Self::closes_at`], moved by those since it was posted or became vacant.
    #[must_use]
    pub fn ends_at(&self, downtime: u64) -> i64 {
        self.closes_at.saturating_add(Downtime::extension(self.downtime, downtime))
    }

    /// The slot before which it does not open, whatever the clock says.
    #[must_use]
    pub fn opens_in_slot(&self) -> u64 {
        Moment::slot_after(self.posted_slot, self.terms.activation_delay.into())
    }

    /// The slot before which it does not end, whatever the clock says; zero if it is vacant.
    #[must_use]
    pub fn closes_in_slot(&self) -> u64 {
        if self.is_vacant() {
            return 0;
        }
        Moment::slot_after(self.opens_in_slot(), self.terms.claim_window.into())
    }

    fn has_opened(&self, moment: Moment) -> bool {
        self.opens_at <= moment.now && self.opens_in_slot() <= moment.slot
    }

    fn has_ended(&self, moment: Moment) -> bool {
        self.ends_at(moment.downtime) <= moment.now && self.closes_in_slot() <= moment.slot
    }

    /// Refuses unless leaves are paid at `moment`.
    ///
    /// # Errors
    /// `EpochNotOpen`, `WindowOver`.
    pub fn require_open(&self, moment: Moment) -> Result<()> {
        ensure!(self.has_opened(moment), TorqueError::EpochNotOpen);
        ensure!(!self.has_ended(moment), TorqueError::WindowOver);
        Ok(())
    }

    /// Refuses unless the epoch has a root and opens after `moment`, whose pauses do not matter.
    ///
    /// # Errors
    /// `EpochVacant`, `EpochOpened`.
    pub fn require_cancellable(&self, moment: Moment) -> Result<()> {
        ensure!(!self.is_vacant(), TorqueError::EpochVacant);
        ensure!(!self.has_opened(moment), TorqueError::EpochOpened);
        Ok(())
    }

    /// Refuses while a leaf may still be paid or, if it is vacant, a root posted, at `moment`.
    ///
    /// # Errors
    /// `WindowNotOver`.
    pub fn require_closable(&self, moment: Moment) -> Result<()> {
        let settled_count = self.paid_count.checked_add(self.struck_count);
        let is_all_paid = !self.is_vacant() && settled_count == Some(self.leaf_count);
        ensure!(self.has_ended(moment) || is_all_paid, TorqueError::WindowNotOver);
        Ok(())
    }
}
