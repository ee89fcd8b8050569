//! The account in which a distributor's money lies. Money leaves it by [`Vault::pay`], for owner, sponsors and
//! treasury, and by `paying_vault`, for leaves; nowhere else.
//!
//! For a mint it is a token account whose authority is the distributor; for SOL it is an account of this program
//! without data. It is created by hand, not by Anchor's `init`, because its type depends on the mint.

use anchor_lang::prelude::*;
use anchor_lang::system_program;
use anchor_spl::token_2022::{GetAccountDataSize, get_account_data_size};
use anchor_spl::token_interface::{self, CloseAccount, InitializeAccount3};

use crate::creation;
use crate::error::TorqueError;
use crate::state::Distributor;
use crate::token_account::TokenAccount;
use crate::transfer_fee::{self, Transfer};

/// Creates the vault of `distributor` at the address that `seeds` derive.
///
/// # Errors
/// Those of the system and the token program.
pub fn create<'info>(
    distributor: &Account<'info, Distributor>,
    vault: &AccountInfo<'info>,
    payer: &AccountInfo<'info>,
    mint: &AccountInfo<'info>,
    token_program: &AccountInfo<'info>,
    seeds: &[&[u8]],
) -> Result<()> {
    let (space, owner) = if distributor.is_native() {
        (0, crate::ID)
    } else {
        (token_account_size(mint, token_program)?, distributor.token_program)
    };
    creation::create(vault, payer, space, &owner, seeds)?;
    if distributor.is_native() {
        return Ok(());
    }
    let accounts =
        InitializeAccount3 { account: vault.clone(), mint: mint.clone(), authority: distributor.to_account_info() };
    token_interface::initialize_account3(CpiContext::new(token_program.key(), accounts))
}

/// Bytes of a token account of `mint`, with the extensions that the mint demands of it; the token program knows.
fn token_account_size<'info>(mint: &AccountInfo<'info>, token_program: &AccountInfo<'info>) -> Result<usize> {
    let accounts = GetAccountDataSize { mint: mint.clone() };
    let size = get_account_data_size(CpiContext::new(token_program.key(), accounts), &[])?;
    Ok(usize::try_from(size).map_err(|_| TorqueError::ArithmeticOverflow)?)
}

/// A vault with what it takes to pay from it.
pub struct Vault<'a, 'info> {
    /// Whose it is.
    pub distributor: &'a Distributor,
    /// The distributor's account; signs.
    pub authority: &'a AccountInfo<'info>,
    /// The account itself.
    pub account: &'a AccountInfo<'info>,
    /// The mint, or the system program for SOL.
    pub mint: &'a AccountInfo<'info>,
    /// The token program, or the system program for SOL.
    pub token_program: &'a AccountInfo<'info>,
}

impl<'info> Vault<'_, 'info> {
    /// Moves `amount` base units to `destination`. Which account that may be is the caller's affair.
    ///
    /// # Errors
    /// `VaultShort` when a SOL vault would fall below its rent, and those of the token program.
    pub fn pay(&self, destination: &AccountInfo<'info>, amount: u64) -> Result<()> {
        if amount == 0 {
            return Ok(());
        }
        if self.distributor.is_native() {
            return self.pay_lamports(destination, amount);
        }
        let id = self.distributor.id.to_le_bytes();
        let transfer = Transfer {
            from: self.account,
            mint: self.mint,
            to: destination,
            authority: self.authority,
            token_program: self.token_program,
            decimals: self.distributor.decimals,
        };
        transfer.send(amount, amount, &[&self.distributor.signer_seeds(&id)])
    }

    fn pay_lamports(&self, destination: &AccountInfo<'info>, amount: u64) -> Result<()> {
        let spendable = self.account.lamports().saturating_sub(Rent::get()?.minimum_balance(0));
        ensure!(amount <= spendable, TorqueError::VaultShort);
        self.account.sub_lamports(amount)?;
        destination.add_lamports(amount)?;
        Ok(())
    }

    /// What lies in the vault, in base units, without the rent of a SOL vault.
    ///
    /// # Errors
    /// `VaultMismatch` if it is no token account.
    pub fn balance(&self) -> Result<u64> {
        if self.distributor.is_native() {
            return Ok(self.account.lamports().saturating_sub(Rent::get()?.minimum_balance(0)));
        }
        let data = self.account.try_borrow_data()?;
        Ok(TokenAccount::read(&data).ok_or(TorqueError::VaultMismatch)?.amount)
    }

    /// Base units that the vault can pay: what lies in it if the mint's permanent delegate can have taken some, else as
    /// many as there may be. Whether another vault is short the token program says, which would be a fault of this one.
    ///
    /// # Errors
    /// Those of [`Self::balance`].
    pub fn available(&self) -> Result<u64> {
        if self.distributor.can_be_emptied() { self.balance() } else { Ok(u64::MAX) }
    }

    /// Closes the empty vault; its rent goes to `owner`, and what it holds of the mint's fees to the mint.
    ///
    /// # Errors
    /// Those of the token program, which refuses while tokens are left.
    pub fn close(&self, owner: &AccountInfo<'info>) -> Result<()> {
        if self.distributor.is_native() {
            owner.add_lamports(self.account.lamports())?;
            self.account.sub_lamports(self.account.lamports())?;
            self.account.assign(&system_program::ID);
            return Ok(());
        }
        transfer_fee::harvest(self.account, self.mint, self.token_program)?;
        let accounts = CloseAccount {
            account: self.account.clone(),
            destination: owner.clone(),
            authority: self.authority.clone(),
        };
        let id = self.distributor.id.to_le_bytes();
        let seeds: &[&[&[u8]]] = &[&self.distributor.signer_seeds(&id)];
        token_interface::close_account(CpiContext::new_with_signer(self.token_program.key(), accounts, seeds))
    }
}
