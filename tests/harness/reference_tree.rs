//! RFC 9162's Merkle tree a second time, straight from the text of its section 2.1, to judge the program's and the
//! crank's.
//!
//! It shares no code with either and is recursive and slow where they are iterative: it splits lists of entries, and
//! has no levels, positions or widths. Not here: what an entry of our trees contains (the tests write that out
//! themselves).
#![expect(clippy::arithmetic_side_effects, reason = "it is kept as the RFC writes it, and its numbers are small")]

use sha2::{Digest as _, Sha256};

/// `HASH(…)` of the RFC, a SHA-256.
pub type Digest = [u8; 32];

/// The Merkle Tree Hash `MTH(D_n)` of RFC 9162, section 2.1.1; an entry is what follows a leaf's prefix.
#[must_use]
pub fn merkle_tree_hash<Entry: AsRef<[u8]>>(entries: &[Entry]) -> Digest {
    match entries {
        [] => Sha256::new().finalize().into(),
        [entry] => leaf_digest(entry.as_ref()),
        _ => {
            let (left, right) = entries.split_at(split_point(entries.len()));
            node_digest(&merkle_tree_hash(left), &merkle_tree_hash(right))
        }
    }
}

/// The inclusion proof `PATH(m, D_n)` of RFC 9162, section 2.1.3.1: the siblings from the leaf up.
#[must_use]
pub fn inclusion_path<Entry: AsRef<[u8]>>(index: usize, entries: &[Entry]) -> Vec<Digest> {
    if entries.len() <= 1 {
        return Vec::new();
    }
    let split = split_point(entries.len());
    let (left, right) = entries.split_at(split);
    let (mut path, sibling) = if index < split {
        (inclusion_path(index, left), merkle_tree_hash(right))
    } else {
        (inclusion_path(index - split, right), merkle_tree_hash(left))
    };
    path.push(sibling);
    path
}

/// The verification of RFC 9162, section 2.1.3.2, step by step; the names are the RFC's.
#[must_use]
pub fn verifies_inclusion(hash: Digest, leaf_index: u64, tree_size: u64, path: &[Digest], root_hash: Digest) -> bool {
    if leaf_index >= tree_size {
        return false;
    }
    let (mut fn_, mut sn, mut r) = (leaf_index, tree_size - 1, hash);
    for p in path {
        if sn == 0 {
            return false;
        }
        if fn_ & 1 == 1 || fn_ == sn {
            r = node_digest(p, &r);
            while fn_ & 1 == 0 && fn_ != 0 {
                fn_ >>= 1;
                sn >>= 1;
            }
        } else {
            r = node_digest(&r, p);
        }
        fn_ >>= 1;
        sn >>= 1;
    }
    sn == 0 && r == root_hash
}

/// `HASH(0x00 || d)`.
#[must_use]
pub fn leaf_digest(entry: &[u8]) -> Digest {
    Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into()
}

/// `HASH(0x01 || left || right)`.
#[must_use]
pub fn node_digest(left: &Digest, right: &Digest) -> Digest {
    Sha256::new().chain_update([0x01]).chain_update(left).chain_update(right).finalize().into()
}

/// The largest power of two smaller than `n`, which is at least 2.
fn split_point(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}
