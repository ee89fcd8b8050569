//! The steps after which everybody must have their exact amount: the schedules end, and everything that is open is
//! closed.

use super::distributor::{DistributorModel, SPONSORS};
use super::operation::{Operation, Person, Step, Target, Time, Way};
use super::stage::Stage;

/// Seconds after which every window and every grace is over, however long they were paused.
const LONG: i64 = 60 * 86_400;

impl Stage {
    /// The steps, all in a pause of the protocol, which must not stop refunds.
    pub(super) fn ending(&self) -> Vec<Step> {
        let alone = |which, operation| Step { which, by: None, operation };
        let unpause = self.model.is_paused.then(|| alone(0, Operation::UnpauseProtocol { is_stale: false }));
        let paused = (0..self.model.distributors.len()).filter(|which| self.model.distributors[*which].is_paused);
        let unpauses = paused.map(|which| alone(which, Operation::UnpauseDistributor));
        let mut steps: Vec<Step> = unpause.into_iter().chain(unpauses).collect();
        steps.push(alone(0, Operation::Pass { time: Time::Seconds(LONG) }));
        steps.push(alone(0, Operation::PauseProtocol { is_by_admin: false }));
        for (which, distributor) in self.model.distributors.iter().enumerate() {
            if !distributor.is_closed {
                let closings = distributor.epochs.keys().map(|number| Target::Number(*number));
                let closings = closings.map(|epoch| Operation::CloseEpoch { epoch });
                steps.extend(closings.map(|operation| Step { which, by: None, operation }));
                steps.extend(settlement(which, distributor));
            }
            let link = distributor.is_linked.then_some(Operation::CloseLink);
            steps.extend(link.map(|operation| Step { which, by: Some(Person::Stranger), operation }));
            let raffles = distributor.raffles.keys().map(|_| Operation::CloseRaffle { place: 0 });
            steps.extend(raffles.map(|operation| Step { which, by: None, operation }));
        }
        steps
    }
}

/// The order of owner, treasury and sponsors differs, and everybody must get the same amount. A stranger always tries
/// to get a sponsor's share.
fn settlement(which: usize, distributor: &DistributorModel) -> Vec<Step> {
    let step = |operation| Step { which, by: None, operation };
    let refund = |sponsor, way| step(Operation::Refund { sponsor, way });
    let times = |sponsor: usize| std::iter::repeat_n(sponsor, distributor.sponsorships[sponsor].len());
    let mut sponsors: Vec<usize> = (0..SPONSORS).flat_map(times).collect();
    let mut steps = match which {
        0 => vec![step(Operation::CloseDistributor)],
        1 => vec![step(Operation::CollectFee)],
        _ => {
            let first = sponsors.pop().map(|sponsor| refund(sponsor, Way::Own));
            first.into_iter().chain([step(Operation::CloseDistributor)]).collect()
        }
    };
    if let Some(sponsor) = sponsors.first() {
        let by = (which == 1).then_some(Person::Stranger);
        steps.push(Step { by, ..refund(*sponsor, Way::Astray) });
    }
    let is_last = which != 1 && sponsors.is_empty();
    steps.extend(sponsors.iter().map(|it| refund(*it, if *it == 1 { Way::Signed } else { Way::Own })));
    steps.extend((!is_last).then(|| step(Operation::CloseDistributor)));
    steps
}
