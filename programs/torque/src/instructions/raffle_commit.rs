//! Fixes what an epoch of a raffle is drawn from, before anybody can know the outcome: the tickets, a slot that is
//! still to come, and a secret.
//!
//! Once: a mistake in the tickets cannot be made good, since a second commitment would be a second draw.

use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, RAFFLE_BOUNTY, SEED_EPOCH, SEED_RAFFLE};
use crate::error::TorqueError;
use crate::events::RaffleCommitted;
use crate::rent;
use crate::state::{Config, Distributor, Epoch, Kind, Raffle, RaffleStage};

/// What is committed to.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug)]
pub struct RaffleCommitArgs {
    /// Which epoch; the next one, or one that was skipped.
    pub index: u32,
    /// The root of the ticket table.
    pub tickets_root: [u8; 32],
    /// How many tickets there are.
    pub tickets_total: u128,
    /// What [`Raffle::secret_hash_of`] gives for 32 secret bytes.
    pub secret_hash: [u8; 32],
    /// The base units that must be free for the epoch, at most its budget; one at least, whatever this says.
    pub min_escrowed: u64,
}

/// Accounts of `raffle_commit`.
#[derive(Accounts)]
#[instruction(args: RaffleCommitArgs)]
pub struct RaffleCommit<'info> {
    /// The distributor's publisher.
    pub publisher: Signer<'info>,
    /// Pays the rent, and the bounty for who keeps the hash. Gets back the rent, and the bounty if nobody claims it.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Tells whether the protocol is paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that draws.
    #[account(has_one = publisher @ TorqueError::NotPublisher)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// CHECK: the epoch to draw, which is there only if it was skipped; then the handler decodes it.
    #[account(seeds = [SEED_EPOCH, distributor.key().as_ref(), &args.index.to_le_bytes()], bump)]
    pub epoch: UncheckedAccount<'info>,
    /// The raffle to create.
    #[account(
        init, payer = payer, space = 8 + Raffle::INIT_SPACE,
        seeds = [SEED_RAFFLE, distributor.key().as_ref(), &args.index.to_le_bytes()], bump
    )]
    pub raffle: Box<Account<'info, Raffle>>,
    /// Creates the account.
    pub system_program: Program<'info, System>,
}

impl RaffleCommit<'_> {
    pub(crate) fn handler(ctx: Context<Self>, args: RaffleCommitArgs) -> Result<()> {
        let accounts = ctx.accounts;
        let clock = Clock::get()?;
        let budget = accounts.validate(&args, clock.unix_timestamp)?;
        let distributor = &accounts.distributor;
        let RaffleCommitArgs { index, tickets_root, tickets_total, secret_hash, min_escrowed } = args;
        let escrowed = distributor.free()?.min(budget);
        // What comes later is never paid by this draw, and there is no second one. So it waits for the money.
        ensure!(escrowed > 0 && escrowed >= min_escrowed, TorqueError::RaffleFundsMissing);
        let target_slot = Raffle::first_target(clock.slot);
        accounts.raffle.set_inner(Raffle {
            version: ACCOUNT_VERSION,
            bump: ctx.bumps.raffle,
            distributor: distributor.key(),
            index,
            rent_payer: accounts.payer.key(),
            period_end: distributor.terms.period_end(index)?,
            tickets_root,
            tickets_total,
            secret_hash,
            escrowed,
            target_slot,
            renewals: 0,
            stage: RaffleStage::Committed,
            slot: 0,
            slot_hash: [0; 32],
            deadline: 0,
            seed: [0; 32],
            spare: [0; 64],
        });
        let account = accounts.raffle.to_account_info();
        let lamports = Rent::get()?.minimum_balance(account.data_len()).saturating_add(RAFFLE_BOUNTY);
        rent::top_up(&account, &accounts.payer, lamports)?;
        emit!(RaffleCommitted {
            distributor: distributor.key(),
            raffle: accounts.raffle.key(),
            index,
            tickets_root,
            tickets_total,
            secret_hash,
            escrowed,
            target_slot,
        });
        Ok(())
    }

    /// Returns the most base units that the epoch may pay.
    fn validate(&self, args: &RaffleCommitArgs, now: i64) -> Result<u64> {
        let distributor = &self.distributor;
        distributor.require_running(&self.config)?;
        let downtime = distributor.downtime_at(&self.config, now);
        distributor.require_publisher_of(args.index, now)?;
        let draws = distributor.kind == Kind::Raffle && distributor.draw == distributor.key();
        ensure!(draws, TorqueError::RaffleKindMismatch);
        let are_given = args.tickets_root != [0; 32] && args.tickets_total > 0 && args.secret_hash != [0; 32];
        ensure!(are_given, TorqueError::TicketsInvalid);
        if args.index >= distributor.next_epoch {
            distributor.require_next(args.index, now, downtime)?;
            return Ok(distributor.coming_terms().epoch_budget);
        }
        self.require_skipped(now, downtime)
    }

    /// Refuses unless the epoch waits for a root: one that had a root has its raffle already.
    fn require_skipped(&self, now: i64, downtime: u64) -> Result<u64> {
        ensure_same!(*self.epoch.owner, crate::ID, TorqueError::EpochNotNext);
        let mut data = self.epoch.try_borrow_mut_data()?;
        let (epoch, _) = Epoch::split(&mut data)?;
        ensure!(epoch.is_vacant(), TorqueError::EpochNotVacant);
        ensure!(now < epoch.ends_at(downtime), TorqueError::GraceOver);
        Ok(epoch.terms.budget)
    }
}
