//! The board with and without the campaign's filters, side by side.

use std::collections::BTreeMap;

use serde::Serialize;
use solana_pubkey::Pubkey;

use super::board::SHOWN_RANKS;
use crate::{
    campaign::{Campaign, Filter, FilterRule},
    decimal::Decimal,
    evaluation::{Kind, Row, sort_by_rank},
    measurement::Measurement,
};

/// What the filters change.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Comparison {
    /// How many wallets qualify without filters.
    pub(super) before: usize,
    /// How many qualify with them.
    pub(super) after: usize,
    /// The first ranks of both boards, by their rank before.
    pub(super) top: Vec<Change>,
    /// Every wallet that is out or whose value changed, by its rank before.
    pub(super) changed: Vec<Change>,
}

/// What the filters change for one wallet.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    /// The wallet.
    pub(super) address: String,
    /// Its place without filters; none if it did not qualify.
    pub(super) before: Option<Standing>,
    /// Its place with them; none if it is out.
    pub(super) after: Option<Standing>,
    /// Why it is out or its value changed; none if neither.
    pub(super) reason: Option<String>,
}

/// A wallet's place on a board.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Standing {
    /// From 1.
    pub(super) rank: usize,
    /// Its value; for a curve, how many conversions.
    pub(super) value: String,
}

impl Comparison {
    /// Compares the boards; none if the campaign has no filter.
    pub(super) fn of(campaign: &Campaign, measurement: &Measurement) -> Option<Self> {
        let before = standings(campaign, measurement.unfiltered.as_ref()?, &BTreeMap::new());
        let after = standings(campaign, &measurement.rows, &measurement.excluded);
        // Less of a bad thing can make a value larger, so a filter can bring a wallet onto the board.
        let newcomers = after.keys().filter(|address| !before.contains_key(*address));
        let mut wallets: Vec<&Pubkey> = before.keys().chain(newcomers).collect();
        wallets.sort_by_key(|address| (before.get(*address).map_or(usize::MAX, |standing| standing.rank), **address));
        let changes: Vec<Change> = wallets
            .into_iter()
            .map(|address| Change::of(address, before.get(address), after.get(address), campaign, measurement))
            .collect();
        let is_on_top = |standing: &Option<Standing>| standing.as_ref().is_some_and(|at| at.rank <= SHOWN_RANKS);
        let top = changes.iter().filter(|change| is_on_top(&change.before) || is_on_top(&change.after));
        let top = top.cloned().collect();
        let (before, after) = (before.len(), after.len());
        let changed = changes.into_iter().filter(|change| change.reason.is_some()).collect();
        Some(Self { before, after, top, changed })
    }
}

impl Change {
    fn of(
        address: &Pubkey,
        before: Option<&Standing>,
        after: Option<&Standing>,
        campaign: &Campaign,
        measurement: &Measurement,
    ) -> Self {
        let is_changed = before.map(|standing| &standing.value) != after.map(|standing| &standing.value);
        let reason = is_changed.then(|| reason(campaign, measurement.excluded.get(address).copied()));
        Self { address: address.to_string(), before: before.cloned(), after: after.cloned(), reason }
    }
}

/// The reason of the filter that excludes the wallet, or of those that take out events.
fn reason(campaign: &Campaign, place: Option<u16>) -> String {
    let is_of_events =
        |filter: &&Filter| matches!(filter.rule(), FilterRule::ExcludeEvents { .. } | FilterRule::MinimumHold { .. });
    match place.and_then(|place| campaign.filters.get(usize::from(place))) {
        Some(filter) => format!("excluded: {}", filter.reason()),
        None => {
            let reasons: Vec<&str> = campaign.filters.iter().filter(is_of_events).map(Filter::reason).collect();
            format!("events taken out: {}", reasons.join("; or "))
        }
    }
}

/// The places of those who qualify.
fn standings(campaign: &Campaign, rows: &[Row], excluded: &BTreeMap<Pubkey, u16>) -> BTreeMap<Pubkey, Standing> {
    let mut rows = if campaign.terms.shape.kind() == Kind::Curve { conversions(rows) } else { rows.to_vec() };
    let is_admitted = |address: &Pubkey| campaign.terms.audience.admits(address) && !excluded.contains_key(address);
    rows.retain(|row| row.value > Decimal::ZERO && is_admitted(&row.address));
    sort_by_rank(&mut rows);
    let placed = rows.iter().zip(1..);
    placed.map(|(row, rank)| (row.address, Standing { rank, value: row.value.to_string() })).collect()
}

/// How many conversions each wallet has.
fn conversions(rows: &[Row]) -> Vec<Row> {
    let mut counts = BTreeMap::<Pubkey, u64>::new();
    for row in rows {
        let count = counts.entry(row.address).or_default();
        *count = count.saturating_add(1);
    }
    counts.into_iter().map(|(address, count)| Row { address, value: Decimal::from(count) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign() -> Campaign {
        let text = r#"{"name":"x","type":"leaderboard","sqlQuery":"select 1","startDate":"2026-01-19","interval":"DAILY",
            "emissionType":"SOL","totalFundAmount":5,"filters":[
            {"type":"EXCLUDE_EVENTS","reason":"small trades","table":"events.trade","where":"usd < 1"},
            {"type":"EXCLUDE_WALLETS","reason":"known bots","sqlQuery":"select 2"}]}"#;
        Campaign::parse(text.as_bytes()).unwrap()
    }

    fn rows(values: &[(u8, u64)]) -> Vec<Row> {
        let row = |&(byte, value)| Row { address: Pubkey::new_from_array([byte; 32]), value: Decimal::from(value) };
        values.iter().map(row).collect()
    }

    #[test]
    fn who_is_out_and_who_lost_something_is_named_with_the_reason() {
        let measurement = Measurement {
            rows: rows(&[(1, 50), (2, 40), (3, 10), (4, 5)]),
            unfiltered: Some(rows(&[(1, 50), (2, 90), (3, 10), (4, 5), (5, 1), (6, 0)])),
            excluded: BTreeMap::from([(Pubkey::new_from_array([3; 32]), 1)]),
            ..Measurement::default()
        };
        let comparison = Comparison::of(&campaign(), &measurement).unwrap();
        assert_eq!((comparison.before, comparison.after), (5, 3));
        let line = |change: &Change| {
            let standing = |standing: &Option<Standing>| {
                standing.as_ref().map_or_else(|| "out".to_owned(), |at| format!("{}:{}", at.rank, at.value))
            };
            let reason = change.reason.as_deref().unwrap_or("unchanged");
            format!("{} {} {reason}", standing(&change.before), standing(&change.after))
        };
        let lines: Vec<String> = comparison.changed.iter().map(line).collect();
        assert_eq!(
            lines,
            [
                "1:90 2:40 events taken out: small trades",
                "3:10 out excluded: known bots",
                "5:1 out events taken out: small trades"
            ]
        );
        let top: Vec<String> = comparison.top.iter().map(line).collect();
        assert_eq!((top.len(), top[1].as_str(), top[3].as_str()), (5, "2:50 1:50 unchanged", "4:5 3:5 unchanged"));
    }

    #[test]
    fn without_filters_there_is_nothing_to_compare() {
        let measurement = Measurement { rows: rows(&[(1, 5)]), ..Measurement::default() };
        assert_eq!(Comparison::of(&campaign(), &measurement), None);
    }
}
