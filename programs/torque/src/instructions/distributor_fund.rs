//! Moves rewards, and the fee on top of them, into the vault: from the owner, or from anybody as a sponsor.
//!
//! The owner's money is what is left when all others have theirs. Each funding by a sponsor is a sponsorship with an
//! account of its own, so that what is not spent of it returns. It is taken only under the terms that the sponsor
//! names.

use anchor_lang::prelude::*;
use anchor_lang::system_program;

use crate::constants::{ACCOUNT_VERSION, SEED_SPONSORSHIP};
use crate::creation;
use crate::error::TorqueError;
use crate::events::DistributorFunded;
use crate::extension_policy::PayableMint;
use crate::state::{AgreedTerms, Config, Distributor, Sponsorship};
use crate::transfer_fee::{self, Transfer};
use crate::vault::Vault;

/// What a sponsor says besides the amount.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug)]
pub struct SponsorArgs {
    /// Its number for the sponsorship: any that it does not use for another sponsorship of the distributor.
    pub number: u32,
    /// The terms that it agrees to.
    pub agreed: AgreedTerms,
}

/// Accounts of `distributor_fund`.
#[derive(Accounts)]
#[instruction(amount: u64, sponsor: Option<SponsorArgs>)]
pub struct DistributorFund<'info> {
    /// The owner or a sponsor, who pays.
    #[account(mut)]
    pub funder: Signer<'info>,
    /// Tells whether the protocol is paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor to fund.
    #[account(
        mut,
        has_one = vault @ TorqueError::VaultMismatch,
        has_one = mint @ TorqueError::MintMismatch,
        has_one = token_program @ TorqueError::TokenProgramMismatch,
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: the funder's token account, which the token program checks; the funder again for SOL.
    #[account(mut)]
    pub source: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it. For SOL it is the system program, which makes the transfer.
    pub token_program: UncheckedAccount<'info>,
    /// CHECK: the sponsorship to create; none for the owner.
    #[account(
        mut,
        seeds = [
            SEED_SPONSORSHIP, distributor.key().as_ref(), funder.key().as_ref(),
            &sponsor.map_or(0, |sponsor| sponsor.number).to_le_bytes()
        ],
        bump
    )]
    pub sponsorship: Option<UncheckedAccount<'info>>,
    /// Creates the sponsorship.
    pub system_program: Program<'info, System>,
}

impl<'info> DistributorFund<'info> {
    pub(crate) fn handler(ctx: Context<Self>, amount: u64, sponsor: Option<SponsorArgs>) -> Result<()> {
        let accounts = ctx.accounts;
        let clock = Clock::get()?;
        let is_owner = accounts.funder.key() == accounts.distributor.owner;
        let (distributor, now) = (&accounts.distributor, clock.unix_timestamp);
        distributor.require_running(&accounts.config)?;
        distributor.require_fundable(is_owner, now, distributor.downtime_at(&accounts.config, now))?;
        accounts.require_whole(is_owner)?;
        let distributor = &mut accounts.distributor;
        distributor.funded_slot = clock.slot;
        let fee = match (&accounts.sponsorship, ctx.bumps.sponsorship, sponsor) {
            (None, _, None) if is_owner => distributor.fund(amount)?,
            (Some(_), Some(bump), Some(sponsor)) if !is_owner => accounts.sponsor(amount, sponsor, bump)?,
            _ => return refuse!(if is_owner { TorqueError::SurplusAccount } else { TorqueError::SponsorMissing }),
        };
        let transfer_fee = accounts.transfer(amount.checked_add(fee).ok_or(TorqueError::ArithmeticOverflow)?)?;
        emit!(DistributorFunded {
            distributor: accounts.distributor.key(),
            funder: accounts.funder.key(),
            amount,
            fee,
            transfer_fee,
            funded: accounts.distributor.funded,
            sponsorship: sponsor.map(|sponsor| sponsor.number),
            accepted_powers: accounts.distributor.accepted_powers,
        });
        Ok(())
    }

    /// Refuses a sponsor's money for a vault out of which the mint's permanent delegate took some: earlier leaves would
    /// be paid with it. An owner may add to it, and whoever wants to replace what is gone sends it to the vault.
    fn require_whole(&self, is_owner: bool) -> Result<()> {
        if is_owner || !self.distributor.can_be_emptied() {
            return Ok(());
        }
        let vault = Vault {
            distributor: &self.distributor,
            authority: self.distributor.as_ref().as_ref(),
            account: &self.vault,
            mint: &self.mint,
            token_program: &self.token_program,
        };
        self.distributor.require_whole(vault.balance()?)
    }

    /// Takes a sponsor's `amount` in and creates its sponsorship. Returns the fee that must come with it.
    fn sponsor(&mut self, amount: u64, sponsor: SponsorArgs, bump: u8) -> Result<u64> {
        self.distributor.require_agreed(&sponsor.agreed)?;
        let (start, fee) = self.distributor.sponsor(amount)?;
        self.record(&Sponsorship {
            version: ACCOUNT_VERSION,
            bump,
            reserved: [0; 2],
            number: sponsor.number,
            distributor: self.distributor.key(),
            wallet: self.funder.key(),
            start,
            contributed: amount,
            spare: [0; 32],
        })?;
        Ok(fee)
    }

    /// Creates the account of `sponsorship` and writes it.
    fn record(&self, sponsorship: &Sponsorship) -> Result<()> {
        let Some(account) = &self.sponsorship else { return refuse!(TorqueError::SponsorMissing) };
        // Only this program can have put data at this address.
        ensure!(account.data_is_empty(), TorqueError::SponsorshipExists);
        let Sponsorship { distributor, wallet, number, bump, .. } = sponsorship;
        let number = number.to_le_bytes();
        let seeds: &[&[u8]] = &[SEED_SPONSORSHIP, distributor.as_ref(), wallet.as_ref(), &number, &[*bump]];
        creation::create(account, &self.funder, 8 + Sponsorship::INIT_SPACE, &crate::ID, seeds)?;
        sponsorship.try_serialize(&mut &mut account.try_borrow_mut_data()?[..])
    }

    /// Lets `amount` arrive in the vault. Returns what the mint takes for that besides.
    fn transfer(&self, amount: u64) -> Result<u64> {
        if self.distributor.is_native() {
            ensure_same!(self.source.key(), self.funder.key(), TorqueError::SurplusAccount);
            let accounts =
                system_program::Transfer { from: self.funder.to_account_info(), to: self.vault.to_account_info() };
            system_program::transfer(CpiContext::new(self.token_program.key(), accounts), amount)?;
            return Ok(0);
        }
        self.deposit(amount)
    }

    /// The same for a mint, which may have been closed and created anew since it was judged. An authority over it may
    /// have passed to the owner meanwhile, or the distributor to its holder.
    fn deposit(&self, amount: u64) -> Result<u64> {
        let owners = [self.distributor.owner, self.distributor.creator];
        let PayableMint { decimals, powers } = PayableMint::read(&self.mint, self.token_program.key, &owners)?;
        ensure!(decimals == self.distributor.decimals, TorqueError::MintInvalid);
        self.distributor.accepted_powers.require_cover(powers)?;
        let fee = transfer_fee::in_force(&self.mint.try_borrow_data()?)?;
        let gross = transfer_fee::gross(&fee, amount).ok_or(TorqueError::ArithmeticOverflow)?;
        let transfer = Transfer {
            from: &self.source,
            mint: &self.mint,
            to: &self.vault,
            authority: &self.funder,
            token_program: &self.token_program,
            decimals,
        };
        transfer.send(gross, amount, &[])?;
        Ok(gross.saturating_sub(amount))
    }
}
