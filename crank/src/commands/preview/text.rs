//! A preview as people read it.

use comfy_table::Table;

use crate::commands::{
    spread,
    text::{pairs, table},
};
use crate::operations::preview::{
    AcceptedPower, Preview,
    board::Board,
    comparison::{Change, Comparison, Standing},
    cost::{Cost, Deposit, EpochTimes},
    findings::{Finding, MilestoneProgress, NextConversion},
};
use crank_cluster::steps::launch::FEE_BASIS_POINTS;
use crank_rules::{
    campaign::{Campaign, Reward},
    wording::second,
};

/// How many wallets that a filter changes are shown.
const SHOWN_CHANGES: usize = 20;
const SECONDS_PER_DAY: u32 = 86_400;

/// The whole text.
pub(super) fn text(preview: &Preview, campaign: &Campaign) -> String {
    let unit = unit(campaign);
    let is_points = matches!(campaign.reward, Reward::Points { .. });
    let parts = [
        Some(head(preview, campaign)),
        preview.accepted_powers.as_ref().map(|powers| section("powers over the token", &self::powers(powers))),
        Some(section("cost", &cost(preview.cost.as_ref(), is_points, &unit))),
        Some(section("schedule", &schedule(preview, is_points))),
        Some(section("findings", &findings(&preview.findings))),
        preview.milestone.as_ref().map(|progress| section("milestone", &milestone(progress))),
        preview.board.as_ref().map(|board| section(board_title(preview), &self::board(preview, board, &unit))),
        preview
            .board
            .as_ref()
            .filter(|board| board.paid > 0)
            .map(|board| section("distribution", &distribution(board))),
        preview.comparison.as_ref().map(|comparison| section("filters", &self::comparison(comparison))),
        Some(&preview.next_conversions)
            .filter(|next| !next.is_empty())
            .map(|next| section("next conversions", &next_conversions(next))),
        Some(section("confirmation", &confirmation(preview))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn section(title: &str, body: &str) -> String {
    let body: String = body.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect();
    format!("{title}\n{body}")
}

/// The reward's unit, for people.
fn unit(campaign: &Campaign) -> String {
    match campaign.reward {
        Reward::Sol => "SOL".to_owned(),
        Reward::Points { .. } => "points".to_owned(),
        Reward::Tokens { mint, .. } => {
            let mint = mint.to_string();
            format!("tokens of {}…", mint.get(..4).unwrap_or(&mint))
        }
    }
}

fn head(preview: &Preview, campaign: &Campaign) -> String {
    let mut lines = vec![("campaign", preview.campaign.clone())];
    if preview.distributor != preview.campaign {
        lines.push(("distributor", preview.distributor.clone()));
    }
    let kind = format!("{:?}", preview.kind).to_lowercase();
    lines.push(("type", kind));
    if let Reward::Tokens { mint, .. } = campaign.reward {
        lines.push(("token", mint.to_string()));
    }
    lines.push(("epoch", preview.epoch.to_string()));
    pairs(&lines)
}

fn powers(powers: &[AcceptedPower]) -> String {
    if powers.is_empty() {
        return "none is accepted: a mint of which somebody could stop, take or shrink what is owed is refused"
            .to_owned();
    }
    powers.iter().map(|power| format!("{:<24}{}\n", power.name, power.meaning)).collect()
}

fn cost(cost: Option<&Cost>, is_points: bool, unit: &str) -> String {
    let Some(cost) = cost else {
        return if is_points {
            "points are recorded and ranked, and nothing is paid".to_owned()
        } else {
            "the pool and the fee on it are more than 64 bits of base units: no epoch can be funded".to_owned()
        };
    };
    let fee = format!("fee ({} %)", FEE_BASIS_POINTS / 100);
    let row = |label: String, deposit: &Deposit| {
        [label, deposit.pool.clone(), deposit.fee.clone(), deposit.creator_pays.clone(), unit.to_owned()]
    };
    let all = match (cost.epochs, &cost.campaign) {
        (Some(epochs @ 2..), Some(deposit)) => Some(row(format!("all {epochs} epochs"), deposit)),
        _ => None,
    };
    let rows = [row("each epoch".to_owned(), &cost.epoch)].into_iter().chain(all);
    let table = table(["", "rewards", &fee, "creator pays", ""], &[1, 2, 3], rows);
    let note = match (cost.epochs, &cost.campaign) {
        (None, _) => "\nthe campaign has no last epoch: each is paid for as it comes",
        (Some(_), None) => "\nall epochs together are more than 64 bits of base units hold: fund them one by one",
        (Some(_), Some(_)) => "",
    };
    format!("{}{note}\nthe fee is on top, and what is not paid goes back with its share of the fee", table.trim_fmt())
}

fn schedule(preview: &Preview, is_points: bool) -> String {
    let columns = if is_points { 3 } else { 5 };
    let rows = preview.schedule.iter().map(|EpochTimes { epoch, start, end, pays_from, pays_until }| {
        let times = [*start, *end, *pays_from, *pays_until].map(second);
        [epoch.to_string()].into_iter().chain(times).take(columns).collect::<Vec<String>>()
    });
    let header = ["epoch", "counts from", "until", "pays from", "until"].into_iter().take(columns);
    let table = table(header.collect::<Vec<&str>>(), &[0], rows);
    let days = preview.claim_window_seconds / SECONDS_PER_DAY;
    let note = format!("\npayments are open for {days} days, from then at the earliest");
    format!("{}{}", table.trim_fmt(), if is_points { "" } else { &note })
}

fn findings(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "nothing that looks like a mistake".to_owned();
    }
    let line = |finding: &Finding| {
        let example =
            finding.example.as_ref().map(|example| format!("         such as {example}\n")).unwrap_or_default();
        format!("{:<9}{} ({})\n{example}", finding.severity, finding.message, finding.code)
    };
    findings.iter().map(line).collect()
}

fn milestone(progress: &MilestoneProgress) -> String {
    let reached = match (&progress.total, &progress.progress) {
        (Some(total), Some(share)) => format!("{total}, {share} of it"),
        _ => "unknown without events".to_owned(),
    };
    let verdict = match (progress.is_reached, &progress.total) {
        (_, None) => "nothing is paid before it is reached",
        (true, _) => "is reached: the epoch pays",
        (false, _) => "is not reached: the epoch pays nothing",
    };
    pairs(&[("target", progress.target.clone()), ("reached", reached), ("milestone", verdict.to_owned())])
}

fn board_title(preview: &Preview) -> &'static str {
    match &preview.milestone {
        Some(progress) if !progress.is_reached => "board, if the milestone were reached",
        _ => "board",
    }
}

fn board(preview: &Preview, board: &Board, unit: &str) -> String {
    let used = format!(
        "{} {unit}, {}.{:02} % of the pool; {} are left",
        board.total,
        board.used_basis_points / 100,
        board.used_basis_points % 100,
        board.left
    );
    let mut lines = vec![("rows", board.rows.to_string()), ("paid", board.paid.to_string()), ("pays", used)];
    lines.extend(board.unpaid.iter().map(|(reason, count)| ("not paid", format!("{count}: {reason}"))));
    if let Some(draw) = &preview.raffle {
        let note = if draw.is_sample { "  A SAMPLE: the real draw has another seed, and other winners" } else { "" };
        lines.push(("seed", format!("{}{note}", draw.seed)));
    }
    let rows = board
        .top
        .iter()
        .map(|rank| [rank.rank.to_string(), rank.address.clone(), rank.value.clone(), rank.amount.clone()]);
    let table = table(["rank", "address", Board::value_name(preview.kind), "amount"], &[0, 2, 3], rows);
    if board.top.is_empty() { pairs(&lines) } else { format!("{}\n{}", pairs(&lines), table.trim_fmt()) }
}

fn distribution(board: &Board) -> String {
    let columns = [("values", board.values.as_ref()), ("amounts", board.amounts.as_ref())];
    spread::table(&columns).trim_fmt()
}

fn comparison(comparison: &Comparison) -> String {
    let counts = format!(
        "{} wallets qualify without filters, {} with them; {} are out or have another value",
        comparison.before,
        comparison.after,
        comparison.changed.len()
    );
    let below = |change: &&Change| !comparison.top.contains(change);
    let others: Vec<&Change> = comparison.changed.iter().filter(below).collect();
    let mut shown: Vec<&Change> = comparison.top.iter().chain(others.iter().copied().take(SHOWN_CHANGES)).collect();
    shown.sort_by_key(|change| change.before.as_ref().map_or(usize::MAX, |standing| standing.rank));
    let hidden = others.len().saturating_sub(SHOWN_CHANGES);
    let more = if hidden > 0 { format!("\nand {hidden} more") } else { String::new() };
    format!("{counts}\n\n{}{more}", changes(&shown).trim_fmt())
}

fn changes(changes: &[&Change]) -> Table {
    let cells = |standing: &Option<Standing>| match standing {
        Some(standing) => [standing.rank.to_string(), standing.value.clone()],
        None => ["out".to_owned(), String::new()],
    };
    let rows = changes.iter().map(|change| {
        let ([before, value], [after, value_after]) = (cells(&change.before), cells(&change.after));
        let why = change.reason.clone().unwrap_or_default();
        [before, value, after, value_after, change.address.clone(), why]
    });
    table(["before", "value", "after", "value", "address", "why"], &[0, 1, 2, 3], rows)
}

fn next_conversions(next: &[NextConversion]) -> String {
    let rows = next.iter().map(|conversion| [conversion.number.to_string(), conversion.amount.clone()]);
    table(["conversion", "earns"], &[0, 1], rows).trim_fmt()
}

fn confirmation(preview: &Preview) -> String {
    let note = if preview.board.is_none() { "\nno events were given: nobody's reward is shown" } else { "" };
    format!("{}\ncovers {}{note}", preview.confirmation.sha256, preview.confirmation.covers)
}
