//! One funding by somebody who is not the owner, and the part of it that goes back. Whose money is used first is in
//! `settlement`.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::fee;
use crate::state::layout;

/// Seeds: `sponsorship`, distributor, wallet, number. Created by `distributor_fund`, removed by `sponsor_refund`.
///
/// All sponsors' rewards lie one after the other on a line, in the order in which they came, and are paid from its
/// beginning. A sponsorship is the part of the line from `start` on that is `contributed` long. So what is paid of it
/// follows from how much of the line is paid, without a division and whatever becomes of other sponsorships.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug, InitSpace)]
pub struct Sponsorship {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// Zero, for later versions.
    pub reserved: [u8; 2],
    /// The wallet's number for it; part of the address.
    pub number: u32,
    /// What it added to.
    pub distributor: Pubkey,
    /// Whose it is; paid for this account and gets the rent back.
    pub wallet: Pubkey,
    /// Base units of rewards that sponsors had added before.
    pub start: u64,
    /// Base units of rewards that it added; the fee came on top.
    pub contributed: u64,
    /// Zero, for later versions.
    pub spare: [u8; 32],
}

layout::account!(Sponsorship);

impl Sponsorship {
    /// Base units that go back, fee included, once `paid` base units of all sponsors' rewards are paid: exactly those
    /// that came in for the part that is not. Rounding cancels out: what goes back to all sponsors and what was
    /// paid, both with the fee rounded up, are all that came in.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn refund(&self, paid: u64, fee_basis_points: u16) -> Result<u64> {
        let end = self.start.checked_add(self.contributed).ok_or(TorqueError::ArithmeticOverflow)?;
        let deposited = fee::with_fee_rounded_up(end, fee_basis_points)?;
        let used = fee::with_fee_rounded_up(paid.clamp(self.start, end), fee_basis_points)?;
        Ok(deposited.checked_sub(used).ok_or(TorqueError::ArithmeticOverflow)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sponsorship(start: u64, contributed: u64) -> Sponsorship {
        Sponsorship { start, contributed, ..Sponsorship::deserialize(&mut &[0; 200][..]).unwrap() }
    }

    #[test]
    fn what_is_paid_is_taken_from_those_that_came_first() {
        let [first, second] = [sponsorship(0, 100), sponsorship(100, 50)];
        for (paid, refunds) in
            [(0, [105, 53]), (1, [103, 53]), (99, [1, 53]), (100, [0, 53]), (101, [0, 51]), (150, [0; 2])]
        {
            let found = [first.clone(), second.clone()].map(|it| it.refund(paid, 500).unwrap());
            assert_eq!(found, refunds, "{paid} paid");
        }
    }

    #[test]
    fn the_last_unit_of_the_line_comes_back_with_its_fee() {
        let last = u64::MAX / 11 * 10;
        assert_eq!(sponsorship(last - 1, 1).refund(0, 1_000).unwrap(), 1);
        assert_eq!(sponsorship(last - 1, 1).refund(last, 1_000).unwrap(), 0);
        assert_eq!(sponsorship(0, last).refund(0, 1_000).unwrap(), last + last / 10);
    }

    #[test]
    fn what_cannot_have_come_in_does_not_go_back() {
        assert!(sponsorship(u64::MAX, 1).refund(0, 0).is_err());
        assert!(sponsorship(0, u64::MAX).refund(0, 1).is_err());
    }
}
