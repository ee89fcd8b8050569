//! `crank status`: what a distributor on a cluster is, has and owes, as text or as JSON.

use std::io::Write;

use super::{
    report, report_json,
    text::{pairs, table},
};
use crate::{
    cli::StatusArguments,
    failure::Failure,
    operations::status::{Amount, OpenEpoch, Schedule, Status, StatusRequest, status},
};

/// Runs the command.
pub(super) fn run(arguments: &StatusArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let request = StatusRequest { distributor: arguments.distributor, cluster: arguments.cluster.clone() };
    let answer = status(&request)?;
    if arguments.json {
        return report_json(out, &answer);
    }
    report(out, &text(&answer))
}

fn text(status: &Status) -> String {
    let money = &status.money;
    let unit = if status.token_address.is_some() { "tokens" } else { "SOL" };
    let amount = |amount: &Amount| format!("{} {unit}", amount.amount);
    let mut lines = vec![
        ("distributor", status.distributor.clone()),
        ("cluster", format!("genesis {}, slot {}, {}", status.genesis_hash, status.slot, status.time)),
        ("state", status.state.to_owned()),
        ("type", format!("{}, paid by {}", status.kind, status.mode)),
        ("reward", status.token_address.clone().unwrap_or_else(|| "SOL".to_owned())),
        ("owner", status.roles.owner.clone()),
        ("publisher", status.roles.publisher.clone()),
        ("guardian", status.roles.guardian.clone()),
    ];
    if !status.accepted_powers.is_empty() {
        lines.push(("powers", status.accepted_powers.join(", ")));
    }
    lines.extend([
        ("funded", format!("{}, of which sponsors brought {}", amount(&money.funded), money.sponsored.amount)),
        ("paid", format!("{} by closed epochs", amount(&money.paid))),
        (
            "reserved",
            format!("{} for open epochs; {} may leave now", amount(&money.reserved), money.can_leave_now.amount),
        ),
        ("free", amount(&money.free)),
        ("fee", format!("{} basis points", money.fee_basis_points)),
        ("schedule", schedule(&status.schedule)),
        ("windows", windows(&status.schedule)),
        ("budget", format!("{} an epoch", amount(&status.schedule.epoch_budget))),
    ]);
    if status.open_epochs.is_empty() {
        lines.push(("epochs", "none is open".to_owned()));
        return pairs(&lines);
    }
    format!("{}\n{}\n", pairs(&lines), epochs(&status.open_epochs))
}

fn schedule(schedule: &Schedule) -> String {
    let count = match schedule.epoch_count {
        None => "epochs without end".to_owned(),
        Some(1) => "1 epoch".to_owned(),
        Some(count) => format!("{count} epochs"),
    };
    let next = match (schedule.next_epoch, &schedule.next_epoch_ends) {
        (Some(index), Some(end)) => format!("epoch {index} is the next to post, it ends at {end}"),
        (Some(index), None) => format!("epoch {index} is the next to post"),
        (None, _) => "none is left to post".to_owned(),
    };
    format!("{count} of {} from {}; {next}", length(schedule.epoch_seconds), schedule.start)
}

fn windows(schedule: &Schedule) -> String {
    let [delay, window] = [schedule.activation_delay_seconds, schedule.claim_window_seconds].map(length);
    format!("a root can be cancelled for {delay}, then its leaves are paid for {window}")
}

/// A length of time in the largest unit that measures it.
fn length(seconds: u32) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let unit = units.into_iter().find(|(length, _)| seconds.is_multiple_of(*length));
    let (length, name) = unit.unwrap_or((1, "second"));
    match seconds.checked_div(length).unwrap_or_default() {
        1 => format!("1 {name}"),
        count => format!("{count} {name}s"),
    }
}

fn epochs(epochs: &[OpenEpoch]) -> String {
    let header = ["epoch", "state", "until", "leaves", "paid leaves", "amount", "paid amount", "root"];
    let rows = epochs.iter().map(|epoch| {
        vec![
            epoch.index.to_string(),
            epoch.state.to_owned(),
            epoch.until.clone().unwrap_or_default(),
            epoch.leaves.to_string(),
            epoch.paid_leaves.to_string(),
            epoch.total.amount.clone(),
            epoch.paid.amount.clone(),
            epoch.root.clone().unwrap_or_default(),
        ]
    });
    table(header, &[0, 3, 4, 5, 6], rows).trim_fmt()
}
