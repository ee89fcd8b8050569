//! The draw of one epoch of a raffle: what was fixed before the outcome could be known, and how it became a seed.
//!
//! First the publisher commits: to the tickets, to a slot that is still to come and to a secret. Then the hash of that
//! slot is kept by anybody, and then the secret is revealed; not before, so that the maker of that slot's block
//! cannot know what its hash leads to. Without the secret the hash decides alone once the time to reveal is over. How a
//! seed becomes winners is for evaluation to say.
//!
//! **Where nobody keeps the hash.** A slot's hash can be read for 512 slots only. Then another slot must decide, and
//! the publisher, who knows the secret, has seen what the lost hash would have led to. Alone it could let hashes pass
//! until one suits, so it must not be alone, and must not have many. Therefore whoever keeps a hash gets a bounty, and
//! there are three slots: the first and two renewals.
//!
//! The hash of the third decides alone, without the secret. So everybody knows then what it leads to, and not the
//! publisher only: those who win have a reason of their own to keep it.
//!
//! Where nobody keeps even that one, nothing is drawn, and the epoch can only be skipped. There is no better end. What
//! the program can still read by then is the hash of a slot that the caller chooses by choosing the moment, and what it
//! has stored was known to the publisher when it let the slot pass: from either somebody could choose a winner. An end
//! without a winner gives a publisher nothing, since it may refuse to post anyway, and nothing is drawn a second time.

use anchor_lang::prelude::*;

use crate::constants::{
    MAX_RAFFLE_RENEWALS, RAFFLE_DELAY, RAFFLE_RENEWAL, RAFFLE_REVEAL_WINDOW, RAFFLE_SECRET_DOMAIN, RAFFLE_SEED_DOMAIN,
    SEED_RAFFLE,
};
use crate::error::TorqueError;
use crate::merkle::Hash;
use crate::sha256::sha256;
use crate::state::{Distributor, Epoch, Kind, layout};

/// Seeds: `raffle`, distributor, index. There is one for an epoch, once: it stays until the epoch is over, and then
/// none can be committed for it any more.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug, InitSpace)]
pub struct Raffle {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// The distributor that draws.
    pub distributor: Pubkey,
    /// Which of its epochs is drawn.
    pub index: u32,
    /// Paid for this account and gets the rent back.
    pub rent_payer: Pubkey,
    /// Unix seconds at which the epoch's period ended; by it the prizes of other distributors find their draw.
    pub period_end: i64,
    /// The root of the ticket table.
    pub tickets_root: [u8; 32],
    /// How many tickets there are.
    pub tickets_total: u128,
    /// [`Self::secret_hash_of`] the secret.
    pub secret_hash: [u8; 32],
    /// Base units that were free when it was committed, at most the epoch budget: what the epoch may pay.
    pub escrowed: u64,
    /// The slot that decides, or the first after it that has a block.
    pub target_slot: u64,
    /// How often the hash was lost and another slot had to decide; at most [`MAX_RAFFLE_RENEWALS`].
    pub renewals: u32,
    /// How far it is.
    pub stage: RaffleStage,
    /// The slot whose hash is kept; zero until it is.
    pub slot: u64,
    /// Its hash.
    pub slot_hash: [u8; 32],
    /// Unix seconds from which it is drawn without the secret; zero until the hash is kept.
    pub deadline: i64,
    /// The seed; zero until it is drawn.
    pub seed: [u8; 32],
    /// Zero, for later versions.
    pub spare: [u8; 64],
}

layout::account!(Raffle);

/// How far a raffle is. It never goes back.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
pub enum RaffleStage {
    /// Its slot is still to come, or its hash is not kept yet.
    Committed,
    /// The hash is kept, and the secret awaited.
    Captured,
    /// Drawn from the hash and the secret.
    Revealed,
    /// Drawn from the hash alone, because the secret was withheld or the slot was the last.
    Unrevealed,
    /// Without a draw for good, because nobody kept a hash.
    Failed,
}

impl Raffle {
    /// The address of the raffle that `distributor` draws for its epoch `index`, and its bump.
    #[must_use]
    pub fn address(distributor: &Pubkey, index: u32) -> (Pubkey, u8) {
        Pubkey::find_program_address(&[SEED_RAFFLE, distributor.as_ref(), &index.to_le_bytes()], &crate::ID)
    }

    /// What commits the raffle at `address` to `secret`. The address keeps it from being copied from another raffle.
    #[must_use]
    pub fn secret_hash_of(address: &Pubkey, secret: &[u8; 32]) -> Hash {
        sha256(&[RAFFLE_SECRET_DOMAIN, address.as_ref(), secret])
    }

    /// The seed of the raffle at `address`: over the slot's hash and the secret, or the hash alone.
    #[must_use]
    pub fn seed_of(address: &Pubkey, slot_hash: &Hash, secret: Option<&[u8; 32]>) -> Hash {
        let secret = secret.map_or(&[][..], <[u8; 32]>::as_slice);
        sha256(&[RAFFLE_SEED_DOMAIN, address.as_ref(), slot_hash, secret])
    }

    /// The slot that decides a raffle committed in slot `now`.
    #[must_use]
    pub fn first_target(now: u64) -> u64 {
        now.saturating_add(RAFFLE_DELAY)
    }

    /// Whether the slot that decides is the last that may.
    #[must_use]
    pub fn is_last_slot(&self) -> bool {
        self.renewals >= MAX_RAFFLE_RENEWALS
    }

    /// Names another slot to decide, because the hash of this one is lost: the next of those that follow it at equal
    /// distances and are as far from slot `now` as the first one was. So nobody chooses among known hashes. Where this
    /// one was the last, nothing is ever drawn.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn lose(&mut self, now: u64) -> Result<()> {
        if self.is_last_slot() {
            self.stage = RaffleStage::Failed;
            return Ok(());
        }
        let steps = Self::first_target(now).saturating_sub(self.target_slot).div_ceil(RAFFLE_RENEWAL);
        let target_slot = steps.checked_mul(RAFFLE_RENEWAL).and_then(|slots| self.target_slot.checked_add(slots));
        self.target_slot = target_slot.ok_or(TorqueError::ArithmeticOverflow)?;
        self.renewals = self.renewals.saturating_add(1);
        Ok(())
    }

    /// Keeps the hash of the slot that decides; from `now`, unix seconds, the time to reveal the secret runs. After the
    /// last slot there is none.
    pub fn capture(&mut self, slot: u64, slot_hash: Hash, now: i64) {
        self.stage = RaffleStage::Captured;
        self.slot = slot;
        self.slot_hash = slot_hash;
        self.deadline = if self.is_last_slot() { now } else { now.saturating_add(RAFFLE_REVEAL_WINDOW) };
    }

    /// Draws the raffle, which is at `address`, with its secret at `now`, unix seconds.
    ///
    /// # Errors
    /// `RaffleNotCaptured`, `RaffleAlreadyDrawn`, `RaffleFailed`, `RaffleSecretLate`, `RaffleSecretWrong`.
    pub fn reveal(&mut self, address: &Pubkey, secret: &[u8; 32], now: i64) -> Result<()> {
        self.require_captured()?;
        ensure!(now < self.deadline, TorqueError::RaffleSecretLate);
        ensure!(Self::secret_hash_of(address, secret) == self.secret_hash, TorqueError::RaffleSecretWrong);
        self.seed = Self::seed_of(address, &self.slot_hash, Some(secret));
        self.stage = RaffleStage::Revealed;
        Ok(())
    }

    /// Draws the raffle, which is at `address`, without its secret, once the time to reveal it is over.
    ///
    /// # Errors
    /// `RaffleNotCaptured`, `RaffleAlreadyDrawn`, `RaffleFailed`, `RaffleSecretAwaited`.
    pub fn draw_unrevealed(&mut self, address: &Pubkey, now: i64) -> Result<()> {
        self.require_captured()?;
        ensure!(self.deadline <= now, TorqueError::RaffleSecretAwaited);
        self.seed = Self::seed_of(address, &self.slot_hash, None);
        self.stage = RaffleStage::Unrevealed;
        Ok(())
    }

    /// Writes the seed into `epoch`, which has just got a root; refuses unless `raffle` is the one that decides it, and
    /// what it pays lay in the vault before anybody could know the outcome. No other kind takes a raffle.
    ///
    /// # Errors
    /// `RaffleMissing`, `SurplusAccount`, `RaffleMismatch`, `RaffleNotDrawn`, `RaffleFailed`, `RaffleFundsLate`.
    pub fn stamp(raffle: Option<&Self>, distributor: &Distributor, epoch: &mut Epoch) -> Result<()> {
        let raffle = match (distributor.kind, raffle) {
            (Kind::Raffle, raffle) => raffle.ok_or(TorqueError::RaffleMissing)?,
            (_, None) => return Ok(()),
            (_, Some(_)) => return refuse!(TorqueError::SurplusAccount),
        };
        ensure_same!(raffle.distributor, distributor.draw, TorqueError::RaffleMismatch);
        let period_end = distributor.terms.period_end(epoch.index)?;
        ensure!(raffle.period_end == period_end, TorqueError::RaffleMismatch);
        epoch.raffle_source = match raffle.stage {
            RaffleStage::Revealed => 1,
            RaffleStage::Unrevealed => 2,
            RaffleStage::Committed | RaffleStage::Captured => return refuse!(TorqueError::RaffleNotDrawn),
            RaffleStage::Failed => return refuse!(TorqueError::RaffleFailed),
        };
        // What is drawn for itself is held to what was there at the commitment, so that a stranger who adds money later
        // cannot make it refuse. What follows another's draw is one of a kind, and nobody can add to it.
        let is_escrowed = if distributor.draw == epoch.distributor {
            epoch.total <= raffle.escrowed
        } else {
            distributor.funded_slot <= raffle.target_slot
        };
        ensure!(is_escrowed, TorqueError::RaffleFundsLate);
        epoch.raffle_seed = raffle.seed;
        Ok(())
    }

    fn require_captured(&self) -> Result<()> {
        match self.stage {
            RaffleStage::Captured => Ok(()),
            RaffleStage::Committed => refuse!(TorqueError::RaffleNotCaptured),
            RaffleStage::Revealed | RaffleStage::Unrevealed => refuse!(TorqueError::RaffleAlreadyDrawn),
            RaffleStage::Failed => refuse!(TorqueError::RaffleFailed),
        }
    }
}
