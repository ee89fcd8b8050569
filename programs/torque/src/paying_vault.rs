//! What leaves a vault for leaves. The vault itself, and what leaves it otherwise, is in `vault`.
//!
//! The accounts are read where the runtime has put them, and so the transfers are made: for a recipient of a push,
//! whatever is built besides would cost more than the token program takes.

use anchor_lang::prelude::*;
use pinocchio::AccountView;
use pinocchio::cpi::{self, CpiAccount, Seed, Signer};
use pinocchio::instruction::{InstructionAccount, InstructionView};

use crate::error::TorqueError;
use crate::state::Distributor;
use crate::token_account::TokenAccount;
use crate::transfer_fee::{TRANSFER_CHECKED, TransferData};

/// The number of SPL Token's instruction that holds others.
const BATCH: u8 = 255;
/// Bytes of a `TransferChecked`.
const TRANSFER_LEN: u8 = 10;
/// Accounts of a `TransferChecked`.
const TRANSFER_ACCOUNTS: u8 = 4;
/// Bytes of a `TransferChecked` in a batch, with how many accounts and how many bytes it has before it.
const BATCHED_LEN: usize = 12;

/// What one account is to get out of a vault.
#[derive(Clone, Copy)]
pub struct Payment<'a> {
    /// The account that is credited.
    pub destination: &'a AccountView,
    /// Base units that arrive.
    pub net: u64,
    /// Base units that leave the vault for that: more than `net` where the mint takes a fee.
    pub gross: u64,
}

/// A vault with what it takes to pay leaves from it.
pub struct PayingVault<'a> {
    /// Whose it is.
    pub distributor: &'a Distributor,
    /// The distributor's account; signs.
    pub authority: AccountView,
    /// The account itself.
    pub account: AccountView,
    /// The mint, or the system program for SOL.
    pub mint: AccountView,
    /// The token program, or the system program for SOL.
    pub token_program: AccountView,
}

/// Base units that `vault` of `distributor` can pay: what lies in it, or as many as there may be.
///
/// It is asked only where the mint's permanent delegate can have taken some. Whether another vault is short the token
/// program says, which would be a fault of this one.
///
/// # Errors
/// `VaultMismatch` if it is no token account.
pub fn available(distributor: &Distributor, vault: &AccountView) -> Result<u64> {
    if !distributor.can_be_emptied() {
        return Ok(u64::MAX);
    }
    Ok(TokenAccount::read(&vault.try_borrow()?).ok_or(TorqueError::VaultMismatch)?.amount)
}

impl PayingVault<'_> {
    /// Makes every payment.
    ///
    /// # Errors
    /// `VaultShort` when a SOL vault would fall below its rent, and those of the token program.
    pub fn pay_each<'b>(&mut self, payments: impl IntoIterator<Item = Payment<'b>>) -> Result<()> {
        for payment in payments.into_iter().filter(|payment| payment.gross > 0) {
            if self.distributor.is_native() {
                self.pay_lamports(payment)?;
            } else {
                self.pay_tokens(payment)?;
            }
        }
        Ok(())
    }

    fn pay_lamports(&mut self, Payment { destination, gross, .. }: Payment<'_>) -> Result<()> {
        let mut destination = *destination;
        let left = self.account.lamports().checked_sub(gross).ok_or(TorqueError::VaultShort)?;
        ensure!(left >= Rent::get()?.minimum_balance(0), TorqueError::VaultShort);
        self.account.set_lamports(left);
        let credited = destination.lamports().checked_add(gross).ok_or(TorqueError::ArithmeticOverflow)?;
        destination.set_lamports(credited);
        Ok(())
    }

    fn pay_tokens(&self, Payment { destination, net, gross }: Payment<'_>) -> Result<()> {
        let data = TransferData::new(gross, net, self.distributor.decimals)?;
        let metas = self.transfer_metas(destination);
        let [vault, mint, authority] = [&self.account, &self.mint, &self.authority];
        self.invoke(&metas, &[vault.into(), mint.into(), destination.into(), authority.into()], data.as_slice());
        Ok(())
    }

    /// Makes every payment by one call of SPL Token, as [`Self::pay_each`] does by one call each. Its instruction 255
    /// has other instructions in it, each with how many accounts and how many bytes it has (SIMD-0266).
    /// There are at most `most` of them. A token program that does not know that instruction refuses.
    #[inline(never)]
    pub fn pay_batched<'b>(&'b self, most: usize, payments: impl IntoIterator<Item = Payment<'b>>) {
        // Room for all at once: a vector that grows leaves its old places behind, and the memory is never taken back.
        let mut accounts = Vec::with_capacity(most.saturating_add(3));
        let mut metas = Vec::with_capacity(most);
        let mut data = Vec::with_capacity(most.saturating_add(1));
        push_account(&mut accounts, &self.account);
        push_account(&mut accounts, &self.mint);
        push_account(&mut accounts, &self.authority);
        data.push([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, BATCH]);
        for Payment { destination, gross, .. } in payments.into_iter().filter(|payment| payment.gross > 0) {
            let [a, b, c, d, e, f, g, h] = gross.to_le_bytes();
            let [accounts_len, len, decimals] = [TRANSFER_ACCOUNTS, TRANSFER_LEN, self.distributor.decimals];
            data.push([accounts_len, len, TRANSFER_CHECKED, a, b, c, d, e, f, g, h, decimals]);
            metas.push(self.transfer_metas(destination));
            push_account(&mut accounts, destination);
        }
        if !metas.is_empty() {
            let data = data.as_flattened().get(BATCHED_LEN.saturating_sub(1)..).unwrap_or_default();
            self.invoke(metas.as_flattened(), &accounts, data);
        }
    }

    /// The accounts of a transfer to `destination`.
    #[inline(always)]
    fn transfer_metas<'b>(&'b self, destination: &'b AccountView) -> [InstructionAccount<'b>; 4] {
        [
            InstructionAccount::writable(self.account.address()),
            InstructionAccount::readonly(self.mint.address()),
            InstructionAccount::writable(destination.address()),
            InstructionAccount::readonly_signer(self.authority.address()),
        ]
    }

    /// Calls the token program; the distributor signs. A call that fails ends the program.
    #[expect(unsafe_code, reason = "the call changes accounts that the compiler does not see")]
    fn invoke(&self, metas: &[InstructionAccount<'_>], accounts: &[CpiAccount<'_>], data: &[u8]) {
        let instruction = InstructionView { program_id: self.token_program.address(), accounts: metas, data };
        let id = self.distributor.id.to_le_bytes();
        let seeds = self.distributor.signer_seeds(&id).map(Seed::from);
        // SAFETY: what the token program writes are the vault and the destinations, of which nobody holds a reference
        // to lamports or data: those to data end in the functions that take them, above and in `recipient`. Mint and
        // distributor are passed read-only.
        unsafe { cpi::invoke_signed_unchecked(&instruction, accounts, &[Signer::from(&seeds)]) };
    }
}

/// Appends what the runtime is told of `account` to `accounts`, without moving it about.
#[expect(unsafe_code, reason = "the compiler cannot see that the place behind the last is written")]
#[inline(always)]
fn push_account<'a>(accounts: &mut Vec<CpiAccount<'a>>, account: &'a AccountView) {
    if accounts.len() == accounts.capacity() {
        accounts.reserve(1);
    }
    let len = accounts.len();
    if let Some(place) = accounts.spare_capacity_mut().first_mut() {
        CpiAccount::init_from_account_view(account, place);
        // SAFETY: the place behind the last was just written.
        unsafe { accounts.set_len(len.saturating_add(1)) };
    }
}
