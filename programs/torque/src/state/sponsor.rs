//! Somebody who is not the owner and added to a distributor, and the one division by which everybody's share is found.
//!
//! Not here: what there is to share (`settlement`).

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::state::layout;

/// Seeds: `sponsor`, distributor, wallet. Created by its wallet's first funding, removed by `sponsor_refund`.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug, InitSpace)]
pub struct Sponsor {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// What it added to.
    pub distributor: Pubkey,
    /// Whose it is; paid for this account and gets the rent back.
    pub wallet: Pubkey,
    /// Base units of rewards that it added; the fee came on top.
    pub contributed: u64,
    /// Zero, for later versions.
    pub spare: [u8; 32],
}

layout::account!(Sponsor);

/// The share of `left` that belongs to `contributed` of `funded`, rounded down.
///
/// There is one division for rewards and fee together, so that a sponsor loses less than one base unit to rounding. The
/// shares of several sponsors never exceed the share of what they contributed together.
///
/// # Errors
/// `ArithmeticOverflow` if more was contributed than funded.
pub fn share_rounded_down(contributed: u64, funded: u64, left: u64) -> Result<u64> {
    require!(contributed <= funded, TorqueError::ArithmeticOverflow);
    let product = u128::from(contributed).checked_mul(u128::from(left)).ok_or(TorqueError::ArithmeticOverflow)?;
    // Where nothing is funded nothing is contributed, and the product is zero.
    let share = product.checked_div(u128::from(funded.max(1))).ok_or(TorqueError::ArithmeticOverflow)?;
    Ok(u64::try_from(share).map_err(|_| TorqueError::ArithmeticOverflow)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_in_proportion_and_rounded_down() {
        for (contributed, funded, left, share) in
            [(0, 0, 0, 0), (0, 0, 9, 0), (1, 3, 10, 3), (2, 3, 10, 6), (3, 3, 10, 10), (1, 2, 1, 0), (7, 7, 0, 0)]
        {
            assert_eq!(share_rounded_down(contributed, funded, left).unwrap(), share, "{contributed} of {funded}");
        }
    }

    #[test]
    fn the_largest_amounts_have_a_share() {
        let most = u64::MAX;
        assert_eq!(share_rounded_down(most, most, most).unwrap(), most);
        assert_eq!(share_rounded_down(most - 1, most, most).unwrap(), most - 1);
        assert_eq!(share_rounded_down(most - 1, most, most - 1).unwrap(), most - 2);
        assert_eq!(share_rounded_down(1, most, most - 1).unwrap(), 0);
    }

    #[test]
    fn nobody_has_a_share_in_what_others_funded() {
        assert!(share_rounded_down(1, 0, 0).is_err());
        assert!(share_rounded_down(u64::MAX, u64::MAX - 1, u64::MAX).is_err());
    }
}
