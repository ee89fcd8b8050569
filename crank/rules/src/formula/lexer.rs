//! Cuts the text of a formula into numbers, names and symbols, each with its column.
//!
//! It does not know which names exist nor what order the pieces may have: `parser` does.

use super::{Exact, Formula, FormulaError, FormulaProblem, Rational, arithmetic};

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Number(Exact),
    Name,
    Symbol(&'static str),
    End,
}

/// A piece of the text, how it is written and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Piece<'source> {
    pub(super) token: Token,
    pub(super) text: &'source str,
    /// In characters; the first of the text is 1.
    pub(super) column: usize,
}

/// Whether a symbol is part of the language, or what other languages write for `instead`.
enum Symbol {
    Known,
    Instead(&'static str),
}

/// The symbols. A longer one comes before its own beginning.
const SYMBOLS: [(&str, Symbol); 34] = [
    ("===", Symbol::Instead("==")),
    ("!==", Symbol::Instead("!=")),
    ("==", Symbol::Known),
    ("!=", Symbol::Known),
    ("<=", Symbol::Known),
    (">=", Symbol::Known),
    ("&&", Symbol::Known),
    ("||", Symbol::Known),
    ("**", Symbol::Instead("pow(base, exponent)")),
    ("=>", Symbol::Instead(">=")),
    ("=<", Symbol::Instead("<=")),
    ("<>", Symbol::Instead("!=")),
    ("+", Symbol::Known),
    ("-", Symbol::Known),
    ("*", Symbol::Known),
    ("/", Symbol::Known),
    ("%", Symbol::Known),
    ("<", Symbol::Known),
    (">", Symbol::Known),
    ("!", Symbol::Known),
    ("?", Symbol::Known),
    (":", Symbol::Known),
    ("(", Symbol::Known),
    (")", Symbol::Known),
    (",", Symbol::Known),
    ("=", Symbol::Instead("==")),
    ("&", Symbol::Instead("&&")),
    ("|", Symbol::Instead("||")),
    ("^", Symbol::Instead("pow(base, exponent)")),
    ("×", Symbol::Instead("*")),
    ("÷", Symbol::Instead("/")),
    ("−", Symbol::Instead("-")),
    ("≤", Symbol::Instead("<=")),
    ("≥", Symbol::Instead(">=")),
];

/// The largest exponent of ten that a literal may have: more cannot fit the bits of a number.
const MAX_LITERAL_EXPONENT: u32 = 1_200;

/// Cuts a text into its pieces; the last one is its end.
pub(super) fn pieces(source: &str) -> Result<Vec<Piece<'_>>, FormulaError> {
    let length = source.chars().count();
    if length > Formula::MAX_CHARACTERS {
        let column = Formula::MAX_CHARACTERS.saturating_add(1);
        return Err(FormulaError { column, problem: FormulaProblem::TooLong(length) });
    }
    let mut lexer = Lexer { rest: source, column: 1 };
    let mut pieces = Vec::new();
    loop {
        lexer.take_while(char::is_whitespace);
        let (rest, column) = (lexer.rest, lexer.column);
        let token = lexer.token()?;
        let is_last = token == Token::End;
        pieces.push(Piece { token, text: taken(rest, lexer.rest), column });
        if is_last {
            return Ok(pieces);
        }
    }
}

/// The part of a text before `rest`, which is its end.
fn taken<'source>(text: &'source str, rest: &str) -> &'source str {
    text.strip_suffix(rest).unwrap_or(text)
}

/// The part of the text that is not read yet, and its column.
struct Lexer<'source> {
    rest: &'source str,
    column: usize,
}

impl<'source> Lexer<'source> {
    /// The token at the front.
    fn token(&mut self) -> Result<Token, FormulaError> {
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        if first.is_ascii_alphabetic() || first == '_' {
            self.take_while(is_in_name);
            Ok(Token::Name)
        } else if self.starts_number() {
            self.number()
        } else {
            self.symbol(first)
        }
    }

    /// Whether a digit stands at the front, or a point and a digit.
    fn starts_number(&self) -> bool {
        self.rest.strip_prefix('.').unwrap_or(self.rest).starts_with(|c: char| c.is_ascii_digit())
    }

    /// A symbol, or an error about the character.
    fn symbol(&mut self, first: char) -> Result<Token, FormulaError> {
        let Some((text, symbol)) = SYMBOLS.iter().find(|(text, _)| self.rest.starts_with(text)) else {
            return Err(FormulaError { column: self.column, problem: FormulaProblem::UnknownCharacter(first) });
        };
        match symbol {
            Symbol::Known => {
                self.take_prefix(text);
                Ok(Token::Symbol(text))
            }
            Symbol::Instead(instead) => {
                let problem = FormulaProblem::UnknownOperator { found: text, instead };
                Err(FormulaError { column: self.column, problem })
            }
        }
    }

    /// A decimal literal: digits, a point and digits, an exponent of ten.
    fn number(&mut self) -> Result<Token, FormulaError> {
        let (start, column) = (self.rest, self.column);
        self.take_while(|c| c.is_ascii_digit());
        let is_whole = !self.take_prefix(".");
        let has_fraction = !self.take_while(|c| c.is_ascii_digit()).is_empty();
        let exponent = self.exponent();
        // Reads on over characters that must not follow a number directly, so that the message shows all of them.
        let is_separate = self.take_while(|c| is_in_name(c) || c == '.').is_empty();
        let text = taken(start, self.rest);
        let refused =
            |problem: fn(String) -> FormulaProblem| FormulaError { column, problem: problem(text.to_owned()) };
        if !(is_separate && (is_whole || has_fraction)) {
            return Err(refused(FormulaProblem::MalformedNumber));
        }
        if exponent.is_some_and(|digits| !digits.parse().is_ok_and(|power: u32| power <= MAX_LITERAL_EXPONENT)) {
            return Err(refused(FormulaProblem::NumberOutOfRange));
        }
        let value = Rational::from_str_decimal(text).map_err(|_| refused(FormulaProblem::MalformedNumber))?;
        let value = arithmetic::limited(value.into()).map_err(|_| refused(FormulaProblem::NumberOutOfRange))?;
        Ok(Token::Number(value))
    }

    /// The digits of the exponent, if there is one at the front.
    fn exponent(&mut self) -> Option<&'source str> {
        let unsigned = self.rest.strip_prefix(['e', 'E'])?;
        let digits = unsigned.strip_prefix(['+', '-']).unwrap_or(unsigned);
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.take_prefix(taken(self.rest, digits));
        Some(self.take_while(|c| c.is_ascii_digit()))
    }

    /// Moves past the characters at the front that are of a kind, and returns them.
    fn take_while(&mut self, is_of_kind: impl Fn(char) -> bool) -> &'source str {
        let text = taken(self.rest, self.rest.trim_start_matches(is_of_kind));
        self.take_prefix(text);
        text
    }

    /// Moves past a text if it is at the front.
    fn take_prefix(&mut self, text: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(text) else { return false };
        self.rest = rest;
        self.column = self.column.saturating_add(text.chars().count());
        true
    }
}

/// Whether a character may stand in a name, past the first.
fn is_in_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
