//! Recomputes a bundle, and compares it with everything else that the request names.
//!
//! That can be the activity that its queries ran on, the publisher's key, the accounts on the chain, and the bundles
//! that it builds on.

mod account;
mod queries;

use std::path::{Path, PathBuf};

use serde::Serialize;
use solana_pubkey::Pubkey;

use super::{OperationError, activity_source::ActivityPlace, measure::with_threads};
use crank_activity::engine::QueryLimits;
use crank_rules::bundle::{self, Bundle, Correction, Previous};

/// Which bundle to recompute, and what to compare it with.
#[derive(Clone, Debug, Default)]
pub struct VerifyRequest {
    /// The bundle's directory.
    pub bundle: PathBuf,
    /// The publisher who must have signed it.
    pub publisher: Option<Pubkey>,
    /// The bundle of the epoch before, from which a curve goes on counting.
    pub previous: Option<PathBuf>,
    /// The bundle that this one corrects.
    pub corrects: Option<PathBuf>,
    /// The activity that it was made from, to run its queries again.
    pub activity: Option<ActivityPlace>,
    /// Where its accounts are.
    pub account: Option<AccountPlace>,
    /// The limits of the queries; the answer does not depend on them.
    pub limits: QueryLimits,
}

/// Where the account of an epoch is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AccountPlace {
    /// On a cluster: the address of a node, or localnet, devnet or mainnet.
    Cluster(String),
    /// In a file, as `solana account ADDRESS --output json` writes it.
    File(PathBuf),
}

/// A check that a bundle passed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Check {
    /// Every file, recomputed.
    Files,
    /// The signature of the publisher.
    Signature,
    /// The conversions before a curve's epoch.
    ConversionsBefore,
    /// The amounts that the corrected bundles allotted.
    AllottedBefore,
    /// The queries, run again on a file of events.
    QueriesOnEvents,
    /// The queries, run again on a store.
    QueriesOnStore,
    /// The account of the epoch.
    EpochAccount,
    /// The accounts of the epoch and its distributor.
    EpochAndDistributorAccounts,
}

/// A bundle that passed all checks.
#[derive(Debug)]
pub struct Verified {
    /// The bundle, recomputed.
    pub bundle: Bundle,
    /// The checks that it passed, in their order.
    pub checks: Vec<Check>,
}

/// Recomputes a bundle and compares it with what the request names.
///
/// # Errors
/// `Check` with the first difference; `Input` or `Field` when there is no bundle or the request is wrong, and `Outside`
/// when a query or a node cannot be reached.
pub fn verify(request: &VerifyRequest) -> Result<Verified, OperationError> {
    let bundle = verified_bundle(&request.bundle, &request.limits)?;
    let mut checks = vec![Check::Files];
    if let Some(publisher) = &request.publisher {
        check_publisher(&bundle, publisher)?;
    }
    checks.extend(bundle.publisher().map(|_| Check::Signature));
    if let Some(previous) = &request.previous {
        check_previous(&bundle, &verified_bundle(previous, &request.limits)?)?;
        checks.push(Check::ConversionsBefore);
    }
    if let Some(corrected) = &request.corrects {
        check_corrected(&bundle, &verified_bundle(corrected, &request.limits)?)?;
        checks.push(Check::AllottedBefore);
    }
    if let Some(place) = &request.activity {
        queries::run_again(&bundle, place, &request.limits)?;
        checks.push(match place {
            ActivityPlace::Events(_) => Check::QueriesOnEvents,
            ActivityPlace::Store(_) => Check::QueriesOnStore,
        });
    }
    if let Some(place) = &request.account {
        checks.push(account::check(&bundle, place)?);
    }
    Ok(Verified { bundle, checks })
}

/// Reads a bundle and recomputes it.
///
/// # Errors
/// `Check` with the first difference; `Input` when there is no bundle.
pub fn verified_bundle(path: &Path, limits: &QueryLimits) -> Result<Bundle, OperationError> {
    with_threads(limits, || {
        let files = bundle::read_directory(path)?;
        bundle::verify(&files).map_err(|difference| OperationError::Check(difference.to_string()))
    })?
}

/// Refuses a bundle without the publisher's signature.
fn check_publisher(bundle: &Bundle, publisher: &Pubkey) -> Result<(), OperationError> {
    let found = match bundle.publisher() {
        Some(signer) if signer == *publisher => return Ok(()),
        Some(signer) => format!("that of {signer}"),
        None => "none".to_owned(),
    };
    Err(OperationError::Check(format!("{}: expected the signature of {publisher}, found {found}", bundle::SIGNATURE)))
}

/// Refuses a curve that does not go on counting from `previous`.
fn check_previous(bundle: &Bundle, previous: &Bundle) -> Result<(), OperationError> {
    let stated = bundle.statement().previous.ok_or_else(|| {
        OperationError::field("previous", "has no use here: this bundle does not count on from another")
    })?;
    let expected = Previous::of(previous);
    check_hash("previous", &expected.manifest_hash, &stated.manifest_hash)?;
    if expected.conversions == stated.conversions {
        return Ok(());
    }
    let (expected, found) = (expected.conversions, stated.conversions);
    Err(OperationError::Check(format!("manifest.json `firstConversion`: expected {expected}, found {found}")))
}

/// Refuses a bundle that does not correct `corrected`, or is of another epoch.
fn check_corrected(bundle: &Bundle, corrected: &Bundle) -> Result<(), OperationError> {
    let stated = bundle
        .statement()
        .correction
        .as_ref()
        .ok_or_else(|| OperationError::field("corrects", "has no use here: this bundle is not a correction"))?;
    let expected = Correction::of(corrected);
    check_hash("corrects", &expected.manifest_hash, &stated.manifest_hash)?;
    if corrected.statement().period != bundle.statement().period {
        return Err(OperationError::Check(
            "manifest.json `periodStart`: expected the period of the corrected bundle".to_owned(),
        ));
    }
    if expected.allotted == stated.allotted {
        return Ok(());
    }
    Err(OperationError::Check(format!(
        "{}: expected what the corrected bundles allotted, found something else",
        bundle::ALLOTTED
    )))
}

fn check_hash(field: &str, expected: &[u8], found: &[u8]) -> Result<(), OperationError> {
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (hex::encode(expected), hex::encode(found));
    Err(OperationError::Check(format!("manifest.json `{field}`: expected {expected}, found {found}")))
}
