//! The text of a query: its tokens, its placeholders, and its one `SELECT`. What the `SELECT` may say is in `syntax`.
//!
//! Placeholders are replaced after the text is split into tokens and before the tokens are parsed, so a replacement is
//! always a value and can never become other SQL.

use datafusion::sql::sqlparser::ast::{Query, Statement};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Span, Token, TokenWithSpan, Tokenizer, Word};
use jiff::Timestamp;

use crate::engine::QueryError;
use crank_rules::values::period::Period;

/// The longest query, in bytes.
pub(in crate::engine) const MAX_QUERY_BYTES: usize = 64 << 10;

/// The times that the placeholders stand for, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Times {
    pub(in crate::engine) period: Period,
    pub(in crate::engine) campaign_start: i64,
}

impl Times {
    fn of(self, placeholder: &str) -> Result<i64, QueryError> {
        match placeholder {
            "startDate" => Ok(self.period.start),
            "endDate" => Ok(self.period.end),
            "campaignStart" => Ok(self.campaign_start),
            other => Err(QueryError::Placeholder(format!("`{{{{{other}}}}}` is unknown"))),
        }
    }
}

/// The tokens of a query, after its placeholders were replaced.
pub(in crate::engine) struct QueryText {
    tokens: Vec<TokenWithSpan>,
}

impl QueryText {
    /// Splits the text into tokens and replaces the placeholders with the times.
    pub(in crate::engine) fn read(sql: &str, times: Times) -> Result<Self, QueryError> {
        if sql.len() > MAX_QUERY_BYTES {
            return Err(QueryError::TooLong(sql.len()));
        }
        let tokens = Tokenizer::new(&GenericDialect {}, sql)
            .tokenize_with_location()
            .map_err(|error| QueryError::Syntax(error.to_string()))?
            .into_iter()
            .filter(|token| !matches!(token.token, Token::Whitespace(_)))
            .collect::<Vec<_>>();
        refuse_other_statements(&tokens)?;
        Ok(Self { tokens: replace_placeholders(tokens, times)? })
    }

    /// Whether the name occurs as a word in the query; only tables with such a name need to be built.
    pub(in crate::engine) fn mentions(&self, name: &str) -> bool {
        self.tokens.iter().any(|token| matches!(&token.token, Token::Word(word) if word.value == name))
    }

    /// Parses the one `SELECT`.
    pub(in crate::engine) fn parse(self) -> Result<Query, QueryError> {
        let mut parser = Parser::new(&GenericDialect {}).with_tokens_with_locations(self.tokens);
        let mut statements = parser.parse_statements().map_err(syntax_error)?;
        let statement = statements.pop();
        match (statement, statements.is_empty()) {
            (Some(Statement::Query(query)), true) => Ok(*query),
            (None, _) => Err(QueryError::Refused("the query is empty: write one SELECT".to_owned())),
            (_, false) => Err(QueryError::Refused("a query is one SELECT: this is several statements".to_owned())),
            (Some(_), true) => Err(QueryError::Refused("a query is one SELECT: this is another statement".to_owned())),
        }
    }
}

fn syntax_error(error: ParserError) -> QueryError {
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => QueryError::Syntax(message),
        ParserError::RecursionLimitExceeded => QueryError::Refused("the query is nested too deeply".to_owned()),
    }
}

/// Refuses a text that does not begin like a query, because the parser's own message would only be about commas.
fn refuse_other_statements(tokens: &[TokenWithSpan]) -> Result<(), QueryError> {
    match tokens.first().map(|token| &token.token) {
        Some(Token::Word(word)) if !matches!(word.keyword, Keyword::SELECT | Keyword::WITH) => {
            Err(QueryError::Refused(format!("a query is one SELECT: this begins with `{}`", word.value)))
        }
        _ => Ok(()),
    }
}

fn replace_placeholders(tokens: Vec<TokenWithSpan>, times: Times) -> Result<Vec<TokenWithSpan>, QueryError> {
    let mut replaced: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let [first, others @ ..] = rest {
        let (placeholder, used) = match placeholder_at(rest) {
            Some((name, used)) => (Some(name?), used),
            None => (None, 1),
        };
        match placeholder {
            None => replaced.push(first.clone()),
            Some(name) => push_timestamp(&mut replaced, times.of(&name)?, first.span)?,
        }
        rest = others.get(used.saturating_sub(1)..).unwrap_or_default();
    }
    Ok(replaced)
}

/// The name and the number of tokens of the placeholder that begins here, if one does.
fn placeholder_at(tokens: &[TokenWithSpan]) -> Option<(Result<String, QueryError>, usize)> {
    let begin = tokens.get(..5).unwrap_or(tokens).iter().map(|token| &token.token).collect::<Vec<_>>();
    match begin.as_slice() {
        [Token::LBrace, Token::LBrace, Token::Word(name), Token::RBrace, Token::RBrace] => {
            Some((Ok(name.value.clone()), 5))
        }
        [Token::LBrace, Token::LBrace, ..] => {
            Some((Err(QueryError::Placeholder("`{{` is not followed by a name and `}}`".to_owned())), 1))
        }
        [Token::SingleQuotedString(text) | Token::Word(Word { value: text, quote_style: Some(_), .. }), ..] => {
            quoted(text)
        }
        _ => None,
    }
}

fn quoted(text: &str) -> Option<(Result<String, QueryError>, usize)> {
    if !text.contains("{{") {
        return None;
    }
    let name = text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim);
    let name = name.filter(|name| !name.contains(['{', '}'])).map(str::to_owned);
    Some((name.ok_or_else(|| QueryError::Placeholder(format!("`{text}` is more than a placeholder"))), 1))
}

/// Appends `TIMESTAMP(3) '…'`, or only the text where the query has written `TIMESTAMP` itself.
fn push_timestamp(tokens: &mut Vec<TokenWithSpan>, seconds: i64, span: Span) -> Result<(), QueryError> {
    let timestamp = Timestamp::from_second(seconds).map_err(|_| QueryError::Period(seconds))?;
    let text = timestamp.to_string().trim_end_matches('Z').to_owned();
    let before = tokens.last().map(|token| &token.token);
    let is_typed = matches!(before, Some(Token::Word(word)) if word.keyword == Keyword::TIMESTAMP);
    // Milliseconds, like the column: nanoseconds would end in the year 2262.
    let precision = [Token::LParen, Token::Number("3".to_owned(), false), Token::RParen];
    let keyword = (!is_typed).then(|| Token::make_keyword("TIMESTAMP"));
    let literal = keyword.into_iter().chain(precision).chain([Token::SingleQuotedString(text)]);
    tokens.extend(literal.map(|token| TokenWithSpan { token, span }));
    Ok(())
}
