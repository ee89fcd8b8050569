//! The worlds in which sequences play: each step becomes an instruction, the model says what should become of it, and
//! both are compared.
//!
//! A cast is prepared once, with its first epochs open, and copied for every sequence.

use std::sync::{Arc, LazyLock};

use crank::chain::address::{Asset, DistributorAddresses};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::calls::fee_payer;
use tests::campaign::Campaign;
use tests::invariants::Watch;
use tests::unsigned::{code, refusal};
use tests::world::{BEGINNING, World};
use torque::instructions::DistributorCreateArgs;
use torque::state::{Mode, Terms};

use super::agreement::{expect_distributor, expect_refund, expect_wallets, refunded};
use super::distributor::DistributorModel;
use super::epoch::Verdict;
use super::list::WALLETS;
use super::model::Model;
use super::operation::{Index, ListKind, Operation, Step, Target, Time};

/// Hourly epochs, twelve of them, and the shortest delay and window.
pub(super) const TERMS: Terms = Terms {
    start: BEGINNING,
    epoch_duration: 3_600,
    epoch_count: 12,
    epoch_budget: 20_000_000,
    activation_delay: 3_600,
    claim_window: 86_400,
};
/// What the distributors are funded with before the first step.
const FUNDING: u64 = 30_000_000;

/// Distributors of SOL, of SPL Token and of Token-2022, in that order, and how each pays.
const CASTS: [[Mode; 3]; 2] = [[Mode::Claim, Mode::Push, Mode::Claim], [Mode::Push, Mode::Claim, Mode::Push]];

/// The casts before the first step.
static PREPARED: LazyLock<[Stage; 2]> = LazyLock::new(|| CASTS.map(Stage::prepare));

/// A world, its distributors, and what should be true of them.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) campaigns: Arc<[Campaign; 3]>,
    pub(super) model: Model,
    watches: [Watch; 3],
    payer: Pubkey,
}

impl Stage {
    /// A copy of a prepared cast.
    pub(super) fn of(cast: usize) -> Self {
        let Self { world, campaigns, model, watches, payer } = &PREPARED[cast];
        let (campaigns, watches) = (Arc::clone(campaigns), watches.clone());
        Self { world: world.fork(), campaigns, model: model.clone(), watches, payer: *payer }
    }

    fn prepare(modes: [Mode; 3]) -> Self {
        let mut world = World::new();
        let tokens = [anchor_spl::token::ID, anchor_spl::token_2022::ID].map(|program| world.create_token(program));
        for token in tokens {
            WALLETS.iter().for_each(|wallet| world.open_account(&token, wallet));
        }
        let [token, extended] = tokens;
        let mut ids = 1..;
        let campaigns = [Asset::SOL, token, extended].map(|asset| {
            let id = ids.next().unwrap();
            let mode = modes[id as usize - 1];
            let args = DistributorCreateArgs { terms: TERMS, ..Campaign::create_args(&world, mode, id) };
            Campaign::created_with(&mut world, asset, args)
        });
        let distributors = campaigns.each_ref().map(|campaign| {
            let Campaign { addresses, mode, .. } = campaign;
            DistributorModel::new(addresses.asset.is_native(), *mode == Mode::Push, TERMS.epoch_count)
        });
        world.cluster.airdrop(&fee_payer().pubkey(), 1_000_000_000_000).unwrap();
        let rent = world.rent(0);
        let model = Model { now: BEGINNING, paused_since: None, paused_seconds: 0, terms: TERMS, rent, distributors };
        let (campaigns, payer) = (Arc::new(campaigns), fee_payer().pubkey());
        let mut stage =
            Self { world: world.without_signatures(), campaigns, model, watches: Default::default(), payer };
        stage.play_opening();
        stage
    }

    /// Funds the distributors, posts their first epochs and passes the time until these are open.
    fn play_opening(&mut self) {
        let post = Operation::Post { index: Index::Next, list: ListKind::Honest(5) };
        let pass = Operation::Pass { time: Time::Seconds(i64::from(TERMS.epoch_duration)) };
        let fund = Operation::Fund { amount: FUNDING };
        for operation in [fund, pass, post, pass] {
            let is_once = matches!(operation, Operation::Pass { .. });
            for which in 0..if is_once { 1 } else { 3 } {
                assert!(self.play(&Step { which, by: None, operation }), "{operation:?}");
            }
        }
    }

    /// The steps after which all the money must be back: the schedules are over, and everything that is open is closed.
    pub(super) fn ending(&self) -> Vec<Step> {
        let shared = [Operation::Pause { is_paused: true }, Operation::Pass { time: Time::Seconds(60 * 86_400) }];
        let mut steps = shared.map(|operation| Step { which: 0, by: None, operation }).to_vec();
        for (which, distributor) in self.model.distributors.iter().enumerate() {
            let numbers = distributor.epochs.keys().map(|number| Target::Number(*number));
            let closings = numbers.map(|epoch| Operation::CloseEpoch { epoch }).chain([Operation::CloseDistributor]);
            steps.extend(closings.map(|operation| Step { which, by: None, operation }));
        }
        steps
    }

    /// Whether all distributors are closed.
    pub(super) fn is_over(&self) -> bool {
        self.model.distributors.iter().all(|distributor| distributor.is_closed)
    }

    /// Plays one step, compares what became of it, and checks the invariants. Returns whether it succeeded.
    pub(super) fn play(&mut self, step: &Step) -> bool {
        if let Operation::Pass { time } = step.operation {
            let seconds = self.model.seconds_of(time);
            self.world.pass(seconds);
            self.model.now += seconds;
            (0..3).for_each(|which| self.check(which));
            return true;
        }
        let campaigns = Arc::clone(&self.campaigns);
        let campaign = &campaigns[step.which];
        let is_closing = matches!(step.operation, Operation::CloseDistributor);
        let holdings = if is_closing { refunded(&self.world, campaign) } else { [0; 2] };
        let (instruction, verdict) = self.call(step);
        self.execute(step, &instruction, &verdict);
        if verdict.is_ok() {
            if is_closing {
                expect_refund(&self.world, campaign, &self.model.distributors[step.which], holdings);
            }
            self.check(step.which);
        }
        verdict.is_ok()
    }

    /// Executes a step's instruction. What is refused must be refused as the verdict says and leave every account as it
    /// was; what succeeds must leave the other distributors alone (I11).
    fn execute(&mut self, step: &Step, instruction: &Instruction, verdict: &Verdict) {
        let named = instruction.accounts.iter().map(|account| account.pubkey);
        let others = (0..3).filter(|which| *which != step.which).flat_map(|which| self.accounts_of(which));
        let untouched: Vec<Pubkey> = if verdict.is_ok() { others.collect() } else { named.collect() };
        let snapshot = |world: &World| {
            let accounts = &world.cluster.svm.accounts_db().inner;
            untouched.iter().map(|address| accounts.get(address).cloned()).collect::<Vec<_>>()
        };
        let before = snapshot(&self.world);
        let executed = self.world.execute(std::slice::from_ref(instruction), &self.payer);
        match (&executed, verdict) {
            (Ok(_), Ok(())) => {}
            (Err(failed), Err(expected)) => {
                let is_expected = expected.is_none_or(|expected| code(failed) == Some(u32::from(expected)));
                assert!(is_expected, "{step:?}: refused with {}, not {expected:?}", refusal(failed));
            }
            (Ok(_), Err(expected)) => panic!("{step:?}: succeeded, but should be refused with {expected:?}"),
            (Err(failed), Ok(())) => panic!("{step:?}: refused with {}, but should succeed", refusal(failed)),
        }
        assert!(before == snapshot(&self.world), "{step:?}: changed what it may not");
    }

    /// The accounts of one of the distributors: itself, its vault, its open epochs and the next one.
    fn accounts_of(&self, which: usize) -> Vec<Pubkey> {
        let (campaign, model) = (&self.campaigns[which], &self.model.distributors[which]);
        let DistributorAddresses { distributor, vault, .. } = campaign.addresses;
        let epochs = model.epochs.keys().chain([&model.next_epoch]).map(|index| campaign.epoch(*index));
        [distributor, vault].into_iter().chain(epochs).collect()
    }

    /// The invariants of one of the distributors, and that everything of it is as the model says.
    fn check(&mut self, which: usize) {
        let (campaign, model) = (&self.campaigns[which], &self.model.distributors[which]);
        self.watches[which].check(&self.world, &[campaign]);
        expect_wallets(&self.world, campaign, model);
        if !model.is_closed {
            expect_distributor(&self.world, campaign, model);
        }
    }
}
