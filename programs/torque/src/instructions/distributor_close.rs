//! Closes a distributor for ever: the earned fee goes to the treasury, everything else back to the owner.
//!
//! The address stays taken by an empty account of this program, so that a leaf that was paid under it can never be
//! paid again under a distributor of the same name. Works while the protocol is paused.

use anchor_lang::Discriminator;
use anchor_lang::prelude::*;
use anchor_spl::associated_token::get_associated_token_address_with_program_id;

use crate::constants::SEED_CONFIG;
use crate::error::TorqueError;
use crate::events::DistributorClosed;
use crate::fee;
use crate::recipient::requires_memo;
use crate::rent;
use crate::state::{Config, Distributor};
use crate::vault::Vault;

/// Accounts of `distributor_close`.
#[derive(Accounts)]
pub struct DistributorClose<'info> {
    /// The owner, who gets the rent.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// Names the treasury.
    #[account(seeds = [SEED_CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// CHECK: the distributor; decoded by the handler, since Anchor would write back what is erased here.
    #[account(mut)]
    pub distributor: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: for SOL the treasury, for a mint its associated token account; the handler compares it.
    #[account(mut)]
    pub treasury: UncheckedAccount<'info>,
    /// CHECK: receives the refund: for a mint a token account, for SOL any account. The owner chose it.
    #[account(mut)]
    pub destination: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub token_program: UncheckedAccount<'info>,
}

impl<'info> DistributorClose<'info> {
    pub(crate) fn handler(ctx: Context<'info, Self>) -> Result<()> {
        let accounts = ctx.accounts;
        let distributor: Account<'info, Distributor> = Account::try_from(accounts.distributor.as_ref())?;
        accounts.validate(&distributor)?;
        let now = Clock::get()?.unix_timestamp;
        distributor.require_over(now, distributor.downtime_at(&accounts.config, now))?;
        let vault = Vault {
            distributor: &distributor,
            account: &accounts.vault,
            mint: &accounts.mint,
            token_program: &accounts.token_program,
        };
        let fee_earned = accounts.collectable(&distributor)?;
        let refunded = vault.balance()?.checked_sub(fee_earned).ok_or(TorqueError::VaultShort)?;
        vault.pay(&accounts.treasury, fee_earned)?;
        vault.pay(&accounts.destination, refunded)?;
        vault.close(&accounts.owner)?;
        emit!(DistributorClosed {
            distributor: distributor.key(),
            funded: distributor.funded,
            paid: distributor.paid,
            fee_earned,
            refunded,
        });
        accounts.bury()
    }

    fn validate(&self, distributor: &Distributor) -> Result<()> {
        require_keys_eq!(distributor.owner, self.owner.key(), TorqueError::NotOwner);
        require_keys_eq!(distributor.vault, self.vault.key(), TorqueError::VaultMismatch);
        require_keys_eq!(distributor.mint, self.mint.key(), TorqueError::MintMismatch);
        require_keys_eq!(distributor.token_program, self.token_program.key(), TorqueError::TokenProgramMismatch);
        require_keys_neq!(self.destination.key(), self.vault.key(), TorqueError::DestinationIsVault);
        let treasury = if distributor.is_native() {
            self.config.treasury
        } else {
            get_associated_token_address_with_program_id(
                &self.config.treasury,
                &distributor.mint,
                &distributor.token_program,
            )
        };
        require_keys_eq!(treasury, self.treasury.key(), TorqueError::TreasuryMismatch);
        Ok(())
    }

    /// The earned fee; none if the treasury has made it impossible to credit, which must not hold up the refund.
    fn collectable(&self, distributor: &Distributor) -> Result<u64> {
        let earned = fee::earned_rounded_down(distributor.paid, distributor.fee_basis_points)?;
        let is_refused = if distributor.is_native() {
            let balance = self.treasury.lamports().saturating_add(earned);
            self.treasury.executable || balance < Rent::get()?.minimum_balance(self.treasury.data_len())
        } else {
            requires_memo(&self.treasury.try_borrow_data()?)
        };
        Ok(if is_refused { 0 } else { earned })
    }

    /// Leaves only the discriminator at the address, and its rent.
    fn bury(&self) -> Result<()> {
        let size = Distributor::DISCRIMINATOR.len();
        rent::shrink(&self.distributor, size, rent::surplus(&self.distributor, size)?, &self.owner)
    }
}
