//! The account in which a distributor's money lies, and the only code that takes money out of it.
//!
//! For a mint it is a token account whose authority is the distributor; for SOL it is an account of this program
//! without data. It is created by hand, not by Anchor's `init`, because its type depends on the mint.

use anchor_lang::prelude::*;
use anchor_lang::solana_program::instruction::{AccountMeta, Instruction};
use anchor_lang::solana_program::program::invoke_signed_unchecked;
use anchor_lang::system_program;
use anchor_spl::token_2022::{GetAccountDataSize, get_account_data_size};
use anchor_spl::token_interface::{self, CloseAccount, InitializeAccount3};

use crate::creation;
use crate::error::TorqueError;
use crate::state::Distributor;
use crate::transfer_fee;

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

/// The number of `TransferChecked` among the instructions of SPL Token and of Token-2022.
const TRANSFER_CHECKED: u8 = 12;
/// The number of the extension for transfer fees among the instructions of Token-2022, and the number of
/// `TransferCheckedWithFee` among those of the extension.
const TRANSFER_CHECKED_WITH_FEE: [u8; 2] = [26, 1];
/// The number of SPL Token's instruction that holds others.
const BATCH: u8 = 255;
/// Bytes of a `TransferChecked` in a batch, after how many accounts and how many bytes it has.
const BATCHED_LEN: usize = 12;
/// Where a transfer names its destination.
const DESTINATION: usize = 2;

/// Refuses while somebody reads or writes `account`, which another program is about to change. `invoke_signed` asks the
/// same, after it has looked for each account of the instruction among those that are passed. Here it is known which
/// one is which, so that the unchecked call is as sound. Of the mint and the authority nothing changes: they are passed
/// read-only.
fn require_unborrowed(account: &AccountInfo<'_>) -> Result<()> {
    account.try_borrow_mut_lamports()?;
    account.try_borrow_mut_data()?;
    Ok(())
}

/// Bytes of a token account of `mint`, with the extensions that the mint demands of it; the token program knows.
fn token_account_size<'info>(mint: &AccountInfo<'info>, token_program: &AccountInfo<'info>) -> Result<usize> {
    let accounts = GetAccountDataSize { mint: mint.clone() };
    let size = get_account_data_size(CpiContext::new(token_program.key(), accounts), &[])?;
    Ok(usize::try_from(size).map_err(|_| TorqueError::ArithmeticOverflow)?)
}

/// What one account is to get out of a vault.
#[derive(Clone, Copy)]
pub struct Payment<'b, 'info> {
    /// The account that is credited.
    pub destination: &'b AccountInfo<'info>,
    /// Base units that arrive.
    pub net: u64,
    /// Base units that leave the vault for that: more than `net` where the mint takes a fee.
    pub gross: u64,
}

impl Payment<'_, '_> {
    /// The data of the transfer. Where the mint takes a fee, the token program refuses unless it is just what is sent
    /// beyond `net`.
    ///
    /// # Errors
    /// `ArithmeticOverflow` if more would arrive than is sent.
    fn data(&self, decimals: u8) -> Result<Vec<u8>> {
        let fee = self.gross.checked_sub(self.net).ok_or(TorqueError::ArithmeticOverflow)?;
        let [a, b, c, d, e, f, g, h] = self.gross.to_le_bytes();
        if fee == 0 {
            return Ok(vec![TRANSFER_CHECKED, a, b, c, d, e, f, g, h, decimals]);
        }
        Ok([&TRANSFER_CHECKED_WITH_FEE[..], &self.gross.to_le_bytes(), &[decimals], &fee.to_le_bytes()].concat())
    }
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
    /// Those of [`Self::pay_each`].
    pub fn pay(&self, destination: &AccountInfo<'info>, amount: u64) -> Result<()> {
        self.pay_each([Payment { destination, net: amount, gross: amount }])
    }

    /// Makes every payment. All money that leaves a vault leaves it here.
    ///
    /// # Errors
    /// `VaultShort` when a SOL vault would fall below its rent, and those of the token program.
    pub fn pay_each<'b>(&self, payments: impl IntoIterator<Item = Payment<'b, 'info>>) -> Result<()>
    where
        'info: 'b,
    {
        let mut payments = payments.into_iter().filter(|payment| payment.gross > 0);
        if self.distributor.is_native() {
            payments.try_for_each(|payment| self.pay_lamports(payment.destination, payment.gross))
        } else {
            self.pay_tokens(payments)
        }
    }

    /// Makes one instruction and changes only its destination and amount from payment to payment: to make it anew costs
    /// more than the token program does.
    fn pay_tokens<'b>(&self, payments: impl Iterator<Item = Payment<'b, 'info>>) -> Result<()>
    where
        'info: 'b,
    {
        let id = self.distributor.id.to_le_bytes();
        let seeds: &[&[&[u8]]] = &[&self.distributor.signer_seeds(&id)];
        let mut accounts = [self.account, self.mint, self.account, self.authority].map(AccountInfo::clone);
        let mut instruction = Instruction {
            program_id: self.token_program.key(),
            accounts: self.transfer_metas(self.account.key()).into(),
            data: Vec::new(),
        };
        for payment in payments {
            let meta = instruction.accounts.get_mut(DESTINATION).ok_or(ProgramError::NotEnoughAccountKeys)?;
            meta.pubkey = payment.destination.key();
            instruction.data = payment.data(self.distributor.decimals)?;
            accounts[DESTINATION] = payment.destination.clone();
            require_unborrowed(self.account)?;
            require_unborrowed(payment.destination)?;
            invoke_signed_unchecked(&instruction, &accounts, seeds)?;
        }
        Ok(())
    }

    /// Makes every payment by one call of SPL Token, as [`Self::pay_each`] does by one call each. Its instruction 255
    /// has other instructions in it, each with how many accounts and how many bytes it has (SIMD-0266).
    ///
    /// # Errors
    /// Those of the token program, which refuses if it does not know that instruction.
    pub fn pay_batched<'b>(&self, payments: &[Payment<'b, 'info>]) -> Result<()>
    where
        'info: 'b,
    {
        // All at once: a vector that grows leaves its old places behind, and the memory is never taken back.
        let mut metas = Vec::with_capacity(payments.len().saturating_mul(4));
        let mut accounts = Vec::with_capacity(payments.len().saturating_add(3));
        accounts.extend([self.account, self.mint, self.authority].map(AccountInfo::clone));
        let mut data = Vec::with_capacity(payments.len().saturating_mul(BATCHED_LEN).saturating_add(1));
        data.push(BATCH);
        for Payment { destination, gross, .. } in payments.iter().filter(|payment| payment.gross > 0) {
            let [a, b, c, d, e, f, g, h] = gross.to_le_bytes();
            let batched: [u8; BATCHED_LEN] =
                [4, 10, TRANSFER_CHECKED, a, b, c, d, e, f, g, h, self.distributor.decimals];
            data.extend_from_slice(&batched);
            metas.extend(self.transfer_metas(destination.key()));
            require_unborrowed(destination)?;
            accounts.push((*destination).clone());
        }
        if metas.is_empty() {
            return Ok(());
        }
        require_unborrowed(self.account)?;
        let id = self.distributor.id.to_le_bytes();
        let seeds: &[&[&[u8]]] = &[&self.distributor.signer_seeds(&id)];
        let instruction = Instruction { program_id: self.token_program.key(), accounts: metas, data };
        Ok(invoke_signed_unchecked(&instruction, &accounts, seeds)?)
    }

    /// The accounts of a transfer to `destination`.
    fn transfer_metas(&self, destination: Pubkey) -> [AccountMeta; 4] {
        [
            AccountMeta::new(self.account.key(), false),
            AccountMeta::new_readonly(self.mint.key(), false),
            AccountMeta::new(destination, false),
            AccountMeta::new_readonly(self.authority.key(), true),
        ]
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
