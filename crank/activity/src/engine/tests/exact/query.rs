//! The shapes of queries, as text for the engine and as `model` evaluates them.

use std::collections::BTreeMap;

use dashu::rational::RBig;

use super::generator::{Aggregate, Condition, Number};
use super::model::{self, Row, Value};
use super::table::{self, Table};

/// A query of one of these shapes, each with a value for every user.
#[derive(Debug)]
pub(super) enum Query {
    /// A number of each group of the rows that meet a condition; a second condition may choose among the groups.
    Groups(Number, Condition, Option<Condition>),
    /// A sum of rows of a subquery.
    Rows(Number, Option<Condition>),
    /// A sum of rows of two subqueries.
    Union(Number, Number),
    /// The number of pairs of rows with equal numbers.
    Join(Number, Number),
    /// A sum of aggregates over windows, each of the rows of a user.
    Window(Aggregate, Number),
    /// A sum of ranks.
    Ranks(Number),
    /// A sum over the first rows in an order.
    First(Number, usize),
    /// The number of rows whose number is in the result of a subquery.
    Among(Number, Number),
}

impl Query {
    pub(super) fn sql(&self, table: &Table) -> String {
        let sum = |rows: String| format!("select u as address, sum(x) as value from ({rows}) as r group by u");
        let condition = |filter: &Option<Condition>| filter.as_ref().map_or("true".to_owned(), Condition::sql);
        let query = match self {
            Self::Groups(value, filter, having) => format!(
                "select u as address, {} as value from t where {} group by u having {}",
                value.sql(),
                filter.sql(),
                condition(having)
            ),
            Self::Rows(value, filter) => {
                sum(format!("select u, {} as x from t where {}", value.sql(), condition(filter)))
            }
            Self::Union(first, second) => {
                sum(format!("select u, {} as x from t union all select u, {} from t", first.sql(), second.sql()))
            }
            Self::Join(left, right) => format!(
                "select l.u as address, count(*) as value from (select u, {} as x from t) as l join (select {} as y from t) \
                 as r on l.x = r.y group by l.u",
                left.sql(),
                right.sql()
            ),
            Self::Window(kind, value) => {
                sum(format!("select u, {}({}) over (partition by u) as x from t", kind.sql(), value.sql()))
            }
            Self::Ranks(value) => sum(format!("select u, rank() over (order by {}) as x from t", value.sql())),
            Self::First(value, rows) => {
                sum(format!("select u, {} as x from t order by x, id limit {rows}", value.sql()))
            }
            Self::Among(left, right) => format!(
                "select u as address, count(*) as value from t where {} in (select {} from t) group by u",
                left.sql(),
                right.sql()
            ),
        };
        format!("with t as ({}) {query}", table.sql())
    }

    pub(super) fn expected(&self, table: &Table) -> String {
        table::answer(self.values(&table.0))
    }

    /// Whether a value is a decimal of more than 38 digits.
    pub(super) fn has_long_decimal(&self, table: &Table) -> bool {
        self.values(&table.0).into_values().flatten().flatten().any(|value| model::is_long_decimal(&value))
    }

    fn values(&self, all: &[Row]) -> BTreeMap<u8, Value> {
        match self {
            Self::Groups(value, filter, having) => {
                let groups = Table::by_user(all.iter().filter(|row| holds(filter, std::slice::from_ref(*row), all)));
                let groups = groups.into_iter();
                let groups = groups.filter(|(_, rows)| having.as_ref().is_none_or(|having| holds(having, rows, all)));
                groups.map(|(user, rows)| (user, model::number(value, &rows, all))).collect()
            }
            other => {
                let mut users = BTreeMap::<u8, Vec<Value>>::new();
                other.summands(all).into_iter().for_each(|(user, value)| users.entry(user).or_default().push(value));
                users.into_iter().map(|(user, values)| (user, model::aggregate(Aggregate::Sum, &values))).collect()
            }
        }
    }

    /// The numbers that are added up to the values of users.
    fn summands(&self, all: &[Row]) -> Vec<(u8, Value)> {
        let of_row = |value: &Number, row: &Row| model::number(value, std::slice::from_ref(row), all);
        let of_rows = |value: &Number| all.iter().map(|row| (row.user, of_row(value, row))).collect::<Vec<_>>();
        let one = || Some(Ok(RBig::ONE));
        match self {
            Self::Groups(..) => Vec::new(),
            Self::Rows(value, filter) => {
                let is_kept =
                    |row: &&Row| filter.as_ref().is_none_or(|filter| holds(filter, std::slice::from_ref(*row), all));
                all.iter().filter(is_kept).map(|row| (row.user, of_row(value, row))).collect()
            }
            Self::Union(first, second) => [of_rows(first), of_rows(second)].concat(),
            Self::Join(left, right) => {
                let (lefts, rights) = (of_rows(left), of_rows(right));
                let equal =
                    |value: &Value| rights.iter().filter(|(_, other)| is_number(value) && other == value).count();
                lefts.iter().flat_map(|(user, value)| (0..equal(value)).map(move |_| (*user, one()))).collect()
            }
            Self::Window(kind, value) => {
                let values = of_rows(value);
                let of_user = |user: u8| {
                    let values = values.iter().filter(|(other, _)| *other == user).map(|(_, value)| value.clone());
                    model::aggregate(*kind, &values.collect::<Vec<_>>())
                };
                all.iter().map(|row| (row.user, of_user(row.user))).collect()
            }
            Self::Ranks(value) => {
                let values = of_rows(value);
                let before =
                    |value: &Value| values.iter().filter(|(_, other)| model::in_order(other, value).is_lt()).count();
                values.iter().map(|(user, value)| (*user, Some(Ok((1 + before(value)).into())))).collect()
            }
            Self::First(value, count) => {
                let mut rows = of_rows(value);
                rows.sort_by(|(_, left), (_, right)| model::in_order(left, right));
                rows.truncate(*count);
                rows
            }
            Self::Among(left, right) => {
                let (lefts, rights) = (of_rows(left), of_rows(right));
                let is_among = |value: &Value| is_number(value) && rights.iter().any(|(_, other)| other == value);
                lefts.into_iter().filter(|(_, value)| is_among(value)).map(|(user, _)| (user, one())).collect()
            }
        }
    }
}

const fn is_number(value: &Value) -> bool {
    matches!(value, Some(Ok(_)))
}

fn holds(filter: &Condition, rows: &[Row], all: &[Row]) -> bool {
    model::condition(filter, rows, all) == Some(true)
}
