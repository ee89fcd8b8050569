//! `crank demo`: a whole epoch on the embedded cluster, from escrow to wallets, without a network.
//!
//! It evaluates and pushes a real trading competition; wallets then claim from a second distributor of the same action.
//! The work is done by the same modules as on any cluster. This module tells the story, and at the end adds the money
//! up from the wallets' balances.

mod cast;
mod competition;
mod escrow;
mod story;
mod thanks;

use std::io::Write;
use std::path::Path;

use torque::state::Epoch;

use self::cast::Cast;
use self::escrow::Escrow;
use self::story::Story;
use crate::cli::DemoArguments;
use crate::failure::Failure;
use crate::operations::verify::verified_bundle;
use crank_activity::engine::QueryLimits;
use crank_cluster::steps::post;
use crank_rules::bundle::Bundle;
use crank_rules::tree::MerkleTree;

/// The address below which the epochs say that their bundles lie. The demonstration has no network: it reads them from
/// its own directory.
const BUNDLES: &str = "https://example.com/bundles";

/// Runs the command.
pub(super) fn run(arguments: &DemoArguments, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(directory) = &arguments.out {
        crank_rules::bundle::refuse_occupied(directory)?;
        std::fs::create_dir_all(directory)
            .map_err(|error| Failure::Outside(format!("{}: {error}", directory.display())))?;
    }
    let temporary =
        tempfile::tempdir().map_err(|error| Failure::Outside(format!("no temporary directory: {error}")))?;
    let directory = arguments.out.as_deref().unwrap_or_else(|| temporary.path());
    tell(arguments, directory, &mut Story::new(out))
}

fn tell(arguments: &DemoArguments, directory: &Path, story: &mut Story<'_>) -> Result<(), Failure> {
    let inputs = competition::inputs(arguments, directory)?;
    let cast = Cast::new(inputs.campaign.schedule.start)?;

    let asset = competition::prepare(&cast, &inputs, arguments.owner_balance.as_ref())?;

    let action = competition::launch(&cast, story, &inputs)?;
    let mut competition = competition::fund(&cast, story, &inputs, asset, action)?;
    let (mut thanks, campaign, wallets) = thanks::fund(&cast, story, action, &inputs.campaign.schedule)?;

    let board = competition::evaluate(story, &inputs, &competition, directory)?;
    let gifts = thanks::evaluate(story, &campaign, &thanks, directory)?;
    let posted = open(&cast, story, &inputs, [(&competition, &board), (&thanks, &gifts)])?;

    competition::push(&cast, story, &mut competition, &board)?;
    thanks::claim(&cast, story, &mut thanks, &gifts, &wallets)?;
    escrow::settle(&cast, story, [competition, thanks])?;
    verify(story, directory, posted)?;
    if arguments.out.is_some() {
        story.line(&format!("the bundles and their inputs are in {}", directory.display()))?;
    }
    story.end()
}

/// Posts both roots after the epoch's end and waits until they open. Returns the epochs as the chain has them.
fn open(
    cast: &Cast,
    story: &mut Story<'_>,
    inputs: &competition::Inputs,
    [competition, thanks]: [(&Escrow, &Bundle); 2],
) -> Result<[Epoch; 2], Failure> {
    story.section("Post the roots")?;
    let period = inputs.campaign.period(0).map_err(|error| Failure::Input(error.to_string()))?;
    let args = post::args(competition.1, BUNDLES)?;
    let early = cast.wait(post::epoch(&cast.cluster, &competition.0.addresses, &cast.publisher, args));
    story.refused("posting before the week is over", early)?;
    cast.cluster.set_time(period.end);
    let posted = [post(cast, story, competition)?, post(cast, story, thanks)?];
    cast.cluster.set_time(posted[0].opens_at);
    Ok(posted)
}

fn post(cast: &Cast, story: &mut Story<'_>, (escrow, bundle): (&Escrow, &Bundle)) -> Result<Epoch, Failure> {
    let args = post::args(bundle, BUNDLES)?;
    let bundle_uri = args.bundle_uri.clone();
    let receipts = cast.wait(post::epoch(&cast.cluster, &escrow.addresses, &cast.publisher, args))?;
    let epoch = cast.cluster.epoch(&escrow.addresses.epoch(0))?;
    story.line(&format!("{}: root {}", escrow.name, hex::encode(epoch.root)))?;
    story.line(&format!(
        "  {} leaves, {} reserved, {} compute units; cancellable for a day, then paid for seven",
        epoch.leaf_count,
        escrow.amount(epoch.total),
        receipts.iter().map(|receipt| receipt.compute_units).sum::<u64>()
    ))?;
    story.line(&format!("  announced: its bundle lies at {bundle_uri}"))?;
    Ok(epoch)
}

/// Recomputes the bundles from the disk, and compares them with the epochs that were posted.
fn verify(story: &mut Story<'_>, directory: &Path, posted: [Epoch; 2]) -> Result<(), Failure> {
    story.section("Verify the bundles")?;
    for (epoch, name) in posted.iter().zip([competition::BUNDLE, thanks::BUNDLE]) {
        let recomputed = verified_bundle(&directory.join(name), &QueryLimits::default())?;
        if (recomputed.tree().map(MerkleTree::root), recomputed.manifest_hash())
            != (Some(epoch.root), epoch.manifest_hash)
        {
            return Err(Failure::Check(format!("{name}: what is recomputed is not what was posted")));
        }
        story.line(&format!("{name}: root {}", hex::encode(epoch.root)))?;
        story.line(&format!("  recomputed as posted; manifest {} likewise", hex::encode(epoch.manifest_hash)))?;
    }
    Ok(())
}
