//! Reads the pieces of a formula into a tree: one method per precedence, the loosest first.
//!
//! It does not compute. `operand` checks the types on the way up; the depth is counted on the way down, so that a
//! hostile text is refused before the stack overflows.

use std::{mem, vec};

use super::{
    Formula, FormulaError, FormulaProblem,
    expression::{Comparison, Condition, Number, Operator, Step},
    lexer::{self, Piece, Token},
    names::{self, Function, Variable},
    operand::{self, Expression, Operand},
};

const EQUALITIES: [(&str, Comparison); 2] = [("==", Comparison::Equal), ("!=", Comparison::NotEqual)];
const ORDERINGS: [(&str, Comparison); 4] = [
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];
const SUMS: [(&str, Operator); 2] = [("+", Operator::Plus), ("-", Operator::Minus)];
const PRODUCTS: [(&str, Operator); 3] = [("*", Operator::Times), ("/", Operator::Divide), ("%", Operator::Remainder)];

/// Reads a whole formula, which must give a number.
pub(super) fn parse(source: &str) -> Result<Number, FormulaError> {
    let mut following = lexer::pieces(source)?.into_iter();
    let first = following.next().filter(|piece| piece.token != Token::End);
    let Some(current) = first else { return Err(FormulaError { column: 1, problem: FormulaProblem::Empty }) };
    let mut parser = Parser { current, following, depth: 0 };
    let whole = parser.conditional()?;
    match parser.current.token {
        Token::End => whole.number("the whole formula"),
        _ => Err(parser.unexpected("an operator or the end of the formula")),
    }
}

/// The pieces that are not read yet, and how deeply the current one is nested.
struct Parser<'source> {
    current: Piece<'source>,
    following: vec::IntoIter<Piece<'source>>,
    depth: usize,
}

/// The result of the parser's methods.
type Found = Result<Operand, FormulaError>;

impl<'source> Parser<'source> {
    /// `c ? a : d ? b : e`: a loop over the tiers, so that a long chain is not a deep one.
    fn conditional(&mut self) -> Found {
        let column = self.current.column;
        let mut tiers = Vec::new();
        loop {
            let head = self.disjunction()?;
            let Some(question) = self.take("?") else {
                return if tiers.is_empty() { Ok(head) } else { Ok(operand::choice(tiers, head)?.at(column)) };
            };
            let condition = head.condition("what stands before `?`")?;
            let branch = self.nested(question, Self::conditional)?;
            self.require(":", "an operator or `:` and the other branch")?;
            tiers.push((condition, branch));
        }
    }

    fn disjunction(&mut self) -> Found {
        self.junction("||", Self::conjunction, Condition::Any)
    }

    fn conjunction(&mut self) -> Found {
        self.junction("&&", Self::equality, Condition::All)
    }

    /// Conditions joined by one symbol.
    fn junction(&mut self, symbol: &str, part: fn(&mut Self) -> Found, join: fn(Vec<Condition>) -> Condition) -> Found {
        let first = part(self)?;
        if !self.is_at(symbol) {
            return Ok(first);
        }
        let column = first.column;
        let mut conditions = vec![first.condition(side_of(symbol))?];
        while self.take(symbol).is_some() {
            conditions.push(part(self)?.condition(side_of(symbol))?);
        }
        Ok(Expression::Condition(join(conditions)).at(column))
    }

    /// `a == b`, of two numbers or of two conditions.
    fn equality(&mut self) -> Found {
        let left = self.ordering()?;
        let Some((symbol, comparison, _)) = self.take_any(&EQUALITIES) else { return Ok(left) };
        let (column, right) = (left.column, self.ordering()?);
        self.refuse_chain(&EQUALITIES)?;
        let condition = match left.expression {
            Expression::Number(left) => compared(comparison, left, right.number(side_of(symbol))?),
            Expression::Condition(left) => Condition::Agreement {
                equal: comparison == Comparison::Equal,
                left: Box::new(left),
                right: Box::new(right.condition(side_of(symbol))?),
            },
        };
        Ok(Expression::Condition(condition).at(column))
    }

    /// `a < b`, of two numbers.
    fn ordering(&mut self) -> Found {
        let left = self.sum()?;
        let Some((symbol, comparison, _)) = self.take_any(&ORDERINGS) else { return Ok(left) };
        let column = left.column;
        let left = left.number(side_of(symbol))?;
        let right = self.sum()?.number(side_of(symbol))?;
        self.refuse_chain(&ORDERINGS)?;
        Ok(Expression::Condition(compared(comparison, left, right)).at(column))
    }

    fn sum(&mut self) -> Found {
        self.chain(&SUMS, Self::product)
    }

    fn product(&mut self) -> Found {
        self.chain(&PRODUCTS, Self::signed)
    }

    /// Numbers joined by the operators of one precedence, left to right.
    fn chain(&mut self, operators: &[(&'static str, Operator)], part: fn(&mut Self) -> Found) -> Found {
        let first = part(self)?;
        let mut next = self.take_any(operators);
        let Some((symbol, ..)) = next else { return Ok(first) };
        let start = first.column;
        let first = Box::new(first.number(side_of(symbol))?);
        let mut steps = Vec::new();
        while let Some((symbol, operator, column)) = next {
            steps.push(Step { operator, operand: part(self)?.number(side_of(symbol))?, column });
            next = self.take_any(operators);
        }
        Ok(Expression::Number(Number::Chain { first, steps }).at(start))
    }

    /// `-a` and `!c`.
    fn signed(&mut self) -> Found {
        if let Some(column) = self.take("-") {
            let number = self.nested(column, Self::signed)?.number("what the sign `-` stands before")?;
            Ok(Expression::Number(Number::Negative(Box::new(number))).at(column))
        } else if let Some(column) = self.take("!") {
            let condition = self.nested(column, Self::signed)?.condition("what `!` stands before")?;
            Ok(Expression::Condition(Condition::Not(Box::new(condition))).at(column))
        } else {
            self.primary()
        }
    }

    /// A literal, a name or a parenthesis.
    fn primary(&mut self) -> Found {
        let column = self.current.column;
        if let Some(parenthesis) = self.take("(") {
            let inside = self.nested(parenthesis, Self::conditional)?;
            self.require(")", "an operator or `)`")?;
            return Ok(inside.expression.at(column));
        }
        let number = match &self.current.token {
            Token::Number(value) => {
                let value = value.clone();
                self.advance();
                Number::Literal(value)
            }
            Token::Name => self.name()?,
            Token::Symbol(_) | Token::End => return Err(self.unexpected("a number, a name or `(`")),
        };
        Ok(Expression::Number(number).at(column))
    }

    /// A variable, or a function and its arguments.
    fn name(&mut self) -> Result<Number, FormulaError> {
        let Piece { text, column, .. } = self.advance();
        let refused = |problem| Err(FormulaError { column, problem });
        if let Some(variable) = Variable::named(text) {
            if self.is_at("(") {
                return refused(FormulaProblem::VariableCalled(text.to_owned()));
            }
            return Ok(Number::Variable { variable, column });
        }
        let Some(function) = Function::named(text) else {
            let nearest = names::nearest(text);
            return refused(FormulaProblem::UnknownName { found: text.to_owned(), nearest });
        };
        let Some(parenthesis) = self.take("(") else {
            return refused(FormulaProblem::FunctionWithoutArguments(function.name()));
        };
        let arguments = self.nested(parenthesis, Self::arguments)?;
        called(function, arguments, column)
    }

    /// The arguments between the parentheses of a call, and the closing one.
    fn arguments(&mut self) -> Result<Vec<Number>, FormulaError> {
        let mut arguments = Vec::new();
        if self.take(")").is_some() {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.conditional()?.number("an argument")?);
            if self.take(",").is_none() {
                self.require(")", "an operator, `,` or `)`")?;
                return Ok(arguments);
            }
        }
    }

    /// Reads something that is nested in the piece at `column`.
    fn nested<T>(&mut self, column: usize, read: fn(&mut Self) -> Result<T, FormulaError>) -> Result<T, FormulaError> {
        if self.depth >= Formula::MAX_DEPTH {
            return Err(FormulaError { column, problem: FormulaProblem::TooDeep });
        }
        self.depth = self.depth.saturating_add(1);
        let found = read(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(found)
    }

    /// Moves to the next piece and returns the current one; at the end it stays there.
    fn advance(&mut self) -> Piece<'source> {
        let next = self.following.next().unwrap_or_else(|| self.current.clone());
        mem::replace(&mut self.current, next)
    }

    fn is_at(&self, symbol: &str) -> bool {
        matches!(self.current.token, Token::Symbol(found) if found == symbol)
    }

    /// Moves past a symbol if it comes next, and returns its column.
    fn take(&mut self, symbol: &str) -> Option<usize> {
        self.is_at(symbol).then(|| self.advance().column)
    }

    /// Moves past one of several symbols if one comes next, and returns it, its meaning and its column.
    fn take_any<T: Copy>(&mut self, symbols: &[(&'static str, T)]) -> Option<(&'static str, T, usize)> {
        let (symbol, meaning) = symbols.iter().copied().find(|(symbol, _)| self.is_at(symbol))?;
        Some((symbol, meaning, self.advance().column))
    }

    /// Moves past a symbol that must come next.
    fn require(&mut self, symbol: &str, expected: &'static str) -> Result<(), FormulaError> {
        self.take(symbol).map(|_| ()).ok_or_else(|| self.unexpected(expected))
    }

    /// Refuses `a < b < c`, whose second comparison would compare a condition.
    fn refuse_chain(&self, symbols: &[(&'static str, Comparison)]) -> Result<(), FormulaError> {
        match symbols.iter().find(|(symbol, _)| self.is_at(symbol)) {
            Some((symbol, _)) => {
                Err(FormulaError { column: self.current.column, problem: FormulaProblem::ChainedComparison(symbol) })
            }
            None => Ok(()),
        }
    }

    /// The error that something else should come next.
    fn unexpected(&self, expected: &'static str) -> FormulaError {
        let found = match self.current.token {
            Token::End => "the end of the formula".to_owned(),
            _ => format!("`{}`", self.current.text),
        };
        FormulaError { column: self.current.column, problem: FormulaProblem::Unexpected { expected, found } }
    }
}

/// The place of an operand, for an error about its type.
fn side_of(symbol: &str) -> String {
    format!("each side of `{symbol}`")
}

fn compared(comparison: Comparison, left: Number, right: Number) -> Condition {
    Condition::Comparison { comparison, left: Box::new(left), right: Box::new(right) }
}

/// A function with its arguments, if they are as many as it takes.
fn called(function: Function, arguments: Vec<Number>, column: usize) -> Result<Number, FormulaError> {
    let found = arguments.len();
    let mut arguments = arguments.into_iter();
    match (function, arguments.next(), arguments.next(), arguments.next()) {
        (Function::OfOne(function), Some(argument), None, None) => {
            Ok(Number::OfOne { function, argument: Box::new(argument), column })
        }
        (Function::Power, Some(base), Some(exponent), None) => {
            Ok(Number::Power { base: Box::new(base), exponent: Box::new(exponent), column })
        }
        (Function::OfMany(function), Some(first), Some(second), third) => {
            let others = [second].into_iter().chain(third).chain(arguments).collect();
            Ok(Number::OfMany { function, first: Box::new(first), others })
        }
        _ => {
            let problem =
                FormulaProblem::WrongArgumentCount { function: function.name(), takes: function.takes(), found };
            Err(FormulaError { column, problem })
        }
    }
}
