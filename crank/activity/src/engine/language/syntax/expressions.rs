//! The expressions a query may use, and the functions in them. The rest of the syntax is in `syntax`.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArguments, UnaryOperator, Value, WindowFrameBound,
    WindowType,
};

use super::shown;
use crate::engine::QueryError;
use crate::engine::language::functions;
use crank_rules::wording::near_names;

/// Refuses an expression that is not on the allow-list.
pub(in crate::engine) fn check(expression: &Expr) -> Result<(), QueryError> {
    match expression {
        Expr::Function(function) => {
            check_function(function)?;
            check_place(function)?;
            check_window(function.over.as_ref())?;
        }
        Expr::BinaryOp { op, .. } if is_allowed(op) => {}
        Expr::UnaryOp { op: UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not, .. } => {}
        Expr::Value(value) if is_plain(&value.value) => {}
        Expr::Like { any: false, .. } | Expr::ILike { any: false, .. } => {}
        Expr::Cast { array: false, format: None, .. } => {}
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotUnknown(_)
        | Expr::IsDistinctFrom(..)
        | Expr::IsNotDistinctFrom(..)
        | Expr::InList { .. }
        | Expr::InSubquery { .. }
        | Expr::Between { .. }
        | Expr::Extract { .. }
        | Expr::Ceil { .. }
        | Expr::Floor { .. }
        | Expr::Position { .. }
        | Expr::Substring { .. }
        | Expr::Trim { .. }
        | Expr::Nested(_)
        | Expr::TypedString(_)
        | Expr::Case { .. }
        | Expr::Exists { .. }
        | Expr::Subquery(_)
        | Expr::Interval(_)
        | Expr::Wildcard(_)
        | Expr::QualifiedWildcard(..) => {}
        other => return Err(QueryError::Refused(format!("`{}` is not available in a query", shown(other)))),
    }
    Ok(())
}

/// Arithmetic, comparisons and logic. Left out: regular expressions, bits, and `||`, which can
/// double a text again and again.
const fn is_allowed(operator: &BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::Gt
            | BinaryOperator::Lt
            | BinaryOperator::GtEq
            | BinaryOperator::LtEq
            | BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::And
            | BinaryOperator::Or
    )
}

const fn is_plain(value: &Value) -> bool {
    matches!(value, Value::Number(..) | Value::SingleQuotedString(_) | Value::Boolean(_) | Value::Null)
}

fn check_function(function: &Function) -> Result<(), QueryError> {
    let name = function_name(function);
    let known = functions::names();
    if !known.contains(&name) {
        let hint = near_names::hint(&name, known.iter().map(String::as_str));
        return Err(QueryError::UnknownFunction { name, hint });
    }
    let FunctionArguments::List(arguments) = &function.args else {
        return Err(QueryError::Refused(format!("`{name}` is called with arguments in brackets")));
    };
    let is_plain = arguments.clauses.is_empty()
        && function.within_group.is_empty()
        && function.null_treatment.is_none()
        && matches!(function.parameters, FunctionArguments::None)
        && !function.uses_odbc_syntax;
    if !is_plain {
        return Err(QueryError::Refused(format!("`{}` has clauses that are not available", shown(function))));
    }
    let is_distinct = arguments.duplicate_treatment == Some(DuplicateTreatment::Distinct);
    if is_distinct && name != "count" {
        return Err(QueryError::Refused(format!(
            "`{name}` takes no DISTINCT, only `count` does: group by the value first"
        )));
    }
    Ok(())
}

/// Refuses a window on a function that takes none, because the engine would silently ignore it, and a missing window.
fn check_place(function: &Function) -> Result<(), QueryError> {
    let name = function_name(function);
    if function.over.is_none() {
        let needs_window = functions::window().iter().any(|known| known.name() == name);
        return match needs_window {
            true => Err(QueryError::Refused(format!("`{name}` needs a window: write `over (order by …)` after it"))),
            false => Ok(()),
        };
    }
    if functions::names_over_rows().contains(&name) {
        return Ok(());
    }
    Err(QueryError::Refused(format!("`{name}` has no window: it is a function of one row")))
}

/// Refuses window frames with bounds so far away that the engine's row numbers would overflow.
fn check_window(window: Option<&WindowType>) -> Result<(), QueryError> {
    let frame = match window {
        None => return Ok(()),
        Some(WindowType::WindowSpec(window)) => window.window_frame.as_ref(),
        Some(WindowType::NamedWindow(name)) => {
            return Err(QueryError::Refused(format!(
                "the window `{name}` is not available: write it out after `over`"
            )));
        }
    };
    let bounds = frame.into_iter().flat_map(|frame| [Some(&frame.start_bound), frame.end_bound.as_ref()]).flatten();
    match bounds.filter(|bound| !is_near(bound)).map(shown).next() {
        None => Ok(()),
        Some(bound) => {
            Err(QueryError::Refused(format!("`{bound}` is too far: a window reaches at most {} rows", u32::MAX)))
        }
    }
}

fn is_near(bound: &WindowFrameBound) -> bool {
    match bound {
        WindowFrameBound::CurrentRow | WindowFrameBound::Preceding(None) | WindowFrameBound::Following(None) => true,
        WindowFrameBound::Preceding(Some(distance)) | WindowFrameBound::Following(Some(distance)) => {
            match distance.as_ref() {
                Expr::Interval(_) => true,
                Expr::Value(value) => matches!(&value.value, Value::Number(digits, _) if digits.parse::<u32>().is_ok()),
                _ => false,
            }
        }
    }
}

/// The name as the engine will look it up: in lower case, unless it is quoted.
fn function_name(function: &Function) -> String {
    match function.name.0.as_slice() {
        [part] => part.as_ident().map_or_else(
            || part.to_string(),
            |name| if name.quote_style.is_none() { name.value.to_lowercase() } else { name.value.clone() },
        ),
        _ => function.name.to_string(),
    }
}

/// `-x` becomes `0 - x`, except before a literal, where the sign is part of the number.
pub(super) fn replace_negation(expression: &mut Expr) {
    let Expr::UnaryOp { op: UnaryOperator::Minus, expr } = expression else {
        return;
    };
    if matches!(expr.as_ref(), Expr::Value(_) | Expr::Interval(_)) {
        return;
    }
    let zero = Box::new(Expr::value(Value::Number("0".to_owned(), false)));
    let right = std::mem::replace(expr, zero.clone());
    // The brackets keep the difference together when a stronger operator stands beside it.
    let difference = Expr::BinaryOp { left: zero, op: BinaryOperator::Minus, right };
    *expression = Expr::Nested(Box::new(difference));
}
