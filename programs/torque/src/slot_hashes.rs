//! The hashes of the last slots, read where the sysvar lies: a copy of its 20 KB would not fit the program's memory.
//!
//! The runtime lists up to 512 slots that have a block, newest first, each as its number (u64 LE) and its 32 bytes,
//! after their number (u64 LE). Slots that were skipped are missing. The caller has checked the account's address.

use crate::merkle::Hash;

/// Bytes of one slot: its number and its hash.
const ENTRY: usize = 40;

/// What is known of the first slot at or after a target that has a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FirstFrom {
    /// No such slot has a hash yet.
    Ahead,
    /// It is this one. No other slot can ever be the answer.
    Found {
        /// Its number, the target's or a later one.
        slot: u64,
        /// Its hash.
        hash: Hash,
    },
    /// It has left the list, or may have.
    Gone,
}

/// Finds the first slot at or after `target` that has a block in the bytes of the sysvar.
///
/// It is known for certain only while the list still reaches back to the target: what comes first in a list that begins
/// later changes from slot to slot, and the caller could choose.
#[must_use]
pub fn first_from(data: &[u8], target: u64) -> FirstFrom {
    let entries = entries(data);
    let later = entries.partition_point(|entry| slot(entry) >= target);
    let Some(first) = later.checked_sub(1).and_then(|place| entries.get(place)) else { return FirstFrom::Ahead };
    if later == entries.len() && slot(first) > target {
        return FirstFrom::Gone;
    }
    FirstFrom::Found { slot: slot(first), hash: first.last_chunk().copied().unwrap_or_default() }
}

/// The entries as they lie there, none of bytes that are no list.
fn entries(data: &[u8]) -> &[[u8; ENTRY]] {
    let Some((length, rest)) = data.split_first_chunk() else { return &[] };
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (entries, _) = rest.as_chunks();
    entries.get(..length).unwrap_or_default()
}

fn slot(entry: &[u8; ENTRY]) -> u64 {
    u64::from_le_bytes(entry.first_chunk().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sysvar over `slots`, the hash of each being its number in every byte, followed by zeros as in a new cluster.
    fn sysvar(slots: &[u8]) -> Vec<u8> {
        let mut data = (slots.len() as u64).to_le_bytes().to_vec();
        for slot in slots {
            data.extend(u64::from(*slot).to_le_bytes());
            data.extend([*slot; 32]);
        }
        data.extend([0; 3 * ENTRY]);
        data
    }

    fn found(slot: u8) -> FirstFrom {
        FirstFrom::Found { slot: u64::from(slot), hash: [slot; 32] }
    }

    #[test]
    fn the_target_or_the_first_slot_after_it_is_found() {
        let data = sysvar(&[20, 19, 16, 12, 11]);
        for (target, expected) in [(11, 11), (12, 12), (13, 16), (15, 16), (16, 16), (17, 19), (19, 19), (20, 20)] {
            assert_eq!(first_from(&data, target), found(expected), "target {target}");
        }
    }

    #[test]
    fn what_is_not_there_yet_is_told_from_what_is_gone() {
        let data = sysvar(&[20, 19, 16, 12, 11]);
        for (target, expected) in [(21, FirstFrom::Ahead), (u64::MAX, FirstFrom::Ahead), (10, FirstFrom::Gone)] {
            assert_eq!(first_from(&data, target), expected, "target {target}");
        }
        assert_eq!(first_from(&data, 0), FirstFrom::Gone);
    }

    #[test]
    fn every_answer_is_that_of_a_walk_along_the_list() {
        for mask in 0_u32..1 << 10 {
            let slots: Vec<u8> = (0..10).rev().filter(|slot| mask & (1 << slot) != 0).map(|slot| slot + 1).collect();
            let data = sysvar(&slots);
            for target in 0..13 {
                let first = slots.iter().rev().find(|slot| u64::from(**slot) >= target);
                let reaches_back = slots.last().is_some_and(|oldest| u64::from(*oldest) <= target);
                let expected = match first {
                    None => FirstFrom::Ahead,
                    Some(slot) if reaches_back => found(*slot),
                    Some(_) => FirstFrom::Gone,
                };
                assert_eq!(first_from(&data, target), expected, "{slots:?}, target {target}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_list_have_no_slot() {
        for data in [&[][..], &[1; 7], &[0; 8], &[255; 8], &[255; 400], &[1, 0, 0, 0, 0, 0, 0, 0, 9]] {
            assert_eq!(first_from(data, 0), FirstFrom::Ahead);
        }
    }
}
