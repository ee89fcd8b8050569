//! Who has power over what a distributor pays: what others can do to a mint's tokens, as a set that its creator
//! accepts.
//!
//! A power is counted if somebody can use it one day, whether or not it is in use. Only powers that can stop, take or
//! shrink what wallets are owed are counted. Whoever may issue more of a mint, or change how amounts are displayed,
//! cannot: both leave every base unit where it is. Not here: where in a mint a power stands (`extension_policy`).

use anchor_lang::prelude::*;

use crate::error::TorqueError;

/// A set of powers over a mint: bits 0 to 5, and in bits 8 to 12 those of them that the distributor's own owner holds.
///
/// A creator accepts exactly the powers that the mint gives. Accepting more is refused and not ignored: a client could
/// then accept everything always, so that nobody would read what they accept; and a mint which can be closed and
/// created anew could come back with a power that was accepted beforehand.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
#[repr(C)]
pub struct Powers {
    /// One bit for each power.
    pub bits: u16,
}

/// Each power that is not the owner's own, with the error for a mint that gives it without its being accepted.
const REFUSALS: [(Powers, TorqueError); 6] = [
    (Powers::FREEZE, TorqueError::FreezeNotAccepted),
    (Powers::PAUSE, TorqueError::PauseNotAccepted),
    (Powers::TRANSFER_FEE, TorqueError::TransferFeeNotAccepted),
    (Powers::PERMANENT_DELEGATE, TorqueError::PermanentDelegateNotAccepted),
    (Powers::TRANSFER_HOOK, TorqueError::TransferHookNotAccepted),
    (Powers::CONFIDENTIAL_TRANSFERS, TorqueError::ConfidentialTransfersNotAccepted),
];

impl Powers {
    /// No power.
    pub const NONE: Self = Self { bits: 0 };
    /// A freeze authority can stop the vault, or a wallet's account, for as long as it likes.
    pub const FREEZE: Self = Self { bits: 1 };
    /// A pause authority can stop every transfer, for as long as it likes.
    pub const PAUSE: Self = Self { bits: 1 << 1 };
    /// A fee authority can make transfers so dear that an epoch's reserve is not enough for all of its leaves.
    pub const TRANSFER_FEE: Self = Self { bits: 1 << 2 };
    /// A permanent delegate can take or burn what lies in the vault.
    pub const PERMANENT_DELEGATE: Self = Self { bits: 1 << 3 };
    /// A hook authority can name a program that every transfer must call, which stops every payment: a vault calls
    /// none.
    pub const TRANSFER_HOOK: Self = Self { bits: 1 << 4 };
    /// Amounts can be hidden, and wallets can refuse plain credits, which are all that a vault gives.
    pub const CONFIDENTIAL_TRANSFERS: Self = Self { bits: 1 << 5 };
    /// Every power that somebody can hold; nobody holds that of confidential transfers.
    pub const HELD: Self = Self { bits: 0b01_1111 };
    /// Every power.
    pub const ALL: Self = Self { bits: Self::HELD.bits | Self::CONFIDENTIAL_TRANSFERS.bits | Self::HELD.bits << 8 };

    /// These powers as those of the owner.
    #[must_use]
    pub const fn of_owner(self) -> Self {
        Self { bits: (self.bits & Self::HELD.bits) << 8 }
    }

    /// Those that are in either.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits }
    }

    /// Those that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self { bits: self.bits & !other.bits }
    }

    /// Whether all of `other` are among these.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        other.without(self).bits == 0
    }

    /// Refuses unless these, which a creator accepts, are exactly the powers `found` in the mint.
    ///
    /// # Errors
    /// `PowersUnknown`, those of [`Self::require_cover`], `PowerAbsent`.
    pub fn require_match(self, found: Self) -> Result<()> {
        ensure!(Self::ALL.contains(self), TorqueError::PowersUnknown);
        self.require_cover(found)?;
        ensure!(found.contains(self), TorqueError::PowerAbsent);
        Ok(())
    }

    /// Refuses unless each of the powers `found` in a mint is among these, which were accepted.
    ///
    /// # Errors
    /// `OwnerPowerNotAccepted` for one that the owner holds, else the error of the first power that is not accepted.
    pub fn require_cover(self, found: Self) -> Result<()> {
        let missing = found.without(self);
        if missing == Self::NONE {
            return Ok(());
        }
        msg!("the mint gives the powers {:#06x}, and {:#06x} are accepted", found.bits, self.bits);
        ensure!(missing.without(Self::HELD.of_owner()) == missing, TorqueError::OwnerPowerNotAccepted);
        let refusal = REFUSALS.into_iter().find(|(power, _)| missing.contains(*power));
        Err(refusal.map_or(TorqueError::PowersUnknown, |(_, error)| error).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(result: Result<()>) -> Option<u32> {
        match result {
            Ok(()) => None,
            Err(Error::AnchorError(error)) => Some(error.error_code_number),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn exactly_the_powers_of_a_mint_are_accepted() {
        for accepted in 0..=u16::MAX {
            let accepted = Powers { bits: accepted };
            for found in [Powers::NONE, Powers::FREEZE, Powers::FREEZE.with(Powers::FREEZE.of_owner()), Powers::ALL] {
                assert_eq!(accepted.require_match(found).is_ok(), accepted == found, "{accepted:?} of {found:?}");
            }
        }
    }

    #[test]
    fn every_power_that_is_not_accepted_has_an_error_of_its_own() {
        for (power, error) in REFUSALS {
            let others = Powers::ALL.without(power);
            assert_eq!(number(others.require_cover(Powers::ALL)), Some(error.into()));
            assert_eq!(number(Powers::NONE.require_cover(power)), Some(error.into()));
            assert_eq!(number(Powers::ALL.require_cover(power)), None);
            let owned = power.of_owner();
            if owned != Powers::NONE {
                let refusal = Some(TorqueError::OwnerPowerNotAccepted.into());
                assert_eq!(number(power.require_cover(power.with(owned))), refusal);
            }
        }
    }

    #[test]
    fn a_bit_that_means_nothing_is_refused_whatever_the_mint_gives() {
        for bit in 0..16 {
            let one = Powers { bits: 1 << bit };
            let is_known = Powers::ALL.contains(one);
            assert_eq!(is_known, bit < 6 || (8..13).contains(&bit), "bit {bit}");
            let expected = if is_known { TorqueError::PowerAbsent } else { TorqueError::PowersUnknown };
            assert_eq!(number(one.require_match(Powers::NONE)), Some(expected.into()), "bit {bit}");
        }
    }
}
