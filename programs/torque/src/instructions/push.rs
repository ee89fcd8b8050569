//! Pays an aligned block of leaves, each to its own wallet, behind one path. Anybody may: it is owed.
//!
//! No recipient can stop the others. A leaf that cannot be paid now is skipped and reported; only a block that is not
//! what the root says is refused as a whole.

use std::io::Read;

use anchor_lang::prelude::*;

use crate::announced::read_bytes;
use crate::constants::MAX_BLOCK_LEVEL;
use crate::error::TorqueError;
use crate::events::{self, Pushed, SkipReason, Skipped};
use crate::merkle::{Hash, fold, leaf_hash};
use crate::recipient::Recipient;
use crate::state::{Block, Config, Distributor, Epoch, EpochMarks, Limiter, Mode, Moment, Outflow, layout};
use crate::transfer_fee;
use crate::varint;
use crate::vault::{Payment, Vault};

/// The most bytes of a block's amounts.
const MAX_AMOUNTS_LEN: u32 = varint::MAX_LEN << MAX_BLOCK_LEVEL;

/// A block of leaves, packed to fit a transaction.
#[derive(AnchorSerialize, Clone, Debug)]
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

impl AnchorDeserialize for PushArgs {
    fn deserialize_reader<R: Read>(reader: &mut R) -> std::io::Result<Self> {
        Ok(Self {
            first_index: AnchorDeserialize::deserialize_reader(reader)?,
            level: AnchorDeserialize::deserialize_reader(reader)?,
            absent: AnchorDeserialize::deserialize_reader(reader)?,
            amounts: read_bytes(reader, MAX_AMOUNTS_LEN)?,
            bumps: read_bytes(reader, MAX_AMOUNTS_LEN)?,
            wallets: AnchorDeserialize::deserialize_reader(reader)?,
            path: AnchorDeserialize::deserialize_reader(reader)?,
            is_batched: AnchorDeserialize::deserialize_reader(reader)?,
        })
    }
}

/// Accounts of `push`; the remaining ones are, for each leaf that is not absent, the account to credit.
#[derive(Accounts)]
pub struct Push<'info> {
    /// Tells whether the protocol is paused, and for how long it has been.
    pub config: AccountLoader<'info, Config>,
    /// The distributor that pays. The handler compares what it names.
    #[account(mut)]
    pub distributor: AccountLoader<'info, Distributor>,
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

/// A leaf of the block and what becomes of it.
struct Leaf<'info> {
    index: u32,
    amount: u64,
    gross: Option<u64>,
    recipient: Recipient<'info>,
}

impl<'info> Push<'info> {
    pub(crate) fn handler(ctx: Context<'info, Self>, args: &PushArgs) -> Result<()> {
        let accounts = ctx.accounts;
        let distributor = Box::new(*layout::read(&accounts.distributor)?);
        distributor.require_accounts(accounts.vault.key, accounts.mint.key, accounts.token_program.key)?;
        let moment = distributor.running_moment(&*layout::read(&accounts.config)?)?;
        require!(distributor.mode == Mode::Push, TorqueError::ModeIsClaim);
        let can_batch = distributor.token_program == anchor_spl::token::ID;
        require!(can_batch || !args.is_batched, TorqueError::BatchUnsupported);
        let mut leaves = accounts.read_leaves(&distributor, args, ctx.remaining_accounts)?;
        accounts.refuse_dust(&distributor, &mut leaves)?;
        let (limiter, sums) = accounts.mark(&distributor, moment, args, &mut leaves)?;
        accounts.distributor.load_mut()?.limiter = limiter;
        // Before the transfers, whose own lines would cut it off: a log has 10,000 bytes, and a transfer takes 200.
        accounts.report(args.first_index, sums, &leaves)?;
        accounts.pay(&distributor, &leaves, args.is_batched)
    }

    /// Puts amounts, wallets and accounts together, exactly one of each for a leaf.
    fn read_leaves(
        &self,
        distributor: &Distributor,
        args: &PushArgs,
        accounts: &'info [AccountInfo<'info>],
    ) -> Result<Vec<Leaf<'info>>> {
        let block = {
            let epoch = layout::read(&self.epoch)?;
            require_keys_eq!(epoch.distributor, self.distributor.key(), TorqueError::EpochMismatch);
            Block::at(args.first_index, args.level, epoch.leaf_count)?
        };
        // A shift by all 32 bits leaves nothing, as it should, and the operator `>>` would refuse to do it.
        require!(args.absent.checked_shr(block.len).unwrap_or(0) == 0, TorqueError::BlockEncoding);
        let (mut amounts, mut bumps) = (&args.amounts[..], args.bumps.iter());
        let (mut wallets, mut accounts) = (args.wallets.iter(), accounts.iter());
        let fee = transfer_fee::in_force(&self.mint)?;
        let mut leaves = Vec::with_capacity(block.len as usize);
        for place in 0..block.len {
            let index = args.first_index.checked_add(place).ok_or(TorqueError::ArithmeticOverflow)?;
            let amount = varint::read(&mut amounts)?;
            let recipient = if args.absent & (1 << place) != 0 {
                Recipient::absent(*wallets.next().ok_or(TorqueError::BlockEncoding)?)
            } else {
                let account = accounts.next().ok_or(TorqueError::BlockEncoding)?;
                if distributor.is_native() {
                    Recipient::of_lamports(account)
                } else {
                    let bump = bumps.next().ok_or(TorqueError::BlockEncoding)?;
                    Recipient::of_tokens(account, *bump, distributor)?
                }
            };
            leaves.push(Leaf { index, amount, gross: transfer_fee::gross(&fee, amount), recipient });
        }
        let is_used_up = amounts.is_empty() && bumps.len() == 0 && wallets.len() == 0 && accounts.len() == 0;
        require!(is_used_up, TorqueError::BlockEncoding);
        Ok(leaves)
    }

    /// Skips a SOL payment that would leave its account below the rent-exempt minimum: the runtime would refuse it,
    /// and with it the whole transaction.
    fn refuse_dust(&self, distributor: &Distributor, leaves: &mut [Leaf<'info>]) -> Result<()> {
        if !distributor.is_native() {
            return Ok(());
        }
        let rent = Rent::get()?;
        for leaf in leaves {
            let Ok(account) = leaf.recipient.account else { continue };
            let balance = account.lamports().saturating_add(leaf.amount);
            if account.key() == self.vault.key() {
                leaf.recipient.account = Err(SkipReason::NotCreditable);
            } else if balance < rent.minimum_balance(account.data_len()) {
                leaf.recipient.account = Err(SkipReason::BelowRentExemption);
            }
        }
        Ok(())
    }

    /// Proves the block, then marks every leaf that is going to be paid. Returns the distributor's limiter afterwards,
    /// what the leaves come to, and what that takes from the vault.
    fn mark(
        &self,
        distributor: &Distributor,
        moment: Moment,
        args: &PushArgs,
        leaves: &mut [Leaf<'info>],
    ) -> Result<(Limiter, (u64, u64))> {
        let account = self.epoch.as_ref();
        let mut data = account.try_borrow_mut_data()?;
        let (epoch, mut marks) = Epoch::split(&mut data)?;
        epoch.require_open(moment)?;
        self.prove(args, leaves, &mut marks)?;
        // While money is missing, leaves are paid in full as long as it lasts: to halt would pay nobody.
        let mut available = self.vault(distributor).available()?;
        let mut limiter = distributor.limiter;
        let mut outflow = Outflow::at(moment.now, &limiter, epoch)?;
        let (mut total, mut spent) = (0_u64, 0_u64);
        for leaf in leaves {
            if marks.is_paid(leaf.index)? {
                leaf.recipient.account = Err(SkipReason::AlreadyPaid);
            }
            if leaf.recipient.account.is_err() {
                continue;
            }
            match leaf.gross {
                Some(gross) if !outflow.admits(gross) => leaf.recipient.account = Err(SkipReason::OutflowLimited),
                Some(gross) if gross > available => leaf.recipient.account = Err(SkipReason::VaultShort),
                Some(gross) if epoch.record_payment(leaf.amount, gross)? => {
                    outflow.take(gross)?;
                    available = available.saturating_sub(gross);
                    marks.set_paid(leaf.index)?;
                    total = total.checked_add(leaf.amount).ok_or(TorqueError::ArithmeticOverflow)?;
                    spent = spent.checked_add(gross).ok_or(TorqueError::ArithmeticOverflow)?;
                }
                _ => leaf.recipient.account = Err(SkipReason::ReserveExceeded),
            }
        }
        outflow.keep(&mut limiter, epoch);
        Ok((limiter, (total, spent)))
    }

    fn prove(&self, args: &PushArgs, leaves: &[Leaf<'info>], marks: &mut EpochMarks<'_>) -> Result<()> {
        let epoch = self.epoch.as_ref().key;
        let mut hashes: Vec<Hash> =
            leaves.iter().map(|leaf| leaf_hash(epoch, leaf.index, &leaf.recipient.wallet, leaf.amount)).collect();
        let node = fold(&mut hashes).ok_or(TorqueError::BlockEncoding)?;
        marks.require_node(node, args.level, args.first_index >> args.level, &args.path)
    }

    fn vault<'a>(&'a self, distributor: &'a Distributor) -> Vault<'a, 'info> {
        Vault {
            distributor,
            authority: self.distributor.as_ref(),
            account: &self.vault,
            mint: &self.mint,
            token_program: &self.token_program,
        }
    }

    fn pay(&self, distributor: &Distributor, leaves: &[Leaf<'info>], is_batched: bool) -> Result<()> {
        let payments = leaves.iter().filter_map(|leaf| {
            Some(Payment { destination: leaf.recipient.account.ok()?, net: leaf.amount, gross: leaf.gross? })
        });
        let vault = self.vault(distributor);
        if is_batched { vault.pay_batched(&payments.collect::<Vec<_>>()) } else { vault.pay_each(payments) }
    }

    fn report(&self, first_index: u32, (amount, spent): (u64, u64), leaves: &[Leaf<'info>]) -> Result<()> {
        let mut paid = 0_u32;
        let mut skipped = Vec::new();
        for (place, leaf) in leaves.iter().enumerate() {
            match leaf.recipient.account {
                Ok(_) => paid |= 1 << place,
                Err(reason) => skipped.push(Skipped { index: leaf.index, reason }),
            }
        }
        events::log(&Pushed {
            distributor: self.distributor.key(),
            epoch: self.epoch.key(),
            first_index,
            paid,
            amount,
            spent,
            skipped,
        })
    }
}
