//! The events of a raffle's draw, from its commitment to the end of its account. The others are in `events`.

use anchor_lang::prelude::*;

/// A raffle's tickets, slot and secret were fixed, before anybody can know the outcome.
#[event]
pub struct RaffleCommitted {
    /// The distributor.
    pub distributor: Pubkey,
    /// The raffle's address.
    pub raffle: Pubkey,
    /// Which epoch it draws.
    pub index: u32,
    /// The root of the ticket table.
    pub tickets_root: [u8; 32],
    /// How many tickets there are.
    pub tickets_total: u128,
    /// The commitment to the secret.
    pub secret_hash: [u8; 32],
    /// Base units that the distributor may pay by this draw.
    pub escrowed: u64,
    /// The slot that decides, or the first after it that has a block.
    pub target_slot: u64,
}

/// Nobody kept the hash of a raffle's slot while it was known, so that another slot decides.
#[event]
pub struct RaffleRenewed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The raffle's address.
    pub raffle: Pubkey,
    /// Which epoch it draws.
    pub index: u32,
    /// The slot before and after.
    pub target_slot: [u64; 2],
    /// How often it was renewed.
    pub renewals: u32,
}

/// The hash of a raffle's slot is kept, and its secret awaited.
#[event]
pub struct RaffleCaptured {
    /// The distributor.
    pub distributor: Pubkey,
    /// The raffle's address.
    pub raffle: Pubkey,
    /// Which epoch it draws.
    pub index: u32,
    /// The slot whose hash it is.
    pub slot: u64,
    /// The hash.
    pub slot_hash: [u8; 32],
    /// Unix seconds from which the raffle is drawn without the secret.
    pub deadline: i64,
    /// Who was paid for keeping it, if anybody was named.
    pub keeper: Option<Pubkey>,
    /// Lamports that it got.
    pub bounty: u64,
}

/// Nobody kept the hash of any of a raffle's slots, so that nothing is drawn and nothing paid.
#[event]
pub struct RaffleFailed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The raffle's address.
    pub raffle: Pubkey,
    /// Which epoch has no draw.
    pub index: u32,
}

/// A raffle has its seed.
#[event]
pub struct RaffleDrawn {
    /// The distributor.
    pub distributor: Pubkey,
    /// The raffle's address.
    pub raffle: Pubkey,
    /// Which epoch it draws.
    pub index: u32,
    /// The seed.
    pub seed: [u8; 32],
    /// The secret; none if it was not revealed in time.
    pub secret: Option<[u8; 32]>,
}

/// A raffle's account was removed, after its epoch.
#[event]
pub struct RaffleClosed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The raffle's address.
    pub raffle: Pubkey,
    /// Which epoch it drew.
    pub index: u32,
    /// The seed; zero if it was never drawn.
    pub seed: [u8; 32],
}
