//! One evaluation period of a distributor: its root, its windows, and one bit for every leaf that is paid.
//!
//! Layout of the account: the discriminator, the header [`Epoch`], the roots of its subtrees (only in an epoch that
//! has more than one), and the paid-marks, leaf 0 in the lowest bit of the first byte. A large epoch is created small
//! and grows; a part that is not there yet reads as missing, never as unpaid.

use std::mem::size_of;

use anchor_lang::Discriminator;
use anchor_lang::prelude::*;

use crate::constants::{
    ACCOUNT_VERSION, MAX_ACCOUNT_SIZE, MAX_GROWTH, MAX_REVISIONS, POSTING_GRACE, SEED_EPOCH, SUBTREE_LEVEL,
};
use crate::error::TorqueError;
use crate::instructions::EpochPostArgs;
use crate::merkle::{Hash, width_at};
use crate::state::{EpochMarks, EpochTerms, Moment, layout};

/// Seeds: `epoch`, distributor, index. Created by `epoch_post` or `epoch_skip`, removed by `epoch_close`.
///
/// An epoch without a root is vacant: it was skipped, or its root was cancelled. It owes nothing, and until its grace
/// is over it waits for a root from `epoch_repost`. That way the roots of several epochs can be posted and cancelled in
/// any order, and nothing that is posted later stands between a bad root and its cancellation.
///
/// Read in place: a bitmap of a hundred kilobytes is not copied for one bit.
#[account(zero_copy)]
#[derive(Debug)]
#[repr(C)]
pub struct Epoch {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// How many roots of it were cancelled.
    pub revision: u16,
    /// Which epoch of the distributor this is.
    pub index: u32,
    /// The distributor that pays it.
    pub distributor: Pubkey,
    /// Paid for this account and gets the rent back.
    pub rent_payer: Pubkey,
    /// The root over its leaves; zero if it is vacant.
    pub root: [u8; 32],
    /// SHA-256 of the manifest that explains the root.
    pub manifest_hash: [u8; 32],
    /// Base units reserved for its leaves.
    pub total: u64,
    /// Base units paid.
    pub paid_total: u64,
    /// Unix seconds at which it was posted.
    pub posted_at: i64,
    /// Unix seconds from which leaves are paid, and from which it cannot be cancelled, if [`Self::opens_in_slot`] is
    /// reached too; `i64::MAX` if it is vacant.
    pub opens_at: i64,
    /// Unix seconds from which leaves are no longer paid, if [`Self::closes_in_slot`] is reached too, or from which a
    /// vacant epoch may be closed. Pauses move both.
    pub closes_at: i64,
    /// How many leaves the tree has.
    pub leaf_count: u32,
    /// How many are paid.
    pub paid_count: u32,
    /// Base units of the pool that are reserved: the total, and what moving it may cost.
    pub reserved: u64,
    /// Base units that left the vault for it: what is paid, and what moving it cost.
    pub spent: u64,
    /// What was taken out of its limiter's bucket since `drained_at`, in base units.
    pub drained: u64,
    /// Unix seconds at which the bucket was last full.
    pub drained_at: i64,
    /// The seed that its raffle was drawn with; zero if it is none.
    pub raffle_seed: [u8; 32],
    /// Seconds that the protocol or the distributor had been paused for when it was posted or became vacant.
    pub downtime: u64,
    /// The terms that it began under, whatever the owner changes and whenever it gets a root.
    pub terms: EpochTerms,
    /// The slot in which it was posted; zero if it is vacant.
    pub posted_slot: u64,
    /// How many leaves the guardian has struck.
    pub struck_count: u32,
    /// What its raffle was drawn from: 1 a slot's hash and the secret, 2 the hash alone; zero if it is none.
    pub raffle_source: u8,
    /// Zero, for later versions.
    pub spare: [u8; 3],
}

/// Bytes before the roots of the subtrees.
const HEADER: usize = 8 + size_of::<Epoch>();

impl Epoch {
    /// Bytes of a vacant epoch's account.
    pub const VACANT_SIZE: usize = HEADER;

    /// The address of epoch `index` of `distributor`, and its bump.
    #[must_use]
    pub fn address(distributor: &Pubkey, index: u32) -> (Pubkey, u8) {
        Pubkey::find_program_address(&[SEED_EPOCH, distributor.as_ref(), &index.to_le_bytes()], &crate::ID)
    }

    /// How many subtree roots an epoch of `leaf_count` leaves keeps: none if it is a single subtree.
    #[must_use]
    pub fn subtree_count(leaf_count: u32) -> u32 {
        match width_at(leaf_count, SUBTREE_LEVEL) {
            0 | 1 => 0,
            width => width,
        }
    }

    /// Bytes of the whole account for `leaf_count` leaves.
    #[must_use]
    pub fn full_size(leaf_count: u32) -> usize {
        let roots = (Self::subtree_count(leaf_count) as usize).saturating_mul(size_of::<Hash>());
        let marks = (leaf_count as usize).div_ceil(8);
        HEADER.saturating_add(roots).saturating_add(marks)
    }

    /// Lamports that keep the whole account for `leaf_count` leaves. Who posts pays them at once, so that whoever grows
    /// the account later pays nothing: neither a wallet, for its own reward, nor the guardian, to strike a leaf.
    ///
    /// # Errors
    /// Those of the runtime.
    pub fn full_rent(leaf_count: u32) -> Result<u64> {
        Ok(Rent::get()?.minimum_balance(Self::full_size(leaf_count)))
    }

    /// Bytes with which the account is created.
    #[must_use]
    pub fn initial_size(leaf_count: u32) -> usize {
        Self::full_size(leaf_count).min(MAX_GROWTH)
    }

    /// Bytes after one more growth of an account of `current` bytes.
    #[must_use]
    pub fn grown_size(&self, current: usize) -> usize {
        Self::full_size(self.leaf_count).min(current.saturating_add(MAX_GROWTH))
    }

    /// Refuses a number of leaves that no epoch account can mark.
    ///
    /// # Errors
    /// `LeafCountZero`, `LeafCountTooLarge`.
    pub fn require_leaf_count(leaf_count: u32) -> Result<()> {
        ensure!(leaf_count > 0, TorqueError::LeafCountZero);
        ensure!(Self::full_size(leaf_count) <= MAX_ACCOUNT_SIZE, TorqueError::LeafCountTooLarge);
        Ok(())
    }

    /// A vacant epoch, since `moment`.
    #[must_use]
    pub fn vacant(
        distributor: Pubkey,
        index: u32,
        bump: u8,
        rent_payer: Pubkey,
        terms: EpochTerms,
        moment: Moment,
    ) -> Self {
        let Moment { now, downtime, .. } = moment;
        Self {
            distributor,
            rent_payer,
            root: Hash::default(),
            manifest_hash: Hash::default(),
            total: 0,
            paid_total: 0,
            posted_at: now,
            opens_at: i64::MAX,
            closes_at: now.saturating_add(POSTING_GRACE),
            index,
            leaf_count: 0,
            paid_count: 0,
            revision: 0,
            version: ACCOUNT_VERSION,
            bump,
            reserved: 0,
            spent: 0,
            drained: 0,
            drained_at: now,
            raffle_seed: [0; 32],
            downtime,
            terms,
            posted_slot: 0,
            struck_count: 0,
            raffle_source: 0,
            spare: [0; 3],
        }
    }

    /// Whether it has no root.
    #[must_use]
    pub fn is_vacant(&self) -> bool {
        self.root == Hash::default()
    }

    /// Gives a vacant epoch its root and `reserved` base units of the pool at `moment`.
    ///
    /// Both its grace and its number of roots end, so that an epoch that is cancelled and posted for ever cannot keep
    /// the distributor open.
    ///
    /// # Errors
    /// `EpochNotVacant`, `GraceOver`, `RevisionsUsedUp`, `RootZero`, `LeafCountZero`, `LeafCountTooLarge`, and those
    /// of [`EpochPostArgs::require_explained`].
    pub fn post(&mut self, args: &EpochPostArgs, reserved: u64, moment: Moment) -> Result<()> {
        ensure!(self.is_vacant(), TorqueError::EpochNotVacant);
        let Moment { now, slot, downtime } = moment;
        ensure!(now < self.ends_at(downtime), TorqueError::GraceOver);
        ensure!(self.revision < MAX_REVISIONS, TorqueError::RevisionsUsedUp);
        ensure!(args.root != Hash::default(), TorqueError::RootZero);
        args.require_explained()?;
        Self::require_leaf_count(args.leaf_count)?;
        self.root = args.root;
        self.manifest_hash = args.manifest_hash;
        self.total = args.total;
        self.reserved = reserved;
        self.posted_at = now;
        self.posted_slot = slot;
        self.downtime = downtime;
        self.opens_at = now.saturating_add(i64::from(self.terms.activation_delay));
        self.closes_at = self.opens_at.saturating_add(i64::from(self.terms.claim_window));
        self.leaf_count = args.leaf_count;
        Ok(())
    }

    /// Takes the root back at `moment`, before it opens. Returns the epoch as it was.
    ///
    /// # Errors
    /// `EpochVacant`, `EpochOpened`.
    pub fn cancel(&mut self, moment: Moment) -> Result<Self> {
        self.require_cancellable(moment)?;
        let cancelled = *self;
        *self = Self::vacant(self.distributor, self.index, self.bump, self.rent_payer, self.terms, moment);
        self.revision = cancelled.revision.saturating_add(1);
        Ok(cancelled)
    }

    /// Counts a leaf of `amount` base units as paid, for which `gross` leaves the vault. False, and nothing is counted,
    /// if that much is not reserved any more.
    ///
    /// # Errors
    /// `EpochTotalExceeded`.
    #[inline(always)]
    pub fn record_payment(&mut self, amount: u64, gross: u64) -> Result<bool> {
        let paid_total = self.paid_total.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        ensure!(paid_total <= self.total, TorqueError::EpochTotalExceeded);
        let Some(spent) = self.spent.checked_add(gross).filter(|spent| *spent <= self.reserved) else {
            return Ok(false);
        };
        self.spent = spent;
        self.paid_total = paid_total;
        self.paid_count = self.paid_count.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(true)
    }

    /// Counts one more leaf as struck, and `amount` base units as no longer owed.
    ///
    /// # Errors
    /// `EpochTotalExceeded`.
    pub fn record_strike(&mut self, amount: u64) -> Result<()> {
        self.total = self.total.checked_sub(amount).ok_or(TorqueError::EpochTotalExceeded)?;
        // What moving it might have cost stays reserved, for fewer leaves then.
        self.reserved = self.reserved.checked_sub(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        self.struck_count = self.struck_count.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Splits the bytes of an epoch account into its header and what follows it.
    ///
    /// # Errors
    /// Those of [`layout::require`], or `AccountDidNotDeserialize` of Anchor.
    pub fn split(data: &mut [u8]) -> Result<(&mut Self, EpochMarks<'_>)> {
        layout::require(data, Self::DISCRIMINATOR)?;
        let (header, tail) = data.split_at_mut_checked(HEADER).ok_or(ErrorCode::AccountDidNotDeserialize)?;
        let bytes = header.get_mut(8..).ok_or(ErrorCode::AccountDidNotDeserialize)?;
        let epoch: &mut Self = bytemuck::try_from_bytes_mut(bytes).map_err(|_| ErrorCode::AccountDidNotDeserialize)?;
        let first_mark = (Self::subtree_count(epoch.leaf_count) as usize).saturating_mul(size_of::<Hash>());
        let marks = EpochMarks { root: epoch.root, leaf_count: epoch.leaf_count, tail, first_mark };
        Ok((epoch, marks))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "a panic fails the test, as it should")]
    use super::*;

    #[test]
    fn the_header_is_328_bytes_without_gaps() {
        assert_eq!(size_of::<Epoch>(), 328);
    }

    #[test]
    fn an_epoch_of_one_subtree_keeps_no_roots() {
        for (leaf_count, roots) in [(1, 0), (4_096, 0), (4_097, 2), (8_192, 2), (1_000_000, 245)] {
            assert_eq!(Epoch::subtree_count(leaf_count), roots, "{leaf_count} leaves");
        }
    }

    #[test]
    fn the_account_has_a_bit_for_every_leaf() {
        for (leaf_count, size) in [(1, 337), (8, 337), (9, 338), (4_096, 848), (1_000_000, 336 + 245 * 32 + 125_000)] {
            assert_eq!(Epoch::full_size(leaf_count), size, "{leaf_count} leaves");
        }
    }

    #[test]
    fn the_largest_epoch_fills_the_largest_account() {
        let largest = largest_leaf_count();
        assert!(Epoch::require_leaf_count(largest).is_ok());
        assert!(Epoch::require_leaf_count(largest + 1).is_err());
        assert_eq!(largest, 78_948_992);
    }

    /// The most leaves whose account is not over the limit, by bisection.
    fn largest_leaf_count() -> u32 {
        let (mut low, mut high) = (1, u32::MAX);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if Epoch::full_size(middle) <= MAX_ACCOUNT_SIZE { low = middle } else { high = middle }
        }
        low
    }
}
