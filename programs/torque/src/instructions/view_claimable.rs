//! Tells what a wallet would get by `claim` now, or why nothing. Changes nothing: to be simulated, or called by another
//! program.
//!
//! It asks what `claim` asks, in the same order, and then what would stop the token program: a paused mint, one that
//! calls a program, a frozen or an emptied vault. It does not know the destination, which may be stopped too.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::extension_policy::{self, Stop};
use crate::merkle::{Hash, leaf_hash};
use crate::powers::Powers;
use crate::state::{Config, Distributor, Epoch, Mode, Outflow, layout};
use crate::token_account::TokenAccount;
use crate::transfer_fee;

/// Accounts of `view_claimable`.
#[derive(Accounts)]
pub struct ViewClaimable<'info> {
    /// Tells whether the protocol is paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that pays.
    #[account(
        has_one = vault @ TorqueError::VaultMismatch,
        has_one = mint @ TorqueError::MintMismatch,
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The epoch that owes the leaf.
    #[account(constraint = layout::read(&epoch)?.distributor == distributor.key() @ TorqueError::EpochMismatch)]
    pub epoch: AccountLoader<'info, Epoch>,
    /// CHECK: the distributor names it.
    pub vault: UncheckedAccount<'info>,
    /// CHECK: the distributor names it. Tells what a transfer costs.
    pub mint: UncheckedAccount<'info>,
}

/// What a claim would give.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClaimableView {
    /// Base units that the wallet would get now.
    pub amount: u64,
    /// Why there are none.
    pub obstacle: Option<ClaimObstacle>,
    /// What others, and the owner, may be able to do to the mint, as the creator accepted it. Until a leaf is paid they
    /// can stop or take it.
    pub accepted_powers: Powers,
}

/// Why a claim would be refused. Later ones are appended.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClaimObstacle {
    /// The protocol or the distributor is paused.
    Paused,
    /// The distributor pays by push: nobody has to claim.
    ModeIsPush,
    /// The epoch has no root, or has not opened yet.
    NotOpen,
    /// The claim window is over.
    WindowOver,
    /// The path does not lead from this leaf to the root: index, amount, wallet or path is wrong.
    ProofWrong,
    /// The path ends at a subtree's root that is not proven yet; the whole path would do.
    SubtreeNotProven,
    /// The account has to be grown by `epoch_extend` first.
    EpochIncomplete,
    /// It is paid, or was struck before the epoch opened.
    Settled,
    /// The other leaves have used up the epoch's total, which a true total never allows.
    TotalExceeded,
    /// So much may not leave yet; later it may.
    OutflowLimited,
    /// The mint's fee has risen, and what the epoch reserves is not enough to pay this leaf in full.
    ReserveExceeded,
    /// The mint's issuer has paused every transfer; payments go on when it resumes them.
    MintPaused,
    /// The mint's issuer lets every transfer call a program, which a vault does not; payments go on when it calls none.
    MintHooked,
    /// The mint's issuer has frozen the vault; payments go on when it thaws it.
    VaultFrozen,
    /// The mint's permanent delegate took so much that the vault cannot pay this leaf, unless somebody puts it back.
    VaultShort,
}

impl ViewClaimable<'_> {
    pub(crate) fn handler(
        ctx: &Context<Self>,
        index: u32,
        amount: u64,
        wallet: &Pubkey,
        path: &[Hash],
    ) -> Result<ClaimableView> {
        let accounts = &ctx.accounts;
        let obstacle = match accounts.claimable_gross(index, amount, wallet, path) {
            Ok(gross) => accounts.obstacle_of_issuer(gross)?,
            Err(error) => Some(ClaimObstacle::of(error)?),
        };
        let amount = if obstacle.is_none() { amount } else { 0 };
        Ok(ClaimableView { amount, obstacle, accepted_powers: accounts.distributor.accepted_powers })
    }

    /// What would stop a transfer of `gross` base units out of the vault, whatever its destination.
    fn obstacle_of_issuer(&self, gross: u64) -> Result<Option<ClaimObstacle>> {
        if self.distributor.is_native() {
            return Ok(None);
        }
        let stop = extension_policy::stop(&self.mint.try_borrow_data()?);
        let data = self.vault.try_borrow_data()?;
        let account = TokenAccount::read(&data).ok_or(TorqueError::VaultMismatch)?;
        Ok(match stop {
            Some(Stop::Paused) => Some(ClaimObstacle::MintPaused),
            Some(Stop::Hooked) => Some(ClaimObstacle::MintHooked),
            None if account.is_frozen => Some(ClaimObstacle::VaultFrozen),
            None => (account.amount < gross).then_some(ClaimObstacle::VaultShort),
        })
    }

    /// Base units that `claim` would take out of the vault, whose rules these are: it refuses as that would. What it
    /// would change is changed in copies only.
    fn claimable_gross(&self, index: u32, amount: u64, wallet: &Pubkey, path: &[Hash]) -> Result<u64> {
        self.distributor.require_running(&self.config)?;
        ensure!(self.distributor.mode == Mode::Claim, TorqueError::ModeIsPush);
        let gross = transfer_fee::gross(&transfer_fee::in_force(&self.mint.try_borrow_data()?)?, amount);
        let gross = gross.ok_or(TorqueError::ReserveExceeded)?;
        let account = self.epoch.to_account_info();
        let mut data = account.try_borrow_mut_data()?;
        let (epoch, mut marks) = Epoch::split(&mut data)?;
        let moment = self.distributor.moment(&self.config)?;
        epoch.require_open(moment)?;
        marks.require_node(leaf_hash(self.epoch.as_ref().key, index, wallet, amount), 0, index, path)?;
        ensure!(!marks.is_paid(index)?, TorqueError::LeafAlreadyPaid);
        let mut copy = *epoch;
        ensure!(copy.record_payment(amount, gross)?, TorqueError::ReserveExceeded);
        Outflow::at(moment.now, &self.distributor.limiter, epoch)?.take(gross)?;
        Ok(gross)
    }
}

impl ClaimObstacle {
    /// The obstacle behind `error`, or the error again if it is another.
    fn of(error: Error) -> Result<Self> {
        let Error::AnchorError(found) = &error else { return Err(error) };
        let is = |expected: TorqueError| found.error_code_number == u32::from(expected);
        let obstacles = [
            (TorqueError::Paused, Self::Paused),
            (TorqueError::DistributorPaused, Self::Paused),
            (TorqueError::ModeIsPush, Self::ModeIsPush),
            (TorqueError::EpochNotOpen, Self::NotOpen),
            (TorqueError::WindowOver, Self::WindowOver),
            (TorqueError::LeafIndexOutOfRange, Self::ProofWrong),
            (TorqueError::ProofLength, Self::ProofWrong),
            (TorqueError::ProofInvalid, Self::ProofWrong),
            (TorqueError::SubtreeNotProven, Self::SubtreeNotProven),
            (TorqueError::EpochIncomplete, Self::EpochIncomplete),
            (TorqueError::LeafAlreadyPaid, Self::Settled),
            (TorqueError::EpochTotalExceeded, Self::TotalExceeded),
            (TorqueError::OutflowLimited, Self::OutflowLimited),
            (TorqueError::ReserveExceeded, Self::ReserveExceeded),
        ];
        obstacles.into_iter().find(|(expected, _)| is(*expected)).map(|(_, obstacle)| obstacle).ok_or(error)
    }
}
