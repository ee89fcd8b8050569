//! Reads `filters`: a list of objects, each with a `type`, a `reason` and the parameters of its type. [`Filter::new`]
//! checks their values.

use serde_json::value::RawValue;

use super::{Filter, FilterRule, MAX_FILTERS, expected};
use crate::{
    campaign::{
        CampaignError,
        fields::{self, Fields},
    },
    values::table_name::TableName,
};

const FILTERS: &str =
    "objects such as {\"type\": \"EXCLUDE_WALLETS\", \"reason\": \"wash trading\", \"sqlQuery\": \"…\"}";
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

/// Reads the filters; an empty list if the field is missing.
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
    let rule = rule(&fields, rule_type)?;
    Filter::new(text(&fields, "reason")?, rule).map_err(|problem| fields.wrong(problem.field, &problem.expected))
}

fn rule(fields: &Fields<'_>, rule_type: RuleType) -> Result<FilterRule, CampaignError> {
    let text = |name| text(fields, name);
    let number = |name| fields.required(name, &expected(name), fields::whole_number);
    let table = || fields.required("table", &expected("table"), |value| fields::text(value)?.parse::<TableName>().ok());
    Ok(match rule_type {
        RuleType::ExcludeWallets => FilterRule::ExcludeWallets { sql: text("sqlQuery")? },
        RuleType::ExcludeEvents => FilterRule::ExcludeEvents { table: table()?, condition: text("where")? },
        RuleType::MinimumCounterparties => FilterRule::MinimumCounterparties {
            table: table()?,
            counterparty_field: text("counterpartyField")?,
            minimum: number("minimum")?,
        },
        RuleType::MinimumHold => FilterRule::MinimumHold {
            table: table()?,
            asset_field: text("assetField")?,
            side_field: text("sideField")?,
            buy_value: text("buyValue")?,
            sell_value: text("sellValue")?,
            minimum_seconds: number("minimumSeconds")?,
        },
    })
}

fn text(fields: &Fields<'_>, name: &str) -> Result<String, CampaignError> {
    fields.required(name, &expected(name), fields::text)
}
