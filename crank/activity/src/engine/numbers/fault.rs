//! Why a number cannot be computed: the value that stands in its place.
//!
//! It is a value and not an error, because an error would depend on which rows the engine happens to evaluate together.

/// Why a number could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::engine) enum Fault {
    /// A division or a remainder by zero.
    DivisionByZero,
    /// A result of more digits than a wide decimal or a fraction holds.
    TooManyDigits,
    /// A value that does not fit the type of its cast, or a text that is not a number.
    DoesNotFit,
}

impl Fault {
    pub(in crate::engine) const ALL: [Self; 3] = [Self::DivisionByZero, Self::TooManyDigits, Self::DoesNotFit];

    /// The byte for the fault in a column, from 1 upwards.
    pub(in crate::engine) const fn code(self) -> u8 {
        match self {
            Self::DivisionByZero => 1,
            Self::TooManyDigits => 2,
            Self::DoesNotFit => 3,
        }
    }

    /// The fault with a code. No other code is ever written.
    pub(in crate::engine) fn of_code(code: u8) -> Self {
        Self::ALL.into_iter().find(|fault| fault.code() == code).unwrap_or(Self::TooManyDigits)
    }

    /// What is wrong and how to avoid it, for the end of a message.
    pub(in crate::engine) const fn cause(self) -> &'static str {
        match self {
            Self::DivisionByZero => {
                "a division by zero: leave such rows out, or write nullif(…, 0) for the divisor and coalesce(…, 0) \
                 around the quotient"
            }
            Self::TooManyDigits => {
                "an overflow, a result of too many digits: multiply fewer numbers, or round them first"
            }
            Self::DoesNotFit => {
                "a cast of what does not fit its type: leave such rows out, or write try_cast, which makes it null"
            }
        }
    }
}
