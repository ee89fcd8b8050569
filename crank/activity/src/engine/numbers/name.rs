//! The names of calls in the engine, with a length that does not grow with their arguments.
//!
//! The engine asks for the name of every part of an expression. Written out in full, the names of a deep expression
//! would together have a length that grows with the square of its depth.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher as _;

use datafusion::common::Result;
use datafusion::logical_expr::Expr;

/// The longest name, in bytes, not counting the number at the end of a shortened one.
const LONGEST: usize = 60;

/// The name of a call as `function(first, second)`.
pub(super) fn of_call(function: &str, arguments: &[Expr]) -> Result<String> {
    let arguments: Vec<String> = arguments.iter().map(of_argument).collect();
    Ok(shortened(format!("{function}({})", arguments.join(", "))))
}

/// The name of an operation as `left + right`.
pub(super) fn of_operation(symbol: char, left: &Expr, right: &Expr) -> String {
    shortened(format!("{} {symbol} {}", of_argument(left), of_argument(right)))
}

/// The name of an argument. Casts are named here, because the engine gives a cast the name of its inner expression.
fn of_argument(argument: &Expr) -> String {
    match argument {
        Expr::Cast(cast) => format!("cast({} as {})", of_argument(&cast.expr), cast.field.data_type()),
        other => other.schema_name().to_string(),
    }
}

/// A long name is cut and ends in a hash of the whole, so that different names stay different.
fn shortened(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(name.as_bytes());
    let mut short = name;
    short.truncate(short.floor_char_boundary(LONGEST));
    short.push_str("… ");
    short.push_str(&hasher.finish().to_string());
    short
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::lit;

    use super::*;

    #[test]
    fn a_long_name_is_cut_and_stays_different_from_others() {
        let name = |first: i64| {
            (0..500).fold(lit(first).schema_name().to_string(), |left, next| shortened(format!("{left} + {next}")))
        };
        assert_eq!(of_operation('+', &lit(1_i64), &lit(2_i64)), "Int64(1) + Int64(2)");
        assert!(name(1).len() < 100 && name(1) != name(2));
    }
}
