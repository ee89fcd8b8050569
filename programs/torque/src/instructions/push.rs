//! Pays an aligned block of leaves, each to its own wallet, behind one path. Anybody may: it is owed.
//!
//! No recipient can stop the others. A leaf that cannot be paid now is skipped and reported; only a block that is not
//! what the root says is refused as a whole.

use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::extension::transfer_fee::TransferFee;
use pinocchio::AccountView;

use crate::arguments::Arguments;
use crate::constants::MAX_BLOCK_LEVEL;
use crate::error::TorqueError;
use crate::events::{self, Pushed, SkipReason, Skipped};
use crate::merkle::{Hash, LeafHasher, fold};
use crate::paying_vault::{self, PayingVault, Payment};
use crate::recipient::Recipient;
use crate::state::{Block, Config, Distributor, Epoch, EpochMarks, Mode, Moment, Outflow, in_place};
use crate::token_account::AssociatedAddresses;
use crate::transfer_fee;
use crate::varint;

/// Accounts of a push besides those of its leaves.
const FIXED_ACCOUNTS: usize = 6;
/// The most accounts that a push takes.
pub const MAX_PUSH_ACCOUNTS: usize = FIXED_ACCOUNTS + (1 << MAX_BLOCK_LEVEL);

/// A block of leaves, packed to fit a transaction.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug)]
pub struct PushArgs {
    /// The first leaf: a multiple of 2^level.
    pub first_index: u32,
    /// The block has 2^level leaves, or as many as the epoch has left.
    pub level: u8,
    /// Bit `i`: leaf `first_index + i` has no account among the remaining accounts, but its wallet in `wallets`.
    pub absent: u32,
    /// The leaves' amounts in base units, each an unsigned LEB128.
    pub amounts: Vec<u8>,
    /// The bump of each associated token account passed; none for SOL.
    pub bumps: Vec<u8>,
    /// The wallets of the absent leaves.
    pub wallets: Vec<Pubkey>,
    /// The path from the block's node to the root, or to the root of its subtree if that is proven.
    pub path: Vec<[u8; 32]>,
    /// Whether all transfers are made by one call of SPL Token, which not every cluster's knows (SIMD-0266).
    pub is_batched: bool,
}

/// Accounts of `push`; the remaining ones are, for each leaf that is not absent, the account to credit.
#[derive(Accounts)]
pub struct Push<'info> {
    /// Tells whether the protocol is paused, and for how long it has been.
    pub config: Account<'info, Config>,
    /// The distributor that pays. The handler compares what it names.
    #[account(mut)]
    pub distributor: Account<'info, Distributor>,
    /// The epoch that owes the leaves. The handler asks whose it is.
    #[account(mut)]
    pub epoch: AccountLoader<'info, Epoch>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub token_program: UncheckedAccount<'info>,
}

/// [`PushArgs`] where they lie in the instruction.
struct PackedBlock<'a> {
    first_index: u32,
    level: u8,
    absent: u32,
    amounts: &'a [u8],
    bumps: &'a [u8],
    wallets: &'a [Hash],
    path: &'a [Hash],
    is_batched: bool,
}

/// What becomes of a leaf of the block.
struct Leaf {
    /// Base units that the leaf promises.
    amount: u64,
    /// Base units that leave the vault for it.
    gross: u64,
    /// The account to credit, or why there is none.
    account: std::result::Result<AccountView, SkipReason>,
}

impl Push<'_> {
    /// Pays what can be paid of a block, after it has marked it.
    ///
    /// # Errors
    /// Those that the checks below name, and those of the token program.
    pub fn handler(accounts: &mut [AccountView], arguments: Arguments<'_>) -> Result<()> {
        let block = PackedBlock::read(arguments)?;
        let Some((&mut accounts, recipients)) = accounts.split_first_chunk_mut::<FIXED_ACCOUNTS>() else {
            return refuse!(ErrorCode::AccountNotEnoughKeys);
        };
        let [config, mut distributor, mut epoch, vault, mint, token_program] = accounts;
        in_place::require::<Config>(&config, "config")?;
        in_place::require::<Distributor>(&distributor, "distributor")?;
        in_place::require::<Epoch>(&epoch, "epoch")?;
        in_place::require_writable(&distributor, "distributor")?;
        in_place::require_writable(&epoch, "epoch")?;
        in_place::require_writable(&vault, "vault")?;

        let (authority, config) = (distributor, config.try_borrow()?);
        let mut distributor = distributor.try_borrow_mut()?;
        let distributor: &mut Distributor = in_place::read_mut(&mut distributor, "distributor")?;
        distributor.require_accounts(vault.address(), mint.address(), token_program.address())?;
        let moment = distributor.running_moment(in_place::read::<Config>(&config, "config")?)?;
        ensure!(distributor.mode == Mode::Push, TorqueError::ModeIsClaim);
        let can_batch = distributor.token_program == anchor_spl::token::ID;
        ensure!(can_batch || !block.is_batched, TorqueError::BatchUnsupported);

        let epoch_address = *epoch.address();
        let mut epoch = epoch.try_borrow_mut()?;
        let (epoch, mut marks) = Epoch::split(&mut epoch)?;
        ensure_same!(epoch.distributor, *authority.address(), TorqueError::EpochMismatch);
        let fee = transfer_fee::in_force(&mint.try_borrow()?)?;
        let hasher = LeafHasher::new(&epoch_address);
        let (mut leaves, node) = block.read_leaves(epoch.leaf_count, distributor, &fee, hasher, recipients)?;
        refuse_dust(distributor, &vault, &mut leaves)?;
        epoch.require_open(moment)?;
        marks.require_node(node, block.level, block.first_index >> block.level, block.path)?;
        let available = paying_vault::available(distributor, &vault)?;
        let sums = mark(block.first_index, &mut leaves, distributor, moment, epoch, &mut marks, available)?;
        // Before the transfers, whose own lines would cut it off: a log has 10,000 bytes, and a transfer takes 200.
        report(*authority.address(), epoch_address, block.first_index, sums, &leaves)?;
        let mut vault = PayingVault { distributor, authority, account: vault, mint, token_program };
        pay(&mut vault, &leaves, block.is_batched)
    }
}

impl<'a> PackedBlock<'a> {
    fn read(mut arguments: Arguments<'a>) -> Result<Self> {
        Ok(Self {
            first_index: arguments.u32()?,
            level: arguments.u8()?,
            absent: arguments.u32()?,
            amounts: arguments.bytes()?,
            bumps: arguments.bytes()?,
            wallets: arguments.hashes()?,
            path: arguments.hashes()?,
            is_batched: arguments.bool()?,
        })
    }

    /// Puts amounts, wallets and accounts together, exactly one of each for a leaf. Returns the leaves and the node
    /// that is above them all.
    ///
    /// It is not inlined, since its loop needs all registers for itself; nor are the two other loops.
    #[inline(never)]
    fn read_leaves(
        &self,
        leaf_count: u32,
        distributor: &Distributor,
        fee: &TransferFee,
        mut hasher: LeafHasher,
        accounts: &[AccountView],
    ) -> Result<(Vec<Leaf>, Hash)> {
        let len = Block::at(self.first_index, self.level, leaf_count)?.len;
        // A shift by all 32 bits leaves nothing, as it should, and the operator `>>` would refuse to do it.
        ensure!(self.absent.checked_shr(len).unwrap_or(0) == 0, TorqueError::BlockEncoding);
        let (mut amounts, mut bumps) = (self.amounts, self.bumps.iter());
        let (mut wallets, mut accounts) = (self.wallets.iter(), accounts.iter());
        let is_native = distributor.is_native();
        let mut addresses = AssociatedAddresses::of(&distributor.token_program, &distributor.mint);
        let (mut leaves, mut hashes) = (Vec::with_capacity(len as usize), Vec::with_capacity(len as usize));
        for place in 0..len {
            let index = self.first_index.checked_add(place).ok_or(TorqueError::ArithmeticOverflow)?;
            let amount = varint::read(&mut amounts)?;
            let recipient = if self.absent & (1 << place) != 0 {
                Recipient::absent(Pubkey::from(*wallets.next().ok_or(TorqueError::BlockEncoding)?))
            } else {
                let account = *accounts.next().ok_or(TorqueError::BlockEncoding)?;
                if is_native {
                    Recipient::of_lamports(account)
                } else {
                    let bump = *bumps.next().ok_or(TorqueError::BlockEncoding)?;
                    Recipient::of_tokens(account, bump, &mut addresses, distributor)?
                }
            };
            hashes.push(hasher.hash(index, &recipient.wallet, amount));
            let gross = transfer_fee::gross(fee, amount);
            // No amount that can be sent is enough, and none is reserved.
            let account = if gross.is_some() {
                recipient.account
            } else {
                recipient.account.and(Err(SkipReason::ReserveExceeded))
            };
            leaves.push(Leaf { amount, gross: gross.unwrap_or_default(), account });
        }
        let is_used_up = amounts.is_empty() && bumps.len() == 0 && wallets.len() == 0 && accounts.len() == 0;
        ensure!(is_used_up, TorqueError::BlockEncoding);
        Ok((leaves, fold(&mut hashes).ok_or(TorqueError::BlockEncoding)?))
    }
}

/// Skips a SOL payment that would leave its account below the rent-exempt minimum: the runtime would refuse it, and
/// with it the whole transaction.
fn refuse_dust(distributor: &Distributor, vault: &AccountView, leaves: &mut [Leaf]) -> Result<()> {
    if !distributor.is_native() {
        return Ok(());
    }
    let rent = Rent::get()?;
    for leaf in leaves {
        let Ok(account) = leaf.account else { continue };
        let balance = account.lamports().saturating_add(leaf.amount);
        if account.address() == vault.address() {
            leaf.account = Err(SkipReason::NotCreditable);
        } else if balance < rent.minimum_balance(account.data_len()) {
            leaf.account = Err(SkipReason::BelowRentExemption);
        }
    }
    Ok(())
}

/// Marks every leaf that is going to be paid, in a block that is proven, and takes it out of the limiter. Returns what
/// the leaves come to, and what that takes from the vault, which has `available` base units.
///
/// While money is missing, leaves are paid in full as long as it lasts: to halt would pay nobody.
#[inline(never)]
fn mark(
    first_index: u32,
    leaves: &mut [Leaf],
    distributor: &mut Distributor,
    moment: Moment,
    epoch: &mut Epoch,
    marks: &mut EpochMarks<'_>,
    mut available: u64,
) -> Result<(u64, u64)> {
    let mut outflow = Outflow::at(moment.now, &distributor.limiter, epoch)?;
    let before = (epoch.paid_total, epoch.spent);
    for (leaf, index) in leaves.iter_mut().zip(first_index..) {
        let mark = marks.mark(index)?;
        if mark.is_set() {
            leaf.account = Err(SkipReason::AlreadyPaid);
        }
        if leaf.account.is_err() {
            continue;
        }
        if !outflow.admits(leaf.gross) {
            leaf.account = Err(SkipReason::OutflowLimited);
        } else if leaf.gross > available {
            leaf.account = Err(SkipReason::VaultShort);
        } else if epoch.record_payment(leaf.amount, leaf.gross)? {
            outflow.take_admitted(leaf.gross)?;
            available = available.saturating_sub(leaf.gross);
            mark.set()?;
        } else {
            leaf.account = Err(SkipReason::ReserveExceeded);
        }
    }
    outflow.keep(&mut distributor.limiter, epoch);
    Ok((epoch.paid_total.saturating_sub(before.0), epoch.spent.saturating_sub(before.1)))
}

fn pay(vault: &mut PayingVault<'_>, leaves: &[Leaf], is_batched: bool) -> Result<()> {
    let payments = leaves.iter().filter_map(|Leaf { amount, gross, account }| {
        Some(Payment { destination: account.as_ref().ok()?, net: *amount, gross: *gross })
    });
    if is_batched {
        vault.pay_batched(leaves.len(), payments);
        return Ok(());
    }
    vault.pay_each(payments)
}

fn report(
    distributor: Pubkey,
    epoch: Pubkey,
    first_index: u32,
    (amount, spent): (u64, u64),
    leaves: &[Leaf],
) -> Result<()> {
    let mut paid = 0_u32;
    let mut skipped = Vec::new();
    for ((place, leaf), index) in leaves.iter().enumerate().zip(first_index..) {
        match leaf.account {
            Ok(_) => paid |= 1 << place,
            Err(reason) => skipped.push(Skipped { index, reason }),
        }
    }
    events::log(&Pushed { distributor, epoch, first_index, paid, amount, spent, skipped })
}
