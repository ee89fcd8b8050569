//! Steps as instructions, each with what the model says of it.

use std::sync::Arc;

use crank::chain::address::DistributorAddresses;
use crank::chain::instruction::{self, ClaimedLeaf};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::memory;
use tests::world::FEE_BASIS_POINTS;

use super::epoch::Verdict;
use super::list::{List, WALLETS, told};
use super::operation::{Index, Leaf, Lie, ListKind, Operation, Person, Step, Target};
use super::stage::{Stage, TERMS};

/// An instruction, and what should become of it.
type Call = (Instruction, Verdict);

impl Stage {
    /// The instruction of a step, and the model's verdict, which the model has taken into account already.
    pub(super) fn call(&mut self, step: &Step) -> Call {
        let Step { which, operation, .. } = *step;
        let by = step.by.unwrap_or(operation.right_person());
        let actor = self.address_of(by);
        match operation {
            Operation::Post { index, list } => self.post(which, (by, actor), index, list),
            Operation::Repost { epoch, list } => self.repost(which, (by, actor), epoch, list),
            Operation::Claim { epoch, leaf, lie } => self.claim(which, epoch, leaf, lie),
            Operation::Push { epoch, first, level, lie } => self.push(which, epoch, (first, level), lie),
            other => self.simple_call(which, (by, actor), other),
        }
    }

    /// The instructions that need no list.
    fn simple_call(&mut self, which: usize, (by, actor): (Person, Pubkey), operation: Operation) -> Call {
        let publisher = self.world.publisher.pubkey();
        let (addresses, model) = (self.campaigns[which].addresses, &mut self.model);
        let owned = DistributorAddresses { owner: actor, ..addresses };
        match operation {
            Operation::Fund { amount } => {
                (instruction::distributor_fund(&owned, amount), model.fund(which, by, amount))
            }
            Operation::Extend { epoch } => {
                let index = model.distributors[which].number_of(epoch);
                let address = memory::epoch_address(&addresses.distributor, index);
                // Whoever pays needs lamports, which a wallet that is paid has not.
                (instruction::epoch_extend(self.world.stranger.pubkey(), address), model.extend(which, index))
            }
            Operation::Cancel { epoch } => {
                let index = model.distributors[which].number_of(epoch);
                let cancel = instruction::epoch_cancel(&addresses, actor, publisher, index);
                (cancel, model.cancel(which, by, index))
            }
            Operation::Skip => {
                let next = model.distributors[which].next_epoch;
                (instruction::epoch_skip(&addresses, actor, publisher, next), model.skip(which, by))
            }
            Operation::CloseEpoch { epoch } => {
                let index = model.distributors[which].number_of(epoch);
                (instruction::epoch_close(&addresses, publisher, index), model.close_epoch(which, index))
            }
            Operation::End => (instruction::distributor_end(&owned), model.end(which, by)),
            Operation::Pause { is_paused } => {
                let update = instruction::config_update(actor, self.world.treasury, FEE_BASIS_POINTS, is_paused);
                (update, model.pause(by, is_paused))
            }
            _ => {
                let close = instruction::distributor_close(&owned, &self.world.treasury);
                (close, model.close_distributor(which, by))
            }
        }
    }

    fn post(&mut self, which: usize, (by, actor): (Person, Pubkey), index: Index, kind: ListKind) -> Call {
        let next = self.model.distributors[which].next_epoch;
        let index = match index {
            Index::Next => next,
            Index::Previous => next.saturating_sub(1),
            Index::AfterNext => next + 1,
        };
        let addresses = &self.campaigns[which].addresses;
        let (list, total) = List::of_kind(addresses, index, kind, TERMS.epoch_budget);
        let payer = self.world.publisher.pubkey();
        let post = instruction::epoch_post(addresses, actor, payer, list.post_args(index, total));
        (post, self.model.post((which, by), index, &list, total))
    }

    fn repost(&mut self, which: usize, (by, actor): (Person, Pubkey), epoch: Target, kind: ListKind) -> Call {
        let index = self.model.distributors[which].number_of(epoch);
        let addresses = &self.campaigns[which].addresses;
        let (list, total) = List::of_kind(addresses, index, kind, TERMS.epoch_budget);
        let payer = self.world.publisher.pubkey();
        let repost = instruction::epoch_repost(addresses, actor, payer, payer, list.post_args(index, total));
        (repost, self.model.repost((which, by), index, &list, total))
    }

    fn claim(&mut self, which: usize, epoch: Target, leaf: Leaf, lie: Option<Lie>) -> Call {
        let epoch = self.model.distributors[which].number_of(epoch);
        let list = self.open_list(which, epoch);
        let index = match leaf {
            Leaf::Listed(place) => list.first + (place % list.payments.len()) as u32,
            Leaf::AfterLast => list.leaf_count,
        };
        let payment = told(list.payment(index).unwrap_or(list.payments[0]), lie);
        let path = if list.payment(index).is_some() { list.path(0, index) } else { Vec::new() };
        let claimed = ClaimedLeaf { epoch, index, amount: payment.amount, path };
        let addresses = &self.campaigns[which].addresses;
        let (destination, _) = memory::account_of(&addresses.asset, &payment.recipient);
        let claim = instruction::claim(addresses, payment.recipient, destination, claimed);
        (claim, self.model.claim(which, epoch, index, lie.is_some()))
    }

    fn push(&mut self, which: usize, epoch: Target, (first, level): (u32, u8), lie: Option<Lie>) -> Call {
        let epoch = self.model.distributors[which].number_of(epoch);
        let list = self.open_list(which, epoch);
        let (first, level) = if list.is_large() { (list.first, 0) } else { (first, level) };
        let block = first..first + (1 << level);
        let addresses = &self.campaigns[which].addresses;
        let (args, accounts) = list.push(&addresses.asset, block.clone(), lie);
        let push = instruction::push(addresses, epoch, args, &accounts);
        (push, self.model.push(which, epoch, block, lie.is_some()))
    }

    /// The list of an open epoch, or the one that a fool takes for it.
    fn open_list(&self, which: usize, epoch: u32) -> Arc<List> {
        let existing = self.model.distributors[which].epochs.get(&epoch).and_then(|epoch| epoch.list.clone());
        let addresses = &self.campaigns[which].addresses;
        existing.unwrap_or_else(|| List::of_kind(addresses, epoch, ListKind::Honest(3), TERMS.epoch_budget).0)
    }

    fn address_of(&self, person: Person) -> Pubkey {
        match person {
            Person::Admin => self.world.admin.pubkey(),
            Person::Owner => self.world.owner.pubkey(),
            Person::Publisher => self.world.publisher.pubkey(),
            Person::Guardian => self.world.guardian.pubkey(),
            Person::Stranger => self.world.stranger.pubkey(),
            Person::Wallet => WALLETS[0],
        }
    }
}
