//! The tables that only some bundles have: what each action's query returned, what the filters change, and what earlier
//! bundles of the epoch allotted.

use std::collections::BTreeMap;

use solana_pubkey::Pubkey;

use super::{
    ACTIONS, ALLOTTED, Difference, FILTERS,
    cells::{self, push_whole},
    measured::{FilteredWallet, Measured, value_of, values_by_wallet},
    tables::{parse_table, push_row, table},
};
use crate::{
    campaign::{Action, Filter},
    evaluation::{Kind, Row, sort_by_rank},
    values::base58,
    values::decimal::Decimal,
};

const ACTIONS_HEADER: &str = "action,address,value";
const FILTERS_HEADER: &str = "address,unfiltered,filtered,reason";
const ALLOTTED_HEADER: &str = "address,amount";
/// The reason for a wallet that is not excluded, but whose value the filters change.
const EVENTS_TAKEN_OUT: &str = "events are taken out";

/// The bytes of `actions.csv`: the actions in their order, each one's rows in rank order.
pub(super) fn actions_table(actions: &[Action], per_action: &mut [Vec<Row>]) -> Vec<u8> {
    let mut lines: Vec<(&str, Row)> = Vec::new();
    for (action, rows) in actions.iter().zip(per_action) {
        sort_by_rank(rows);
        lines.extend(rows.iter().map(|row| (action.name.as_str(), *row)));
    }
    table(ACTIONS_HEADER, &lines, |out, (name, row)| {
        out.extend_from_slice(name.as_bytes());
        out.push(b',');
        push_row(out, row);
    })
}

/// The rows of `actions.csv`, by action.
pub(super) fn parse_actions(actions: &[Action], bytes: &[u8]) -> Result<Vec<Vec<Row>>, Difference> {
    let form = (ACTIONS_HEADER, "an action of the manifest, a public key, a number and a line feed");
    let lines = parse_table(ACTIONS, form, bytes, |line| {
        let (name, row) = split_cell(line)?;
        let place = actions.iter().position(|action| action.name.as_bytes() == name)?;
        let (address, value) = split_cell(row)?;
        Some((place, Row { address: base58::decode(address)?.into(), value: Decimal::read(value)? }))
    })?;
    let mut per_action = vec![Vec::new(); actions.len()];
    for (place, row) in lines {
        if let Some(rows) = per_action.get_mut(place) {
            rows.push(row);
        }
    }
    Ok(per_action)
}

/// The bytes of `filters.csv`, by address.
pub(super) fn filters_table(kind: Kind, measured: &Measured, filters: &[Filter]) -> Vec<u8> {
    let values = values_by_wallet(kind, &measured.rows);
    table(FILTERS_HEADER, &measured.filtered, |out, wallet| {
        base58::encode(out, wallet.address.as_array());
        for value in [wallet.unfiltered, value_of(&values, &wallet.address)] {
            out.push(b',');
            if let Some(value) = value {
                value.write(out);
            }
        }
        out.push(b',');
        out.extend_from_slice(filter_reason(wallet.filter, filters).as_bytes());
    })
}

fn filter_reason(place: Option<u16>, filters: &[Filter]) -> String {
    match place.and_then(|place| Some((place, filters.get(usize::from(place))?))) {
        Some((place, filter)) => format!("filter {place}: {}", filter.reason()),
        None => EVENTS_TAKEN_OUT.to_owned(),
    }
}

/// The rows of `filters.csv`, which must be sorted by address; each must show an effect of a filter.
pub(super) fn parse_filters(
    kind: Kind,
    rows: &[Row],
    filters: &[Filter],
    bytes: &[u8],
) -> Result<Vec<FilteredWallet>, Difference> {
    let reasons: BTreeMap<String, Option<u16>> = (0_u16..)
        .zip(filters)
        .map(|(place, _)| Some(place))
        .chain([None])
        .map(|place| (filter_reason(place, filters), place))
        .collect();
    let form = (FILTERS_HEADER, "a public key, two numbers or nothing, a filter's reason and a line feed");
    let wallets = parse_table(FILTERS, form, bytes, |line| {
        let mut columns = line.splitn(4, |byte| *byte == b',');
        let address = base58::decode(columns.next()?)?.into();
        let unfiltered = optional_decimal(columns.next()?)?;
        let _filtered = optional_decimal(columns.next()?)?;
        let reason = std::str::from_utf8(columns.next()?).ok()?;
        Some(FilteredWallet { address, unfiltered, filter: *reasons.get(reason)? })
    })?;
    refuse_disorder(FILTERS, wallets.iter().map(|wallet| &wallet.address))?;
    let values = values_by_wallet(kind, rows);
    let says_nothing = |wallet: &FilteredWallet| {
        let filtered = value_of(&values, &wallet.address);
        let has_no_row = filtered.is_none() && wallet.unfiltered.is_none();
        has_no_row || (wallet.filter.is_none() && filtered == wallet.unfiltered)
    };
    match wallets.iter().position(says_nothing) {
        None => Ok(wallets),
        Some(place) => {
            Err(Difference::new(FILTERS, Some(line_of(place)), "a wallet that a filter touches", "one that none does"))
        }
    }
}

/// A number, or `None` for an empty cell.
fn optional_decimal(cell: &[u8]) -> Option<Option<Decimal>> {
    if cell.is_empty() { Some(None) } else { Decimal::read(cell).map(Some) }
}

/// The bytes of `allotted.csv`, by address.
pub(super) fn allotted_table(allotted: &BTreeMap<Pubkey, u64>) -> Vec<u8> {
    let lines: Vec<(&Pubkey, &u64)> = allotted.iter().collect();
    table(ALLOTTED_HEADER, &lines, |out, (address, amount)| {
        base58::encode(out, address.as_array());
        out.push(b',');
        push_whole(out, **amount);
    })
}

/// The rows of `allotted.csv`, which must be sorted by address.
pub(super) fn parse_allotted(bytes: &[u8]) -> Result<BTreeMap<Pubkey, u64>, Difference> {
    let form = (ALLOTTED_HEADER, "a public key, a comma, an amount above 0 in base units and a line feed");
    let rows = parse_table(ALLOTTED, form, bytes, |line| {
        let (address, amount) = split_cell(line)?;
        Some((base58::decode(address)?.into(), cells::whole(amount).filter(|amount| *amount > 0)?))
    })?;
    refuse_disorder(ALLOTTED, rows.iter().map(|(address, _)| address))?;
    Ok(rows.into_iter().collect())
}

fn refuse_disorder<'a>(name: &str, addresses: impl Iterator<Item = &'a Pubkey>) -> Result<(), Difference> {
    let mut before: Option<&Pubkey> = None;
    for (place, address) in addresses.enumerate() {
        if before.is_some_and(|before| before >= address) {
            let expected = "each address once, sorted by its bytes";
            return Err(Difference::new(name, Some(line_of(place)), expected, address));
        }
        before = Some(address);
    }
    Ok(())
}

/// The line of a row, counted from 1, below the header.
fn line_of(place: usize) -> usize {
    place.saturating_add(2)
}

/// The parts before and after the first comma.
fn split_cell(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let comma = line.iter().position(|byte| *byte == b',')?;
    Some((line.get(..comma)?, line.get(comma.checked_add(1)?..)?))
}
