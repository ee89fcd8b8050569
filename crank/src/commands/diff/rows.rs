//! The changes of wallets as text: for each sort of change their number, and the largest.

use std::cmp::Reverse;

use dashu::rational::RBig;
use solana_pubkey::Pubkey;

use crank_rules::{
    bundle::{Bundle, Change, RowChanges},
    values::decimal::Decimal,
};

/// How many changes of each sort are shown.
const SHOWN: usize = 10;

/// The paragraphs about the wallets; empty if nothing changed for any.
pub(super) fn text(rows: &RowChanges, before: &Bundle, after: &Bundle) -> String {
    let added = rows.measured.iter().filter(|change| change.before.is_none());
    let removed = rows.measured.iter().filter(|change| change.after.is_none());
    let number = |value: &Decimal| value.to_rational();
    let mut text = String::new();
    text.push_str(&paragraph("wallets added", added.cloned().collect(), number));
    text.push_str(&paragraph("wallets removed", removed.cloned().collect(), number));
    text.push_str(&paragraph("values changed", rows.values.clone(), number));
    text.push_str(&paragraph("ranks changed", rows.ranks.clone(), |rank| RBig::from(*rank)));
    text.push_str(&amounts(&rows.amounts, before, after));
    text.push_str(&reasons(&rows.reasons));
    text
}

/// The amounts and their total, in display units if both bundles have the same unit.
fn amounts(changes: &[Change<Pubkey, u64>], before: &Bundle, after: &Bundle) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let decimals = |bundle: &Bundle| bundle.statement().reward.decimals();
    let display = |amount: u64, bundle: &Bundle| Decimal::from_base_units(amount, decimals(bundle));
    let shown = changes.iter().map(|change| Change {
        key: change.key,
        before: change.before.map(|amount| display(amount, before)),
        after: change.after.map(|amount| display(amount, after)),
    });
    let mut text = paragraph("amounts changed", shown.collect(), |amount| amount.to_rational());
    let total = |bundle: &Bundle| display(bundle.evaluation().total(), bundle);
    text.push_str(&format!("  in all {} → {}\n", total(before), total(after)));
    text
}

/// The number of changes and the largest of them. A missing value counts as zero.
fn paragraph<V: std::fmt::Display>(
    title: &str,
    changes: Vec<Change<Pubkey, V>>,
    number: impl Fn(&V) -> RBig,
) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let of = |value: &Option<V>| value.as_ref().map_or(RBig::ZERO, &number);
    let mut sized: Vec<(Reverse<RBig>, Change<Pubkey, V>)> = changes
        .into_iter()
        .map(|change| (Reverse(distance(&of(&change.before), &of(&change.after))), change))
        .collect();
    // Equally large changes stay in the order of their addresses.
    sized.sort_by(|left, right| left.0.cmp(&right.0));
    let mut text = format!("\n{title}: {}\n", sized.len());
    for (_, change) in sized.iter().take(SHOWN) {
        text.push_str(&line(change));
    }
    push_rest(&mut text, sized.len());
    text
}

#[expect(clippy::arithmetic_side_effects, reason = "rationals do not overflow")]
fn distance(left: &RBig, right: &RBig) -> RBig {
    if left < right { right - left } else { left - right }
}

/// The wallets whose reason for rejection changed, grouped by the old and the new reason.
fn reasons(changes: &[Change<Pubkey, String>]) -> String {
    let mut groups = std::collections::BTreeMap::<(&str, &str), usize>::new();
    for change in changes {
        let [before, after] = [&change.before, &change.after].map(|reason| reason.as_deref().unwrap_or("none"));
        let count = groups.entry((before, after)).or_default();
        *count = count.saturating_add(1);
    }
    if groups.is_empty() {
        return String::new();
    }
    let mut groups: Vec<((&str, &str), usize)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, count)| Reverse(*count));
    let mut text = format!("\nreasons of rejection changed: {}\n", changes.len());
    for ((before, after), count) in groups.iter().take(SHOWN) {
        text.push_str(&format!("  {count} × {before} → {after}\n"));
    }
    push_rest(&mut text, groups.len());
    text
}

fn line<V: std::fmt::Display>(change: &Change<Pubkey, V>) -> String {
    let [before, after] =
        [&change.before, &change.after].map(|value| value.as_ref().map_or_else(|| "none".to_owned(), V::to_string));
    format!("  {:<44}  {before} → {after}\n", change.key.to_string())
}

fn push_rest(text: &mut String, count: usize) {
    if let Some(rest) = count.checked_sub(SHOWN).filter(|rest| *rest > 0) {
        text.push_str(&format!("  … and {rest} more\n"));
    }
}
