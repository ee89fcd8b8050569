//! The protocol's settings. Written by `config_initialize` and `config_update`, read by almost every instruction.

use anchor_lang::prelude::*;

use crate::constants::MAX_FEE_BASIS_POINTS;
use crate::error::TorqueError;
use crate::state::Downtime;

/// Seeds: `config`. There is one, for good: only `config_initialize` creates this type, at this address.
#[account]
#[derive(Debug, InitSpace)]
pub struct Config {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// May change these settings.
    pub admin: Pubkey,
    /// Will be the admin once it accepts; zero if nobody is named.
    pub pending_admin: Pubkey,
    /// The wallet that receives earned fees: itself for SOL, its associated token account for a mint.
    pub treasury: Pubkey,
    /// The fee of distributors created from now on.
    pub fee_basis_points: u16,
    /// Since when it is paused, and for how long it has been. A pause stops creating, posting, funding and every
    /// payment, but never an owner's refund.
    pub downtime: Downtime,
    /// Zero, for later versions.
    pub spare: [u8; 96],
}

impl Config {
    /// Refuses while the protocol is paused.
    ///
    /// # Errors
    /// `Paused`.
    pub fn require_running(&self) -> Result<()> {
        require!(!self.downtime.is_paused(), TorqueError::Paused);
        Ok(())
    }

    /// Pauses the protocol or lets it run, from `now` on, unix seconds; a pause that goes on keeps its beginning.
    pub fn set_paused(&mut self, paused: bool, now: i64) {
        if paused != self.downtime.is_paused() {
            let seconds = self.downtime.at(now);
            self.downtime = if paused { Downtime::paused(seconds, now) } else { Downtime::running(seconds) };
        }
    }

    /// What must hold at the end of every instruction that changes the settings.
    ///
    /// # Errors
    /// `RoleMissing`, `FeeTooHigh`.
    pub fn invariant(&self) -> Result<()> {
        require!(self.admin != Pubkey::default() && self.treasury != Pubkey::default(), TorqueError::RoleMissing);
        require!(self.fee_basis_points <= MAX_FEE_BASIS_POINTS, TorqueError::FeeTooHigh);
        Ok(())
    }
}
