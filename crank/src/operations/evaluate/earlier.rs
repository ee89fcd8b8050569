//! The earlier bundles that an epoch builds on: the epoch before, for a curve, and the one that a correction adds to.
//!
//! Each is recomputed before it is trusted, and must be of the same campaign: its statement is compared field by field,
//! except for the epoch.

use std::path::Path;

use super::EvaluateRequest;
use crate::operations::{OperationError, verify::verified_bundle};
use crank_rules::{
    bundle::{Bundle, Correction, Occasion, Previous, Statement},
    campaign::Campaign,
    evaluation::{Kind, RewardTerms, Shape},
    formula::Formula,
};

/// The facts from earlier bundles.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    pub(super) previous: Option<Previous>,
    pub(super) correction: Option<Correction>,
}

/// Reads and checks the bundles that the request names.
pub(super) fn bundles(campaign: &Campaign, request: &EvaluateRequest) -> Result<Earlier, OperationError> {
    let is_curve = campaign.terms.shape.kind() == Kind::Curve;
    let previous = match (&request.previous, request.epoch.checked_sub(1)) {
        (None, None) => None,
        (None, Some(before)) if is_curve => {
            let problem = format!("is missing: a curve counts on from the bundle of the epoch before, {before}");
            return Err(OperationError::field("previous", problem));
        }
        (None, Some(_)) => None,
        (Some(_), _) if !is_curve => {
            return Err(OperationError::field("previous", "is given, but only a curve counts on: leave it out"));
        }
        (Some(_), None) => {
            return Err(OperationError::field("previous", "is given, but before epoch 0 there is none: leave it out"));
        }
        (Some(path), Some(before)) => Some(Previous::of(&bundle(path, campaign, request, before)?)),
    };
    let correction = match &request.corrects {
        None => None,
        Some(path) => {
            let corrected = bundle(path, campaign, request, request.epoch)?;
            if corrected.statement().previous != previous {
                let problem = format!("is not the bundle that {} counts on from", path.display());
                return Err(OperationError::field("previous", problem));
            }
            Some(Correction::of(&corrected))
        }
    };
    Ok(Earlier { previous, correction })
}

/// The bundle at `path`, which must be of epoch `epoch` of this campaign.
fn bundle(path: &Path, campaign: &Campaign, request: &EvaluateRequest, epoch: u32) -> Result<Bundle, OperationError> {
    let bundle = verified_bundle(path, &request.limits).map_err(|error| match error {
        OperationError::Check(_) => error.about(path.display()),
        other => other,
    })?;
    let occasion =
        Occasion { cluster: request.cluster.clone(), distributor: request.distributor, epoch, ..Occasion::default() };
    let expected = Statement::new(campaign, occasion, "", Vec::new()).map_err(OperationError::input)?;
    match difference(&expected, bundle.statement()) {
        None => Ok(bundle),
        Some(difference) => Err(OperationError::input(difference).about(path.display())),
    }
}

/// The first difference that shows that an earlier bundle is not of the same campaign.
fn difference(expected: &Statement, found: &Statement) -> Option<String> {
    if found.epoch != expected.epoch {
        return Some(format!("found the bundle of epoch {}, expected that of epoch {}", found.epoch, expected.epoch));
    }
    let actions = |statement: &Statement| statement.queries.as_ref().map(|queries| queries.actions.clone());
    let is_same = [
        ("cluster", found.cluster == expected.cluster),
        ("distributor", found.distributor == expected.distributor),
        ("period", found.period == expected.period && found.campaign_start == expected.campaign_start),
        ("reward", found.reward == expected.reward),
        ("terms", is_same_terms(&expected.terms, &found.terms)),
        ("queries", actions(found) == actions(expected)),
        ("filters", found.filters == expected.filters),
        ("milestone", found.milestone == expected.milestone),
    ];
    let (name, _) = is_same.into_iter().find(|(_, is_same)| !is_same)?;
    Some(format!("the bundle is of another campaign: its {name} is not what the campaign file says"))
}

fn is_same_terms(left: &RewardTerms, right: &RewardTerms) -> bool {
    let is_same_shape = match (&left.shape, &right.shape) {
        (Shape::Raffle(left), Shape::Raffle(right)) => left == right,
        (Shape::Curve(left), Shape::Curve(right)) => left == right,
        (left, right) => {
            left.kind() == right.kind() && left.formula().map(Formula::source) == right.formula().map(Formula::source)
        }
    };
    let rest = |terms: &RewardTerms| (terms.decimals, terms.pool, terms.max_per_participant);
    is_same_shape && rest(left) == rest(right) && left.audience == right.audience
}
