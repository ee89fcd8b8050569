//! The world in which sequences play: sends each step and asks the model what should have become of it.

use crank::chain::address::Asset;
use crank::chain::instruction::{self, ClaimedLeaf};
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::campaign::Campaign;
use tests::invariants::Watch;
use tests::ledger::Ledger;
use tests::world::{BEGINNING, FEE_BASIS_POINTS, World};
use torque::instructions::DistributorCreateArgs;
use torque::state::{Mode, Terms};

use super::agreement::{expect_distributor, expect_refund, expect_wallets, refunded};
use super::epoch::Verdict;
use super::list::{List, WALLETS, wallet, wallet_of};
use super::model::{DistributorModel, Model};
use super::operation::{Index, Leaf, ListKind, Operation, Person, Step, Target};

/// Hourly epochs, twelve of them, and the shortest delay and window.
pub(super) const TERMS: Terms = Terms {
    start: BEGINNING,
    epoch_duration: 3_600,
    epoch_count: 12,
    epoch_budget: 20_000_000,
    activation_delay: 3_600,
    claim_window: 86_400,
};
/// What both distributors are funded with before the first step.
const FUNDING: u64 = 30_000_000;

/// The world, the two distributors, and what should be true of them.
pub(super) struct Stage {
    world: World,
    campaigns: [Campaign; 2],
    model: Model,
    watch: Watch,
}

impl Stage {
    pub(super) fn new() -> Self {
        let mut world = World::new();
        let token = world.create_token(anchor_spl::token::ID);
        for number in 0..WALLETS {
            world.open_account(&token, &wallet(number).pubkey());
        }
        let rent = world.cluster.svm.minimum_balance_for_rent_exemption(0);
        let campaigns = [(Asset::SOL, Mode::Claim, 1), (token, Mode::Push, 2)].map(|(asset, mode, id)| {
            let addresses = crank::chain::address::DistributorAddresses::new(world.owner.pubkey(), id, asset);
            let args = DistributorCreateArgs { terms: TERMS, ..Campaign::create_args(&world, mode, id) };
            let owner = world.owner.insecure_clone();
            expect_success(world.send(instruction::distributor_create(&addresses, args), &[&owner]));
            Campaign { addresses, mode, publisher: world.publisher.insecure_clone() }
        });
        let distributors = [(true, false), (false, true)]
            .map(|(is_native, is_push)| DistributorModel::new(is_native, is_push, TERMS.epoch_count));
        let model = Model { now: BEGINNING, paused_since: None, paused_seconds: 0, terms: TERMS, rent, distributors };
        let mut stage = Self { world, campaigns, model, watch: Watch::default() };
        stage.play_opening();
        stage
    }

    /// Funds both distributors, posts their first epochs and passes the time until these are open.
    fn play_opening(&mut self) {
        let post = Operation::Post { index: Index::Next, list: ListKind::Honest(5) };
        let pass = Operation::Pass { seconds: i64::from(TERMS.epoch_duration) };
        let fund = Operation::Fund { amount: FUNDING };
        for (which, operation) in [(0, fund), (1, fund), (0, pass), (0, post), (1, post), (0, pass)] {
            assert!(self.play(&Step { which, operation }), "{operation:?}");
        }
    }

    /// The steps after which all the money must be back: both schedules are over, and everything that is open is closed.
    pub(super) fn ending(&self) -> Vec<Step> {
        let shared = [Operation::Pause { is_paused: true }, Operation::Pass { seconds: 60 * 86_400 }];
        let mut steps = shared.map(|operation| Step { which: 0, operation }).to_vec();
        for (which, distributor) in self.model.distributors.iter().enumerate() {
            let numbers = distributor.epochs.keys().map(|number| Target::Number(*number));
            let closings = numbers.map(|epoch| Operation::CloseEpoch { epoch }).chain([Operation::CloseDistributor]);
            steps.extend(closings.map(|operation| Step { which, operation }));
        }
        steps
    }

    /// Whether both distributors are closed.
    pub(super) fn is_over(&self) -> bool {
        self.model.distributors.iter().all(|distributor| distributor.is_closed)
    }

    /// Plays one step, compares what became of it, and checks the invariants. Returns whether it succeeded.
    pub(super) fn play(&mut self, step: &Step) -> bool {
        let Step { which, operation } = *step;
        let before = Ledger::of(&self.world);
        let holdings = refunded(&self.world, &self.campaigns[which]);
        let (sent, verdict) = self.send(which, operation);
        match (&sent, &verdict) {
            (Ok(_), Ok(())) => {}
            (Err(_), Err(refusal)) => {
                let is_expected = refusal.is_none_or(|expected| sent.as_ref().is_err_and(|error| error.is(expected)));
                assert!(is_expected, "{step:?}: refused with {sent:?}, not {refusal:?}");
                assert_eq!(before.changes(&self.world), [], "{step:?} changed accounts");
            }
            _ => panic!("{step:?}: {sent:?}, but it should be {verdict:?}"),
        }
        if matches!(operation, Operation::CloseDistributor) && verdict.is_ok() {
            expect_refund(&self.world, &self.campaigns[which], &self.model.distributors[which], holdings);
        }
        self.check();
        verdict.is_ok()
    }

    fn send(&mut self, which: usize, operation: Operation) -> (Sent, Verdict) {
        match operation {
            Operation::Pass { seconds } => {
                self.world.pass(seconds);
                self.model.now += seconds;
                (Ok(receipt()), Ok(()))
            }
            Operation::Pause { is_paused } => {
                let admin = self.world.admin.insecure_clone();
                let (treasury, fee) = (self.world.treasury, FEE_BASIS_POINTS);
                self.model.pause(is_paused);
                let update = instruction::config_update(admin.pubkey(), treasury, fee, is_paused);
                (self.world.send(update, &[&admin]), Ok(()))
            }
            Operation::Post { index, list } => self.post(which, index, list),
            Operation::Repost { epoch, list } => self.repost(which, epoch, list),
            Operation::Claim { epoch, leaf, is_false } => self.claim(which, epoch, leaf, is_false),
            Operation::Push { epoch, first, level, is_false } => self.push(which, epoch, (first, level), is_false),
            other => self.send_simple(which, other),
        }
    }

    /// The instructions that need no list.
    fn send_simple(&mut self, which: usize, operation: Operation) -> (Sent, Verdict) {
        let World { owner, guardian, stranger, publisher, treasury, .. } = &self.world;
        let [owner, guardian, stranger, publisher] =
            [owner, guardian, stranger, publisher].map(Keypair::insecure_clone);
        let (addresses, model) = (self.campaigns[which].addresses, &mut self.model);
        let (instruction, signer, verdict) = match operation {
            Operation::Fund { amount } => {
                (instruction::distributor_fund(&addresses, amount), &owner, model.fund(which, amount))
            }
            Operation::Extend { epoch } => {
                let epoch = model.distributors[which].number_of(epoch);
                let extend = instruction::epoch_extend(stranger.pubkey(), addresses.epoch(epoch));
                (extend, &stranger, model.extend(which, epoch))
            }
            Operation::Cancel { epoch, by } => {
                let epoch = model.distributors[which].number_of(epoch);
                let person = match by {
                    Person::Owner => &owner,
                    Person::Guardian => &guardian,
                    Person::Stranger => &stranger,
                };
                let cancel = instruction::epoch_cancel(&addresses, person.pubkey(), publisher.pubkey(), epoch);
                (cancel, person, model.cancel(which, epoch, by))
            }
            Operation::Skip => {
                let next = model.distributors[which].next_epoch;
                (
                    instruction::epoch_skip(&addresses, publisher.pubkey(), publisher.pubkey(), next),
                    &publisher,
                    model.skip(which),
                )
            }
            Operation::CloseEpoch { epoch } => {
                let epoch = model.distributors[which].number_of(epoch);
                let close = instruction::epoch_close(&addresses, publisher.pubkey(), epoch);
                (close, &stranger, model.close_epoch(which, epoch))
            }
            Operation::End => (instruction::distributor_end(&addresses), &owner, model.end(which)),
            _ => {
                let close = instruction::distributor_close(&addresses, treasury);
                (close, &owner, model.close_distributor(which))
            }
        };
        (self.world.send(instruction, &[signer]), verdict)
    }

    fn post(&mut self, which: usize, index: Index, kind: ListKind) -> (Sent, Verdict) {
        let next = self.model.distributors[which].next_epoch;
        let index = match index {
            Index::Next => next,
            Index::Previous => next.saturating_sub(1),
            Index::AfterNext => next + 1,
        };
        let (list, total) = List::of_kind(&self.campaigns[which].addresses, index, kind, TERMS.epoch_budget);
        let verdict = self.model.post(which, index, &list, total);
        (self.campaigns[which].post_with(&mut self.world, list.post_args(index, total)), verdict)
    }

    fn repost(&mut self, which: usize, epoch: Target, kind: ListKind) -> (Sent, Verdict) {
        let index = self.model.distributors[which].number_of(epoch);
        let (list, total) = List::of_kind(&self.campaigns[which].addresses, index, kind, TERMS.epoch_budget);
        let verdict = self.model.repost(which, index, &list, total);
        let Campaign { addresses, publisher, .. } = &self.campaigns[which];
        let args = list.post_args(index, total);
        let repost =
            instruction::epoch_repost(addresses, publisher.pubkey(), publisher.pubkey(), publisher.pubkey(), args);
        (self.world.send(repost, &[publisher]), verdict)
    }

    /// The list of an open epoch, or the one that a fool takes for it.
    fn open_list(&self, which: usize, epoch: u32) -> List {
        let existing = self.model.distributors[which].epochs.get(&epoch).and_then(|epoch| epoch.list.clone());
        existing.unwrap_or_else(|| List::honest(&self.campaigns[which].addresses, epoch, 3))
    }

    fn claim(&mut self, which: usize, epoch: Target, leaf: Leaf, is_false: bool) -> (Sent, Verdict) {
        let epoch = self.model.distributors[which].number_of(epoch);
        let list = self.open_list(which, epoch);
        let index = match leaf {
            Leaf::Listed(place) => list.first + (place % list.payments.len()) as u32,
            Leaf::AfterLast => list.leaf_count,
        };
        let payment = list.payment(index).unwrap_or(list.payments[0]);
        let path = if list.payment(index).is_some() { list.path(0, index) } else { Vec::new() };
        let amount = payment.amount + u64::from(is_false);
        let claimed = ClaimedLeaf { epoch, index, amount, path };
        let destination = self.campaigns[which].addresses.asset.account_of(&payment.recipient);
        let claim = instruction::claim(&self.campaigns[which].addresses, payment.recipient, destination, claimed);
        let owner = wallet_of(&payment.recipient);
        let verdict = self.model.claim(which, epoch, index, is_false);
        let stranger = self.world.stranger.insecure_clone();
        (self.world.send(claim, &[&stranger, &owner]), verdict)
    }

    fn push(&mut self, which: usize, epoch: Target, (first, level): (u32, u8), is_false: bool) -> (Sent, Verdict) {
        let epoch = self.model.distributors[which].number_of(epoch);
        let list = self.open_list(which, epoch);
        let (first, level) = if list.is_large() { (list.first, 0) } else { (first, level) };
        let block = first..first + (1 << level);
        let verdict = self.model.push(which, epoch, block.clone(), is_false);
        let addresses = &self.campaigns[which].addresses;
        let (args, accounts) = list.push(&addresses.asset, block, is_false);
        let push = instruction::push(addresses, epoch, args, &accounts);
        let stranger = self.world.stranger.insecure_clone();
        (self.world.send(push, &[&stranger]), verdict)
    }

    /// The invariants, and that everything is as the model says.
    fn check(&mut self) {
        let campaigns = self.campaigns.each_ref();
        self.watch.check(&self.world, &campaigns);
        for (campaign, model) in campaigns.into_iter().zip(&self.model.distributors) {
            expect_wallets(&self.world, campaign, model, (0..WALLETS).map(|number| wallet(number).pubkey()));
            if !model.is_closed {
                expect_distributor(&self.world, campaign, model);
            }
        }
    }
}

/// What a step that is no transaction gives.
fn receipt() -> crank::chain::embedded::Receipt {
    crank::chain::embedded::Receipt { compute_units: 0, bytes: 0, fee: 0, logs: Vec::new() }
}
