//! Pays a leaf to the wallet that it names, which signs and may name any destination.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::{Claimed, SkipReason};
use crate::merkle::{Hash, leaf_hash};
use crate::powers::Powers;
use crate::recipient;
use crate::state::{Config, Distributor, Epoch, Mode, Outflow};
use crate::transfer_fee;
use crate::vault::{Payment, Vault};

/// Accounts of `claim`.
#[derive(Accounts)]
pub struct Claim<'info> {
    /// The wallet that the leaf names. Another account may pay the transaction's fee.
    pub recipient: Signer<'info>,
    /// Tells whether the protocol is paused, and for how long it has been.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that pays.
    #[account(
        mut,
        has_one = vault @ TorqueError::VaultMismatch,
        has_one = mint @ TorqueError::MintMismatch,
        has_one = token_program @ TorqueError::TokenProgramMismatch,
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The epoch that owes the leaf.
    #[account(mut, constraint = Epoch::read(&epoch)?.distributor == distributor.key() @ TorqueError::EpochMismatch)]
    pub epoch: AccountLoader<'info, Epoch>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: receives the payment: for a mint a token account, for SOL any account. The recipient chose it.
    #[account(mut)]
    pub destination: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub token_program: UncheckedAccount<'info>,
}

impl Claim<'_> {
    pub(crate) fn handler(ctx: Context<Self>, index: u32, amount: u64, path: &[Hash]) -> Result<()> {
        let accounts = ctx.accounts;
        accounts.distributor.require_running(&accounts.config)?;
        require!(accounts.distributor.mode == Mode::Claim, TorqueError::ModeIsPush);
        require_keys_neq!(accounts.destination.key(), accounts.vault.key(), TorqueError::DestinationIsVault);
        let gross = transfer_fee::gross(&transfer_fee::in_force(&accounts.mint)?, amount);
        let gross = gross.ok_or(TorqueError::ReserveExceeded)?;
        accounts.mark(index, amount, gross, path)?;
        accounts.require_creditable()?;
        let vault = Vault {
            distributor: &accounts.distributor,
            account: &accounts.vault,
            mint: &accounts.mint,
            token_program: &accounts.token_program,
        };
        require!(vault.available()? >= gross, TorqueError::VaultShort);
        vault.pay_each([Payment { destination: &accounts.destination, net: amount, gross }])?;
        emit!(Claimed {
            distributor: accounts.distributor.key(),
            epoch: accounts.epoch.key(),
            index,
            recipient: accounts.recipient.key(),
            destination: accounts.destination.key(),
            amount,
            spent: gross,
        });
        Ok(())
    }

    /// Refuses an account that takes no plain credit, in words of ours: its wallet can name another. What else an
    /// account may refuse, the token program says.
    fn require_creditable(&self) -> Result<()> {
        if !self.distributor.accepted_powers.contains(Powers::CONFIDENTIAL_TRANSFERS) {
            return Ok(());
        }
        let refusal = recipient::refusal(&self.destination.try_borrow_data()?);
        require!(refusal != Some(SkipReason::PlainCreditRefused), TorqueError::PlainCreditRefused);
        Ok(())
    }

    /// Proves the leaf, marks it as paid and takes `gross` out of the limiter, before any money moves.
    fn mark(&mut self, index: u32, amount: u64, gross: u64, path: &[Hash]) -> Result<()> {
        let account = self.epoch.to_account_info();
        let mut data = account.try_borrow_mut_data()?;
        let (epoch, mut marks) = Epoch::split(&mut data)?;
        let moment = self.distributor.moment(&self.config)?;
        epoch.require_open(moment)?;
        let leaf = leaf_hash(self.epoch.as_ref().key, index, self.recipient.key, amount);
        marks.require_node(leaf, 0, index, path)?;
        marks.set_paid(index)?;
        require!(epoch.record_payment(amount, gross)?, TorqueError::ReserveExceeded);
        let limiter = &mut self.distributor.limiter;
        let mut outflow = Outflow::at(moment.now, limiter, epoch)?;
        outflow.take(gross)?;
        outflow.keep(limiter, epoch);
        Ok(())
    }
}
