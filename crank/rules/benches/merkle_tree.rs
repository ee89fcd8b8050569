//! A million leaves: the whole tree with every level kept, beside the bare loop that hashes the same bytes.
//!
//! Both use the same SHA-256 and the same rayon threads, so the difference is what the tree itself costs. It may take
//! at most twice as long as the bare loop. Run with `cargo bench -p crank --bench merkle_tree`.
#![allow(missing_docs, reason = "criterion's macros make public functions without documentation")]

use std::hint::black_box;

use crank_rules::tree::MerkleTree;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use solana_pubkey::Pubkey;
use torque::merkle::{Hash, leaf_hash};

const LEAF_COUNT: u32 = 1_000_000;
/// Prefix, epoch address, index, recipient and amount.
const LEAF_BYTES: usize = 77;
/// Prefix, left and right.
const NODE_BYTES: usize = 65;

/// Hashes every leaf and builds the tree over them.
fn whole_tree(epoch: &Pubkey, recipients: &[Pubkey]) -> Option<MerkleTree> {
    let leaves = (0..LEAF_COUNT).into_par_iter().zip(recipients).with_min_len(1024);
    let leaves = leaves.map(|(index, recipient)| leaf_hash(epoch, index, recipient, u64::from(index))).collect();
    MerkleTree::from_leaves(leaves)
}

/// Hashes as many texts of `BYTES` bytes and keeps nothing.
fn bare_loop<const BYTES: usize>(count: u32) -> Hash {
    let hash = |index: u32| {
        let mut text = [0_u8; BYTES];
        if let Some(start) = text.first_chunk_mut() {
            *start = index.to_le_bytes();
        }
        solana_sha256_hasher::hash(&text).to_bytes()
    };
    let keep_one = |left: Hash, right: Hash| left.max(right);
    (0..count).into_par_iter().with_min_len(1024).map(hash).reduce(Hash::default, keep_one)
}

fn merkle_tree(criterion: &mut Criterion) {
    let epoch = Pubkey::new_from_array([7; 32]);
    let recipient = |index| leaf_hash(&epoch, index, &epoch, 0);
    let recipients: Vec<Pubkey> = (0..LEAF_COUNT).map(|index| Pubkey::new_from_array(recipient(index))).collect();
    let mut group = criterion.benchmark_group("a million leaves");
    group.sample_size(10).throughput(Throughput::Elements(u64::from(LEAF_COUNT)));
    group.bench_function("bare loop", |bencher| {
        bencher.iter(|| {
            let leaves = bare_loop::<LEAF_BYTES>(black_box(LEAF_COUNT));
            (leaves, bare_loop::<NODE_BYTES>(black_box(LEAF_COUNT - 1)))
        });
    });
    group
        .bench_function("whole tree", |bencher| bencher.iter(|| whole_tree(black_box(&epoch), black_box(&recipients))));
    group.finish();
}

criterion_group!(benches, merkle_tree);
criterion_main!(benches);
