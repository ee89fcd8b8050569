//! Where the program's accounts are. Every address follows from a name and a creator, who stays in it when the owner
//! changes; none is ever configured.

use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use spl_associated_token_account_interface::address::get_associated_token_address_with_program_id;
use torque::constants::{SEED_ACTION, SEED_CONFIG, SEED_DISTRIBUTOR, SEED_LINK, SEED_SPONSORSHIP, SEED_VAULT};
use torque::state::{Epoch, Raffle};

fn derive(seeds: &[&[u8]]) -> Pubkey {
    Pubkey::find_program_address(seeds, &torque::ID).0
}

/// The protocol's settings.
#[must_use]
pub fn config() -> Pubkey {
    derive(&[SEED_CONFIG])
}

/// Action `id` of `creator`.
#[must_use]
pub fn action(creator: &Pubkey, id: u64) -> Pubkey {
    derive(&[SEED_ACTION, creator.as_ref(), &id.to_le_bytes()])
}

/// Distributor `id` of `creator`.
#[must_use]
pub fn distributor(creator: &Pubkey, id: u64) -> Pubkey {
    derive(&[SEED_DISTRIBUTOR, creator.as_ref(), &id.to_le_bytes()])
}

/// The vault of `distributor`.
#[must_use]
pub fn vault(distributor: &Pubkey) -> Pubkey {
    derive(&[SEED_VAULT, distributor.as_ref()])
}

/// The link from `action` to `distributor`.
#[must_use]
pub fn link(action: &Pubkey, distributor: &Pubkey) -> Pubkey {
    derive(&[SEED_LINK, action.as_ref(), distributor.as_ref()])
}

/// What `wallet` added to `distributor` as its sponsorship `number`.
#[must_use]
pub fn sponsorship(distributor: &Pubkey, wallet: &Pubkey, number: u32) -> Pubkey {
    derive(&[SEED_SPONSORSHIP, distributor.as_ref(), wallet.as_ref(), &number.to_le_bytes()])
}

/// Epoch `index` of `distributor`.
#[must_use]
pub fn epoch(distributor: &Pubkey, index: u32) -> Pubkey {
    Epoch::address(distributor, index).0
}

/// The raffle that `distributor` draws for its epoch `index`.
#[must_use]
pub fn raffle(distributor: &Pubkey, index: u32) -> Pubkey {
    Raffle::address(distributor, index).0
}

/// What a distributor pays, and the program that moves it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Asset {
    /// The mint, or the system program for SOL.
    pub mint: Pubkey,
    /// The token program, or the system program for SOL.
    pub token_program: Pubkey,
}

impl Asset {
    /// Native SOL.
    pub const SOL: Self = Self { mint: system_program::ID, token_program: system_program::ID };

    /// Whether this is native SOL.
    #[must_use]
    pub fn is_native(&self) -> bool {
        *self == Self::SOL
    }

    /// The account through which `wallet` holds it: its associated token account, or itself for SOL.
    #[must_use]
    pub fn account_of(&self, wallet: &Pubkey) -> Pubkey {
        if self.is_native() {
            return *wallet;
        }
        get_associated_token_address_with_program_id(wallet, &self.mint, &self.token_program)
    }
}

/// The accounts that every instruction about one distributor names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DistributorAddresses {
    /// Its owner: its creator, unless it was handed over.
    pub owner: Pubkey,
    /// Itself.
    pub distributor: Pubkey,
    /// Its vault.
    pub vault: Pubkey,
    /// What it pays.
    pub asset: Asset,
}

impl DistributorAddresses {
    /// Distributor `id` of `creator`, who owns it, which pays `asset`.
    #[must_use]
    pub fn new(creator: Pubkey, id: u64, asset: Asset) -> Self {
        let distributor = distributor(&creator, id);
        Self { owner: creator, distributor, vault: vault(&distributor), asset }
    }

    /// The same distributor in the hands of `owner`.
    #[must_use]
    pub fn owned_by(self, owner: Pubkey) -> Self {
        Self { owner, ..self }
    }

    /// Its epoch `index`.
    #[must_use]
    pub fn epoch(&self, index: u32) -> Pubkey {
        epoch(&self.distributor, index)
    }
}
