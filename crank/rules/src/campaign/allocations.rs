//! `allocations`: the wallets and amounts of a direct campaign, as an array of objects or as lines of CSV.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use solana_pubkey::Pubkey;

use super::{
    CampaignError,
    fields::{self, Fields, base_units, expected_amount, wrong},
};
use crate::{evaluation::Row, values::decimal::Decimal, wording::shown};

const NAME: &str = "allocations";
/// How many wallets a campaign file may pay directly.
const MAX_ALLOCATIONS: usize = 1_000_000;
const ALLOCATIONS: &str = "a list such as [{\"address\": \"<wallet>\", \"amount\": 500}], or a text with one \
                           `address,amount` per line";
const ADDRESS: &str = "a wallet's public key in base58";

/// Reads the rows: at least one, each for a different wallet and each exact in base units.
pub(super) fn read(fields: &Fields<'_>, decimals: u8) -> Result<Vec<Row>, CampaignError> {
    let value = fields.required(NAME, ALLOCATIONS, Some)?;
    let place = fields.place(NAME);
    let rows = match (fields::text(value), fields::list(value)) {
        (Some(text), _) => rows_of_csv(&place, &text, decimals)?,
        (None, Some(list)) => rows_of_list(&place, &list, decimals)?,
        (None, None) => return Err(wrong(&place, fields::quote(value), ALLOCATIONS)),
    };
    if rows.is_empty() {
        return Err(wrong(&place, "no rows".to_owned(), ALLOCATIONS));
    }
    if rows.len() > MAX_ALLOCATIONS {
        return Err(wrong(&place, format!("{} rows", rows.len()), &format!("at most {MAX_ALLOCATIONS} of them")));
    }
    refuse_repetition(&rows)?;
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// The rows of an array, each with its place.
fn rows_of_list(name: &str, list: &[&RawValue], decimals: u8) -> Result<Vec<(String, Row)>, CampaignError> {
    let mut rows = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        let place = format!("{name}[{index}]");
        let fields = Fields::of_object(&place, entry, &["address", "amount"], "an object with `address` and `amount`")?;
        let address = fields.required("address", ADDRESS, fields::address)?;
        let value = fields.required("amount", &expected_amount(decimals), |value| {
            fields::number(value).filter(|value| base_units(*value, decimals).is_some())
        })?;
        rows.push((place, Row { address, value }));
    }
    Ok(rows)
}

/// The rows of CSV lines, each with its line. Empty lines and blanks around a field are skipped.
fn rows_of_csv(name: &str, text: &str, decimals: u8) -> Result<Vec<(String, Row)>, CampaignError> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = format!("{name} line {}", index.saturating_add(1));
        let found = || format!("`{}`", shown(line.trim()));
        let (address, amount) = line
            .split_once(',')
            .ok_or_else(|| wrong(&place, found(), "one `address,amount`, such as `<wallet>,500`"))?;
        let address =
            address.trim().parse::<Pubkey>().map_err(|_| wrong(&place, found(), &format!("first {ADDRESS}")))?;
        let value = amount.trim().parse::<Decimal>().ok().filter(|value| base_units(*value, decimals).is_some());
        let expected = format!("after the comma {}", expected_amount(decimals));
        let value = value.ok_or_else(|| wrong(&place, found(), &expected))?;
        rows.push((place, Row { address, value }));
    }
    Ok(rows)
}

fn refuse_repetition(rows: &[(String, Row)]) -> Result<(), CampaignError> {
    let mut places: BTreeMap<Pubkey, &str> = BTreeMap::new();
    for (place, row) in rows {
        if let Some(first) = places.insert(row.address, place) {
            return Err(wrong(place, format!("{} again, which stands in {first}", row.address), "each wallet once"));
        }
    }
    Ok(())
}
