//! A fraction as bytes that compare as the fractions do, so that the engine can sort, group, join and find the least
//! one without knowing about fractions.
//!
//! The bytes are the continued fraction `a0 + 1 / (a1 + 1 / (a2 + …))`, which every rational number has exactly one of
//! once the last term is at least 2: so equal numbers have equal bytes, in lowest terms. A larger term makes a larger
//! number in an even place and a smaller one in an odd place, whose bytes are therefore inverted; and the end counts as
//! a term above all others, since `1 / ∞` is 0. No code is the beginning of another, as every part tells its length.
//!
//! | part | bytes |
//! | --- | --- |
//! | `a0`, at least 0 | `0x8000` + length in 2 bytes, then its magnitude, highest byte first |
//! | `a0`, below 0 | `0x8000` − length in 2 bytes, then its magnitude, highest byte first, inverted |
//! | a term of 1 to 239 | itself |
//! | a longer term | `0xf0` + length (1 to 13 bytes), or `0xfe` and the length in 2 bytes; then its bytes |
//! | the end | `0xff` |
//! | a fault | `0x00` and its code inverted, below all numbers; `0xff` and its code, above them all |
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::result::Result;

use dashu::base::{DivRem, DivRemEuclid, Sign};
use dashu::integer::{IBig, UBig};

use super::{Fault, Fraction};

/// The longest code, in bytes: a fraction with about a thousand digits above and below the line can exceed it. A sum of
/// events has at most 57 digits, so that takes a product of more than ten quotients of the largest possible sums.
pub(super) const MOST_BYTES: usize = 2_048;

const ZERO: u16 = 0x8000;
const LARGEST_BYTE: u8 = 239;
const LENGTH_FOLLOWS: u8 = 0xfe;
const END: u8 = 0xff;

impl Fraction {
    /// Replaces `code` with the code of a number, or of a fault below all numbers.
    pub(in crate::engine) fn write(number: Result<&Self, Fault>, code: &mut Vec<u8>) {
        code.clear();
        let written = number.and_then(|number| number.write_number(code));
        if let Err(fault) = written {
            code.clear();
            code.extend(Self::first(fault));
        }
    }

    /// The code of a fault below all numbers.
    pub(in crate::engine) const fn first(fault: Fault) -> [u8; 2] {
        [0, !fault.code()]
    }

    /// The code of a fault above all numbers.
    pub(in crate::engine) const fn last(fault: Fault) -> [u8; 2] {
        [END, fault.code()]
    }

    /// The number with a code.
    pub(in crate::engine) fn read(code: &[u8]) -> Result<Self, Fault> {
        match *code {
            [0, fault] => return Err(Fault::of_code(!fault)),
            [END, fault] => return Err(Fault::of_code(fault)),
            _ => {}
        }
        let mut code = Reader { rest: code, inverted: 0 };
        // Only this module writes codes, so none ends too early.
        code.number().ok_or(Fault::TooManyDigits)
    }

    fn write_number(&self, code: &mut Vec<u8>) -> Result<(), Fault> {
        let (whole, rest) = self.numerator().div_rem_euclid(IBig::from(self.denominator().clone()));
        write_whole(&whole, code)?;
        let (mut above, mut below) = (self.denominator().clone(), rest);
        let mut inverted = u8::MAX;
        while !below.is_zero() {
            if let (Ok(above), Ok(below)) = (u64::try_from(&above), u64::try_from(&below)) {
                inverted = write_short(above, below, inverted, code);
                break;
            }
            let (term, rest) = above.div_rem(&below);
            write_term(&term, inverted, code)?;
            (above, below) = (below, rest);
            inverted = !inverted;
        }
        code.push(END ^ inverted);
        if code.len() > MOST_BYTES { Err(Fault::TooManyDigits) } else { Ok(()) }
    }
}

fn write_whole(whole: &IBig, code: &mut Vec<u8>) -> Result<(), Fault> {
    let (sign, magnitude) = whole.clone().into_parts();
    let magnitude = magnitude.to_be_bytes();
    let length = length(&magnitude)?;
    if sign == Sign::Negative {
        code.extend((ZERO - length).to_be_bytes());
        code.extend(magnitude.iter().map(|byte| !byte));
    } else {
        code.extend((ZERO + length).to_be_bytes());
        code.extend_from_slice(&magnitude);
    }
    Ok(())
}

fn write_term(term: &UBig, inverted: u8, code: &mut Vec<u8>) -> Result<(), Fault> {
    if let Some(short) = u8::try_from(term).ok().filter(|short| *short <= LARGEST_BYTE) {
        code.push(short ^ inverted);
        return Ok(());
    }
    let bytes = term.to_be_bytes();
    let length = length(&bytes)?;
    match u8::try_from(length).ok().filter(|length| *length < LENGTH_FOLLOWS - LARGEST_BYTE - 1) {
        Some(length) => code.push((LARGEST_BYTE + 1 + length) ^ inverted),
        None => {
            code.push(LENGTH_FOLLOWS ^ inverted);
            code.extend(length.to_be_bytes().map(|byte| byte ^ inverted));
        }
    }
    code.extend(bytes.iter().map(|byte| byte ^ inverted));
    Ok(())
}

/// Writes the remaining terms once the numbers fit 64 bits, as most do at some point. Returns how the end is inverted.
fn write_short(mut above: u64, mut below: u64, mut inverted: u8, code: &mut Vec<u8>) -> u8 {
    while below != 0 {
        let term = above / below;
        match u8::try_from(term).ok().filter(|short| *short <= LARGEST_BYTE) {
            Some(short) => code.push(short ^ inverted),
            None => {
                let bytes = term.to_be_bytes();
                let zeros = term.leading_zeros() / 8;
                let length = 8_u8.saturating_sub(u8::try_from(zeros).unwrap_or_default());
                code.push((LARGEST_BYTE + 1 + length) ^ inverted);
                code.extend(bytes.iter().skip(usize::from(8 - length)).map(|byte| byte ^ inverted));
            }
        }
        (above, below) = (below, above % below);
        inverted = !inverted;
    }
    inverted
}

fn length(bytes: &[u8]) -> Result<u16, Fault> {
    match bytes.len() {
        length if length <= MOST_BYTES => u16::try_from(length).map_err(|_| Fault::TooManyDigits),
        _ => Err(Fault::TooManyDigits),
    }
}

/// The rest of a code, and whether its next term is inverted.
struct Reader<'a> {
    rest: &'a [u8],
    inverted: u8,
}

impl Reader<'_> {
    fn number(&mut self) -> Option<Fraction> {
        let whole = self.whole()?;
        self.inverted = u8::MAX;
        let beginning = (self.rest, self.inverted);
        let (numerator, denominator) = match self.short_rest()? {
            Some((numerator, denominator)) => (UBig::from(numerator), UBig::from(denominator)),
            None => {
                (self.rest, self.inverted) = beginning;
                self.long_rest()?
            }
        };
        Some(Fraction::new(whole * IBig::from(denominator.clone()) + IBig::from(numerator), denominator))
    }

    /// The value of the terms after the first, below one. The inner `None` means that it needs more than 128 bits.
    fn short_rest(&mut self) -> Option<Option<(u128, u128)>> {
        // The numerators and denominators of this convergent and the one before: `h = a h' + h''` and `k = a k' + k''`.
        let (mut numerators, mut denominators) = ((0_u128, 1_u128), (1_u128, 0_u128));
        while let Some(term) = self.term()? {
            let Ok(term) = u128::try_from(&term) else { return Some(None) };
            let next = |(last, before): (u128, u128)| last.checked_mul(term)?.checked_add(before);
            let (Some(numerator), Some(denominator)) = (next(numerators), next(denominators)) else {
                return Some(None);
            };
            (numerators, denominators) = ((numerator, numerators.0), (denominator, denominators.0));
        }
        Some(Some((numerators.0, denominators.0)))
    }

    fn long_rest(&mut self) -> Option<(UBig, UBig)> {
        let (mut numerators, mut denominators) = ((UBig::ZERO, UBig::ONE), (UBig::ONE, UBig::ZERO));
        while let Some(term) = self.term()? {
            let next = |(last, before): (UBig, UBig)| (&last * &term + before, last);
            (numerators, denominators) = (next(numerators), next(denominators));
        }
        Some((numerators.0, denominators.0))
    }

    fn whole(&mut self) -> Option<IBig> {
        let length = self.two_bytes()?;
        if length >= ZERO {
            return Some(IBig::from(self.magnitude(usize::from(length - ZERO))?));
        }
        self.inverted = u8::MAX;
        Some(-IBig::from(self.magnitude(usize::from(ZERO - length))?))
    }

    /// The next term; the inner `None` means the end.
    fn term(&mut self) -> Option<Option<UBig>> {
        let term = match self.byte()? {
            END => return Some(None),
            short if short <= LARGEST_BYTE => UBig::from(short),
            LENGTH_FOLLOWS => {
                let length = self.two_bytes()?;
                self.magnitude(length.into())?
            }
            length => self.magnitude(usize::from(length - LARGEST_BYTE - 1))?,
        };
        self.inverted = !self.inverted;
        Some(Some(term))
    }

    fn magnitude(&mut self, length: usize) -> Option<UBig> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        let bytes: Vec<u8> = bytes.iter().map(|byte| byte ^ self.inverted).collect();
        Some(UBig::from_be_bytes(&bytes))
    }

    fn two_bytes(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first ^ self.inverted)
    }
}
