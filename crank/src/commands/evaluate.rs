//! `crank evaluate`: decides who is paid what in one epoch and writes the bundle. It sends nothing.
//!
//! The operation of the same name decides; this module writes the bundle and prints the command's report.

mod report;

use std::io::Write;

use super::activity_place;
use crate::{
    cli::EvaluateArguments,
    failure::Failure,
    operations::{
        campaign_text::CampaignText,
        evaluate::{EvaluateRequest, evaluate},
    },
};
use crank_rules::bundle;
pub(super) use report::table;

/// Runs the command.
pub(super) fn run(arguments: &EvaluateArguments, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(directory) = &arguments.out {
        bundle::refuse_occupied(directory)?;
    }
    let text = CampaignText::read(&arguments.campaign)?;
    let campaign = text.distributor(arguments.distributor_name.as_deref())?;
    let bundle = evaluate(campaign, &request(arguments))?;
    let path = match (&arguments.out, &arguments.out_root) {
        (Some(directory), _) => bundle.write(directory).map(|()| directory.clone()),
        (None, Some(root)) => bundle.write_by_hash(root),
        (None, None) => return Err(Failure::Input("--out or --out-root is missing".to_owned())),
    }?;
    super::report(out, &report::summary(text.name(), campaign, &bundle, &path))
}

fn request(arguments: &EvaluateArguments) -> EvaluateRequest {
    EvaluateRequest {
        cluster: arguments.cluster.clone(),
        distributor: arguments.distributor,
        epoch: arguments.epoch,
        activity: activity_place(&arguments.activity),
        even_if_incomplete: arguments.even_if_incomplete,
        raffle_seed: arguments.raffle_seed,
        previous: arguments.previous.clone(),
        corrects: arguments.corrects.clone(),
        limits: arguments.limits.limits(),
    }
}
