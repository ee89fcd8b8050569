//! Posts the root of an epoch that has ended, and reserves what it owes.

use std::io::{ErrorKind, Read};

use anchor_lang::prelude::*;

use crate::announced::read_bytes;
use crate::constants::{MAX_ANNOUNCED_URI_LEN, MAX_BUNDLE_URI_LEN, SEED_EPOCH};
use crate::error::TorqueError;
use crate::events::EpochPosted;
use crate::merkle::Hash;
use crate::rent;
use crate::state::{Config, Distributor, Epoch, Raffle};
use crate::transfer_fee;

/// What an epoch owes.
#[derive(AnchorSerialize, Clone, Debug)]
pub struct EpochPostArgs {
    /// Which epoch; the next one.
    pub index: u32,
    /// The root of its allocations.
    pub root: [u8; 32],
    /// How many allocations there are.
    pub leaf_count: u32,
    /// Their sum in base units.
    pub total: u64,
    /// SHA-256 of the bundle's manifest.
    pub manifest_hash: [u8; 32],
    /// Where the bundle is: 1 to 128 printable ASCII characters without a space. It is logged and not stored, since the
    /// hash already says which bundle it must be.
    pub bundle_uri: String,
}

impl AnchorDeserialize for EpochPostArgs {
    fn deserialize_reader<R: Read>(reader: &mut R) -> std::io::Result<Self> {
        Ok(Self {
            index: AnchorDeserialize::deserialize_reader(reader)?,
            root: AnchorDeserialize::deserialize_reader(reader)?,
            leaf_count: AnchorDeserialize::deserialize_reader(reader)?,
            total: AnchorDeserialize::deserialize_reader(reader)?,
            manifest_hash: AnchorDeserialize::deserialize_reader(reader)?,
            bundle_uri: String::from_utf8(read_bytes(reader, MAX_ANNOUNCED_URI_LEN)?)
                .map_err(|_| ErrorKind::InvalidData)?,
        })
    }
}

impl EpochPostArgs {
    /// Refuses a root that nobody could check: one whose bundle has no hash, or no place to be downloaded from.
    ///
    /// # Errors
    /// `ManifestHashZero`, `BundleUriEmpty`, `BundleUriTooLong`, `BundleUriNotPrintable`.
    pub fn require_explained(&self) -> Result<()> {
        ensure!(self.manifest_hash != Hash::default(), TorqueError::ManifestHashZero);
        ensure!(!self.bundle_uri.is_empty(), TorqueError::BundleUriEmpty);
        ensure!(self.bundle_uri.len() <= MAX_BUNDLE_URI_LEN, TorqueError::BundleUriTooLong);
        // Watchers print it, so it must not contain what a terminal or a log would act on.
        ensure!(self.bundle_uri.bytes().all(|byte| byte.is_ascii_graphic()), TorqueError::BundleUriNotPrintable);
        Ok(())
    }
}

/// Accounts of `epoch_post`.
#[derive(Accounts)]
#[instruction(args: EpochPostArgs)]
pub struct EpochPost<'info> {
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
    /// The epoch to create; a large one grows afterwards by `epoch_extend`.
    #[account(
        init, payer = payer, space = Epoch::initial_size(args.leaf_count),
        seeds = [SEED_EPOCH, distributor.key().as_ref(), &args.index.to_le_bytes()], bump
    )]
    pub epoch: AccountLoader<'info, Epoch>,
    /// CHECK: tells what moving it costs; the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// Creates the account.
    pub system_program: Program<'info, System>,
    /// Of a raffle: the drawn raffle that decides it.
    pub raffle: Option<Box<Account<'info, Raffle>>>,
}

impl EpochPost<'_> {
    pub(crate) fn handler(ctx: Context<Self>, args: EpochPostArgs) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        distributor.require_running(&ctx.accounts.config)?;
        let moment = distributor.moment(&ctx.accounts.config)?;
        distributor.require_next(args.index, moment.now, moment.downtime)?;
        distributor.require_publisher_of(args.index, moment.now)?;
        distributor.open_next(moment.now)?;
        let terms = distributor.terms_of_epoch();
        let fee = transfer_fee::dearest(&ctx.accounts.mint)?;
        let reserved = transfer_fee::reservation(&fee, args.total, args.leaf_count)?;
        distributor.reserve(args.total, reserved, terms.budget)?;
        distributor.require_room(args.index, moment.now)?;
        let rent_payer = ctx.accounts.payer.key();
        let mut epoch = Epoch::vacant(distributor.key(), args.index, ctx.bumps.epoch, rent_payer, terms, moment);
        epoch.post(&args, reserved, moment)?;
        Raffle::stamp(ctx.accounts.raffle.as_deref().map(|raffle| &**raffle), distributor, &mut epoch)?;
        *ctx.accounts.epoch.load_init()? = epoch;
        rent::top_up(ctx.accounts.epoch.as_ref(), &ctx.accounts.payer, Epoch::full_rent(args.leaf_count)?)?;
        emit!(EpochPosted::of(ctx.accounts.epoch.key(), &epoch, args.bundle_uri));
        Ok(())
    }
}
