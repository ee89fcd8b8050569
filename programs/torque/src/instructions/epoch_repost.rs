//! Gives a vacant epoch a root: after a cancelled one, or where it was skipped by mistake.

use anchor_lang::prelude::*;
use anchor_lang::system_program::{self, Transfer};

use crate::constants::SEED_EPOCH;
use crate::error::TorqueError;
use crate::events::EpochPosted;
use crate::instructions::EpochPostArgs;
use crate::rent;
use crate::state::{Config, Distributor, Epoch, Raffle, layout};
use crate::transfer_fee;

/// Accounts of `epoch_repost`.
#[derive(Accounts)]
#[instruction(args: EpochPostArgs)]
pub struct EpochRepost<'info> {
    /// The distributor's publisher.
    pub publisher: Signer<'info>,
    /// Pays the rent of the full size and gets it back when the epoch ends.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Tells whether the protocol is paused, and for how long it has been.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that owes it.
    #[account(mut, has_one = publisher @ TorqueError::NotPublisher, has_one = mint @ TorqueError::MintMismatch)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The epoch without a root.
    #[account(
        mut,
        constraint = layout::read(&epoch)?.distributor == distributor.key() @ TorqueError::EpochMismatch,
        constraint = layout::read(&epoch)?.rent_payer == rent_payer.key() @ TorqueError::RentPayerMismatch,
        seeds = [SEED_EPOCH, distributor.key().as_ref(), &args.index.to_le_bytes()], bump = layout::read(&epoch)?.bump,
    )]
    pub epoch: AccountLoader<'info, Epoch>,
    /// CHECK: paid the rent so far, which the new payer takes over; the epoch names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    /// CHECK: tells what moving it costs; the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// Moves the rent.
    pub system_program: Program<'info, System>,
    /// Of a raffle: the drawn raffle that decides it; the same for every root.
    pub raffle: Option<Box<Account<'info, Raffle>>>,
}

impl<'info> EpochRepost<'info> {
    pub(crate) fn handler(ctx: Context<Self>, args: EpochPostArgs) -> Result<()> {
        let accounts = ctx.accounts;
        accounts.distributor.require_running(&accounts.config)?;
        let moment = accounts.distributor.moment(&accounts.config)?;
        accounts.distributor.require_publisher_of(args.index, moment.now)?;
        let budget = layout::read(&accounts.epoch)?.terms.budget;
        let fee = transfer_fee::dearest(&accounts.mint)?;
        let reserved = transfer_fee::reservation(&fee, args.total, args.leaf_count)?;
        accounts.distributor.reserve(args.total, reserved, budget)?;
        accounts.distributor.require_room(args.index, moment.now)?;
        let epoch = {
            let mut epoch = accounts.epoch.load_mut()?;
            epoch.post(&args, reserved, moment)?;
            Raffle::stamp(accounts.raffle.as_deref().map(|raffle| &**raffle), &accounts.distributor, &mut epoch)?;
            epoch.rent_payer = accounts.payer.key();
            *epoch
        };
        accounts.take_over_rent(args.leaf_count)?;
        emit!(EpochPosted::of(accounts.epoch.key(), &epoch, args.bundle_uri));
        Ok(())
    }

    /// Pays back the rent of the vacant account, unless the payer is the same, and gives it what its leaves need.
    fn take_over_rent(&self, leaf_count: u32) -> Result<()> {
        let account = self.epoch.to_account_info();
        if self.payer.key() != self.rent_payer.key() {
            let distributor = self.distributor.to_account_info();
            let lamports = Rent::get()?.minimum_balance(Epoch::VACANT_SIZE);
            let to = rent::receiver(&self.rent_payer, &distributor, lamports)?.clone();
            let accounts = Transfer { from: self.payer.to_account_info(), to };
            system_program::transfer(CpiContext::new(self.system_program.key(), accounts), lamports)?;
        }
        rent::top_up(&account, &self.payer, Epoch::full_rent(leaf_count)?)?;
        account.resize(Epoch::initial_size(leaf_count))?;
        Ok(())
    }
}
