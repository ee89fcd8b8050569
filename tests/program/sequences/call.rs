//! Steps as instructions, each with the model's verdict.

use std::sync::Arc;

use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_cluster::instruction::{authority, raffle, settings, settlement};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::memory;
use torque::instructions::{DistributorUpdateArgs, LeafStrikeArgs, RaffleCommitArgs, SponsorArgs};

use super::epoch::{Rules, Verdict};
use super::list::{List, told};
use super::operation::{Change, Index, Leaf, Lie, ListKind, Operation, Person, Secret, Step, Target, Way};
use super::stage::{Stage, TERMS};

/// An instruction, and its expected result.
type Call = (Instruction, Verdict);
/// A leaf, and the wallet that is to get it.
type ClaimedTo = (Pubkey, ClaimedLeaf);

impl Stage {
    /// The instruction of a step, and the model's verdict, which the model has taken into account already.
    pub(super) fn call(&mut self, step: &Step) -> Call {
        let Step { which, mut operation, .. } = *step;
        if let Operation::Refund { sponsor, .. } = &mut operation {
            *sponsor = self.model.distributors[which].sponsor_or_first(*sponsor);
        }
        let by = step.by.unwrap_or(operation.right_person(&self.model.distributors[which]));
        let actor = self.address_of(by);
        match operation {
            Operation::Post { index, list } => self.post(which, (by, actor), index, list),
            Operation::Repost { epoch, list } => self.repost(which, (by, actor), epoch, list),
            Operation::Strike { epoch, leaf, lie } => self.strike(which, (by, actor), epoch, (leaf, lie)),
            Operation::Claim { epoch, leaf, lie } => self.claim(which, epoch, leaf, lie),
            Operation::Push { epoch, first, level, lie } => self.push(which, epoch, (first, level), lie),
            Operation::Sponsor { sponsor, number, amount, is_stale } => {
                self.sponsor(which, (by, actor), (sponsor, number), (amount, is_stale))
            }
            Operation::Refund { sponsor, way } => self.refund(which, (by, actor), sponsor, way),
            Operation::Update { change } => self.update(which, (by, actor), change),
            Operation::Commit { index, min_escrowed } => self.commit(which, (by, actor), index, min_escrowed),
            Operation::Draw { place, secret, is_paid } => self.draw(which, place, secret, is_paid),
            Operation::CloseRaffle { place } => self.close_raffle(which, (by, actor), place),
            other => self.simple_call(which, (by, actor), other),
        }
    }

    /// The instructions that need no list and no more accounts.
    fn simple_call(&mut self, which: usize, (by, actor): (Person, Pubkey), operation: Operation) -> Call {
        let publisher = self.world.publisher.pubkey();
        let to = self.address_of_successor(operation);
        let (addresses, model) = (self.cast.campaigns[which].addresses, &mut self.model);
        let owned = addresses.owned_by(actor);
        match operation {
            Operation::Fund { amount } => {
                (instruction::distributor_fund(&owned, amount), model.fund(which, by, amount))
            }
            Operation::CollectFee => (settlement::fee_collect(&addresses, &actor), model.collect_fee(which, by)),
            Operation::Extend { epoch } => {
                let index = model.number_of(which, epoch);
                let address = memory::epoch_address(&addresses.distributor, index);
                (instruction::epoch_extend(address), model.extend(which, index))
            }
            Operation::Cancel { epoch } => {
                let index = model.number_of(which, epoch);
                let cancel = instruction::epoch_cancel(&addresses, actor, publisher, index);
                (cancel, model.cancel(which, by, index))
            }
            Operation::Skip => {
                let next = model.distributors[which].next_epoch;
                (instruction::epoch_skip(&addresses, actor, publisher, next), model.skip(which, by))
            }
            Operation::CloseEpoch { epoch } => {
                let index = model.number_of(which, epoch);
                (instruction::epoch_close(&addresses, publisher, index), model.close_epoch(which, index))
            }
            Operation::End => (instruction::distributor_end(&owned), model.end(which, by)),
            Operation::PauseProtocol { .. } => (settings::pause(actor), model.pause(by)),
            Operation::UnpauseProtocol { is_stale } => {
                let since = model.pauses[usize::from(is_stale)];
                (settings::unpause(actor, since), model.unpause(by, since))
            }
            Operation::PauseDistributor => {
                (authority::distributor_pause(&addresses, actor), model.pause_distributor(which, by))
            }
            Operation::UnpauseDistributor => {
                (authority::distributor_unpause(&addresses, actor), model.unpause_distributor(which, by))
            }
            Operation::Report { total } => {
                (instruction::milestone_report(&addresses, actor, total), model.report(which, by, total))
            }
            Operation::Transfer { role, to: successor } => {
                (authority::role_transfer(&owned, role, to), model.transfer(which, by, role, successor))
            }
            Operation::Accept { role } => {
                (authority::role_accept(addresses.distributor, role, actor), model.accept(which, by, role))
            }
            Operation::CloseLink => {
                // The owner has paid the rent, whoever owns the distributor now.
                let (action, owner) = (self.cast.action, self.world.owner.pubkey());
                let close = authority::link_close(addresses.distributor, action, actor, owner);
                (close, model.close_link(which, by))
            }
            _ => {
                let close = instruction::distributor_close(&owned, &self.world.treasury);
                (close, model.close_distributor(which, by))
            }
        }
    }

    /// The key that a transfer names; the zero address withdraws an offer.
    fn address_of_successor(&self, operation: Operation) -> Pubkey {
        let Operation::Transfer { to: Some(to), .. } = operation else { return Pubkey::default() };
        self.address_of(to)
    }

    /// Funding by a sponsor. A wrong person uses the sponsor's account.
    fn sponsor(
        &mut self,
        which: usize,
        (by, actor): (Person, Pubkey),
        (sponsor, number): (usize, u32),
        (amount, is_stale): (u64, bool),
    ) -> Call {
        let wallet = self.address_of(Person::Sponsor(sponsor));
        let addresses = &self.cast.campaigns[which].addresses;
        let mut agreed = self.world.agreed_terms(addresses);
        agreed.epoch_budget += u64::from(is_stale);
        let args = SponsorArgs { number, agreed };
        let mut fund = instruction::distributor_sponsor(addresses, wallet, amount, args);
        fund.accounts[0].pubkey = actor;
        fund.accounts[4].pubkey = memory::account_of(&addresses.asset, &actor).0;
        (fund, self.model.sponsor(which, by, (sponsor, number), (amount, is_stale)))
    }

    /// The refund of a sponsor's first sponsorship. A wrong person signs, and claims that it is its own.
    fn refund(&mut self, which: usize, (by, actor): (Person, Pubkey), sponsor: usize, way: Way) -> Call {
        let addresses = &self.cast.campaigns[which].addresses;
        let wallet = self.address_of(Person::Sponsor(sponsor));
        let first = self.model.distributors[which].sponsorships[sponsor].first().map_or(0, |it| it.number);
        let mut refund = settlement::sponsor_refund(addresses, &wallet, first);
        refund.accounts[0].pubkey = actor;
        refund.accounts[0].is_signer = way == Way::Signed || actor != wallet;
        if way != Way::Own {
            refund.accounts[5].pubkey = memory::account_of(&addresses.asset, &self.address_of(Person::Stranger)).0;
        }
        (refund, self.model.refund(which, by, sponsor, way))
    }

    fn commit(&mut self, which: usize, (by, actor): (Person, Pubkey), index: Index, min_escrowed: u64) -> Call {
        let index = index.number(self.model.distributors[which].next_epoch);
        let (campaign, payer) = (&self.cast.campaigns[which], self.world.publisher.pubkey());
        let args = RaffleCommitArgs { min_escrowed, ..campaign.commit_args(index) };
        let commit = raffle::commit(campaign.addresses.distributor, actor, payer, args);
        (commit, self.model.commit((which, by), index, (campaign.raffle_address(index), min_escrowed)))
    }

    fn draw(&mut self, which: usize, place: usize, secret: Option<Secret>, is_paid: bool) -> Call {
        let index = self.model.raffle_number(which, place);
        let mut draw = raffle::draw(self.cast.campaigns[which].raffle_address(index), secret.map(Secret::bytes));
        if is_paid {
            draw.accounts[2] = AccountMeta::new(self.world.stranger.pubkey(), false);
        }
        (draw, self.model.draw(which, index, secret, is_paid))
    }

    fn close_raffle(&mut self, which: usize, (by, actor): (Person, Pubkey), place: usize) -> Call {
        let index = self.model.raffle_number(which, place);
        let close = raffle::close(self.cast.campaigns[which].addresses.distributor, index, actor);
        (close, self.model.close_raffle(which, by, index))
    }

    fn update(&mut self, which: usize, (by, actor): (Person, Pubkey), change: Change) -> Call {
        let Rules { budget, delay, window, limits } = change.rules;
        let epoch_count = self.model.distributors[which].epoch_count.saturating_add_signed(change.epochs_added);
        let args = DistributorUpdateArgs {
            epoch_budget: budget,
            activation_delay: delay,
            claim_window: window,
            epoch_count,
            limits,
        };
        let owned = self.cast.campaigns[which].addresses.owned_by(actor);
        (authority::distributor_update(&owned, args), self.model.update(which, by, change))
    }

    fn post(&mut self, which: usize, (by, actor): (Person, Pubkey), index: Index, kind: ListKind) -> Call {
        let next = self.model.distributors[which].next_epoch;
        let index = index.number(next);
        let addresses = &self.cast.campaigns[which].addresses;
        let (list, total) = List::of_kind(addresses, index, kind, TERMS.epoch_budget);
        let payer = self.world.publisher.pubkey();
        let post = instruction::epoch_post(addresses, actor, payer, list.post_args(index, total));
        let post = self.model.decided(which, index, post);
        (post, self.model.post((which, by), index, &list, total))
    }

    fn repost(&mut self, which: usize, (by, actor): (Person, Pubkey), epoch: Target, kind: ListKind) -> Call {
        let index = self.model.number_of(which, epoch);
        let addresses = &self.cast.campaigns[which].addresses;
        let (list, total) = List::of_kind(addresses, index, kind, TERMS.epoch_budget);
        let payer = self.world.publisher.pubkey();
        let repost = instruction::epoch_repost(addresses, actor, payer, payer, list.post_args(index, total));
        let repost = self.model.decided(which, index, repost);
        (repost, self.model.repost((which, by), index, &list, total))
    }

    /// A leaf as a call states it: its number, recipient, amount and path.
    fn tell(&self, which: usize, epoch: u32, leaf: Leaf, lie: Option<Lie>) -> ClaimedTo {
        let list = self.open_list(which, epoch);
        let index = match leaf {
            Leaf::Listed(place) => list.first + (place % list.payments.len()) as u32,
            Leaf::AfterLast => list.leaf_count,
        };
        let payment = told(list.payment(index).unwrap_or(list.payments[0]), lie);
        let path = if list.payment(index).is_some() { list.path(0, index) } else { Vec::new() };
        (payment.recipient, ClaimedLeaf { epoch, index, amount: payment.amount, path })
    }

    fn claim(&mut self, which: usize, epoch: Target, leaf: Leaf, lie: Option<Lie>) -> Call {
        let epoch = self.model.number_of(which, epoch);
        let (recipient, claimed) = self.tell(which, epoch, leaf, lie);
        let (addresses, index) = (&self.cast.campaigns[which].addresses, claimed.index);
        let (destination, _) = memory::account_of(&addresses.asset, &recipient);
        let claim = instruction::claim(addresses, recipient, destination, claimed);
        (claim, self.model.claim(which, epoch, index, lie.is_some()))
    }

    fn strike(
        &mut self,
        which: usize,
        (by, actor): (Person, Pubkey),
        epoch: Target,
        (leaf, lie): (Leaf, Option<Lie>),
    ) -> Call {
        let epoch = self.model.number_of(which, epoch);
        let (recipient, ClaimedLeaf { index, amount, path, .. }) = self.tell(which, epoch, leaf, lie);
        let args = LeafStrikeArgs { index, recipient, amount, path, reason: 1, evidence_hash: [3; 32] };
        let strike = authority::leaf_strike(&self.cast.campaigns[which].addresses, actor, epoch, args);
        (strike, self.model.strike((which, by), epoch, index, lie.is_some()))
    }

    fn push(&mut self, which: usize, epoch: Target, (first, level): (u32, u8), lie: Option<Lie>) -> Call {
        let epoch = self.model.number_of(which, epoch);
        let list = self.open_list(which, epoch);
        let (first, level) = if list.is_large() { (list.first, 0) } else { (first, level) };
        let block = first..first + (1 << level);
        let addresses = &self.cast.campaigns[which].addresses;
        let (args, accounts) = list.push(&addresses.asset, block.clone(), lie);
        let push = instruction::push(addresses, epoch, args, &accounts);
        (push, self.model.push(which, epoch, block, lie.is_some()))
    }

    /// The list of an open epoch, or a wrong list in its place.
    fn open_list(&self, which: usize, epoch: u32) -> Arc<List> {
        let existing = self.model.distributors[which].epochs.get(&epoch).and_then(|epoch| epoch.list.clone());
        let addresses = &self.cast.campaigns[which].addresses;
        existing.unwrap_or_else(|| List::of_kind(addresses, epoch, ListKind::Honest(3), TERMS.epoch_budget).0)
    }
}
