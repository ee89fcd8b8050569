//! What a payment reads of a token account, in place: unpacking all of it would cost more than the transfer.
//!
//! The layout is that of SPL Token, which Token-2022 keeps for its first 165 bytes. Not here: extensions, which
//! `recipient` leaves to the library.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::program_pack::Pack;
use anchor_spl::associated_token;
use anchor_spl::token_2022::spl_token_2022::state::Multisig;
use pinocchio::address::{PDA_MARKER, address_eq};

use crate::sha256::sha256;

/// Bytes of a token account without extensions.
const PLAIN_SIZE: usize = 165;
/// Where the state stands: 0 for an account that is not initialised, 1 for one that is, 2 for a frozen one.
const STATE: usize = 108;
/// What stands after the plain part of a Token-2022 account that is a token account.
const KIND_ACCOUNT: u8 = 2;

/// Some fields of a token account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TokenAccount<'a> {
    /// What it holds.
    pub mint: &'a Pubkey,
    /// Whose it is.
    pub owner: &'a Pubkey,
    /// Base units that it holds.
    pub amount: u64,
    /// Whether it can neither send nor receive.
    pub is_frozen: bool,
}

impl<'a> TokenAccount<'a> {
    /// Reads `data` of an account that belongs to a token program; none if it is not an initialised token account.
    ///
    /// A token program writes three kinds of account. A mint is shorter, or says at byte 165 that it is one; a multisig
    /// has a length of its own, which token accounts avoid.
    #[inline(always)]
    #[must_use]
    pub fn read(data: &'a [u8]) -> Option<Self> {
        let is_account = match data.get(PLAIN_SIZE) {
            None => data.len() == PLAIN_SIZE,
            Some(kind) => *kind == KIND_ACCOUNT && data.len() != Multisig::LEN,
        };
        let state = *data.get(STATE)?;
        if !is_account || !matches!(state, 1 | 2) {
            return None;
        }
        let (mint, rest) = data.split_first_chunk::<32>()?;
        let (owner, rest) = rest.split_first_chunk::<32>()?;
        let amount = u64::from_le_bytes(*rest.first_chunk()?);
        let (mint, owner) = (bytemuck::must_cast_ref(mint), bytemuck::must_cast_ref(owner));
        Some(Self { mint, owner, amount, is_frozen: state == 2 })
    }
}

/// Whether `data`, of a token account, has extensions.
#[inline(always)]
#[must_use]
pub fn is_extended(data: &[u8]) -> bool {
    data.len() > PLAIN_SIZE
}

/// The addresses of the associated token accounts of one mint, hashed in one place.
///
/// Whether an address is one takes one hash, where deriving it would also ask that it be no point of the curve. That
/// question decides nothing about an address at which there is a token account. Such an account was created by a
/// signature for its address. By a key it was not: the address is a hash, and finding a key whose public half is a
/// given hash, or a hash that is a given public half, is what neither scheme allows. So the associated-token program
/// signed, which it does for the first bump, from 255 down, that gives an address off the curve. At any other bump's
/// address, on the curve or off it, no token account can be. And whatever were there, it would be owned by the wallet
/// that the leaf names.
pub struct AssociatedAddresses([u8; 150]);

impl AssociatedAddresses {
    /// Those of `mint` of `token_program`.
    #[must_use]
    pub fn of(token_program: &Pubkey, mint: &Pubkey) -> Self {
        let mut bytes = [0; 150];
        bytes[32..64].copy_from_slice(token_program.as_ref());
        bytes[64..96].copy_from_slice(mint.as_ref());
        bytes[97..129].copy_from_slice(associated_token::ID.as_ref());
        bytes[129..].copy_from_slice(PDA_MARKER);
        Self(bytes)
    }

    /// Whether `address` is that of `owner`, with the bump `bump`.
    #[inline(always)]
    #[must_use]
    pub fn has(&mut self, address: &Pubkey, owner: &Pubkey, bump: u8) -> bool {
        self.0[..32].copy_from_slice(owner.as_ref());
        self.0[96] = bump;
        address_eq(&Pubkey::from(sha256(&[&self.0])), address)
    }
}

#[cfg(test)]
mod tests {
    use anchor_spl::token_2022::spl_token_2022::extension::{ExtensionType, StateWithExtensions};
    use anchor_spl::token_2022::spl_token_2022::state::{Account, AccountState, Mint};

    use super::*;

    /// A plain token account in `state`, followed by `tail`.
    fn account(state: AccountState, tail: &[u8]) -> Vec<u8> {
        let (mint, owner) = (Pubkey::new_from_array([1; 32]), Pubkey::new_from_array([2; 32]));
        let mut data = vec![0; Account::LEN];
        Account { mint, owner, amount: 3, state, ..Account::default() }.pack_into_slice(&mut data);
        data.extend(tail);
        data
    }

    #[test]
    fn it_reads_what_the_library_reads() {
        let tail = [&[2][..], &(ExtensionType::ImmutableOwner as u16).to_le_bytes(), &[0, 0]].concat();
        for state in [AccountState::Uninitialized, AccountState::Initialized, AccountState::Frozen] {
            for tail in [&[][..], &[1], &[2], &[0], &tail] {
                let data = account(state, tail);
                let expected = StateWithExtensions::<Account>::unpack(&data).ok().map(|unpacked| unpacked.base);
                let expected = expected.as_ref().map(|base| TokenAccount {
                    mint: &base.mint,
                    owner: &base.owner,
                    amount: base.amount,
                    is_frozen: base.is_frozen(),
                });
                assert_eq!(TokenAccount::read(&data), expected, "{state:?} before {tail:?}");
            }
        }
    }

    #[test]
    fn it_tells_token_accounts_from_mints_multisigs_and_parts() {
        let whole = account(AccountState::Initialized, &[2; 400]);
        for len in 0..whole.len() {
            let is_account = len == Account::LEN || (len > Account::LEN && len != Multisig::LEN);
            assert_eq!(TokenAccount::read(&whole[..len]).is_some(), is_account, "{len} bytes");
        }
        let mint = [&account(AccountState::Initialized, &[])[..], &[1; 20]].concat();
        assert_eq!(TokenAccount::read(&mint), None);
        assert_eq!(TokenAccount::read(&[1; Mint::LEN]), None);
    }

    #[test]
    fn a_state_that_no_token_program_writes_is_none() {
        let mut data = account(AccountState::Initialized, &[]);
        for state in 0..=u8::MAX {
            data[STATE] = state;
            assert_eq!(TokenAccount::read(&data).is_some(), [1, 2].contains(&state), "state {state}");
        }
    }

    #[test]
    fn the_associated_address_is_that_of_the_first_bump_off_the_curve() {
        let (program, mint) = (anchor_spl::token::ID, Pubkey::new_from_array([200; 32]));
        for number in 0..50 {
            let owner = Pubkey::new_from_array([number; 32]);
            let seeds = [owner.as_ref(), program.as_ref(), mint.as_ref()];
            let (address, bump) = Pubkey::find_program_address(&seeds, &associated_token::ID);
            let mut addresses = AssociatedAddresses::of(&program, &mint);
            for other in 0..=u8::MAX {
                assert_eq!(addresses.has(&address, &owner, other), other == bump);
            }
            assert!(!addresses.has(&address, &mint, bump));
            assert!(!AssociatedAddresses::of(&program, &owner).has(&address, &mint, bump));
            assert!(!AssociatedAddresses::of(&mint, &program).has(&address, &owner, bump));
        }
    }
}
