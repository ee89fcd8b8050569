//! Gives a sponsor its share of what a distributor did not spend, and removes its account.
//!
//! Anybody may submit it, since it pays the sponsor's own account; the sponsor, if it signs, may name another. Neither
//! the owner nor the treasury nor another sponsor is waited for. Works while the protocol is paused. Where a mint's
//! permanent delegate took so much that the shares are not covered, a sponsor that signs gets the covered part of its
//! own.

use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::extension::StateWithExtensions;
use anchor_spl::token_2022::spl_token_2022::state::Account as TokenAccountLayout;

use crate::constants::SEED_CONFIG;
use crate::error::TorqueError;
use crate::events::SponsorRefunded;
use crate::rent;
use crate::state::{Config, Distributor, Sponsor};
use crate::vault::Vault;

/// Accounts of `sponsor_refund`.
#[derive(Accounts)]
pub struct SponsorRefund<'info> {
    /// CHECK: the sponsor's wallet, which the sponsor account names; gets its rent, and may sign.
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
    /// What the sponsor contributed.
    #[account(
        mut,
        has_one = distributor @ TorqueError::SponsorMismatch,
        has_one = wallet @ TorqueError::SponsorMismatch,
    )]
    pub sponsor: Box<Account<'info, Sponsor>>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: receives the share: the wallet's own account, or any that the wallet chose if it signs.
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
        let contributed = accounts.sponsor.contributed;
        let share = accounts.distributor.refund_sponsor(contributed)?;
        let amount = accounts.covered(share, contributed)?;
        accounts.validate_destination(amount)?;
        accounts.vault().pay(&accounts.destination, amount)?;
        accounts.remove_sponsor()?;
        emit!(SponsorRefunded {
            distributor: accounts.distributor.key(),
            sponsor: accounts.wallet.key(),
            destination: accounts.destination.key(),
            contributed,
            amount,
        });
        Ok(())
    }

    /// Base units of the sponsor's `share` for which there is money. If it is not all, the sponsor must sign, or
    /// anybody could make it give up the rest while the mint's issuer may still put it back.
    fn covered(&self, share: u64, contributed: u64) -> Result<u64> {
        if !self.distributor.can_be_emptied() {
            return Ok(share);
        }
        let balance = self.vault().balance()?;
        let covered = self.distributor.covered_rounded_down(share, contributed, balance)?;
        require!(covered == share || self.wallet.is_signer, TorqueError::VaultShort);
        Ok(covered)
    }

    fn vault(&self) -> Vault<'_, 'info> {
        Vault {
            distributor: &self.distributor,
            account: &self.vault,
            mint: &self.mint,
            token_program: &self.token_program,
        }
    }

    /// Without the sponsor's signature only its own account will do, which it must still own and be able to spend from.
    fn validate_destination(&self, amount: u64) -> Result<()> {
        require_keys_neq!(self.destination.key(), self.vault.key(), TorqueError::DestinationIsVault);
        if self.wallet.is_signer {
            return Ok(());
        }
        let own = self.distributor.account_of(self.wallet.key);
        require_keys_eq!(self.destination.key(), own, TorqueError::NotSponsor);
        if self.distributor.is_native() {
            require!(!self.wallet.executable, TorqueError::NotSponsor);
            return Ok(());
        }
        if amount == 0 {
            return Ok(());
        }
        let data = self.destination.try_borrow_data()?;
        let owner = StateWithExtensions::<TokenAccountLayout>::unpack(&data).map(|account| account.base.owner);
        require!(owner == Ok(self.wallet.key()), TorqueError::NotSponsor);
        Ok(())
    }

    fn remove_sponsor(&self) -> Result<()> {
        let account = self.sponsor.to_account_info();
        let distributor = self.distributor.to_account_info();
        let receiver = rent::receiver(&self.wallet, &distributor, account.lamports())?;
        self.sponsor.close(receiver.clone())
    }
}
