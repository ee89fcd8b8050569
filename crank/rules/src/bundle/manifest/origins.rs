//! Where an epoch's rows come from, in `manifest.json`: actions, filters, the milestone, the engine and its inputs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;

use super::Fault;
use crate::{
    bundle::{
        Input,
        text::{HexHash, Text},
    },
    campaign::{Action, Filter, FilterRule, Milestone},
    evaluation::{TicketTable, WEIGHT_DECIMALS},
    values::decimal::Decimal,
    values::table_name::TableName,
};

/// An action with its weight.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestAction {
    name: String,
    weight: Decimal,
    query: String,
}

impl ManifestAction {
    /// The list of actions; `None` for a single action without a name and with the whole weight, which its query
    /// describes.
    pub(super) fn list(actions: &[Action]) -> Option<Vec<Self>> {
        let is_plain = matches!(actions, [only] if is_plain(only));
        let listed = |action: &Action| Self {
            name: action.name.clone(),
            weight: Decimal::from_base_units(action.weight_basis_points.into(), WEIGHT_DECIMALS),
            query: action.sql.clone(),
        };
        (!is_plain).then(|| actions.iter().map(listed).collect())
    }

    /// The actions of a list, whose names must differ and fit into a table.
    pub(super) fn actions(list: &[Self]) -> Result<Vec<Action>, Fault> {
        let wrong = || ("actions", "at least one, each with another word as its name and a weight above 0".to_owned());
        let mut names = BTreeSet::new();
        let actions: Option<Vec<Action>> = list
            .iter()
            .map(|listed| {
                let weight = listed.weight.to_base_units_exact(WEIGHT_DECIMALS).ok()?;
                let weight_basis_points = u32::try_from(weight).ok().filter(|weight| *weight > 0)?;
                let is_name = is_cell(&listed.name) && names.insert(listed.name.as_str());
                let action = Action { name: listed.name.clone(), sql: listed.query.clone(), weight_basis_points };
                is_name.then_some(action)
            })
            .collect();
        actions.filter(|actions| !actions.is_empty()).ok_or_else(wrong)
    }
}

/// The query of a single action without a name and with the whole weight.
pub(super) fn only_query(actions: &[Action]) -> Option<String> {
    match actions {
        [only] if is_plain(only) => Some(only.sql.clone()),
        _ => None,
    }
}

/// The single action of a manifest that has only its query.
pub(super) fn plain_action(sql: &str) -> Action {
    Action { name: String::new(), sql: sql.to_owned(), weight_basis_points: Action::WHOLE_WEIGHT }
}

fn is_plain(action: &Action) -> bool {
    action.name.is_empty() && action.weight_basis_points == Action::WHOLE_WEIGHT
}

/// Whether a text can go into a table and onto a terminal unchanged.
fn is_cell(text: &str) -> bool {
    !text.is_empty() && !text.contains([',', '"']) && !text.contains(char::is_control)
}

/// A filter, with the names of a campaign's parameters.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum ManifestFilter {
    ExcludeWallets {
        reason: String,
        sql_query: String,
    },
    ExcludeEvents {
        reason: String,
        table: TableName,
        #[serde(rename = "where")]
        condition: String,
    },
    MinimumCounterparties {
        reason: String,
        table: TableName,
        counterparty_field: String,
        minimum: u64,
    },
    MinimumHold {
        reason: String,
        table: TableName,
        asset_field: String,
        side_field: String,
        buy_value: String,
        sell_value: String,
        minimum_seconds: u64,
    },
}

impl ManifestFilter {
    pub(super) fn new(filter: &Filter) -> Self {
        let reason = filter.reason().to_owned();
        match filter.rule().clone() {
            FilterRule::ExcludeWallets { sql } => Self::ExcludeWallets { reason, sql_query: sql },
            FilterRule::ExcludeEvents { table, condition } => Self::ExcludeEvents { reason, table, condition },
            FilterRule::MinimumCounterparties { table, counterparty_field, minimum } => {
                Self::MinimumCounterparties { reason, table, counterparty_field, minimum }
            }
            FilterRule::MinimumHold { table, asset_field, side_field, buy_value, sell_value, minimum_seconds } => {
                Self::MinimumHold { reason, table, asset_field, side_field, buy_value, sell_value, minimum_seconds }
            }
        }
    }

    pub(super) fn filter(self) -> Result<Filter, Fault> {
        let (reason, rule) = match self {
            Self::ExcludeWallets { reason, sql_query } => (reason, FilterRule::ExcludeWallets { sql: sql_query }),
            Self::ExcludeEvents { reason, table, condition } => {
                (reason, FilterRule::ExcludeEvents { table, condition })
            }
            Self::MinimumCounterparties { reason, table, counterparty_field, minimum } => {
                (reason, FilterRule::MinimumCounterparties { table, counterparty_field, minimum })
            }
            Self::MinimumHold { reason, table, asset_field, side_field, buy_value, sell_value, minimum_seconds } => {
                let rule =
                    FilterRule::MinimumHold { table, asset_field, side_field, buy_value, sell_value, minimum_seconds };
                (reason, rule)
            }
        };
        Filter::new(reason, rule).map_err(|problem| ("filters", problem.to_string()))
    }
}

/// The milestone, and the total that was measured for it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestMilestone {
    target: Decimal,
    pub(super) total: Decimal,
}

impl ManifestMilestone {
    pub(super) fn new(milestone: Milestone, total: Option<Decimal>) -> Self {
        Self { target: milestone.target, total: total.unwrap_or(Decimal::ZERO) }
    }

    pub(super) fn milestone(self) -> Result<Milestone, Fault> {
        let target = self.target;
        if target > Decimal::ZERO { Ok(Milestone { target }) } else { Err(("target", "a target above 0".to_owned())) }
    }
}

/// The ticket table of a raffle, as it is committed to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestTickets {
    /// Null if no wallet has a ticket.
    root: Option<Text<HexHash>>,
    total: Text<u128>,
}

impl ManifestTickets {
    pub(super) fn new(tickets: &TicketTable, epoch: &Pubkey) -> Self {
        let root = tickets.tree(epoch).map(|tree| Text(HexHash(tree.root())));
        Self { root, total: Text(tickets.total) }
    }
}

/// The query engine.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Engine {
    pub(super) name: String,
    pub(super) version: String,
}

/// A file that queries ran on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestInput {
    name: String,
    sha256: Text<HexHash>,
}

impl ManifestInput {
    pub(super) fn new(input: &Input) -> Self {
        Self { name: input.name.clone(), sha256: Text(HexHash(input.sha256)) }
    }

    /// The inputs, which must be sorted by name and have different names.
    pub(super) fn inputs(list: &[Self]) -> Result<Vec<Input>, Fault> {
        let inputs = list.iter().map(|listed| Input { name: listed.name.clone(), sha256: listed.sha256.0.0 });
        let inputs: Vec<Input> = inputs.collect();
        let is_right = inputs.is_sorted_by(|left, right| left.name < right.name)
            && inputs.iter().all(|input| is_cell(&input.name));
        if is_right { Ok(inputs) } else { Err(("inputs", "files sorted by name, each another one".to_owned())) }
    }
}
