//! Gives the owner what is left of a distributor that is over, and the treasury its fee; in the end, closes it forever.
//!
//! What belongs to sponsors that are not refunded stays, and so does the fee while the treasury cannot be credited;
//! neither holds up the owner, who calls again when they have theirs. Then the address stays taken by an empty account
//! of this program, so that a leaf that was paid under it can never be paid again under a distributor of the same name.
//! Works while the protocol is paused. Where a mint's permanent delegate took what was owed, the last closing forgets
//! it: an empty vault holds nobody up.

use anchor_lang::Discriminator;
use anchor_lang::prelude::*;

use crate::constants::SEED_CONFIG;
use crate::error::TorqueError;
use crate::events::DistributorClosed;
use crate::rent;
use crate::state::{Config, Distributor};
use crate::treasury;
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
    /// CHECK: the distributor names it. Writable where the vault holds fees that the mint took of transfers.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub token_program: UncheckedAccount<'info>,
}

impl<'info> DistributorClose<'info> {
    pub(crate) fn handler(ctx: Context<'info, Self>) -> Result<()> {
        let accounts = ctx.accounts;
        let mut distributor: Account<'info, Distributor> = Account::try_from(accounts.distributor.as_ref())?;
        accounts.validate(&distributor)?;
        let now = Clock::get()?.unix_timestamp;
        distributor.require_over(now, distributor.downtime_at(&accounts.config, now))?;
        distributor.is_refunding = true;
        let balance = accounts.vault(&distributor).balance()?;
        let refunded = distributor.owners_part(balance)?;
        let fee = accounts.collectable(&distributor, balance)?;
        distributor.collect_fee(fee)?;
        let sent = fee.checked_add(refunded).ok_or(TorqueError::ArithmeticOverflow)?;
        let held = balance.checked_sub(sent).ok_or(TorqueError::VaultShort)?;
        let is_final = distributor.is_settled()? || distributor.is_lost(held);
        let vault = accounts.vault(&distributor);
        vault.pay(&accounts.treasury, fee)?;
        vault.pay(&accounts.destination, refunded)?;
        emit!(DistributorClosed {
            distributor: distributor.key(),
            funded: distributor.funded,
            paid: distributor.paid,
            fee,
            refunded,
            held,
            is_final,
        });
        if !is_final {
            return distributor.exit(&crate::ID);
        }
        vault.close(&accounts.owner)?;
        accounts.bury()
    }

    fn vault<'a>(&'a self, distributor: &'a Account<'info, Distributor>) -> Vault<'a, 'info> {
        let Self { distributor: authority, vault: account, mint, token_program, .. } = self;
        Vault { distributor, authority, account, mint, token_program }
    }

    fn validate(&self, distributor: &Distributor) -> Result<()> {
        ensure_same!(distributor.owner, self.owner.key(), TorqueError::NotOwner);
        ensure_same!(distributor.vault, self.vault.key(), TorqueError::VaultMismatch);
        ensure_same!(distributor.mint, self.mint.key(), TorqueError::MintMismatch);
        ensure_same!(distributor.token_program, self.token_program.key(), TorqueError::TokenProgramMismatch);
        ensure_other!(self.destination.key(), self.vault.key(), TorqueError::DestinationIsVault);
        treasury::require(&self.treasury, &self.config, distributor)
    }

    /// The fee that goes to the treasury now: what it does not have yet, or none if it cannot be credited.
    fn collectable(&self, distributor: &Distributor, balance: u64) -> Result<u64> {
        let fee = distributor.treasurys_part(balance)?;
        Ok(if treasury::is_creditable(&self.treasury, distributor, fee)? { fee } else { 0 })
    }

    /// Leaves only the discriminator at the address, and its rent.
    fn bury(&self) -> Result<()> {
        let size = Distributor::DISCRIMINATOR.len();
        rent::shrink(&self.distributor, size, rent::surplus(&self.distributor, size)?, &self.owner)
    }
}
