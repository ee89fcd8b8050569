//! From any state of a sequence, whatever is posted and has not opened yet is paid in its window, if somebody asks
//! every five minutes for the earliest end first.
//!
//! Played on a copy. Where the cluster stood still, an epoch may open late and be open for less than its window; of
//! such an epoch nothing is expected.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::Model;
use super::operation::{Leaf, Operation, Step, Target, Time};
use super::stage::Stage;

/// Seconds between two askings.
const ASKING: i64 = 300;
/// Askings after which every window is over.
const MOST_ASKINGS: i64 = 5 * 86_400 / ASKING;

/// An epoch, by its distributor and its number.
type Place = (usize, u32);

impl Stage {
    /// Plays on a copy until all windows are over.
    pub(super) fn expect_payable(&self) {
        let mut copy = self.fork();
        copy.let_everything_run();
        let mut opened: BTreeMap<Place, i64> = BTreeMap::new();
        let waiting: Vec<Place> = copy.model.places().filter(|place| !copy.model.has_opened(*place)).collect();
        let mut askings = 0;
        while askings < MOST_ASKINGS {
            while let Some(step) = copy.model.next_payments().first() {
                assert!(copy.play(step).is_ok(), "{step:?}");
            }
            // Nobody has to ask when nothing would be paid.
            let mut later = copy.model.clone();
            loop {
                later.pass(ASKING, false);
                askings += 1;
                let (now, has_opened) = (later.now, |place: &&Place| later.has_opened(**place));
                waiting.iter().filter(has_opened).for_each(|place| _ = opened.entry(*place).or_insert(now));
                if askings >= MOST_ASKINGS || !later.next_payments().is_empty() {
                    break;
                }
                let is_ending = |place: &&Place| later.is_unpaid(**place) && later.is_over_at(**place, ASKING);
                waiting.iter().filter(is_ending).for_each(|place| later.expect_shortened(*place, &opened));
            }
            let seconds = Time::Seconds(later.now - copy.model.now);
            assert!(copy.play(&alone(0, Operation::Pass { time: seconds })).is_ok());
        }
    }

    fn fork(&self) -> Self {
        let Self { world, cast, model, watches } = self;
        Self { world: world.fork(), cast: Arc::clone(cast), model: model.clone(), watches: watches.clone() }
    }

    /// Ends all pauses, and grows the accounts of epochs.
    fn let_everything_run(&mut self) {
        let unpause = self.model.is_paused.then(|| alone(0, Operation::UnpauseProtocol { is_stale: false }));
        let is_paused = |which: &usize| {
            let distributor = &self.model.distributors[*which];
            distributor.is_paused && !distributor.is_closed
        };
        let paused = (0..3).filter(is_paused);
        let unpauses = paused.map(|which| alone(which, Operation::UnpauseDistributor));
        let mut steps: Vec<Step> = unpause.into_iter().chain(unpauses).collect();
        for (which, index) in self.model.places() {
            if !self.model.distributors[which].epochs[&index].is_complete() {
                steps.push(alone(which, Operation::Extend { epoch: Target::Number(index) }));
            }
        }
        for step in steps {
            assert!(self.play(&step).is_ok(), "{step:?}");
        }
    }
}

fn alone(which: usize, operation: Operation) -> Step {
    Step { which, by: None, operation }
}

impl Model {
    /// The epochs that have a root.
    fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let open = self.distributors.iter().enumerate().filter(|(_, distributor)| !distributor.is_closed);
        open.flat_map(|(which, distributor)| {
            let posted = distributor.epochs.iter().filter(|(_, epoch)| epoch.list.is_some());
            posted.map(move |(index, _)| (which, *index))
        })
    }

    fn has_opened(&self, (which, index): Place) -> bool {
        self.distributors[which].epochs[&index].has_opened(self.moment(which))
    }

    /// Whether the epoch is over after `seconds` more.
    fn is_over_at(&self, (which, index): Place, seconds: i64) -> bool {
        let mut moment = self.moment(which);
        (moment.now, moment.slot) = (moment.now + seconds, moment.slot + seconds.unsigned_abs() * 5 / 2);
        self.distributors[which].epochs[&index].has_ended(moment)
    }

    /// The leaves of an epoch that nothing but the limiter keeps from being paid.
    fn owed(&self, (which, index): Place) -> Vec<u32> {
        let distributor = &self.distributors[which];
        let epoch = &distributor.epochs[&index];
        let Some(list) = &epoch.list else { return Vec::new() };
        let left = epoch.total - epoch.paid_total();
        let is_owed = |leaf: &u32| {
            let Some(payment) = epoch.payment(*leaf).filter(|_| !epoch.is_marked(*leaf)) else { return false };
            let held = distributor.received.get(&payment.recipient).copied().unwrap_or_default();
            let is_dust = distributor.traits.is_native && held + payment.amount < self.rents.empty;
            payment.amount <= left && !is_dust
        };
        (list.first..list.leaf_count).filter(is_owed).collect()
    }

    fn is_unpaid(&self, place: Place) -> bool {
        !self.owed(place).is_empty()
    }

    /// The next payment of each distributor, for the earliest end. Whatever waits for the shared bucket keeps back what
    /// ends later; what waits for its own does not.
    fn next_payments(&self) -> Vec<Step> {
        (0..3).filter_map(|which| self.next_payment(which)).collect()
    }

    fn next_payment(&self, which: usize) -> Option<Step> {
        let (distributor, moment) = (&self.distributors[which], self.moment(which));
        let open = self
            .places()
            .filter(|(place, index)| *place == which && distributor.epochs[index].require_open(moment).is_ok());
        let mut open: Vec<Place> = open.collect();
        open.sort_by_key(|(_, index)| distributor.epochs[index].ends_at(moment.downtime));
        let shared = distributor.limiter_at(moment.now).bucket;
        for (_, index) in open {
            let epoch = &distributor.epochs[&index];
            let Some(leaf) = self.owed((which, index)).first().copied() else { continue };
            let amount = epoch.payment(leaf)?.amount;
            if epoch.bucket.is_some_and(|own| !own.admits(moment.now, amount)) {
                continue;
            }
            let (target, first) = (Target::Number(index), epoch.list.as_ref()?.first);
            let operation = if distributor.traits.is_push {
                Operation::Push { epoch: target, first: leaf, level: 0, lie: None }
            } else {
                Operation::Claim { epoch: target, leaf: Leaf::Listed((leaf - first) as usize), lie: None }
            };
            return shared.admits(moment.now, amount).then(|| alone(which, operation));
        }
        None
    }

    /// Fails unless the window of the epoch, which ends within an asking, was shortened by a halt of the cluster.
    fn expect_shortened(&self, (which, index): Place, opened: &BTreeMap<Place, i64>) {
        let epoch = &self.distributors[which].epochs[&index];
        let lasted = opened.get(&(which, index)).map_or(0, |opened_at| self.now - opened_at);
        let is_whole = lasted + 2 * ASKING >= i64::from(epoch.rules.window);
        assert!(!is_whole, "epoch {index} of distributor {which} was asked for all the time and is not paid");
    }
}
