//! How the program refuses: what Anchor's `require!`, `require_keys_eq!`, `require_keys_neq!` and `err!` do, with the
//! same lines in the log.
//!
//! Anchor's write the making of an error into every place that may refuse, 35 instructions each. There are hundreds of
//! such places, rent is paid for every byte, and nobody pays for speed where an instruction ends.

use anchor_lang::error::{Error, Source};
use anchor_lang::prelude::Pubkey;

/// Ends the function with `$error` unless `$condition` holds.
macro_rules! ensure {
    ($condition:expr, $error:expr $(,)?) => {
        if !$condition {
            return Err($crate::refusal::refused($error, file!(), line!()));
        }
    };
}

/// Ends the function with `$error`, and both addresses in the log, unless they are the same.
macro_rules! ensure_same {
    ($left:expr, $right:expr, $error:expr $(,)?) => {
        if $left != $right {
            return Err($crate::refusal::refused_keys($error, [&$left, &$right], file!(), line!()));
        }
    };
}

/// Ends the function with `$error`, and the address in the log, if both are the same.
macro_rules! ensure_other {
    ($left:expr, $right:expr, $error:expr $(,)?) => {
        if $left == $right {
            return Err($crate::refusal::refused_keys($error, [&$left, &$right], file!(), line!()));
        }
    };
}

/// `$error`, thrown here.
macro_rules! refuse {
    ($error:expr $(,)?) => {
        Err($crate::refusal::refused($error, file!(), line!()))
    };
}

/// `error`, thrown in a line of a file.
#[cold]
#[inline(never)]
pub fn refused<E: Into<Error>>(error: E, filename: &'static str, line: u32) -> Error {
    error.into().with_source(Source { filename, line })
}

/// The same, because of two addresses.
#[cold]
#[inline(never)]
pub fn refused_keys<E: Into<Error>>(error: E, keys: [&Pubkey; 2], filename: &'static str, line: u32) -> Error {
    let [left, right] = keys;
    refused(error, filename, line).with_pubkeys((*left, *right))
}
