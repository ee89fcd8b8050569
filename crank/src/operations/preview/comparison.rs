//! The board with and without the campaign's filters, side by side.

use std::collections::BTreeMap;

use serde::Serialize;
use solana_pubkey::Pubkey;

use super::board::SHOWN_RANKS;
use crank_rules::{
    bundle::Measured,
    campaign::{Campaign, Filter, FilterRule},
    evaluation::{Row, sort_by_rank},
    values::decimal::Decimal,
};

/// What the filters change.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// How many wallets qualify without filters.
    pub before: usize,
    /// How many qualify with them.
    pub after: usize,
    /// The first ranks of both boards, by their rank before.
    pub top: Vec<Change>,
    /// Every wallet that is out or whose value changed, by its rank before.
    pub changed: Vec<Change>,
}

/// What the filters change for one wallet.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The wallet.
    pub address: String,
    /// Its place without filters; `None` if it did not qualify.
    pub before: Option<Standing>,
    /// Its place with filters; `None` if it no longer qualifies.
    pub after: Option<Standing>,
    /// Why it no longer qualifies or its value changed; `None` if neither is the case.
    pub reason: Option<String>,
}

/// A wallet's place on a board.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Standing {
    /// From 1.
    pub rank: usize,
    /// Its value; for a curve, how many conversions.
    pub value: String,
}

impl Comparison {
    /// Compares the boards; `None` if the campaign has no filter.
    pub fn of(campaign: &Campaign, measured: &Measured) -> Option<Self> {
        if campaign.filters.is_empty() {
            return None;
        }
        let (kind, excluded) = (campaign.terms.shape.kind(), measured.excluded());
        let before = standings(campaign, measured.unfiltered_values(kind), &BTreeMap::new());
        let after = standings(campaign, measured.values(kind), &excluded);
        // A filter can also raise a value, for instance a negative one, and so bring a wallet onto the board.
        let newcomers = after.keys().filter(|address| !before.contains_key(*address));
        let mut wallets: Vec<&Pubkey> = before.keys().chain(newcomers).collect();
        wallets.sort_by_key(|address| (before.get(*address).map_or(usize::MAX, |standing| standing.rank), **address));
        let changes: Vec<Change> = wallets
            .into_iter()
            .map(|address| Change::of(address, before.get(address), after.get(address), campaign, &excluded))
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
        excluded: &BTreeMap<Pubkey, u16>,
    ) -> Self {
        let is_changed = before.map(|standing| &standing.value) != after.map(|standing| &standing.value);
        let reason = is_changed.then(|| reason(campaign, excluded.get(address).copied()));
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

/// The places of the wallets that qualify.
fn standings(
    campaign: &Campaign,
    values: Vec<(Pubkey, Decimal)>,
    excluded: &BTreeMap<Pubkey, u16>,
) -> BTreeMap<Pubkey, Standing> {
    let mut rows: Vec<Row> = values.into_iter().map(|(address, value)| Row { address, value }).collect();
    let is_admitted = |address: &Pubkey| campaign.terms.audience.admits(address) && !excluded.contains_key(address);
    rows.retain(|row| row.value > Decimal::ZERO && is_admitted(&row.address));
    sort_by_rank(&mut rows);
    let placed = rows.iter().zip(1..);
    placed.map(|(row, rank)| (row.address, Standing { rank, value: row.value.to_string() })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crank_rules::evaluation::Kind;

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
        let unfiltered = rows(&[(1, 50), (2, 90), (3, 10), (4, 5), (5, 1), (6, 0)]);
        let excluded = BTreeMap::from([(Pubkey::new_from_array([3; 32]), 1)]);
        let measured = Measured::of_rows(rows(&[(1, 50), (2, 40), (3, 10), (4, 5)]));
        let measured = measured.with_filters(Kind::Leaderboard, &unfiltered, &excluded);
        let comparison = Comparison::of(&campaign(), &measured).unwrap();
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
        let campaign = Campaign { filters: Vec::new(), ..campaign() };
        assert_eq!(Comparison::of(&campaign, &Measured::of_rows(rows(&[(1, 5)]))), None);
    }
}
