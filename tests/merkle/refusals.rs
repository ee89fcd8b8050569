//! Wrong leaves, places and paths, which `torque::merkle` must refuse.

use anchor_lang::prelude::{Pubkey, error::Error};
use tests::reference_tree::node_digest;
use torque::error::TorqueError;
use torque::merkle::{Climb, Hash};

use crate::payments::{Payment, Tree};

/// Small enough to try all combinations, and large enough for every shape of the tree's right edge.
const SIZES: std::ops::RangeInclusive<u32> = 1..=40;

#[test]
fn a_leaf_opens_at_its_own_index_only() {
    for count in SIZES {
        for_each_proof(count, |payment, path, root| {
            for claimed in (0..count).filter(|claimed| *claimed != payment.index) {
                let reached = climb(payment.leaf(), claimed, count, path);
                assert!(!matches!(reached, Ok(hash) if hash == root), "{payment:?} of {count} at {claimed}");
            }
        });
    }
}

#[test]
fn an_index_past_the_last_leaf_is_out_of_range() {
    for (count, position) in [(1, 1), (3, 3), (8, 8), (8, u32::MAX), (0, 0)] {
        let refusal = Climb::start([0; 32], 0, position, count).unwrap_err();
        assert_eq!(code(&refusal), u32::from(TorqueError::LeafIndexOutOfRange), "{position} of {count}");
    }
}

#[test]
fn a_position_past_the_width_of_its_level_is_out_of_range() {
    for (level, position) in [(1, 4), (2, 2), (3, 1), (32, 1), (u8::MAX, 1)] {
        let refusal = Climb::start([0; 32], level, position, 7).unwrap_err();
        assert_eq!(code(&refusal), u32::from(TorqueError::LeafIndexOutOfRange), "level {level}, position {position}");
    }
}

#[test]
fn a_changed_epoch_recipient_amount_or_index_does_not_reach_the_root() {
    for count in [1, 2, 3, 7, 8] {
        for_each_proof(count, |payment, path, root| {
            let stranger = Pubkey::new_from_array([9; 32]);
            let changes = [
                Payment { epoch: stranger, ..payment },
                Payment { recipient: stranger, ..payment },
                Payment { recipient: payment.epoch, epoch: payment.recipient, ..payment },
                Payment { amount: payment.amount + 1, ..payment },
                Payment { amount: payment.amount - 1, ..payment },
                Payment { index: payment.index + 1, ..payment },
            ];
            for changed in changes {
                assert_ne!(climb(changed.leaf(), payment.index, count, path).unwrap(), root, "{changed:?} of {count}");
            }
        });
    }
}

#[test]
fn siblings_in_another_order_do_not_reach_the_root() {
    for count in SIZES {
        for_each_proof(count, |payment, path, root| {
            for lower in 1..path.len() {
                let mut swapped = path.to_vec();
                swapped.swap(lower - 1, lower);
                assert_ne!(
                    climb(payment.leaf(), payment.index, count, &swapped).unwrap(),
                    root,
                    "{payment:?} of {count}"
                );
            }
        });
    }
}

#[test]
fn children_on_exchanged_sides_do_not_reach_the_root() {
    let root = Tree::over(2).root;
    let (left, right) = (Payment::at(0).leaf(), Payment::at(1).leaf());
    assert_eq!(climb(left, 0, 2, &[right]).unwrap(), root);
    assert_ne!(climb(right, 0, 2, &[left]).unwrap(), root);
    assert_ne!(climb(left, 1, 2, &[right]).unwrap(), root);
}

#[test]
fn a_path_with_a_sibling_too_few_is_refused() {
    for count in SIZES {
        for_each_proof(count, |payment, path, _| {
            if let Some((_, shorter)) = path.split_last() {
                let refusal = climb(payment.leaf(), payment.index, count, shorter).unwrap_err();
                assert_eq!(code(&refusal), u32::from(TorqueError::ProofLength), "{payment:?} of {count}");
            }
        });
    }
}

#[test]
fn a_path_with_a_sibling_too_many_is_refused() {
    for count in SIZES {
        for_each_proof(count, |payment, path, root| {
            let longer = [path, &[root]].concat();
            let refusal = climb(payment.leaf(), payment.index, count, &longer).unwrap_err();
            assert_eq!(code(&refusal), u32::from(TorqueError::ProofLength), "{payment:?} of {count}");
        });
    }
}

#[test]
fn an_inner_node_is_not_accepted_as_a_leaf() {
    for count in 2..=40 {
        for_each_proof(count, |payment, path, root| {
            let sibling = Payment::at(payment.index ^ 1);
            if payment.index & 1 == 0 && sibling.index < count {
                let inner = node_digest(&payment.leaf(), &sibling.leaf());
                let refusal = climb(inner, payment.index, count, &path[1..]).unwrap_err();
                assert_eq!(code(&refusal), u32::from(TorqueError::ProofLength), "{payment:?} of {count}");
                assert_ne!(climb(inner, payment.index, count, path).unwrap(), root, "{payment:?} of {count}");
            }
        });
    }
}

#[test]
fn the_root_alone_proves_no_leaf_of_a_tree_of_several() {
    let root = Tree::over(5).root;
    for index in 0..5 {
        let refusal = climb(root, index, 5, &[]).unwrap_err();
        assert_eq!(code(&refusal), u32::from(TorqueError::ProofLength), "leaf {index}");
    }
}

/// Every payment of the tree over `count` leaves, with its path and the root.
fn for_each_proof(count: u32, check: impl Fn(Payment, &[Hash], Hash)) {
    let tree = Tree::over(count);
    for index in 0..count {
        check(Payment::at(index), &tree.path(index), tree.root);
    }
}

/// Climbs from a leaf to the root.
fn climb(leaf: Hash, index: u32, count: u32, path: &[Hash]) -> Result<Hash, Error> {
    Climb::start(leaf, 0, index, count)?.to_root(path)
}

/// The number by which a client sees the error.
fn code(error: &Error) -> u32 {
    match error {
        Error::AnchorError(error) => error.error_code_number,
        Error::ProgramError(_) => 0,
    }
}
