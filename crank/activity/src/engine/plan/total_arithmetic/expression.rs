//! The rules for single expressions: how each kind is computed without ever failing.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{ExprSchema as _, Result, ScalarValue, plan_err};
use datafusion::logical_expr::expr::{Case, InList, InSubquery, ScalarFunction};
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Operator as EngineOperator, lit};

use super::meeting::{Meeting, exactly, in_256_bits, number_type};
use super::scope::{Scope, type_of};
use super::{casts, conditions, met_by_column, operators, over_rows, subquery, times};
use crate::engine::numbers::{
    Extreme, NumberType, Rounding, extreme, known, placeholder_operator, planned_choice, planned_rounding, round,
    row_by_row,
};

/// The longest interval, in months and in days: an event's time plus this stays within the engine's range.
const MOST_MONTHS: i32 = 12 * 10_000;
const MOST_DAYS: i32 = 366 * 10_000;

impl Scope<'_> {
    /// The expression with total arithmetic.
    pub(super) fn total(&self, expression: Expr) -> Result<Expr> {
        Ok(expression.transform_up(|part| self.part(part).map(Transformed::yes))?.data)
    }

    /// Rewrites one part of an expression, after its own parts.
    fn part(&self, part: Expr) -> Result<Expr> {
        match part {
            Expr::OuterReferenceColumn(_, column) => {
                let field = self.outer.iter().rev().find_map(|schema| schema.field_from_column(&column).ok().cloned());
                match field {
                    Some(field) => Ok(Expr::OuterReferenceColumn(field, column)),
                    None => plan_err!("there is no column `{column}` around the subquery"),
                }
            }
            Expr::Literal(literal, metadata) => {
                refuse_long_interval(&literal)?;
                Ok(Expr::Literal(with_scale(literal)?, metadata))
            }
            Expr::BinaryExpr(binary) => self.binary(binary),
            Expr::Between(between) => self.between(between),
            Expr::InList(list) => self.list(list),
            Expr::InSubquery(query) => self.list_of_query(query),
            Expr::Exists(mut exists) => {
                exists.subquery = subquery(exists.subquery, self)?;
                Ok(Expr::Exists(exists))
            }
            Expr::ScalarSubquery(query) => subquery(query, self).map(Expr::ScalarSubquery),
            Expr::Case(case) => self.case(case),
            Expr::Cast(cast) => casts::cast(*cast.expr, cast.field.data_type(), false, self),
            Expr::TryCast(cast) => casts::cast(*cast.expr, cast.field.data_type(), true, self),
            Expr::ScalarFunction(call) => self.function(call),
            Expr::AggregateFunction(call) => over_rows::aggregate(call, self),
            Expr::WindowFunction(call) => over_rows::window(*call, self),
            other => Ok(other),
        }
    }

    fn binary(&self, binary: BinaryExpr) -> Result<Expr> {
        let is_comparison = binary.op.supports_propagation();
        if !is_comparison && binary.op != EngineOperator::Minus {
            return Ok(conditions::sides_apart(binary));
        }
        let sides = times::distances(times::together(vec![*binary.left, *binary.right], self)?, self)?;
        let Ok([left, right]) = <[Expr; 2]>::try_from(sides) else { return plan_err!("an operator has two sides") };
        let (left_type, right_type) = (type_of(&left, self)?, type_of(&right, self)?);
        let left = casts::as_number_beside(left, &right_type, self)?;
        let right = casts::as_number_beside(right, &left_type, self)?;
        let meeting = Meeting::of_compared([&left, &right].into_iter(), self)?;
        let [left, right] = [left, right].map(|side| meeting.converted(side, self));
        let (left, right) = (conditions::computed_apart(left?, self)?, conditions::computed_apart(right?, self)?);
        Ok(Expr::BinaryExpr(BinaryExpr::new(Box::new(left), binary.op, Box::new(right))))
    }

    /// Gives compared expressions a common type: the first is compared with each of the others.
    fn compared(&self, first: Expr, mut others: Vec<Expr>) -> Result<(Expr, Vec<Expr>)> {
        others.insert(0, first);
        others = times::distances(times::together(others, self)?, self)?;
        let first = others.remove(0);
        let first_type = type_of(&first, self)?;
        let others = others.into_iter().map(|other| casts::as_number_beside(other, &first_type, self));
        let others = others.collect::<Result<Vec<_>>>()?;
        let other_type = others.first().map(|other| type_of(other, self)).transpose()?.unwrap_or(DataType::Null);
        let first = casts::as_number_beside(first, &other_type, self)?;
        let meeting = Meeting::of_compared(others.iter().chain([&first]), self)?;
        let side = |side| conditions::computed_apart(meeting.converted(side, self)?, self);
        Ok((side(first)?, others.into_iter().map(side).collect::<Result<Vec<_>>>()?))
    }

    fn between(&self, between: Between) -> Result<Expr> {
        let (expr, bounds) = self.compared(*between.expr, vec![*between.low, *between.high])?;
        let Ok([low, high]) = <[Expr; 2]>::try_from(bounds) else { return plan_err!("BETWEEN has two bounds") };
        Ok(Expr::Between(Between::new(Box::new(expr), between.negated, Box::new(low), Box::new(high))))
    }

    fn list(&self, list: InList) -> Result<Expr> {
        let (expr, values) = self.compared(*list.expr, list.list)?;
        let by_row = |value: Expr| if matches!(value, Expr::Literal(..)) { value } else { row_by_row(value) };
        let values = values.into_iter().map(by_row).collect();
        Ok(conditions::list_apart(InList::new(Box::new(expr), values, list.negated)))
    }

    fn list_of_query(&self, list: InSubquery) -> Result<Expr> {
        let query = subquery(list.subquery, self)?;
        let column = query.subquery.schema().fields().first().map_or(DataType::Null, |field| field.data_type().clone());
        let expr_type = match number_type(&list.expr, self)? {
            Some(numbers) => numbers.data_type(),
            None => type_of(&list.expr, self)?,
        };
        let meeting = Meeting::of_compared_columns([&expr_type, &column].into_iter());
        let expr = meeting.converted(*list.expr, self)?;
        Ok(Expr::InSubquery(InSubquery::new(Box::new(expr), met_by_column(query, &meeting)?, list.negated)))
    }

    fn case(&self, case: Case) -> Result<Expr> {
        let (conditions, results): (Vec<_>, Vec<_>) = case.when_then_expr.into_iter().unzip();
        let results = results.into_iter().chain(case.else_expr).map(|result| *result).collect();
        let mut results = times::together(results, self)?;
        let meeting = Meeting::of_branches(results.iter(), self)?;
        for result in &mut results {
            *result = meeting.converted(result.clone(), self)?;
        }
        let last = (results.len() > conditions.len()).then(|| results.pop()).flatten();
        let conditions = conditions.into_iter().map(|condition| *condition).collect();
        let (expr, conditions) = match case.expr {
            None => (None, conditions),
            Some(expr) => {
                let (expr, conditions) = self.compared(*expr, conditions)?;
                (Some(Box::new(expr)), conditions)
            }
        };
        let pairs = conditions.into_iter().zip(results).map(|(when, then)| (Box::new(when), Box::new(then)));
        Ok(Expr::Case(Case::new(expr, pairs.collect(), last.map(Box::new))))
    }

    fn function(&self, call: ScalarFunction) -> Result<Expr> {
        let name = call.func.name().to_owned();
        if let Some(operator) = placeholder_operator(&call.func) {
            let Ok([left, right]) = <[Expr; 2]>::try_from(call.args) else {
                return plan_err!("`{name}` has two sides");
            };
            return operators::operation(operator, left, right, self);
        }
        if let Some(rounding) = planned_rounding(&call.func) {
            return self.rounding(rounding, call);
        }
        if let Some(engine) = planned_choice(&call.func) {
            return self.choice(&name, ScalarFunction { func: engine, args: call.args });
        }
        for argument in &call.args {
            let numbers = NumberType::of(&type_of(argument, self)?);
            if numbers.is_some_and(NumberType::may_be_fault) {
                return plan_err!("`{name}` does not take the result of a calculation: write a whole number");
            }
        }
        Ok(Expr::ScalarFunction(casts::with_plain_arguments(call, self)?))
    }

    fn rounding(&self, rounding: Rounding, call: ScalarFunction) -> Result<Expr> {
        let name = call.func.name().to_owned();
        let mut arguments = call.args.clone().into_iter();
        let (Some(numbers), places) = (arguments.next(), arguments.next()) else {
            return plan_err!("`{name}` takes a number");
        };
        let data_type = type_of(&numbers, self)?;
        if NumberType::of(&data_type).is_none() {
            return Ok(Expr::ScalarFunction(call));
        }
        let numbers = match NumberType::of(&data_type) {
            Some(NumberType::Null) => {
                return Ok(exactly(numbers, &data_type, NumberType::Plain { whole: 1, scale: 0 }));
            }
            _ => in_256_bits(numbers, &data_type),
        };
        let places = places.unwrap_or_else(|| lit(0_i64));
        let places = match (&places, type_of(&places, self)?) {
            (Expr::Literal(literal, _), _) => lit(literal.cast_to(&DataType::Int64)?),
            (_, whole) if whole.is_signed_integer() => casts::to_bigint(places),
            _ => return plan_err!("`{name}` takes whole numbers of digits, such as 2"),
        };
        Ok(round(rounding, numbers, places))
    }

    /// Functions that return one of their arguments.
    fn choice(&self, name: &str, mut call: ScalarFunction) -> Result<Expr> {
        call.args = times::together(call.args, self)?;
        let meeting = Meeting::of_branches(call.args.iter(), self)?;
        for argument in &mut call.args {
            *argument = meeting.converted(argument.clone(), self)?;
        }
        let first = call.args.first().map(|argument| type_of(argument, self)).transpose()?;
        if first == Some(DataType::Null) {
            // The result is always null, and the engine would give it the type of a text.
            return Ok(lit(ScalarValue::Null));
        }
        if !first.and_then(|first| NumberType::of(&first)).is_some_and(NumberType::may_be_fault) {
            return Ok(Expr::ScalarFunction(call));
        }
        match (name, call.args.as_mut_slice()) {
            ("greatest", _) => Ok(extreme(Extreme::Greatest, call.args)),
            ("least", _) => Ok(extreme(Extreme::Least, call.args)),
            // A fault is not equal to anything.
            ("nullif", [_, other]) => {
                *other = known(other.clone());
                Ok(Expr::ScalarFunction(call))
            }
            _ => Ok(Expr::ScalarFunction(call)),
        }
    }
}

/// Writes out the zeros of a literal such as `1e30`.
fn with_scale(literal: ScalarValue) -> Result<ScalarValue> {
    let (number, scale) = match &literal {
        ScalarValue::Decimal128(Some(number), _, scale) if *scale < 0 => {
            (datafusion::arrow::datatypes::i256::from_i128(*number), scale.unsigned_abs())
        }
        ScalarValue::Decimal256(Some(number), _, scale) if *scale < 0 => (*number, scale.unsigned_abs()),
        _ => return Ok(literal),
    };
    match crate::engine::numbers::scaled(number, scale.into()) {
        Ok(number) => Ok(ScalarValue::Decimal256(Some(number), 75, 0)),
        Err(_) => plan_err!("the number {number}e{scale} is too long: at most 75 digits are read"),
    }
}

fn refuse_long_interval(literal: &ScalarValue) -> Result<()> {
    let ScalarValue::IntervalMonthDayNano(Some(interval)) = literal else { return Ok(()) };
    if interval.months.abs() <= MOST_MONTHS && interval.days.abs() <= MOST_DAYS {
        return Ok(());
    }
    plan_err!(
        "an interval of {} months and {} days is too long: write one below 10000 years",
        interval.months,
        interval.days
    )
}
