//! `crank preview`: what a campaign costs and what one of its epochs would pay, as text or as JSON.
//!
//! The operation of the same name decides what is shown; this module prints it.

mod text;

use std::io::Write;

use super::{activity_place, report, report_json};
use crate::{
    cli::PreviewArguments,
    failure::Failure,
    operations::{
        campaign_text::CampaignText,
        preview::{PreviewRequest, preview},
    },
};

/// Runs the command.
pub(super) fn run(arguments: &PreviewArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let campaign = CampaignText::read(&arguments.campaign)?;
    let request = PreviewRequest {
        distributor_name: arguments.distributor_name.clone(),
        epoch: arguments.epoch,
        activity: activity_place(&arguments.activity),
        raffle_seed: arguments.raffle_seed,
        limits: arguments.limits.limits(),
    };
    let shown = preview(&campaign, &request)?;
    if arguments.json {
        return report_json(out, &shown);
    }
    report(out, &text::text(&shown, campaign.distributor(arguments.distributor_name.as_deref())?))
}
