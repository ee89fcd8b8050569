//! The account in which a distributor's money lies, and the only code that takes money out of it.
//!
//! For a mint it is a token account whose authority is the distributor; for SOL it is an account of this program
//! without data. It is created by hand, not by Anchor's `init`, because its type depends on the mint.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::program_pack::Pack;
use anchor_lang::system_program;
use anchor_spl::token_2022::spl_token_2022::state::Account as TokenAccountLayout;
use anchor_spl::token_interface::{self, CloseAccount, InitializeAccount3, TransferChecked};

use crate::creation;
use crate::error::TorqueError;
use crate::state::Distributor;

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
    let (space, owner) =
        if distributor.is_native() { (0, crate::ID) } else { (TokenAccountLayout::LEN, distributor.token_program) };
    creation::create(vault, payer, space, &owner, seeds)?;
    if distributor.is_native() {
        return Ok(());
    }
    let accounts =
        InitializeAccount3 { account: vault.clone(), mint: mint.clone(), authority: distributor.to_account_info() };
    token_interface::initialize_account3(CpiContext::new(token_program.key(), accounts))
}

/// A vault with what it takes to pay from it.
pub struct Vault<'a, 'info> {
    /// Whose it is; signs.
    pub distributor: &'a Account<'info, Distributor>,
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
        let accounts = TransferChecked {
            from: self.account.clone(),
            mint: self.mint.clone(),
            to: destination.clone(),
            authority: self.distributor.to_account_info(),
        };
        let id = self.distributor.id.to_le_bytes();
        let seeds: &[&[&[u8]]] = &[&self.distributor.signer_seeds(&id)];
        let ctx = CpiContext::new_with_signer(self.token_program.key(), accounts, seeds);
        token_interface::transfer_checked(ctx, amount, self.distributor.decimals)
    }

    fn pay_lamports(&self, destination: &AccountInfo<'info>, amount: u64) -> Result<()> {
        let spendable = self.account.lamports().saturating_sub(Rent::get()?.minimum_balance(0));
        require!(amount <= spendable, TorqueError::VaultShort);
        self.account.sub_lamports(amount)?;
        destination.add_lamports(amount)?;
        Ok(())
    }

    /// What lies in the vault, in base units, without the rent of a SOL vault.
    ///
    /// # Errors
    /// Those of decoding the token account.
    pub fn balance(&self) -> Result<u64> {
        if self.distributor.is_native() {
            return Ok(self.account.lamports().saturating_sub(Rent::get()?.minimum_balance(0)));
        }
        let data = self.account.try_borrow_data()?;
        Ok(token_interface::TokenAccount::try_deserialize_unchecked(&mut &data[..])?.amount)
    }

    /// Closes the empty vault; its rent goes to `owner`.
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
        let accounts = CloseAccount {
            account: self.account.clone(),
            destination: owner.clone(),
            authority: self.distributor.to_account_info(),
        };
        let id = self.distributor.id.to_le_bytes();
        let seeds: &[&[&[u8]]] = &[&self.distributor.signer_seeds(&id)];
        token_interface::close_account(CpiContext::new_with_signer(self.token_program.key(), accounts, seeds))
    }
}
