//! Measures an epoch of a campaign: runs every query that the epoch needs, and combines their answers.
//!
//! It stands between `engine`, which runs one query, and `evaluation`, which decides about rows. Making a bundle and
//! checking one both measure with an [`Inquiry`], so both ask the same questions in the same order. Nothing here
//! decides what is paid.

mod error;

use std::collections::BTreeMap;

use solana_pubkey::Pubkey;

use crate::{
    engine::{self, Activity, AnswerShape, QueryError, QueryLimits, Question},
    events::TableName,
    filters,
};
use crank_rules::{
    bundle::Measured,
    campaign::{Action, Campaign, Filter, FilterRule, PeriodError, Source},
    evaluation::{Kind, Row, weighted_sum},
    values::decimal::{Decimal, sum},
    values::period::Period,
};
pub use error::MeasurementError;

/// The answers to all questions of an epoch.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Answers {
    /// What each action measured, in the campaign's order, without the events that filters take out.
    per_action: Vec<Vec<Row>>,
    /// The weighted sum of the actions; for a curve all their conversions.
    rows: Vec<Row>,
    /// The same rows without any filter; `None` if the campaign has no filter.
    unfiltered: Option<Vec<Row>>,
    /// The wallets that a filter excludes, whether measured or not, each with the place of the first such filter.
    excluded: BTreeMap<Pubkey, u16>,
    /// The total of all wallets from the campaign's start to the epoch's end; `None` without a milestone.
    milestone_total: Option<Decimal>,
}

impl Answers {
    /// The answers as a bundle keeps them.
    fn measured(self, kind: Kind) -> Measured {
        let Self { per_action, rows, unfiltered, excluded, milestone_total } = self;
        let measured = Measured { rows, per_action, milestone_total, ..Measured::default() };
        match unfiltered {
            Some(unfiltered) => measured.with_filters(kind, &unfiltered, &excluded),
            None => measured,
        }
    }
}

/// The questions that an epoch asks, from a campaign or from a bundle's manifest.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    /// The queries and their weights.
    pub actions: &'a [Action],
    /// The filters, which take out wallets or events before the ranking.
    pub filters: &'a [Filter],
    /// Whether the campaign is a curve, whose queries return conversions, or anything else.
    pub kind: Kind,
    /// The epoch's bounds.
    pub period: Period,
    /// What `{{campaignStart}}` stands for, in seconds since 1970; at most the period's start.
    pub campaign_start: i64,
    /// Whether the total since the campaign's start is measured too.
    pub has_milestone: bool,
}

/// Answers one question.
type Ask<'a> = &'a dyn Fn(&Question) -> Result<Vec<Row>, QueryError>;
/// The tables without the events that filters take out.
type Views = BTreeMap<TableName, String>;

impl<'a> Inquiry<'a> {
    /// The questions of epoch `epoch` of `campaign`; `None` if the campaign's rows are given and not queried.
    ///
    /// # Errors
    /// When the campaign has no such epoch.
    pub fn new(campaign: &'a Campaign, epoch: u32) -> Result<Option<Self>, PeriodError> {
        let period = campaign.period(epoch)?;
        let Source::Actions(actions) = &campaign.source else { return Ok(None) };
        Ok(Some(Self {
            actions,
            filters: &campaign.filters,
            kind: campaign.terms.shape.kind(),
            period,
            campaign_start: campaign.start,
            has_milestone: campaign.milestone.is_some(),
        }))
    }

    /// Whether one of the queries may read the table, that is, has the table's name in its text.
    #[must_use]
    pub fn may_read(&self, table: &TableName) -> bool {
        let text_of = |filter: &'a Filter| match filter.rule() {
            FilterRule::ExcludeWallets { sql } => sql,
            FilterRule::ExcludeEvents { table, .. }
            | FilterRule::MinimumCounterparties { table, .. }
            | FilterRule::MinimumHold { table, .. } => &table.name,
        };
        let mut texts = self.actions.iter().map(|action| &action.sql).chain(self.filters.iter().map(text_of));
        texts.any(|text| text.contains(&table.name))
    }

    /// Asks all questions.
    ///
    /// # Errors
    /// When a query or a filter is wrong, or no query can run.
    pub fn measure(&self, activity: &Activity, limits: &QueryLimits) -> Result<Measured, MeasurementError> {
        Ok(self.answers(&|question| engine::ask(activity, question, limits))?.measured(self.kind))
    }

    fn answers(&self, ask: Ask<'_>) -> Result<Answers, MeasurementError> {
        let views = self.views(self.filters.len())?;
        let per_action = self.ask_actions(self.period, &views, ask)?;
        let rows = self.combine(&per_action)?;
        let unfiltered = match (self.filters.is_empty(), views.is_empty()) {
            (true, _) => None,
            (false, true) => Some(rows.clone()),
            (false, false) => Some(self.combine(&self.ask_actions(self.period, &Views::new(), ask)?)?),
        };
        let excluded = self.ask_exclusions(self.period, ask)?;
        let milestone_total = match (self.has_milestone, self.period.start == self.campaign_start) {
            (false, _) => None,
            (true, true) => Some(self.total(&rows, &excluded)?),
            (true, false) => {
                let so_far = Period { start: self.campaign_start, end: self.period.end };
                let rows = self.combine(&self.ask_actions(so_far, &views, ask)?)?;
                Some(self.total(&rows, &self.ask_exclusions(so_far, ask)?)?)
            }
        };
        Ok(Answers { per_action, rows, unfiltered, excluded, milestone_total })
    }

    /// The views of the first `count` filters.
    fn views(&self, count: usize) -> Result<Views, MeasurementError> {
        Ok(filters::views(self.filters.get(..count).unwrap_or_default())?)
    }

    fn ask_actions(&self, period: Period, views: &Views, ask: Ask<'_>) -> Result<Vec<Vec<Row>>, MeasurementError> {
        let answer = if self.kind == Kind::Curve { AnswerShape::Conversions } else { AnswerShape::Values };
        let mut answers = Vec::with_capacity(self.actions.len());
        for action in self.actions {
            let place = match action.name.as_str() {
                "" => "`sqlQuery`".to_owned(),
                name => format!("action `{name}`: `sqlQuery`"),
            };
            let question = self.question(&action.sql, period, views.clone(), answer);
            answers.push(rows(ask(&question), &place)?);
        }
        Ok(answers)
    }

    /// The wallets that filters exclude, each with the place of the first such filter.
    ///
    /// A filter sees the events that the filters before it left, so their order in the campaign matters.
    fn ask_exclusions(&self, period: Period, ask: Ask<'_>) -> Result<BTreeMap<Pubkey, u16>, MeasurementError> {
        let mut excluded = BTreeMap::new();
        for (place, sql) in filters::exclusions(self.filters) {
            let views = self.views(usize::from(place))?;
            let question = self.question(&sql, period, views, AnswerShape::Values);
            for row in rows(ask(&question), &format!("`filters[{place}]`"))? {
                excluded.entry(row.address).or_insert(place);
            }
        }
        Ok(excluded)
    }

    fn question(&self, sql: &str, period: Period, views: Views, answer: AnswerShape) -> Question {
        Question { sql: sql.to_owned(), period, campaign_start: self.campaign_start, views, answer }
    }

    fn combine(&self, per_action: &[Vec<Row>]) -> Result<Vec<Row>, MeasurementError> {
        if self.kind == Kind::Curve {
            return Ok(per_action.concat());
        }
        let weights = self.actions.iter().map(|action| action.weight_basis_points);
        Ok(weighted_sum(weights.zip(per_action.iter().cloned()).collect())?)
    }

    /// The total of all wallets that are not excluded: the sum of their values, or the number of conversions.
    fn total(&self, rows: &[Row], excluded: &BTreeMap<Pubkey, u16>) -> Result<Decimal, MeasurementError> {
        let admitted = rows.iter().filter(|row| !excluded.contains_key(&row.address));
        if self.kind == Kind::Curve {
            return Ok(Decimal::from(u64::try_from(admitted.count()).unwrap_or(u64::MAX)));
        }
        let times = |row: &Row| u32::from(!excluded.contains_key(&row.address));
        sum(rows, |row| (row.value, times(row))).shifted(0).ok_or(MeasurementError::MilestoneTotal)
    }
}

fn rows(answer: Result<Vec<Row>, QueryError>, place: &str) -> Result<Vec<Row>, MeasurementError> {
    answer.map_err(|error| MeasurementError::Query { place: place.to_owned(), error })
}

#[cfg(test)]
mod tests;
