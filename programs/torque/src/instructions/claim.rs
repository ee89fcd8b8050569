//! Pays a leaf to the wallet that it names, which signs and may name any destination.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::{self, Claimed, SkipReason};
use crate::merkle::{Hash, leaf_hash};
use crate::powers::Powers;
use crate::recipient;
use crate::state::{Config, Distributor, Epoch, Limiter, Mode, Moment, Outflow, layout};
use crate::transfer_fee;
use crate::vault::{Payment, Vault};

/// Accounts of `claim`.
#[derive(Accounts)]
pub struct Claim<'info> {
    /// The wallet that the leaf names. Another account may pay the transaction's fee.
    pub recipient: Signer<'info>,
    /// Tells whether the protocol is paused, and for how long it has been.
    pub config: AccountLoader<'info, Config>,
    /// The distributor that pays. The handler compares what it names.
    #[account(mut)]
    pub distributor: AccountLoader<'info, Distributor>,
    /// The epoch that owes the leaf. The handler asks whose it is.
    #[account(mut)]
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
        let distributor = Box::new(*layout::read(&accounts.distributor)?);
        distributor.require_accounts(accounts.vault.key, accounts.mint.key, accounts.token_program.key)?;
        let moment = distributor.running_moment(&*layout::read(&accounts.config)?)?;
        require!(distributor.mode == Mode::Claim, TorqueError::ModeIsPush);
        require_keys_neq!(accounts.destination.key(), accounts.vault.key(), TorqueError::DestinationIsVault);
        let gross = transfer_fee::gross(&transfer_fee::in_force(&accounts.mint)?, amount);
        let gross = gross.ok_or(TorqueError::ReserveExceeded)?;
        let limiter = accounts.mark(&distributor, moment, (index, amount, gross), path)?;
        accounts.distributor.load_mut()?.limiter = limiter;
        accounts.require_creditable(&distributor)?;
        let vault = Vault {
            distributor: &distributor,
            authority: accounts.distributor.as_ref(),
            account: &accounts.vault,
            mint: &accounts.mint,
            token_program: &accounts.token_program,
        };
        require!(vault.available()? >= gross, TorqueError::VaultShort);
        vault.pay_each([Payment { destination: &accounts.destination, net: amount, gross }])?;
        events::log(&Claimed {
            distributor: accounts.distributor.key(),
            epoch: accounts.epoch.key(),
            index,
            recipient: accounts.recipient.key(),
            destination: accounts.destination.key(),
            amount,
            spent: gross,
        })
    }

    /// Refuses an account that takes no plain credit, in words of ours: its wallet can name another. What else an
    /// account may refuse, the token program says.
    fn require_creditable(&self, distributor: &Distributor) -> Result<()> {
        if !distributor.accepted_powers.contains(Powers::CONFIDENTIAL_TRANSFERS) {
            return Ok(());
        }
        let refusal = recipient::refusal(&self.destination.try_borrow_data()?);
        require!(refusal != Some(SkipReason::PlainCreditRefused), TorqueError::PlainCreditRefused);
        Ok(())
    }

    /// Proves the leaf, marks it as paid and takes what it costs out of the limiter, before any money moves. Returns
    /// the distributor's limiter afterwards.
    fn mark(
        &self,
        distributor: &Distributor,
        moment: Moment,
        (index, amount, gross): (u32, u64, u64),
        path: &[Hash],
    ) -> Result<Limiter> {
        let account = self.epoch.as_ref();
        let mut data = account.try_borrow_mut_data()?;
        let (epoch, mut marks) = Epoch::split(&mut data)?;
        require_keys_eq!(epoch.distributor, self.distributor.key(), TorqueError::EpochMismatch);
        epoch.require_open(moment)?;
        let leaf = leaf_hash(account.key, index, self.recipient.key, amount);
        marks.require_node(leaf, 0, index, path)?;
        marks.set_paid(index)?;
        require!(epoch.record_payment(amount, gross)?, TorqueError::ReserveExceeded);
        let mut limiter = distributor.limiter;
        let mut outflow = Outflow::at(moment.now, &limiter, epoch)?;
        outflow.take(gross)?;
        outflow.keep(&mut limiter, epoch);
        Ok(limiter)
    }
}
