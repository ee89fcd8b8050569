//! A hash table from addresses to totals. Each entry is one cache line, so the look-up of an address loads its total
//! too.
//!
//! Open addressing with linear probing, as in Knuth, The Art of Computer Programming 3, 6.4, algorithm L.

use std::mem::size_of;

use crank_rules::values::base58::ADDRESS_BYTES;

/// The size of the first table, in entries.
const FIRST_SLOTS: usize = 1 << 10;
/// Numbers that are added together, so that the processor loads their entries from memory at the same time.
pub(super) const TOGETHER: usize = 16;

/// An address with the total and the count of its numbers so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Slot {
    pub(super) address: [u8; ADDRESS_BYTES],
    pub(super) total: i128,
    pub(super) count: i64,
    /// Zero in an empty entry.
    hash: u64,
}

/// A number to add to an address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addition<'a> {
    pub(super) hash: u64,
    pub(super) address: &'a [u8; ADDRESS_BYTES],
    /// `None` for a null.
    pub(super) number: Option<i128>,
}

/// The table. It never grows by itself.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    taken: usize,
    /// Partial totals that the next number would have overflowed; their addresses have an entry in the table as well.
    overflown: Vec<Slot>,
}

impl Table {
    pub(super) const fn is_empty(&self) -> bool {
        self.taken == 0
    }

    /// The bytes that the table takes up after it has grown.
    pub(super) const fn next_bytes(&self) -> usize {
        self.next_slots().saturating_mul(size_of::<Slot>())
    }

    const fn next_slots(&self) -> usize {
        if self.slots.is_empty() { FIRST_SLOTS } else { self.slots.len().saturating_mul(2) }
    }

    /// Whether so many more addresses could fill more than three quarters of the table, beyond which searching gets
    /// slow.
    pub(super) fn is_short_of(&self, more: usize) -> bool {
        let most = self.slots.len().saturating_sub(self.slots.len() / 4);
        self.taken.saturating_add(self.overflown.len()).saturating_add(more) > most
    }

    /// Grows the table to its next size.
    pub(super) fn grow(&mut self) {
        let slots = vec![Slot::default(); self.next_slots()];
        for slot in std::mem::replace(&mut self.slots, slots).into_iter().filter(|slot| slot.hash != 0) {
            let place = self.find(slot.hash, &slot.address);
            if let Some(place) = self.slots.get_mut(place) {
                *place = slot;
            }
        }
    }

    /// Adds up to [`TOGETHER`] numbers; there must be room.
    pub(super) fn add(&mut self, additions: &[Addition<'_>]) {
        // These reads do not depend on each other, so the processor overlaps them; afterwards the lines are in the
        // cache.
        let first =
            additions.iter().map(|addition| self.slots.get(self.place(addition.hash)).map_or(0, |slot| slot.hash));
        std::hint::black_box(first.fold(0, |all, hash| all | hash));
        for addition in additions {
            self.add_one(addition);
        }
    }

    fn add_one(&mut self, addition: &Addition<'_>) {
        let hash = addition.hash | 1;
        let place = self.find(hash, addition.address);
        let Some(slot) = self.slots.get_mut(place) else { return };
        if slot.hash == 0 {
            *slot = Slot { address: *addition.address, hash, ..Slot::default() };
            self.taken = self.taken.saturating_add(1);
        }
        let Some(number) = addition.number else { return };
        match slot.total.checked_add(number) {
            Some(total) => slot.total = total,
            None => {
                self.overflown.push(*slot);
                (slot.total, slot.count) = (number, 0);
            }
        }
        slot.count = slot.count.saturating_add(1);
    }

    /// The place of an address's entry, or the free place where it belongs.
    fn find(&self, hash: u64, address: &[u8; ADDRESS_BYTES]) -> usize {
        let mut place = self.place(hash);
        while let Some(slot) = self.slots.get(place) {
            if slot.hash == 0 || (slot.hash == hash && slot.address == *address) {
                break;
            }
            place = self.place_after(place);
        }
        place
    }

    fn place(&self, hash: u64) -> usize {
        // The lowest bit says that there is an entry.
        usize::try_from(hash >> 1).unwrap_or_default() & self.slots.len().saturating_sub(1)
    }

    fn place_after(&self, place: usize) -> usize {
        place.saturating_add(1) & self.slots.len().saturating_sub(1)
    }

    /// Takes out all entries. An address may have several, whose totals are parts of its total.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Slot> + use<> {
        let Self { slots, overflown, .. } = std::mem::take(self);
        overflown.into_iter().chain(slots.into_iter().filter(|slot| slot.hash != 0))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "test data is made of small numbers")]

    use std::collections::BTreeMap;

    use super::*;

    fn add(table: &mut Table, hash: u64, address: u8, number: Option<i128>) {
        while table.is_short_of(1) {
            table.grow();
        }
        table.add(&[Addition { hash, address: &[address; 32], number }]);
    }

    /// The totals and counts of all addresses, their parts added up.
    fn totals(table: &mut Table) -> BTreeMap<u8, (i128, i64)> {
        let mut totals = BTreeMap::new();
        for slot in table.take() {
            let (total, count) = totals.entry(slot.address[0]).or_insert((0, 0));
            (*total, *count) = (*total + slot.total, *count + slot.count);
        }
        totals
    }

    #[test]
    fn numbers_are_added_by_address_whatever_the_hashes() {
        // Hashes that are all equal, that are all different, and that lead past the last place to the first.
        for hash in [|_: u8| 6, |address: u8| u64::from(address) << 1, |address: u8| u64::MAX - u64::from(address % 3)]
        {
            let mut table = Table::default();
            for round in 0..3 {
                for address in 0..200 {
                    add(&mut table, hash(address), address, (address % 5 != round).then_some(i128::from(address)));
                }
            }
            let of_address = |address: u8| {
                let count = if address % 5 < 3 { 2 } else { 3 };
                (address, (i128::from(address) * i128::from(count), count))
            };
            assert_eq!(totals(&mut table), (0..200).map(of_address).collect());
            assert_eq!(totals(&mut table), BTreeMap::new());
        }
    }

    #[test]
    fn an_address_with_nothing_but_nulls_is_there() {
        let mut table = Table::default();
        add(&mut table, 0, 7, None);
        assert_eq!(totals(&mut table), BTreeMap::from([(7, (0, 0))]));
    }

    #[test]
    fn a_total_that_gets_too_long_goes_on_in_parts() {
        let mut table = Table::default();
        for number in [i128::MAX, 1, 2, i128::MIN, i128::MIN, -1] {
            add(&mut table, 0, 1, Some(number));
        }
        let parts: Vec<(i128, i64)> = table.take().map(|slot| (slot.total, slot.count)).collect();
        assert_eq!(parts.iter().map(|(_, count)| count).sum::<i64>(), 6);
        assert_eq!(parts, [(i128::MAX, 1), (i128::MIN + 3, 3), (i128::MIN, 1), (-1, 1)]);
    }

    #[test]
    fn an_entry_is_a_line_of_the_cache() {
        assert_eq!(size_of::<Slot>(), 64);
    }
}
