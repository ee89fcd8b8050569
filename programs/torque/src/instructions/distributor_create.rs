//! Creates a distributor and its empty vault.

use anchor_lang::Ids;
use anchor_lang::prelude::*;
use anchor_spl::token_interface::TokenInterface;

use crate::constants::{ACCOUNT_VERSION, NATIVE_SOL, NATIVE_SOL_DECIMALS, SEED_CONFIG, SEED_DISTRIBUTOR, SEED_VAULT};
use crate::error::TorqueError;
use crate::events::DistributorCreated;
use crate::extension_policy::PayableMint;
use crate::powers::Powers;
use crate::state::{Config, Distributor, Downtime, Kind, Limiter, Limits, Milestone, Mode, NextTerms, Terms};
use crate::transfer_fee;
use crate::unique_mint;
use crate::vault;

/// What a distributor is.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug)]
pub struct DistributorCreateArgs {
    /// The owner's number for it.
    pub id: u64,
    /// How rewards are shaped.
    pub kind: Kind,
    /// How they reach the wallets.
    pub mode: Mode,
    /// Posts roots.
    pub publisher: Pubkey,
    /// Cancels roots, as the owner may.
    pub guardian: Pubkey,
    /// The schedule and its limits.
    pub terms: Terms,
    /// What must be reached together before anything is paid.
    pub milestone: Option<Milestone>,
    /// How fast money may leave; the usual limits unless given.
    pub limits: Option<Limits>,
    /// Of a prize that is one of a kind: the number of the raffle of the same creator whose draws decide.
    pub draw: Option<u64>,
    /// The most that the protocol may charge, in case its fee has just been raised.
    pub max_fee_basis_points: u16,
    /// What others, and the owner, can do to the mint: exactly the powers that it gives, none for SOL.
    pub accepted_powers: Powers,
    /// The least base units of rewards that a sponsor adds at once. Once it has, the owner may not loosen the terms any
    /// more, so this is the price of that; `u64::MAX` for no sponsors.
    pub minimum_sponsorship: u64,
}

/// Accounts of `distributor_create`.
#[derive(Accounts)]
#[instruction(args: DistributorCreateArgs)]
pub struct DistributorCreate<'info> {
    /// Creates it and pays the rent of both accounts.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// Tells the fee.
    #[account(seeds = [SEED_CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The distributor to create. The owner is in its address, so nobody else can take it.
    #[account(
        init, payer = owner, space = 8 + Distributor::INIT_SPACE,
        seeds = [SEED_DISTRIBUTOR, owner.key().as_ref(), &args.id.to_le_bytes()], bump
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// CHECK: the vault to create; only the address matters.
    #[account(mut, seeds = [SEED_VAULT, distributor.key().as_ref()], bump)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: the mint to pay, or the system program for SOL; the handler decodes it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the mint's program, or the system program for SOL; the handler compares it.
    pub token_program: UncheckedAccount<'info>,
    /// Creates the accounts.
    pub system_program: Program<'info, System>,
}

impl DistributorCreate<'_> {
    pub(crate) fn handler(ctx: Context<Self>, args: DistributorCreateArgs) -> Result<()> {
        let DistributorCreateArgs { id, kind, mode, publisher, guardian, terms, max_fee_basis_points, .. } = args;
        let PayableMint { decimals, powers } = ctx.accounts.payable()?;
        args.accepted_powers.require_match(powers)?;
        ctx.accounts.config.require_running()?;
        let is_unique = unique_mint::is_unique(&ctx.accounts.mint.try_borrow_data()?);
        // A fee on the only token there is could never be paid.
        let fee_basis_points = if is_unique { 0 } else { ctx.accounts.config.fee_basis_points };
        ensure!(fee_basis_points <= max_fee_basis_points, TorqueError::FeeTooHigh);
        let draw = ctx.accounts.draw(&args, is_unique)?;
        let (accounts, now) = (ctx.accounts, Clock::get()?.unix_timestamp);
        let gross_budget = transfer_fee::gross_budget(&accounts.mint, terms.epoch_budget)?;
        let limits = args.limits.unwrap_or_else(|| Limits::usual(&terms, gross_budget));
        accounts.distributor.set_inner(Distributor {
            version: ACCOUNT_VERSION,
            bump: ctx.bumps.distributor,
            creator: accounts.owner.key(),
            id,
            owner: accounts.owner.key(),
            publisher,
            guardian,
            pending_owner: Pubkey::default(),
            pending_publisher: Pubkey::default(),
            pending_guardian: Pubkey::default(),
            mint: accounts.mint.key(),
            token_program: accounts.token_program.key(),
            decimals,
            vault: accounts.vault.key(),
            kind,
            mode,
            fee_basis_points,
            terms,
            next_terms: NextTerms::default(),
            milestone: args.milestone.unwrap_or_default(),
            limiter: Limiter::full(limits, terms.claim_window, now),
            downtime: Downtime::default(),
            draw,
            next_epoch: 0,
            open_epochs: 0,
            funded: 0,
            reserved: 0,
            paid: 0,
            fee_collected: 0,
            sponsored: 0,
            sponsored_paid: 0,
            sponsored_refunded: 0,
            sponsorships_open: 0,
            funded_slot: 0,
            is_refunding: false,
            downtime_at_creation: accounts.config.downtime.seconds,
            publisher_since: 0,
            accepted_powers: powers,
            minimum_sponsorship: args.minimum_sponsorship,
            spare: [0; 18],
        });
        accounts.distributor.invariant(gross_budget, now)?;
        accounts.create_vault(ctx.bumps.vault)?;
        accounts.announce();
        Ok(())
    }

    fn announce(&self) {
        let Distributor { owner, publisher, guardian, mint, terms, .. } = **self.distributor;
        let Distributor { fee_basis_points, milestone, draw, accepted_powers, .. } = **self.distributor;
        emit!(DistributorCreated {
            distributor: self.distributor.key(),
            owner,
            publisher,
            guardian,
            mint,
            terms,
            fee_basis_points,
            milestone,
            draw,
            accepted_powers,
        });
    }

    /// What is paid, once the mint and its program are known to be payable.
    fn payable(&self) -> Result<PayableMint> {
        if self.mint.key() == NATIVE_SOL {
            ensure_same!(self.token_program.key(), NATIVE_SOL, TorqueError::TokenProgramInvalid);
            return Ok(PayableMint { decimals: NATIVE_SOL_DECIMALS, powers: Powers::NONE });
        }
        let is_token_program = TokenInterface::ids().contains(&self.token_program.key());
        ensure!(is_token_program, TorqueError::TokenProgramInvalid);
        PayableMint::read(&self.mint, self.token_program.key, &[self.owner.key()])
    }

    /// The distributor whose draws decide: itself, or the one that it follows as a prize. The creator is in that
    /// address, so that nobody else's draws can be named.
    fn draw(&self, args: &DistributorCreateArgs, is_unique: bool) -> Result<Pubkey> {
        let Some(id) = args.draw else { return Ok(self.distributor.key()) };
        ensure!(is_unique && args.kind == Kind::Raffle, TorqueError::DrawInvalid);
        let seeds = [SEED_DISTRIBUTOR, self.owner.key.as_ref(), &id.to_le_bytes()];
        Ok(Pubkey::find_program_address(&seeds, &crate::ID).0)
    }

    fn create_vault(&self, bump: u8) -> Result<()> {
        let distributor = self.distributor.key();
        let seeds: &[&[u8]] = &[SEED_VAULT, distributor.as_ref(), &[bump]];
        vault::create(&self.distributor, &self.vault, &self.owner, &self.mint, &self.token_program, seeds)
    }
}
