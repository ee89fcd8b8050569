//! The worlds in which sequences play: each step becomes an instruction, the model predicts its result, and the two are
//! compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use crank_cluster::address::{self, DistributorAddresses};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::invariants::{Watch, dues};
use tests::unsigned::{code, refusal};
use tests::world::{BEGINNING, World};
use torque::state::{Role, Terms};

use super::agreement::{expect_all_returned, expect_distributor, expect_wallets, holding};
use super::cast::{Cast, PREPARED};
use super::distributor::DistributorModel;
use super::epoch::Verdict;
use super::list::WALLETS;
use super::model::Model;
use super::operation::{Operation, Person, Step, Time};

/// Hourly epochs, twelve of them, and the shortest delay and window.
pub(super) const TERMS: Terms = Terms {
    start: BEGINNING,
    epoch_duration: 3_600,
    epoch_count: 12,
    epoch_budget: 20_000_000,
    activation_delay: 3_600,
    claim_window: 86_400,
};

/// The accounts that refunds, fees and payments could reach.
const CREDITABLE: [Person; 7] = [
    Person::Owner,
    Person::Heir,
    Person::Treasury,
    Person::Stranger,
    Person::Sponsor(0),
    Person::Sponsor(1),
    Person::Sponsor(2),
];

/// A world, its distributors, and their model.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) cast: Arc<Cast>,
    pub(super) model: Model,
    pub(super) watches: [Watch; 3],
}

impl Stage {
    /// A copy of a prepared cast.
    pub(super) fn of(cast: usize) -> Self {
        let Self { world, cast, model, watches } = &PREPARED[cast];
        Self { world: world.fork(), cast: Arc::clone(cast), model: model.clone(), watches: watches.clone() }
    }

    /// Whether all distributors are closed, and what belongs to them.
    pub(super) fn is_over(&self) -> bool {
        let is_gone = |it: &DistributorModel| it.is_closed && it.raffles.is_empty() && !it.is_linked;
        self.model.distributors.iter().all(is_gone)
    }

    /// Plays one step, compares its result, and checks the invariants. Returns the verdict.
    pub(super) fn play(&mut self, step: &Step) -> Verdict {
        if let Operation::Pass { time } = step.operation {
            let seconds = self.model.seconds_of(time);
            self.world.pass(seconds);
            self.model.pass(seconds, matches!(time, Time::Halt(_)));
            self.world.go_to_slot(self.model.slot, &[]);
            (0..3).for_each(|which| self.check(which));
            return Ok(());
        }
        if let Operation::Slots { slots } = step.operation {
            self.model.slot += slots;
            self.world.go_to_slot(self.model.slot, &[]);
            return Ok(());
        }
        let is_settling =
            matches!(step.operation, Operation::CloseDistributor | Operation::Refund { .. } | Operation::CollectFee);
        let before = is_settling.then(|| self.holdings(step.which));
        let dues = self.is_by_owner_alone(step).then(|| self.dues(step.which));
        let (instruction, verdict) = self.call(step);
        self.execute(step, &instruction, &verdict);
        if verdict.is_ok() {
            if let Some(before) = before {
                self.expect_gains(step.which, before);
            }
            if let Some(dues) = dues {
                let after = self.dues(step.which);
                let lost = dues.iter().find(|(account, due)| after.get(account).is_none_or(|left| left < due));
                assert_eq!(lost, None, "{step:?}: the owner lowered what an outsider can get");
            }
            self.check(step.which);
        }
        verdict
    }

    /// Whether a step is one that an owner makes, and is made by the owner.
    fn is_by_owner_alone(&self, step: &Step) -> bool {
        let distributor = &self.model.distributors[step.which];
        let is_owners = matches!(
            step.operation,
            Operation::Fund { .. }
                | Operation::End
                | Operation::Update { .. }
                | Operation::CloseDistributor
                | Operation::PauseDistributor
                | Operation::UnpauseDistributor
                | Operation::Cancel { .. }
                | Operation::Transfer { .. }
                | Operation::Accept { .. }
                | Operation::CloseLink
        );
        is_owners && step.by.unwrap_or(step.operation.right_person(distributor)) == distributor.holder(Role::Owner)
    }

    fn dues(&self, which: usize) -> BTreeMap<Pubkey, u64> {
        dues(&self.world, &self.cast.campaigns[which])
    }

    /// The balances of all accounts that could be credited.
    fn holdings(&self, which: usize) -> [u64; CREDITABLE.len()] {
        let campaign = &self.cast.campaigns[which];
        CREDITABLE.map(|person| holding(&self.world, campaign, &self.address_of(person)))
    }

    /// Checks that everybody got the model's amount, to the base unit, and nobody else got anything.
    fn expect_gains(&self, which: usize, before: [u64; CREDITABLE.len()]) {
        let after = self.holdings(which);
        for (person, (before, after)) in CREDITABLE.iter().zip(before.iter().zip(after)) {
            let gains = self.model.gains.iter().filter(|(gainer, _)| gainer == person);
            let gain: u64 = gains.map(|(_, amount)| amount).sum();
            assert_eq!(after - before, gain, "{person:?}");
        }
        if self.model.distributors[which].is_closed {
            expect_all_returned(&self.model.distributors[which]);
        }
    }

    /// Executes a step's instruction. A refusal must be the verdict's and change no account; a success must not change
    /// the other distributors (I11).
    fn execute(&mut self, step: &Step, instruction: &Instruction, verdict: &Verdict) {
        let named = instruction.accounts.iter().map(|account| account.pubkey);
        let others = (0..3).filter(|which| *which != step.which).flat_map(|which| self.accounts_of(which));
        let untouched: Vec<Pubkey> = if verdict.is_ok() { others.collect() } else { named.collect() };
        let snapshot =
            |world: &World| untouched.iter().map(|address| world.cluster.shared_account(address)).collect::<Vec<_>>();
        let before = snapshot(&self.world);
        let executed = self.world.execute(std::slice::from_ref(instruction), &self.cast.payer);
        match (&executed, verdict) {
            (Ok(_), Ok(())) => {}
            (Err(failed), Err(expected)) => {
                let is_expected = expected.code().is_none_or(|expected| code(failed) == Some(expected));
                assert!(is_expected, "{step:?}: refused with {}, not {expected:?}", refusal(failed));
            }
            (Ok(_), Err(expected)) => panic!("{step:?}: succeeded, but should be refused with {expected:?}"),
            (Err(failed), Ok(())) => panic!("{step:?}: refused with {}, but should succeed", refusal(failed)),
        }
        assert!(before == snapshot(&self.world), "{step:?}: changed what it may not");
    }

    /// The accounts of one of the distributors: itself, its vault, its sponsorships, its open epochs and the next one.
    fn accounts_of(&self, which: usize) -> Vec<Pubkey> {
        let (campaign, model) = (&self.cast.campaigns[which], &self.model.distributors[which]);
        let DistributorAddresses { distributor, vault, .. } = campaign.addresses;
        let epochs = model.epochs.keys().chain([&model.next_epoch]).map(|index| campaign.epoch(*index));
        let raffles = model.raffles.values().map(|raffle| raffle.address);
        let sponsorships = self.cast.sponsorships[which].iter().copied();
        let link = address::link(&self.cast.action, &distributor);
        [distributor, vault, link].into_iter().chain(sponsorships).chain(epochs).chain(raffles).collect()
    }

    /// Checks the invariants of one of the distributors, and compares all its accounts with the model.
    fn check(&mut self, which: usize) {
        let (campaign, model) = (&self.cast.campaigns[which], &self.model.distributors[which]);
        self.watches[which].check(&self.world, &[campaign]);
        expect_wallets(&self.world, campaign, model);
        if !model.is_closed {
            expect_distributor(self, which);
        }
    }

    pub(super) fn address_of(&self, person: Person) -> Pubkey {
        match person {
            Person::Admin => self.world.admin.pubkey(),
            Person::Pauser => self.world.pauser.pubkey(),
            Person::Owner => self.world.owner.pubkey(),
            Person::Publisher => self.world.publisher.pubkey(),
            Person::Guardian => self.world.guardian.pubkey(),
            Person::Treasury => self.world.treasury,
            Person::Stranger => self.world.stranger.pubkey(),
            Person::Heir => self.cast.heir,
            Person::Sponsor(number) => self.cast.sponsors[number],
            Person::Wallet => WALLETS[0],
        }
    }
}
