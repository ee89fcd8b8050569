//! Gives a sponsor what a distributor did not spend of a sponsorship, and removes the sponsorship.
//!
//! Anybody may submit it, since it pays the sponsor's own account; the sponsor, if it signs, may name another. Neither
//! the owner nor the treasury nor another sponsor is waited for. Works while the protocol is paused. Where a mint's
//! permanent delegate took so much that not all sponsors' money is there, a sponsor that signs gets the part that is.

use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::extension::StateWithExtensions;
use anchor_spl::token_2022::spl_token_2022::state::Account as TokenAccountLayout;

use crate::constants::SEED_CONFIG;
use crate::error::TorqueError;
use crate::events::SponsorRefunded;
use crate::rent;
use crate::state::{Config, Distributor, Sponsorship};
use crate::vault::Vault;

/// Accounts of `sponsor_refund`.
#[derive(Accounts)]
pub struct SponsorRefund<'info> {
    /// CHECK: the sponsor's wallet, which the sponsorship names; gets its rent, and may sign.
    #[account(mut)]
    pub wallet: UncheckedAccount<'info>,
    /// The protocol's settings, on whose pauses it depends when a distributor is over.
    #[account(seeds = [SEED_CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The distributor, which is over.
    #[account(
        mut,
        has_one = vault @ TorqueError::VaultMismatch,
        has_one = mint @ TorqueError::MintMismatch,
        has_one = token_program @ TorqueError::TokenProgramMismatch,
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// What goes back.
    #[account(
        mut,
        has_one = distributor @ TorqueError::SponsorMismatch,
        has_one = wallet @ TorqueError::SponsorMismatch,
    )]
    pub sponsorship: Box<Account<'info, Sponsorship>>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: receives it: the wallet's own account, or any that the wallet chose if it signs.
    #[account(mut)]
    pub destination: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub token_program: UncheckedAccount<'info>,
}

impl<'info> SponsorRefund<'info> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let accounts = ctx.accounts;
        let now = Clock::get()?.unix_timestamp;
        accounts.distributor.require_over(now, accounts.distributor.downtime_at(&accounts.config, now))?;
        let available = accounts.vault().available()?;
        let (owed, amount) = accounts.distributor.refund_sponsor(&accounts.sponsorship, available)?;
        // Else anybody could make a sponsor give up the rest while the mint's issuer may still put it back.
        ensure!(amount == owed || accounts.wallet.is_signer, TorqueError::VaultShort);
        accounts.validate_destination(amount)?;
        accounts.vault().pay(&accounts.destination, amount)?;
        accounts.remove_sponsorship()?;
        emit!(SponsorRefunded {
            distributor: accounts.distributor.key(),
            sponsor: accounts.wallet.key(),
            destination: accounts.destination.key(),
            number: accounts.sponsorship.number,
            contributed: accounts.sponsorship.contributed,
            amount,
        });
        Ok(())
    }

    fn vault(&self) -> Vault<'_, 'info> {
        Vault {
            distributor: &self.distributor,
            authority: self.distributor.as_ref().as_ref(),
            account: &self.vault,
            mint: &self.mint,
            token_program: &self.token_program,
        }
    }

    /// Without the sponsor's signature only its own account will do, which it must still own and be able to spend from.
    fn validate_destination(&self, amount: u64) -> Result<()> {
        ensure_other!(self.destination.key(), self.vault.key(), TorqueError::DestinationIsVault);
        if self.wallet.is_signer {
            return Ok(());
        }
        let own = self.distributor.account_of(self.wallet.key);
        ensure_same!(self.destination.key(), own, TorqueError::NotSponsor);
        if self.distributor.is_native() {
            ensure!(!self.wallet.executable, TorqueError::NotSponsor);
            return Ok(());
        }
        if amount == 0 {
            return Ok(());
        }
        let data = self.destination.try_borrow_data()?;
        let owner = StateWithExtensions::<TokenAccountLayout>::unpack(&data).map(|account| account.base.owner);
        ensure!(owner == Ok(self.wallet.key()), TorqueError::NotSponsor);
        Ok(())
    }

    fn remove_sponsorship(&self) -> Result<()> {
        let account = self.sponsorship.to_account_info();
        let distributor = self.distributor.to_account_info();
        let receiver = rent::receiver(&self.wallet, &distributor, account.lamports())?;
        self.sponsorship.close(receiver.clone())
    }
}
