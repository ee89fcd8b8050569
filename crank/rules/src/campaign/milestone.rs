//! A community milestone: nothing is paid before all wallets together have reached a target.

use super::{
    CampaignError,
    fields::{self, Fields},
};
use crate::values::decimal::Decimal;

/// `milestone`: the campaign pays only in epochs by whose end the target is reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Milestone {
    /// `target`: the sum of all measured values since the campaign's start, above 0.
    pub target: Decimal,
}

impl Milestone {
    /// Whether the measured total reaches the target; false without a total.
    #[must_use]
    pub fn is_reached(&self, total: Option<Decimal>) -> bool {
        total.is_some_and(|total| total >= self.target)
    }

    /// Reads `milestone`, if it is there.
    pub(super) fn read(fields: &Fields<'_>) -> Result<Option<Self>, CampaignError> {
        let expected = "an object such as {\"target\": 100000}";
        let Some(value) = fields.optional("milestone", expected, Some)? else { return Ok(None) };
        let fields = Fields::of_object(&fields.place("milestone"), value, &["target"], expected)?;
        let target = "what all wallets together must reach since the campaign's start, a number above 0";
        Ok(Some(Self { target: fields.required("target", target, fields::positive_number)? }))
    }
}
