//! Every single change of any byte of any file is found in that file and in its line.
#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use std::iter;

use super::{all, curve, files};
use crate::bundle::{
    ACTIONS, ALLOTTED, Bundle, Difference, FILTERS, Files, MANIFEST, MANIFEST_HASHES, RESULTS, verify,
};

#[test]
fn an_unchanged_bundle_is_right() {
    for bundle in all() {
        let verified = verify(&files(&bundle)).unwrap();
        assert_eq!(verified.manifest_hash(), bundle.manifest_hash());
        assert_eq!(verified.tree(), bundle.tree());
        assert_eq!(verified.evaluation(), bundle.evaluation());
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
    // One thread, because so small a bundle is finished before another thread wakes up.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    alone.install(|| check_every_change(change));
}

fn check_every_change<const COUNT: usize>(change: impl Fn(&[u8], usize) -> Option<[Vec<u8>; COUNT]>) {
    for bundle in all() {
        // The manifest and its hashes are checked in the same way for all kinds, so one bundle is enough for them.
        let is_plain = bundle.files().len() == 5 && bundle.statement().filters.is_empty();
        let skipped: &[&str] = if is_plain && bundle.leaf_count() == 2 { &[] } else { &[MANIFEST, MANIFEST_HASHES] };
        for (name, original) in bundle.files().iter().filter(|(name, _)| !skipped.contains(&name.as_str())) {
            for position in 0..=original.len() {
                for changed in change(original, position).into_iter().flatten() {
                    let equal = iter::zip(original, &changed).take_while(|(left, right)| left == right);
                    let line = equal.filter(|(byte, _)| **byte == b'\n').count() + 1;
                    let difference = difference_after(&bundle, name, changed);
                    assert_eq!(&difference.file, name, "byte {position} of {name}: {difference}");
                    let expected = is_restorable(&bundle, name).then_some(line);
                    assert_eq!(difference.line, expected, "byte {position} of {name}: {difference}");
                }
            }
        }
    }
}

/// Whether a table can be restored from the rest of the bundle; else only its hash shows that it was changed.
fn is_restorable(bundle: &Bundle, name: &str) -> bool {
    let is_curve = bundle.statement().previous == curve().statement().previous;
    !([ACTIONS, FILTERS, ALLOTTED].contains(&name) || is_curve && name == RESULTS)
}

fn difference_after(bundle: &Bundle, name: &str, changed: Vec<u8>) -> Difference {
    let mut files: Files = files(bundle);
    files.insert(name.to_owned(), changed);
    verify(&files).map(|_| name.to_owned()).unwrap_err()
}
