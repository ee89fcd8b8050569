//! The people and distributors of a sequence, as they are before its first step. They are prepared once and copied for
//! every sequence.
//!
//! There are three distributors, of SOL, of SPL Token and of a regulated issuer's Token-2022; one of them waits for a
//! milestone and one has a limiter for each epoch. There are eighteen people: six wallets that are paid, three
//! sponsors, an heir to every role, the people of any world, and the payer of the fees.

use std::sync::{Arc, LazyLock};

use crank_cluster::address::{self, Asset};
use crank_cluster::instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::calls::{action_args, fee_payer};
use tests::campaign::Campaign;
use tests::issuers::Issued;
use tests::world::{BEGINNING, World, keypair};
use torque::constants::{MAX_REVISIONS, RAFFLE_DELAY};
use torque::instructions::DistributorCreateArgs;
use torque::state::{Distributor, Kind, Limits, Milestone, MilestoneStep, Mode, Raffle, Sponsorship};

use super::bucket::LIMITS;
use super::distributor::{
    DistributorModel, MILESTONE_DEADLINE, MILESTONE_STEPS, MINIMUM_SPONSORSHIP, NUMBERS, SPONSORS, Traits,
};
use super::list::WALLETS;
use super::model::{Model, Rents};
use super::operation::{Index, ListKind, Operation, Secret, Step, Target, Time};
use super::stage::{Stage, TERMS};

/// The funding of the distributors before the first step.
const FUNDING: u64 = 40_000_000;
/// The same of a raffle: so little that the next draw may be worth more by the time of posting than when it was
/// committed.
const FUNDING_OF_RAFFLE: u64 = 30_000_000;
/// The balance of a sponsor and of the heir in every token.
const HELD: u64 = 10_000_000_000;
/// The part of its total that an epoch with a limiter of its own may pay at once.
const EPOCH_BASIS_POINTS: u32 = 2_500;

/// How the distributors differ from cast to cast.
pub(super) struct Plan {
    /// How each pays: of SOL, of SPL Token, of Token-2022.
    pub(super) modes: [Mode; 3],
    /// Which of them waits for a milestone, and whether a part is unlocked before the first step.
    pub(super) milestone: (usize, bool),
    /// Which of them has an epoch of which all roots but the last are used up.
    revised: usize,
    /// Which of them has a limiter for each epoch.
    limited: usize,
    /// Which of them is a raffle, if one is.
    pub(super) raffle: Option<usize>,
}

pub(super) const PLANS: [Plan; 4] = [
    Plan { modes: CLAIMED_FIRST, milestone: (0, true), revised: 1, limited: 2, raffle: None },
    Plan { modes: PUSHED_FIRST, milestone: (1, true), revised: 0, limited: 2, raffle: None },
    Plan { modes: CLAIMED_FIRST, milestone: (2, false), revised: 0, limited: 1, raffle: None },
    Plan { modes: PUSHED_FIRST, milestone: (2, true), revised: 0, limited: 1, raffle: Some(1) },
];
const CLAIMED_FIRST: [Mode; 3] = [Mode::Claim, Mode::Push, Mode::Claim];
const PUSHED_FIRST: [Mode; 3] = [Mode::Push, Mode::Claim, Mode::Push];

/// The casts before the first step.
pub(super) static PREPARED: LazyLock<[Stage; 4]> = LazyLock::new(|| PLANS.each_ref().map(Stage::prepare));

/// The people and distributors of a sequence.
pub(super) struct Cast {
    pub(super) config: Pubkey,
    /// The owner's action, which feeds all distributors.
    pub(super) action: Pubkey,
    pub(super) campaigns: [Campaign; 3],
    pub(super) heir: Pubkey,
    pub(super) sponsors: [Pubkey; SPONSORS],
    /// The addresses of all sponsorships that there can be, by distributor.
    pub(super) sponsorships: [Vec<Pubkey>; 3],
    /// Pays the fees of all transactions.
    pub(super) payer: Pubkey,
}

impl Cast {
    fn assemble(world: &mut World, assets: [Asset; 3], plan: &Plan) -> Self {
        let mut places = 0..3;
        let campaigns = assets.map(|asset| {
            let place = places.next().unwrap();
            let args = plan.create_args(world, place);
            Campaign::created_with(world, asset, args)
        });
        let sponsors = std::array::from_fn(|number| keypair(60_001 + number as u32).pubkey());
        let sponsorships = campaigns.each_ref().map(|campaign| {
            let of_one = |wallet: &Pubkey| {
                let (distributor, wallet) = (campaign.addresses.distributor, *wallet);
                (0..NUMBERS).map(move |number| address::sponsorship(&distributor, &wallet, number))
            };
            sponsors.iter().flat_map(of_one).collect()
        });
        let action = link_all(world, &campaigns);
        let (config, heir, payer) = (address::config(), keypair(60_000).pubkey(), fee_payer().pubkey());
        Self { config, action, campaigns, heir, sponsors, sponsorships, payer }
    }
}

/// Launches an action of the owner and links it to every distributor.
fn link_all(world: &mut World, campaigns: &[Campaign; 3]) -> Pubkey {
    let owner = world.owner.insecure_clone();
    let action = address::action(&owner.pubkey(), 1);
    expect_success(world.send(instruction::action_create(owner.pubkey(), action_args(1)), &[&owner]));
    for campaign in campaigns {
        expect_success(world.send(instruction::link_create(&campaign.addresses, action, 10_000), &[&owner]));
    }
    action
}

impl Plan {
    fn traits(&self, place: usize) -> Traits {
        Traits {
            is_native: place == 0,
            is_push: self.modes[place] == Mode::Push,
            has_milestone: self.milestone.0 == place,
            is_raffle: self.raffle == Some(place),
            epoch_basis_points: if self.limited == place { EPOCH_BASIS_POINTS } else { 10_000 },
        }
    }

    fn create_args(&self, world: &World, place: usize) -> DistributorCreateArgs {
        let Traits { has_milestone, epoch_basis_points, .. } = self.traits(place);
        let limits = Limits { epoch_basis_points, ..LIMITS };
        DistributorCreateArgs {
            kind: if self.raffle == Some(place) { Kind::Raffle } else { Kind::Direct },
            terms: TERMS,
            milestone: has_milestone.then(milestone),
            limits: (epoch_basis_points < 10_000).then_some(limits),
            minimum_sponsorship: MINIMUM_SPONSORSHIP,
            ..Campaign::create_args(world, self.modes[place], place as u64 + 1)
        }
    }
}

fn milestone() -> Milestone {
    let mut milestone = Milestone { deadline: MILESTONE_DEADLINE, ..Milestone::default() };
    for (step, (target, unlocked_basis_points)) in milestone.steps.iter_mut().zip(MILESTONE_STEPS) {
        *step = MilestoneStep { target, unlocked_basis_points };
    }
    milestone
}

/// A draw from beginning to end.
pub(super) const DRAW: [Operation; 4] = [
    Operation::Commit { index: Index::Next, min_escrowed: 0 },
    Operation::Slots { slots: RAFFLE_DELAY + 1 },
    Operation::Draw { place: 0, secret: None, is_paid: true },
    Operation::Draw { place: 0, secret: Some(Secret::Right), is_paid: false },
];

impl Stage {
    fn prepare(plan: &Plan) -> Self {
        let mut world = World::new();
        let token = world.create_token(anchor_spl::token::ID);
        let extended = world.issue_token(Issued::Pyusd);
        let cast = Cast::assemble(&mut world, [Asset::SOL, token, extended], plan);
        world.cluster.airdrop(&cast.payer, 1_000_000_000_000).unwrap();
        for person in cast.sponsors.iter().chain([&cast.heir]) {
            world.cluster.airdrop(person, 1_000_000_000_000).unwrap();
            [token, extended].iter().for_each(|token| world.provide(token, person, HELD));
        }
        let stranger = world.stranger.pubkey();
        for token in [token, extended] {
            WALLETS.iter().chain([&stranger]).for_each(|wallet| world.open_account(&token, wallet));
        }
        let distributors = [0, 1, 2].map(|place| DistributorModel::new(plan.traits(place)));
        let rents = Rents::of(&world);
        let model = Model {
            now: BEGINNING,
            slot: world.slot(),
            is_paused: false,
            pauses: [0; 2],
            rents,
            distributors,
            gains: Vec::new(),
        };
        let cast = Arc::new(cast);
        let mut stage = Self { world: world.without_signatures(), cast, model, watches: Default::default() };
        stage.play_opening(plan);
        stage
    }

    /// Funds the distributors, posts their first epochs and passes the time until these are open.
    fn play_opening(&mut self, plan: &Plan) {
        let post = Operation::Post { index: Index::Next, list: ListKind::Honest(5) };
        let pass = Operation::Pass { time: Time::Seconds(i64::from(TERMS.epoch_duration)) };
        let amount = |which| if plan.raffle == Some(which) { FUNDING_OF_RAFFLE } else { FUNDING };
        let fund = |which| (which, Operation::Fund { amount: amount(which) });
        let report = Operation::Report { total: MILESTONE_STEPS[0].0 };
        let (late, is_reached) = plan.milestone;
        let posting = (0..3).filter(|which| *which != late || is_reached).map(|which| (which, post));
        let mut steps = vec![fund(0), fund(1), fund(2), (0, pass)];
        steps.extend(is_reached.then_some((late, report)));
        steps.extend(plan.raffle.iter().flat_map(|which| DRAW.map(|operation| (*which, operation))));
        steps.extend(posting.chain([(0, pass), (plan.revised, post)]));
        for _ in 1..MAX_REVISIONS {
            let (cancel, repost) = (Operation::Cancel { epoch: Target::Latest }, ListKind::Honest(4));
            steps.push((plan.revised, cancel));
            steps.push((plan.revised, Operation::Repost { epoch: Target::Latest, list: repost }));
        }
        for (which, operation) in steps {
            assert!(self.play(&Step { which, by: None, operation }).is_ok(), "{operation:?}");
        }
    }
}

impl Rents {
    fn of(world: &World) -> Self {
        use anchor_lang::Space as _;
        let sizes = [0, 8 + Sponsorship::INIT_SPACE, 8 + Raffle::INIT_SPACE, 8];
        let [empty, sponsor, raffle, remains] = sizes.map(|size| world.rent(size));
        Self { empty, sponsor, raffle, buried: world.rent(8 + Distributor::INIT_SPACE) - remains }
    }
}
