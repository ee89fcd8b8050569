//! Checks that a text is one SQL expression over the columns of a row, so that it may be put into a query in brackets,
//! or that it is one query.
//!
//! It is for queries that Torque writes around parts that somebody else wrote. It finds early what the sandbox would
//! refuse; whether tables and columns exist and types fit is known only when the query runs.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, Query, Statement, Visit, Visitor};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::Token;

use super::query_text::MAX_QUERY_BYTES;
use super::syntax::check_one;
use crate::engine::QueryError;

/// The longest expression, in bytes: it is read on the caller's own stack.
const MAX_EXPRESSION_BYTES: usize = 4_096;
/// How deep it may be nested; a chain of `or` counts one for each.
const MAX_DEPTH: usize = 200;

/// Checks that the text is exactly one expression that the sandbox admits, without a subquery.
///
/// # Errors
///
/// [`QueryError`] if it is empty, too long, incomplete, followed by more text, or not on the sandbox's allow-list.
pub fn check_expression(text: &str) -> Result<(), QueryError> {
    if text.len() > MAX_EXPRESSION_BYTES {
        let found = text.len();
        return Err(QueryError::Refused(format!(
            "the expression has {found} bytes: at most {MAX_EXPRESSION_BYTES} are read"
        )));
    }
    if text.trim().is_empty() {
        return Err(QueryError::Refused("the expression is empty".to_owned()));
    }
    let expression = parse(text, "the expression", |parser| parser.parse_expr())?;
    answer(expression.visit(&mut Checker { depth: 0, may_select: false }))
}

/// Checks that the text is one `SELECT` made of expressions that the sandbox admits.
///
/// # Errors
///
/// [`QueryError`] if it is too long, followed by more text, or not on the sandbox's allow-list.
pub fn check_query(text: &str) -> Result<(), QueryError> {
    if text.len() > MAX_QUERY_BYTES {
        return Err(QueryError::TooLong(text.len()));
    }
    let query = parse(text, "the query", |parser| parser.parse_query())?;
    answer(query.visit(&mut Checker { depth: 0, may_select: true }))
}

fn answer(found: ControlFlow<QueryError>) -> Result<(), QueryError> {
    found.break_value().map_or(Ok(()), Err)
}

/// Parses the whole text by one rule of the grammar.
fn parse<T>(
    text: &str,
    what: &str,
    rule: impl FnOnce(&mut Parser<'_>) -> Result<T, ParserError>,
) -> Result<T, QueryError> {
    // A dummy value in place of a placeholder is enough here: a name is an expression, and so is a text in quotes.
    let text = ["startDate", "endDate", "campaignStart"]
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(&format!("{{{{{name}}}}}"), name));
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(&text).map_err(in_words)?;
    let part = rule(&mut parser).map_err(in_words)?;
    match parser.next_token().token {
        Token::EOF => Ok(part),
        rest => Err(QueryError::Refused(format!("`{rest}` follows where {what} should end"))),
    }
}

fn in_words(error: ParserError) -> QueryError {
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => QueryError::Syntax(message),
        ParserError::RecursionLimitExceeded => QueryError::Refused("it is nested too deeply".to_owned()),
    }
}

struct Checker {
    depth: usize,
    may_select: bool,
}

impl Visitor for Checker {
    type Break = QueryError;

    fn pre_visit_statement(&mut self, _: &Statement) -> ControlFlow<QueryError> {
        ControlFlow::Break(QueryError::Refused("a query is one SELECT: it cannot hold another statement".to_owned()))
    }

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<QueryError> {
        if self.may_select {
            return ControlFlow::Continue(());
        }
        let message = "a subquery is not available here: an expression looks at the columns of its own table";
        ControlFlow::Break(QueryError::Refused(message.to_owned()))
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<QueryError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            let message = format!("the expression is nested more than {MAX_DEPTH} deep: write `in (…)` for lists");
            return ControlFlow::Break(QueryError::Refused(message));
        }
        match check_one(expression) {
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<QueryError> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_EXPRESSION_BYTES, check_expression, check_query};

    fn refusal(text: &str) -> String {
        check_expression(text).unwrap_err().to_string()
    }

    #[test]
    fn one_expression_is_accepted() {
        for text in [
            "amount > 5",
            "amount > 5 -- and that is all",
            "sum(amount) filter (where side = 'buy') / 2",
            "lower(pool) in ('a', 'b') or timestamp >= {{startDate}}",
            "timestamp < '{{endDate}}' /* a ( bracket */",
            "(\"select\" = ')')",
            "case when a then b end is null",
        ] {
            assert!(check_expression(text).is_ok(), "{text}: {}", refusal(text));
        }
    }

    #[test]
    fn nothing_can_leave_the_brackets() {
        for text in [
            "true) or (true",
            "amount > 5) is not true union select * from events.other where (true",
            "a, b",
            "a as b",
            "amount > 5; select 1",
            "1 from events.x",
            "a)",
            "(a",
            "'a",
            "\"a",
            "a /* b",
            "a --\n b",
            "select 1",
            "",
            " -- nothing",
        ] {
            let message = refusal(text);
            assert!(!message.is_empty(), "{text}");
        }
        assert_eq!(refusal("true) or (true"), "`)` follows where the expression should end");
        assert_eq!(refusal("a, b"), "`,` follows where the expression should end");
    }

    #[test]
    fn the_sandbox_says_what_an_expression_may_hold() {
        for (text, expected) in [
            ("now() > timestamp", "there is no function `now`"),
            ("a ~ 'x'", "is not available in a query"),
            ("user_pubkey in (select user_pubkey from events.x)", "a subquery is not available here"),
            ("exists (select 1)", "a subquery is not available here"),
            ("(select 1) = 1", "a subquery is not available here"),
            ("{{wrong}} > 1", "not valid SQL"),
        ] {
            assert!(refusal(text).contains(expected), "{text}: {}", refusal(text));
        }
    }

    #[test]
    fn an_expression_has_a_size() {
        let long = "1 + ".repeat(MAX_EXPRESSION_BYTES / 4);
        assert!(refusal(&format!("{long}1")).contains("at most 4096 are read"));
        assert!(refusal(&format!("{}1", "1 + ".repeat(1_000))).contains("more than 200 deep"));
        assert!(!refusal(&format!("{}1{}", "(".repeat(2_000), ")".repeat(2_000))).is_empty());
        assert!(!refusal(&format!("{}a", "not ".repeat(1_000))).is_empty());
    }

    #[test]
    fn a_query_is_one_select() {
        let sql = "with a as (select 1 as x) select user_pubkey as address, sum(x) as value from events.trade, a \
                   where timestamp < '{{endDate}}' group by 1 order by 2 limit 5";
        assert!(check_query(sql).is_ok());
        for (text, expected) in [
            ("select 1; drop table x", "`;` follows where the query should end"),
            ("drop table x", "not valid SQL"),
            ("insert into x values (1)", "cannot hold another statement"),
            ("select now() as value", "there is no function `now`"),
            ("select 1 from (select random()) as t", "there is no function `random`"),
            ("", "not valid SQL"),
        ] {
            let message = check_query(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{text}: {message}");
        }
        assert!(check_query(&" ".repeat(70_000)).unwrap_err().to_string().contains("70000 bytes"));
        // A long text is read on the caller's stack too.
        assert!(check_query(&format!("select {}1", "1 + ".repeat(15_000))).unwrap_err().to_string().contains("deep"));
    }
}
