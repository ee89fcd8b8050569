//! Random expressions, as text for the engine and as something that `model` can evaluate.

use dashu::rational::RBig;

use super::model::decimal;
use super::query::Query;
use crate::engine::tests::determinism::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Sum,
    Average,
    Min,
    Max,
    Count,
}

#[derive(Clone, Debug)]
pub(super) enum Number {
    Column(usize),
    Literal(RBig),
    Null,
    Operation(&'static str, Box<Self>, Box<Self>),
    Negative(Box<Self>),
    Case(Vec<(Condition, Self)>, Option<Box<Self>>),
    Coalesce(Vec<Self>),
    Nullif(Box<Self>, Box<Self>),
    Extreme(bool, Vec<Self>),
    Rounded(&'static str, Box<Self>, i8),
    Decimal(Box<Self>, usize),
    Whole(Box<Self>),
    Aggregate(Aggregate, Box<Self>, Option<Box<Condition>>),
    /// An aggregate in a subquery over the whole table.
    OfAll(Box<Self>),
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    Comparison(&'static str, Number, Number),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    IsNull(Number),
    Between(Number, Number, Number),
    In(Number, Vec<Number>),
}

pub(super) struct Generator {
    random: Random,
}

impl Generator {
    pub(super) const fn new(random: Random) -> Self {
        Self { random }
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.random.below(bound)
    }

    fn pick<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }

    /// A cell of a table: often 0, so that divisions fail, and often null.
    pub(super) fn cell(&mut self) -> Option<RBig> {
        match self.below(8) {
            0 => None,
            1 => Some(RBig::ZERO),
            2..=4 => Some(RBig::from(i64::try_from(self.below(19)).unwrap() - 9)),
            _ => Some(RBig::from_parts((i64::try_from(self.below(4_001)).unwrap() - 2_000).into(), 100_u8.into())),
        }
    }

    fn literal(&mut self) -> Number {
        match self.below(12) {
            0 => Number::Null,
            1 => Number::Literal(RBig::ZERO),
            2 => Number::Literal(self.pick(&[10, 100, 8, 1_000]).into()),
            3 => Number::Literal(RBig::from_parts(self.pick(&[1, 25, 5]).into(), 100_u8.into())),
            _ => Number::Literal(self.cell().unwrap_or(RBig::ONE)),
        }
    }

    /// A number of a row; of a group, it may contain aggregates.
    fn number(&mut self, depth: usize, is_group: bool) -> Number {
        let leaf = |generator: &mut Self| match (generator.below(3), is_group) {
            (0, _) => generator.literal(),
            (_, false) => Number::Column(generator.below(3)),
            (_, true) => generator.aggregate(depth),
        };
        if depth == 0 {
            return leaf(self);
        }
        let part = |generator: &mut Self| generator.number(depth - 1, is_group);
        let boxed = |generator: &mut Self| Box::new(part(generator));
        match self.below(16) {
            0..=5 => {
                let operator = self.pick(&["+", "-", "*", "/", "/", "/", "%"]);
                Number::Operation(operator, boxed(self), boxed(self))
            }
            6 => Number::Negative(boxed(self)),
            7 => {
                let branches = (0..=self.below(2)).map(|_| (self.condition(depth - 1, is_group), part(self))).collect();
                let last = (self.below(3) > 0).then(|| boxed(self));
                Number::Case(branches, last)
            }
            8 => Number::Coalesce(vec![part(self), part(self)]),
            9 => Number::Nullif(boxed(self), boxed(self)),
            10 => Number::Extreme(self.below(2) == 0, vec![part(self), part(self)]),
            11 => {
                let (function, places) = (self.pick(&["round", "floor", "ceil", "trunc", "abs"]), self.below(5));
                let places = if matches!(function, "round" | "trunc") { i8::try_from(places).unwrap() - 1 } else { 0 };
                Number::Rounded(function, boxed(self), places)
            }
            12 if self.below(2) == 0 => Number::Whole(boxed(self)),
            12 => {
                // A literal that does not fit is refused before the query runs.
                let (inner, scale) = (boxed(self), self.pick(&[0, 2, 9, 37]));
                let scale = if inner.is_literal() { 2 } else { scale };
                Number::Decimal(inner, scale)
            }
            13 if !is_group => {
                let inner = self.aggregate(depth - 1);
                Number::OfAll(Box::new(inner))
            }
            _ => leaf(self),
        }
    }

    fn aggregate(&mut self, depth: usize) -> Number {
        let kind = self.kind();
        let inner = Box::new(self.number(depth.min(2), false));
        let filter = (self.below(5) == 0).then(|| Box::new(self.condition(1, false)));
        Number::Aggregate(kind, inner, filter)
    }

    fn kind(&mut self) -> Aggregate {
        self.pick(&[
            Aggregate::Sum,
            Aggregate::Sum,
            Aggregate::Average,
            Aggregate::Min,
            Aggregate::Max,
            Aggregate::Count,
        ])
    }

    fn condition(&mut self, depth: usize, is_group: bool) -> Condition {
        let part = |generator: &mut Self| generator.number(depth.min(2), is_group);
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0..=2 => Condition::Comparison(self.pick(&["=", "<>", "<", "<=", ">", ">="]), part(self), part(self)),
            3 => Condition::IsNull(part(self)),
            4 => Condition::Between(part(self), part(self), part(self)),
            // A list may not begin with a subquery: its brackets would be those of `in (select …)`.
            5 => Condition::In(part(self), vec![self.literal(), part(self), part(self)]),
            6 => Condition::Not(Box::new(self.condition(depth - 1, is_group))),
            7 => Condition::And(
                Box::new(self.condition(depth - 1, is_group)),
                Box::new(self.condition(depth - 1, is_group)),
            ),
            _ => Condition::Or(
                Box::new(self.condition(depth - 1, is_group)),
                Box::new(self.condition(depth - 1, is_group)),
            ),
        }
    }

    pub(super) fn query(&mut self) -> Query {
        match self.below(12) {
            0..=2 => {
                let having = (self.below(2) == 0).then(|| self.condition(1, true));
                Query::Groups(self.number(3, true), self.condition(2, false), having)
            }
            3..=5 => Query::Rows(self.number(4, false), (self.below(2) == 0).then(|| self.condition(2, false))),
            6 => Query::Union(self.number(3, false), self.number(3, false)),
            7 => Query::Join(self.number(2, false), self.number(2, false)),
            8 => Query::Window(self.kind(), self.number(3, false)),
            9 => Query::Ranks(self.number(3, false)),
            10 => Query::First(self.number(3, false), self.below(5)),
            _ => Query::Among(self.number(2, false), self.number(2, false)),
        }
    }
}

impl Number {
    /// Whether the engine can compute the number without a row.
    fn is_literal(&self) -> bool {
        match self {
            Self::Column(_) | Self::Aggregate(..) | Self::OfAll(_) => false,
            Self::Literal(_) | Self::Null => true,
            Self::Operation(_, left, right) | Self::Nullif(left, right) => left.is_literal() && right.is_literal(),
            Self::Negative(inner) | Self::Rounded(_, inner, _) | Self::Decimal(inner, _) | Self::Whole(inner) => {
                inner.is_literal()
            }
            Self::Case(branches, last) => {
                branches.iter().all(|(_, then)| then.is_literal()) && last.as_ref().is_none_or(|last| last.is_literal())
            }
            Self::Coalesce(options) | Self::Extreme(_, options) => options.iter().all(Self::is_literal),
        }
    }

    pub(super) fn sql(&self) -> String {
        match self {
            Self::Column(column) => ["a", "b", "c"][*column].to_owned(),
            Self::Literal(value) => decimal(value),
            Self::Null => "null".to_owned(),
            Self::Operation(operator, left, right) => format!("({} {operator} {})", left.sql(), right.sql()),
            Self::Negative(inner) => format!("(- {})", inner.sql()),
            Self::Case(branches, last) => {
                let branches: String =
                    branches.iter().map(|(when, then)| format!(" when {} then {}", when.sql(), then.sql())).collect();
                let last = last.as_ref().map_or(String::new(), |last| format!(" else {}", last.sql()));
                format!("case{branches}{last} end")
            }
            Self::Coalesce(options) => format!("coalesce({})", list(options)),
            Self::Nullif(left, right) => format!("nullif({}, {})", left.sql(), right.sql()),
            Self::Extreme(true, options) => format!("greatest({})", list(options)),
            Self::Extreme(false, options) => format!("least({})", list(options)),
            Self::Rounded(function, inner, 0) => format!("{function}({})", inner.sql()),
            Self::Rounded(function, inner, places) => format!("{function}({}, {places})", inner.sql()),
            Self::Decimal(inner, scale) => format!("cast({} as decimal(38, {scale}))", inner.sql()),
            Self::Whole(inner) => format!("cast({} as bigint)", inner.sql()),
            Self::Aggregate(kind, inner, filter) => {
                let filter =
                    filter.as_ref().map_or(String::new(), |filter| format!(" filter (where {})", filter.sql()));
                format!("{}({}){filter}", kind.sql(), inner.sql())
            }
            Self::OfAll(inner) => format!("(select {} from t)", inner.sql()),
        }
    }
}

fn list(options: &[Number]) -> String {
    options.iter().map(Number::sql).collect::<Vec<_>>().join(", ")
}

impl Aggregate {
    pub(super) const fn sql(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Average => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
        }
    }
}

impl Condition {
    pub(super) fn sql(&self) -> String {
        match self {
            Self::Comparison(operator, left, right) => format!("({} {operator} {})", left.sql(), right.sql()),
            Self::And(left, right) => format!("({} and {})", left.sql(), right.sql()),
            Self::Or(left, right) => format!("({} or {})", left.sql(), right.sql()),
            Self::Not(inner) => format!("(not {})", inner.sql()),
            Self::IsNull(inner) => format!("({} is null)", inner.sql()),
            Self::Between(value, low, high) => format!("({} between {} and {})", value.sql(), low.sql(), high.sql()),
            Self::In(value, options) => format!("({} in ({}))", value.sql(), list(options)),
        }
    }
}
