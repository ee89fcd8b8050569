//! A composite file: `actions`, `distributors`, and the links by which each distributor names the actions that feed it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

use super::{MEASURING, PARAMETERS};
use crate::{
    campaign::{
        Action, Campaign, CampaignError, Schedule,
        fields::{self, Fields, wrong},
        read, shape,
    },
    evaluation::{Kind, WEIGHT_DECIMALS},
    values::decimal::Decimal,
    wording::near_names,
    wording::shown,
};

pub(super) const ACTIONS: &str = "actions";
pub(super) const DISTRIBUTORS: &str = "distributors";
/// How many actions a file may have.
const MAX_ACTIONS: usize = 32;
/// How many distributors a file may have.
const MAX_DISTRIBUTORS: usize = 32;

const WORD: &str = "a word of at most 64 letters, digits and underscores that does not begin with a digit";
const ACTION: &str = "actions such as {\"name\": \"stake\", \"sqlQuery\": \"SELECT …\"}";
const DISTRIBUTOR: &str = "distributors, each with a `name`, the `actions` that feed it and its parameters";
const LINK: &str =
    "links such as {\"name\": \"stake\", \"weight\": 2}, each the name of one of the campaign's `actions`";
const WEIGHT: &str = "a number above 0 with at most 4 decimals and at most 429496.7295, such as 2.5";

/// An action's second query, which returns times of conversions; `sqlQuery` returns values.
const CONVERSIONS: &str = "conversionQuery";

/// The fields at the top of a composite file.
const TOP: [&str; 6] = ["name", "description", "startDate", "confirmed", ACTIONS, DISTRIBUTORS];

/// Reads the distributors of a composite file.
pub(super) fn distributors(fields: &Fields<'_>) -> Result<Vec<(String, Campaign)>, CampaignError> {
    for name in PARAMETERS.iter().filter(|name| !TOP.contains(name)) {
        let place = if MEASURING.contains(name) { "an action" } else { "a distributor" };
        fields.refuse(name, &format!("in a file with `{ACTIONS}` and `{DISTRIBUTORS}` it is {place}'s own"))?;
    }
    fields.optional("description", "a text", fields::text)?;
    fields.optional("confirmed", "true or false", fields::flag)?;
    let start = Schedule::start_date(fields)?;
    let actions = actions(fields)?;
    let known: Vec<&str> = PARAMETERS.into_iter().chain([ACTIONS]).collect();
    let mut distributors: Vec<(String, Campaign)> = Vec::new();
    let mut linked = BTreeSet::new();
    for (place, value) in fields.required_elements(DISTRIBUTORS, DISTRIBUTOR, MAX_DISTRIBUTORS)? {
        let fields = Fields::of_object(&place, value, &known, "an object with a distributor's parameters")?;
        let name = fields.required("name", WORD, fields::word)?;
        if distributors.iter().any(|(other, _)| *other == name) {
            return Err(wrong(&fields.place("name"), format!("`{name}` again"), "another name for each distributor"));
        }
        let campaign = distributor(&fields, &name, &actions, &mut linked, start)?;
        distributors.push((name, campaign));
    }
    match actions.keys().find(|name| !linked.contains(name.as_str())) {
        Some(idle) => {
            let found = format!("the action `{idle}`, which feeds no distributor");
            Err(wrong(ACTIONS, found, "only actions that a distributor names in its own `actions`"))
        }
        None => Ok(distributors),
    }
}

/// An action as a file declares it.
struct Declared {
    /// The action with `sqlQuery`, which returns values; without a `conversionQuery` it may also return conversions.
    action: Action,
    /// `conversionQuery`: one row with its time for each conversion, for curves.
    conversions: Option<String>,
}

impl Declared {
    /// The action as it feeds a distributor of that type.
    fn feeding(&self, kind: Kind, weight_basis_points: u32) -> Action {
        let conversions = self.conversions.as_ref().filter(|_| kind == Kind::Curve);
        let sql = conversions.unwrap_or(&self.action.sql).clone();
        Action { name: self.action.name.clone(), sql, weight_basis_points }
    }
}

/// The file's actions by name.
fn actions(fields: &Fields<'_>) -> Result<BTreeMap<String, Declared>, CampaignError> {
    let mut actions = BTreeMap::new();
    for (place, value) in fields.elements(ACTIONS, ACTION, MAX_ACTIONS)?.unwrap_or_default() {
        let known: Vec<&str> = ["name", CONVERSIONS].into_iter().chain(MEASURING).collect();
        let fields = Fields::of_object(&place, value, &known, "an object with `name` and `sqlQuery`")?;
        let name = fields.required("name", WORD, fields::word)?;
        let action = read::action(&fields, name.clone())?;
        let expected = "a query that returns `address` and `timestamp`, a row each time, at most 65536 bytes";
        let conversions = fields.optional(CONVERSIONS, expected, fields::long_text)?;
        if actions.insert(name.clone(), Declared { action, conversions }).is_some() {
            return Err(wrong(&fields.place("name"), format!("`{name}` again"), "another name for each action"));
        }
    }
    Ok(actions)
}

fn distributor(
    fields: &Fields<'_>,
    name: &str,
    actions: &BTreeMap<String, Declared>,
    linked: &mut BTreeSet<String>,
    start: i64,
) -> Result<Campaign, CampaignError> {
    for name in MEASURING {
        fields.refuse(name, "it belongs to an action: name the action in the distributor's `actions`")?;
    }
    let kind = shape::kind(fields)?;
    let links = if kind == Kind::Direct {
        fields.refuse(ACTIONS, "the rows of a direct distributor are its `allocations`")?;
        Vec::new()
    } else {
        links(fields, kind, actions)?
    };
    linked.extend(links.iter().map(|action| action.name.clone()));
    read::distributor(fields, name.to_owned(), kind, links, start)
}

/// The actions that feed a distributor, with their weights, in its own order.
fn links(fields: &Fields<'_>, kind: Kind, actions: &BTreeMap<String, Declared>) -> Result<Vec<Action>, CampaignError> {
    let mut links: Vec<Action> = Vec::new();
    for (place, value) in fields.required_elements(ACTIONS, LINK, MAX_ACTIONS)? {
        let link = Fields::of_object(&place, value, &["name", "weight"], "an object with `name` and `weight`")?;
        let name = link.required("name", LINK, fields::text)?;
        let action = actions.get(&name).ok_or_else(|| {
            let hint = near_names::hint(&name, actions.keys().map(String::as_str));
            let found = format!("`{}`, which is not an action of the campaign", shown(&name));
            wrong(&link.place("name"), found, &format!("one of its `{ACTIONS}`: {hint}"))
        })?;
        if links.iter().any(|other| other.name == name) {
            return Err(wrong(&link.place("name"), format!("`{name}` again"), "each action once"));
        }
        if kind == Kind::Curve {
            link.refuse("weight", "a curve counts each conversion once")?;
        }
        let weight = link.optional("weight", WEIGHT, weight)?;
        links.push(action.feeding(kind, weight.unwrap_or(Action::WHOLE_WEIGHT)));
    }
    Ok(links)
}

fn weight(value: &RawValue) -> Option<u32> {
    let weight: Decimal = fields::number(value)?;
    u32::try_from(weight.to_base_units_exact(WEIGHT_DECIMALS).ok()?).ok().filter(|weight| *weight > 0)
}
