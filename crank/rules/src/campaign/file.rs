//! The two forms of a campaign file: one distributor with its own query, or several over the same actions.
//!
//! A flat file is one distributor and its query. A composite file has `actions`, which measure, and `distributors`,
//! which pay: each names the actions that feed it, and an action may feed any number of them. `read` has the meaning of
//! a distributor's other parameters.

mod composite;

use std::str;

use super::{
    Campaign, CampaignError, Schedule,
    fields::{self, Fields},
    read, shape,
};
use crate::{evaluation::Kind, wording::near_names, wording::shown};

const NAME: &str = "the name to show, such as \"Season one\", one line of at most 200 characters";

/// Every parameter of `create_recurring_incentive`, then ours.
const PARAMETERS: [&str; 30] = [
    "name",
    "description",
    "type",
    "emissionType",
    "totalFundAmount",
    "startDate",
    "confirmed",
    "evalDurationDays",
    "interval",
    "maxIterations",
    "tokenAddress",
    "tokenDecimals",
    "sqlQuery",
    "customEventId",
    "instructionId",
    "customFormula",
    "maxPerParticipant",
    "rebatePercentage",
    "raffleBuckets",
    "raffleWeighting",
    "allocations",
    "evalDurationSeconds",
    "audience",
    "distributionMode",
    "distributionFunction",
    "filters",
    "milestone",
    "gracePeriodSeconds",
    "acceptedPowers",
    "minimumSponsorship",
];

/// The parameters of an action, which measure. A direct distributor has none of them.
const MEASURING: [&str; 3] = ["sqlQuery", "customEventId", "instructionId"];

/// A campaign file: its distributors, each with the actions that feed it.
#[derive(Clone, Debug)]
pub struct CampaignFile {
    /// `name`: the name of the whole campaign.
    pub name: String,
    /// The distributors by name, in the file's order; that of a flat file has the campaign's name.
    pub distributors: Vec<(String, Campaign)>,
}

impl CampaignFile {
    /// Reads a campaign file.
    ///
    /// # Errors
    /// The first fault, with the field, its value and what would be right.
    pub fn parse(bytes: &[u8]) -> Result<Self, CampaignError> {
        let text = str::from_utf8(bytes).map_err(|error| CampaignError::Json(error.to_string()))?;
        let known: Vec<&str> = PARAMETERS.into_iter().chain([composite::ACTIONS, composite::DISTRIBUTORS]).collect();
        let fields = Fields::of_text(text, &known)?;
        let name = fields.required("name", NAME, fields::line)?;
        if fields.has(composite::ACTIONS) || fields.has(composite::DISTRIBUTORS) {
            let distributors = composite::distributors(&fields)?;
            return Ok(Self { name, distributors });
        }
        let campaign = flat(&fields, name.clone())?;
        Ok(Self { distributors: vec![(name.clone(), campaign)], name })
    }

    /// The distributor with that name, or the only one.
    ///
    /// # Errors
    /// When there is none with that name, or several and no name.
    pub fn distributor(&self, name: Option<&str>) -> Result<&Campaign, CampaignError> {
        let names = || self.distributors.iter().map(|(name, _)| name.as_str());
        match (name, self.distributors.as_slice()) {
            (None, [(_, only)]) => Ok(only),
            (None, _) => {
                let listed: Vec<String> = names().map(|name| format!("`{}`", shown(name))).collect();
                Err(CampaignError::SeveralDistributors(listed.join(", ")))
            }
            (Some(name), all) => {
                let found = all.iter().find(|(other, _)| other == name);
                found.map(|(_, campaign)| campaign).ok_or_else(|| CampaignError::UnknownDistributor {
                    name: shown(name),
                    hint: near_names::hint(name, names()),
                })
            }
        }
    }
}

/// The distributor of a flat file.
fn flat(fields: &Fields<'_>, name: String) -> Result<Campaign, CampaignError> {
    let kind = shape::kind(fields)?;
    let start = Schedule::start_date(fields)?;
    let actions = if kind == Kind::Direct {
        for name in MEASURING {
            fields.refuse(name, "the rows of a direct campaign are its `allocations`")?;
        }
        Vec::new()
    } else {
        vec![read::action(fields, String::new())?]
    };
    read::distributor(fields, name, kind, actions, start)
}

#[cfg(test)]
mod tests;
