//! Pays a leaf to the wallet that it names, which signs and may name any destination.

use anchor_lang::prelude::*;
use pinocchio::AccountView;

use crate::arguments::Arguments;
use crate::error::TorqueError;
use crate::events::{self, Claimed, SkipReason};
use crate::merkle::leaf_hash;
use crate::paying_vault::{self, PayingVault, Payment};
use crate::powers::Powers;
use crate::recipient;
use crate::state::{Config, Distributor, Epoch, Mode, Outflow, in_place};
use crate::transfer_fee;

/// Accounts of `claim`.
#[derive(Accounts)]
pub struct Claim<'info> {
    /// The wallet that the leaf names. Another account may pay the transaction's fee.
    pub recipient: Signer<'info>,
    /// Tells whether the protocol is paused, and for how long it has been.
    pub config: Account<'info, Config>,
    /// The distributor that pays. The handler compares what it names.
    #[account(mut)]
    pub distributor: Account<'info, Distributor>,
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
    /// Pays a leaf, after it has marked it.
    ///
    /// # Errors
    /// Those that the checks below name, and those of the token program.
    pub fn handler(accounts: &mut [AccountView], mut arguments: Arguments<'_>) -> Result<()> {
        let (index, amount, path) = (arguments.u32()?, arguments.u64()?, arguments.hashes()?);
        let Some((&mut accounts, surplus)) = accounts.split_first_chunk_mut() else {
            return refuse!(ErrorCode::AccountNotEnoughKeys);
        };
        let [recipient, config, mut distributor, mut epoch, vault, destination, mint, token_program] = accounts;
        in_place::require_signer(&recipient, "recipient")?;
        in_place::require::<Config>(&config, "config")?;
        in_place::require::<Distributor>(&distributor, "distributor")?;
        in_place::require::<Epoch>(&epoch, "epoch")?;
        in_place::require_writable(&distributor, "distributor")?;
        in_place::require_writable(&epoch, "epoch")?;
        in_place::require_writable(&vault, "vault")?;
        in_place::require_writable(&destination, "destination")?;
        ensure!(surplus.is_empty(), TorqueError::SurplusAccount);

        let (authority, config) = (distributor, config.try_borrow()?);
        let mut distributor = distributor.try_borrow_mut()?;
        let distributor: &mut Distributor = in_place::read_mut(&mut distributor, "distributor")?;
        distributor.require_accounts(vault.address(), mint.address(), token_program.address())?;
        let moment = distributor.running_moment(in_place::read::<Config>(&config, "config")?)?;
        ensure!(distributor.mode == Mode::Claim, TorqueError::ModeIsPush);
        ensure_other!(*destination.address(), *vault.address(), TorqueError::DestinationIsVault);
        let gross = transfer_fee::gross(&transfer_fee::in_force(&mint.try_borrow()?)?, amount);
        let gross = gross.ok_or(TorqueError::ReserveExceeded)?;

        let epoch_address = *epoch.address();
        let leaf = leaf_hash(&epoch_address, index, recipient.address(), amount);
        let mut epoch = epoch.try_borrow_mut()?;
        let (epoch, mut marks) = Epoch::split(&mut epoch)?;
        ensure_same!(epoch.distributor, *authority.address(), TorqueError::EpochMismatch);
        epoch.require_open(moment)?;
        marks.require_node(leaf, 0, index, path)?;
        marks.set_paid(index)?;
        ensure!(epoch.record_payment(amount, gross)?, TorqueError::ReserveExceeded);
        let mut outflow = Outflow::at(moment.now, &distributor.limiter, epoch)?;
        outflow.take(gross)?;
        outflow.keep(&mut distributor.limiter, epoch);

        require_creditable(distributor, &destination)?;
        ensure!(paying_vault::available(distributor, &vault)? >= gross, TorqueError::VaultShort);
        let mut vault = PayingVault { distributor, authority, account: vault, mint, token_program };
        vault.pay_each([Payment { destination: &destination, net: amount, gross }])?;
        events::log(&Claimed {
            distributor: *authority.address(),
            epoch: epoch_address,
            index,
            recipient: *recipient.address(),
            destination: *destination.address(),
            amount,
            spent: gross,
        })
    }
}

/// Refuses an account that takes no plain credit, in words of ours: its wallet can name another. What else an account
/// may refuse, the token program says.
fn require_creditable(distributor: &Distributor, destination: &AccountView) -> Result<()> {
    if !distributor.accepted_powers.contains(Powers::CONFIDENTIAL_TRANSFERS) {
        return Ok(());
    }
    let refusal = recipient::refusal(&destination.try_borrow()?);
    ensure!(refusal != Some(SkipReason::PlainCreditRefused), TorqueError::PlainCreditRefused);
    Ok(())
}
