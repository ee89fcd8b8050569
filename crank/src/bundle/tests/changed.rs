//! Every single change of any byte of any file is found in that file and in its line.
#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use std::iter;

use super::{direct, files, leaderboard, leaderboard_of};
use crate::bundle::{Bundle, Difference, FILE_NAMES, Files, verify};

#[test]
fn an_unchanged_bundle_is_right() {
    for bundle in [leaderboard(), direct()] {
        let verified = verify(&files(&bundle)).unwrap();
        assert_eq!(verified.manifest_hash(), bundle.manifest_hash());
        assert_eq!(verified.tree().root(), bundle.tree().root());
    }
}

#[test]
fn every_flipped_bit_is_found() {
    every_change(|bytes, position| {
        let byte = *bytes.get(position)?;
        Some([0x01, 0x20, 0x80].map(|pattern| {
            let mut changed = bytes.to_vec();
            changed[position] = byte ^ pattern;
            changed
        }))
    });
}

#[test]
fn every_removed_byte_is_found() {
    every_change(|bytes, position| {
        let mut changed = bytes.to_vec();
        (position < bytes.len()).then(|| changed.remove(position)).map(|_| [changed])
    });
}

#[test]
fn every_added_byte_is_found() {
    every_change(|bytes, position| {
        Some([b'\n', b'0'].map(|added| {
            let mut changed = bytes.to_vec();
            changed.insert(position, added);
            changed
        }))
    });
}

#[test]
fn every_cut_is_found() {
    every_change(|bytes, position| (position < bytes.len()).then(|| [bytes[..position].to_vec()]));
}

/// Applies `change` at every position of every file, the end included, and expects the fault there.
fn every_change<const COUNT: usize>(change: impl Fn(&[u8], usize) -> Option<[Vec<u8>; COUNT]> + Send) {
    // A bundle this small is done before another thread has woken up.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    alone.install(|| check_every_change(change));
}

fn check_every_change<const COUNT: usize>(change: impl Fn(&[u8], usize) -> Option<[Vec<u8>; COUNT]>) {
    for bundle in [leaderboard_of(None), direct()] {
        for name in FILE_NAMES {
            let original = bundle.file(name);
            for position in 0..=original.len() {
                for changed in change(original, position).into_iter().flatten() {
                    let equal = iter::zip(original, &changed).take_while(|(left, right)| left == right);
                    let line = equal.filter(|(byte, _)| **byte == b'\n').count() + 1;
                    let difference = difference_after(&bundle, name, changed);
                    assert_eq!(difference.file, name, "byte {position} of {name}: {difference}");
                    assert_eq!(difference.line, Some(line), "byte {position} of {name}: {difference}");
                }
            }
        }
    }
}

fn difference_after(bundle: &Bundle, name: &str, changed: Vec<u8>) -> Difference {
    let mut files: Files = files(bundle);
    files.insert(name.to_owned(), changed);
    verify(&files).map(|_| name.to_owned()).unwrap_err()
}
