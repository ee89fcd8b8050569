//! The model's raffles: the commitment, the slot that decides, and when the draw allows its epoch to be posted.

use crank_cluster::instruction::raffle;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use tests::raffles::SECRET;
use torque::constants::{MAX_RAFFLE_RENEWALS, RAFFLE_DELAY, RAFFLE_RENEWAL, RAFFLE_REVEAL_WINDOW};
use torque::error::TorqueError;
use torque::state::{RaffleStage, Role};

use super::epoch::{Refusal, Verdict, require};
use super::model::Model;
use super::operation::{Person, Secret};

/// Slots whose hashes are known.
const LISTED: u64 = 512;

/// The expected state of a raffle's account.
#[derive(Clone, Copy)]
pub(super) struct RaffleModel {
    pub(super) address: Pubkey,
    /// The most that its epoch may pay.
    pub(super) escrowed: u64,
    pub(super) target_slot: u64,
    pub(super) stage: RaffleStage,
    pub(super) deadline: i64,
    pub(super) renewals: u32,
    /// Whether the bounty was paid to who kept the hash.
    pub(super) is_bounty_paid: bool,
}

impl RaffleModel {
    /// The number by which an epoch records how it was drawn.
    pub(super) fn source(&self) -> u8 {
        match self.stage {
            RaffleStage::Revealed => 1,
            RaffleStage::Unrevealed => 2,
            RaffleStage::Committed | RaffleStage::Captured | RaffleStage::Failed => 0,
        }
    }

    fn draw(&mut self, secret: Option<Secret>, now: i64) -> Verdict {
        match self.stage {
            RaffleStage::Committed => return Err(Refusal::Ours(TorqueError::RaffleNotCaptured)),
            RaffleStage::Captured => {}
            RaffleStage::Revealed | RaffleStage::Unrevealed => {
                return Err(Refusal::Ours(TorqueError::RaffleAlreadyDrawn));
            }
            RaffleStage::Failed => return Err(Refusal::Ours(TorqueError::RaffleFailed)),
        }
        let is_late = self.deadline <= now;
        let Some(secret) = secret else {
            require(is_late, TorqueError::RaffleSecretAwaited)?;
            self.stage = RaffleStage::Unrevealed;
            return Ok(());
        };
        require(!is_late, TorqueError::RaffleSecretLate)?;
        require(secret == Secret::Right, TorqueError::RaffleSecretWrong)?;
        self.stage = RaffleStage::Revealed;
        Ok(())
    }

    /// Keeps the hash of the slot that decides, if it is known in `slot`, or waits for another if it was; after the
    /// last one for none.
    fn seek(&mut self, slot: u64, now: i64, is_paid: bool) -> Verdict {
        require(self.target_slot < slot, TorqueError::RaffleSlotAhead)?;
        let is_last = self.renewals == MAX_RAFFLE_RENEWALS;
        if slot - self.target_slot <= LISTED {
            self.stage = RaffleStage::Captured;
            self.deadline = if is_last { now } else { now + RAFFLE_REVEAL_WINDOW };
            self.is_bounty_paid = is_paid;
            return Ok(());
        }
        if is_last {
            self.stage = RaffleStage::Failed;
            return Ok(());
        }
        self.renewals += 1;
        while self.target_slot < slot + RAFFLE_DELAY {
            self.target_slot += RAFFLE_RENEWAL;
        }
        Ok(())
    }
}

impl Secret {
    pub(super) fn bytes(self) -> [u8; 32] {
        if self == Self::Right { SECRET } else { [6; 32] }
    }
}

impl Model {
    /// The raffle that a step is about: one of those that there are, counted round, first those that are not drawn; or
    /// that of the next epoch.
    pub(super) fn raffle_number(&self, which: usize, place: usize) -> u32 {
        let distributor = &self.distributors[which];
        let mut numbers: Vec<u32> = distributor.raffles.keys().copied().collect();
        numbers.sort_by_key(|number| distributor.raffles[number].source());
        numbers.get(place % numbers.len().max(1)).copied().unwrap_or(distributor.next_epoch)
    }

    pub(super) fn commit(
        &mut self,
        (which, by): (usize, Person),
        index: u32,
        (address, min_escrowed): (Pubkey, u64),
    ) -> Verdict {
        self.require_exists(which)?;
        if self.distributors[which].raffles.contains_key(&index) {
            return Err(Refusal::Others);
        }
        self.require_role(which, Role::Publisher, by)?;
        self.require_running(which)?;
        self.distributors[which].require_publisher_of(index, self.now)?;
        require(self.distributors[which].traits.is_raffle, TorqueError::RaffleKindMismatch)?;
        let budget = self.budget_to_draw(which, index)?;
        let (slot, distributor) = (self.slot, &mut self.distributors[which]);
        let escrowed = budget.min(distributor.funded - distributor.paid - distributor.reserved());
        require(escrowed >= min_escrowed.max(1), TorqueError::RaffleFundsMissing)?;
        let (target_slot, stage) = (slot + RAFFLE_DELAY, RaffleStage::Committed);
        let raffle =
            RaffleModel { address, escrowed, target_slot, stage, deadline: 0, renewals: 0, is_bounty_paid: false };
        distributor.raffles.insert(index, raffle);
        Ok(())
    }

    /// The budget of the epoch, if it is the next one or waits for a root.
    fn budget_to_draw(&mut self, which: usize, index: u32) -> Result<u64, Refusal> {
        if index >= self.distributors[which].next_epoch {
            self.require_next(which, index)?;
            return Ok(self.next_rules(which).0.budget);
        }
        let moment = self.moment(which);
        let Ok(epoch) = self.epoch(which, index) else { return Err(Refusal::Ours(TorqueError::EpochNotNext)) };
        require(epoch.list.is_none(), TorqueError::EpochNotVacant)?;
        require(moment.now < epoch.ends_at(moment.downtime), TorqueError::GraceOver)?;
        Ok(epoch.rules.budget)
    }

    pub(super) fn draw(&mut self, which: usize, index: u32, secret: Option<Secret>, is_paid: bool) -> Verdict {
        let (now, slot) = (self.now, self.slot);
        let raffle = self.distributors[which].raffles.get_mut(&index).ok_or(Refusal::Others)?;
        if secret.is_none() && raffle.stage == RaffleStage::Committed {
            return raffle.seek(slot, now, is_paid);
        }
        raffle.draw(secret, now)
    }

    pub(super) fn close_raffle(&mut self, which: usize, by: Person, index: u32) -> Verdict {
        let distributor = &mut self.distributors[which];
        distributor.raffles.get(&index).ok_or(Refusal::Others)?;
        require(by == Person::Publisher, TorqueError::RentPayerMismatch)?;
        let is_past = index < distributor.next_epoch && !distributor.epochs.contains_key(&index);
        require(distributor.is_closed || is_past, TorqueError::RaffleNotOver)?;
        distributor.raffles.remove(&index);
        Ok(())
    }

    /// Refuses unless a raffle has decided epoch `index`, which is to pay `total`. If the epoch has no raffle, the
    /// posting names that of another epoch.
    pub(super) fn require_drawn(&self, which: usize, index: u32, total: u64) -> Verdict {
        let distributor = &self.distributors[which];
        if !distributor.traits.is_raffle {
            return Ok(());
        }
        require(!distributor.raffles.is_empty(), TorqueError::RaffleMissing)?;
        let raffle = distributor.raffles.get(&index).ok_or(Refusal::Ours(TorqueError::RaffleMismatch))?;
        require(raffle.stage != RaffleStage::Failed, TorqueError::RaffleFailed)?;
        require(raffle.source() != 0, TorqueError::RaffleNotDrawn)?;
        require(total <= raffle.escrowed, TorqueError::RaffleFundsLate)
    }

    /// The posting of epoch `index` with its raffle, or with that of another epoch if it has none.
    pub(super) fn decided(&self, which: usize, index: u32, posting: Instruction) -> Instruction {
        let raffles = &self.distributors[which].raffles;
        match raffles.get(&index).or(raffles.values().next_back()) {
            Some(decider) => raffle::decided_by(posting, decider.address),
            None => posting,
        }
    }
}
