//! The events of an epoch, from its root to its end, and of the payments of its leaves. The others are in `events`.

use anchor_lang::prelude::*;

use crate::state::Epoch;

/// A root was posted and its total reserved.
#[event]
pub struct EpochPosted {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
    /// The root of its allocations.
    pub root: [u8; 32],
    /// SHA-256 of the bundle's manifest.
    pub manifest_hash: [u8; 32],
    /// How many roots of this epoch were cancelled before.
    pub revision: u16,
    /// How many leaves the tree has.
    pub leaf_count: u32,
    /// Base units that its leaves come to.
    pub total: u64,
    /// Base units reserved: the total, and what moving it may cost.
    pub reserved: u64,
    /// When payments open, unix seconds.
    pub opens_at: i64,
    /// When they end, unix seconds.
    pub closes_at: i64,
    /// The seed that its raffle was drawn with; zero if it is none.
    pub raffle_seed: [u8; 32],
    /// Where the bundle is that explains the root: 1 to 128 printable ASCII characters.
    pub bundle_uri: String,
}

impl EpochPosted {
    /// That `epoch`, which is at `address`, has its root, which the bundle at `bundle_uri` explains.
    #[must_use]
    pub fn of(address: Pubkey, epoch: &Epoch, bundle_uri: String) -> Self {
        let Epoch { distributor, index, root, manifest_hash, revision, leaf_count, total, reserved, .. } = *epoch;
        let Epoch { opens_at, closes_at, raffle_seed, .. } = *epoch;
        Self {
            distributor,
            epoch: address,
            index,
            root,
            manifest_hash,
            revision,
            leaf_count,
            total,
            reserved,
            opens_at,
            closes_at,
            raffle_seed,
            bundle_uri,
        }
    }
}

/// An epoch was passed over, because nobody qualified; it may still be posted until its grace is over.
#[event]
pub struct EpochSkipped {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
}

/// A root was taken back before it opened.
#[event]
pub struct EpochCancelled {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
    /// The root taken back.
    pub root: [u8; 32],
    /// Base units that its leaves came to.
    pub total: u64,
    /// Base units no longer reserved.
    pub released: u64,
    /// The owner or the guardian.
    pub authority: Pubkey,
}

/// A wallet claimed its leaf.
#[event]
pub struct Claimed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The leaf.
    pub index: u32,
    /// The wallet that the leaf names.
    pub recipient: Pubkey,
    /// The account that received the payment.
    pub destination: Pubkey,
    /// Base units paid.
    pub amount: u64,
    /// Base units that left the vault for it.
    pub spent: u64,
}

/// A block of leaves was pushed.
#[event]
pub struct Pushed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The block's first leaf.
    pub first_index: u32,
    /// Bit `i`: leaf `first_index + i` was paid by this push.
    pub paid: u32,
    /// Base units paid in all.
    pub amount: u64,
    /// Base units that left the vault for them.
    pub spent: u64,
    /// The leaves that were not paid, and why.
    pub skipped: Vec<Skipped>,
}

/// A leaf that a push did not pay.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub struct Skipped {
    /// The leaf.
    pub index: u32,
    /// Why not.
    pub reason: SkipReason,
}

/// Why a push left a leaf unpaid; none of these stops the other leaves.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub enum SkipReason {
    /// It was paid before.
    AlreadyPaid,
    /// The push named the wallet without an account.
    Absent,
    /// The recipient's token account is frozen.
    Frozen,
    /// The recipient's token account insists on a memo.
    MemoRequired,
    /// The amount would leave the recipient's account below the rent-exempt minimum.
    BelowRentExemption,
    /// The recipient's account cannot be credited: it is a program or was passed read-only.
    NotCreditable,
    /// So much may not leave the vault now; later it may.
    OutflowLimited,
    /// The mint's fee has risen, and what the epoch reserves is not enough to pay this leaf in full.
    ReserveExceeded,
    /// The recipient's token account takes confidential credits only.
    PlainCreditRefused,
    /// The mint's permanent delegate took so much that the vault cannot pay this leaf.
    VaultShort,
}

/// An epoch ended, and what it did not pay is free again.
#[event]
pub struct EpochClosed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
    /// How many leaves were paid.
    pub paid_count: u32,
    /// How many leaves the guardian had struck.
    pub struck_count: u32,
    /// Base units paid.
    pub paid_total: u64,
    /// Base units that left the vault for them.
    pub spent: u64,
    /// Base units returned to the pool.
    pub unpaid: u64,
}
