//! Reads `filters`: a list of objects, each with a `type`, a `reason` and the parameters of its type.

use serde_json::value::RawValue;

use super::{Filter, FilterRule, MAX_FILTERS, MAX_HOLD_SECONDS};
use crate::{
    campaign::{
        CampaignError,
        fields::{self, Fields},
    },
    table_name::TableName,
};

const FILTERS: &str =
    "objects such as {\"type\": \"EXCLUDE_WALLETS\", \"reason\": \"wash trading\", \"sqlQuery\": \"…\"}";
const REASON: &str = "what people are told, one line of at most 200 characters without commas and quotation marks";
const TABLE: &str = "a table such as \"events.trade\"";
const COLUMN: &str = "the name of a column, a word";
const QUERY: &str = "a query that returns `address` and `value`, at most 65536 bytes";
const CONDITION: &str = "an SQL condition such as \"usd_volume < 10\", at most 65536 bytes";
const COUNT: &str = "a whole number from 1 on";

/// The parameters of all filters.
const PARAMETERS: [&str; 12] = [
    "type",
    "reason",
    "sqlQuery",
    "table",
    "where",
    "counterpartyField",
    "minimum",
    "assetField",
    "sideField",
    "buyValue",
    "sellValue",
    "minimumSeconds",
];

#[derive(Clone, Copy)]
enum RuleType {
    ExcludeWallets,
    ExcludeEvents,
    MinimumCounterparties,
    MinimumHold,
}

const TYPES: [(&str, RuleType); 4] = [
    ("EXCLUDE_WALLETS", RuleType::ExcludeWallets),
    ("EXCLUDE_EVENTS", RuleType::ExcludeEvents),
    ("MINIMUM_COUNTERPARTIES", RuleType::MinimumCounterparties),
    ("MINIMUM_HOLD", RuleType::MinimumHold),
];

impl RuleType {
    /// Its parameters besides `type` and `reason`.
    const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::ExcludeWallets => &["sqlQuery"],
            Self::ExcludeEvents => &["table", "where"],
            Self::MinimumCounterparties => &["table", "counterpartyField", "minimum"],
            Self::MinimumHold => &["table", "assetField", "sideField", "buyValue", "sellValue", "minimumSeconds"],
        }
    }
}

/// Reads the filters, of which there are none if nothing is said.
pub(in crate::campaign) fn filters(fields: &Fields<'_>) -> Result<Vec<Filter>, CampaignError> {
    let list = fields.elements("filters", FILTERS, MAX_FILTERS)?.unwrap_or_default();
    list.into_iter().map(|(place, value)| filter(&place, value)).collect()
}

fn filter(place: &str, value: &RawValue) -> Result<Filter, CampaignError> {
    let fields = Fields::of_object(place, value, &PARAMETERS, FILTERS)?;
    let rule_type = fields.required_choice("type", &TYPES)?;
    let parameters = rule_type.parameters();
    for name in PARAMETERS.iter().filter(|name| !["type", "reason"].contains(name) && !parameters.contains(name)) {
        fields.refuse(name, &format!("the parameters of this `type` are {}", parameters.join(", ")))?;
    }
    let reason =
        fields.required("reason", REASON, |value| fields::line(value).filter(|reason| !reason.contains([',', '"'])))?;
    Ok(Filter { reason, rule: rule(&fields, rule_type)? })
}

fn rule(fields: &Fields<'_>, rule_type: RuleType) -> Result<FilterRule, CampaignError> {
    let table = || fields.required("table", TABLE, |value| fields::text(value)?.parse::<TableName>().ok());
    Ok(match rule_type {
        RuleType::ExcludeWallets => {
            FilterRule::ExcludeWallets { sql: fields.required("sqlQuery", QUERY, fields::long_text)? }
        }
        RuleType::ExcludeEvents => FilterRule::ExcludeEvents {
            table: table()?,
            condition: fields.required("where", CONDITION, fields::long_text)?,
        },
        RuleType::MinimumCounterparties => FilterRule::MinimumCounterparties {
            table: table()?,
            counterparty_field: fields.required("counterpartyField", COLUMN, fields::word)?,
            minimum: fields.required("minimum", COUNT, positive_whole_number)?,
        },
        RuleType::MinimumHold => hold_rule(fields, table()?)?,
    })
}

fn hold_rule(fields: &Fields<'_>, table: TableName) -> Result<FilterRule, CampaignError> {
    let column = |name| fields.required(name, COLUMN, fields::word);
    let buy_value = fields.required("buyValue", "what the side field holds for a purchase", fields::line)?;
    let expected = "what the side field holds for a sale, another value than for a purchase";
    let sell_value =
        fields.required("sellValue", expected, |value| fields::line(value).filter(|sell| *sell != buy_value))?;
    Ok(FilterRule::MinimumHold {
        table,
        asset_field: column("assetField")?,
        side_field: column("sideField")?,
        buy_value,
        sell_value,
        minimum_seconds: fields.required(
            "minimumSeconds",
            &format!("a whole number of seconds from 1 to {MAX_HOLD_SECONDS}"),
            |value| positive_whole_number(value).filter(|seconds| *seconds <= MAX_HOLD_SECONDS),
        )?,
    })
}

fn positive_whole_number(value: &RawValue) -> Option<u64> {
    fields::whole_number(value).filter(|count| *count > 0)
}
