//! The protocol's settings. Written by the instructions whose names begin with `config`, read by almost all others.
//!
//! Two keys rule them. The admin changes each setting by an instruction of its own, so that a change that was signed
//! long ago changes that setting alone; its key can be kept where nobody reaches it in a hurry. The pauser can stop
//! everything at once and do nothing else, so its key can lie where it is at hand.

use anchor_lang::prelude::*;

use crate::constants::MAX_FEE_BASIS_POINTS;
use crate::error::TorqueError;
use crate::state::{Downtime, layout};

/// Seeds: `config`. There is one, for good: only `config_initialize` creates this type, at this address.
///
/// Payments read it in place (`in_place`): no field may lie behind a gap.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, InitSpace)]
#[repr(C)]
pub struct Config {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// The fee of distributors created from now on.
    pub fee_basis_points: u16,
    /// May change these settings, pause and end a pause.
    pub admin: Pubkey,
    /// Will be the admin once it accepts; zero if nobody is named.
    pub pending_admin: Pubkey,
    /// May pause, as the admin may, and nothing else; zero if nobody is named.
    pub pauser: Pubkey,
    /// The wallet that receives earned fees: itself for SOL, its associated token account for a mint.
    pub treasury: Pubkey,
    /// Zero, for later versions.
    pub spare: [u8; 68],
    /// Since when it is paused, and for how long it has been. A pause stops creating, posting, funding and every
    /// payment, but never an owner's refund.
    pub downtime: Downtime,
}

layout::account!(Config in place);

impl Config {
    /// Refuses while the protocol is paused.
    ///
    /// # Errors
    /// `Paused`.
    pub fn require_running(&self) -> Result<()> {
        ensure!(!self.downtime.is_paused(), TorqueError::Paused);
        Ok(())
    }

    /// Pauses the protocol from `now` on, unix seconds.
    ///
    /// # Errors
    /// `Paused`.
    pub fn pause(&mut self, now: i64) -> Result<()> {
        self.require_running()?;
        self.downtime = Downtime::paused(self.downtime.seconds, now);
        Ok(())
    }

    /// Ends the pause that began at `since` and lets the protocol run from `now` on, both unix seconds. No other pause:
    /// who signed this has seen what one pause was about, and not the emergency after it.
    ///
    /// # Errors
    /// `NotPaused`, `PauseMismatch`.
    pub fn unpause(&mut self, since: i64, now: i64) -> Result<()> {
        ensure!(self.downtime.is_paused(), TorqueError::NotPaused);
        ensure!(self.downtime.since == since, TorqueError::PauseMismatch);
        self.downtime = Downtime::running(self.downtime.at(now));
        Ok(())
    }

    /// What must hold at the end of every instruction that changes the settings.
    ///
    /// # Errors
    /// `RoleMissing`, `FeeTooHigh`.
    pub fn invariant(&self) -> Result<()> {
        ensure!(self.admin != Pubkey::default() && self.treasury != Pubkey::default(), TorqueError::RoleMissing);
        ensure!(self.fee_basis_points <= MAX_FEE_BASIS_POINTS, TorqueError::FeeTooHigh);
        Ok(())
    }
}
