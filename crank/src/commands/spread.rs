//! A distribution as a table for people.

use comfy_table::Table;

use super::text;
use crank_rules::values::distribution::{Distribution, SHOWN_DECIMALS, Shares, percent, rounded};

/// A table with a column for each named distribution; figures that a distribution lacks are left empty.
pub(super) fn table(columns: &[(&str, Option<&Distribution>)]) -> Table {
    let header: Vec<String> =
        [String::new()].into_iter().chain(columns.iter().map(|(name, _)| (*name).to_owned())).collect();
    let texts: Vec<Vec<String>> = columns.iter().map(|(_, column)| column.map(lines).unwrap_or_default()).collect();
    let rows = labels().into_iter().enumerate().map(|(row, label)| {
        let cells = texts.iter().map(|column| column.get(row).cloned().unwrap_or_default());
        [label].into_iter().chain(cells).collect::<Vec<String>>()
    });
    let numbers: Vec<usize> = (1..=columns.len()).collect();
    text::table(header, &numbers, rows)
}

fn labels() -> Vec<String> {
    let deciles = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|tenth| match tenth {
        5 => "50 % (median)".to_owned(),
        _ => format!("{tenth}0 %"),
    });
    let first = ["count", "total", "mean", "smallest"].map(str::to_owned);
    let last =
        ["largest", "top 1 % have", "top 10 have", "bottom 50 % have", "concentration (Gini)"].map(str::to_owned);
    [&first[..], &deciles, &last].concat()
}

fn lines(distribution: &Distribution) -> Vec<String> {
    let first = [
        distribution.count.to_string(),
        rounded(&distribution.total, SHOWN_DECIMALS),
        rounded(&distribution.mean, SHOWN_DECIMALS),
        distribution.smallest.to_string(),
    ];
    let deciles = distribution.deciles.map(|decile| decile.to_string());
    let last = [distribution.largest.to_string()];
    let shares = distribution.shares.as_ref().map(shares);
    [&first[..], &deciles, &last, shares.as_ref().map_or(&[], |shares| &shares[..])].concat()
}

fn shares(shares: &Shares) -> [String; 4] {
    [
        percent(&shares.top_percent),
        percent(&shares.top_ten),
        percent(&shares.bottom_half),
        rounded(&shares.concentration, 4),
    ]
}
