//! The tickets of a raffle in rank order. Each draw takes a ticket together with all others of its wallet.
//!
//! A Fenwick tree of partial sums (P. M. Fenwick, "A new data structure for cumulative frequency tables", 1994), so
//! that a draw takes a number of steps that is logarithmic in the number of wallets.

use std::num::NonZeroU128;

/// How many tickets each wallet has, and which wallet has a given ticket.
#[derive(Debug)]
pub(super) struct Tickets {
    /// The tickets of each wallet, in rank order; 0 after it has won.
    counts: Vec<u128>,
    /// The node `n`, counted from 1, holds the sum of as many counts up to the `n`th as the lowest set bit of `n` says.
    nodes: Vec<u128>,
    left: u128,
}

impl Tickets {
    /// Numbers the wallets' tickets in rank order.
    ///
    /// # Errors
    /// The position of the wallet at which the total no longer fits 128 bits.
    pub(super) fn new(counts: Vec<u128>) -> Result<Self, usize> {
        let mut left = 0_u128;
        for (position, count) in counts.iter().enumerate() {
            left = left.checked_add(*count).ok_or(position)?;
        }
        let mut tickets = Self { nodes: counts.clone(), counts, left };
        for node in 1..=tickets.nodes.len() {
            let sum = tickets.sum_of(node);
            if let Some(parent) = tickets.nodes.get_mut(next_node_above(node).saturating_sub(1)) {
                *parent = parent.saturating_add(sum);
            }
        }
        Ok(tickets)
    }

    /// How many tickets are left; `None` if none are.
    pub(super) fn left(&self) -> Option<NonZeroU128> {
        NonZeroU128::new(self.left)
    }

    /// Takes all tickets of the wallet that has the ticket with this number, from 0, and returns the wallet's position.
    pub(super) fn take(&mut self, ticket: u128) -> Option<usize> {
        let position = self.position_of(ticket);
        let count = std::mem::take(self.counts.get_mut(position)?);
        self.left = self.left.saturating_sub(count);
        let mut node = position.saturating_add(1);
        while let Some(sum) = self.nodes.get_mut(node.saturating_sub(1)) {
            *sum = sum.saturating_sub(count);
            node = next_node_above(node);
        }
        Some(position)
    }

    /// How many wallets have only tickets of smaller numbers.
    fn position_of(&self, mut ticket: u128) -> usize {
        let mut position = 0_usize;
        let mut width = self.nodes.len().checked_ilog2().map_or(0, |log| 1_usize << log);
        while width > 0 {
            let node = position.saturating_add(width);
            if node <= self.nodes.len() && self.sum_of(node) <= ticket {
                ticket = ticket.saturating_sub(self.sum_of(node));
                position = node;
            }
            width >>= 1;
        }
        position
    }

    fn sum_of(&self, node: usize) -> u128 {
        self.nodes.get(node.saturating_sub(1)).copied().unwrap_or(0)
    }
}

/// The next larger node whose sum includes that of `node`.
fn next_node_above(node: usize) -> usize {
    let lowest_bit = node & node.wrapping_neg();
    node.saturating_add(lowest_bit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes ticket number `step`, modulo the tickets left, until none is left, and compares with a linear search.
    fn check(counts: &[u128], step: u128) {
        let mut tickets = Tickets::new(counts.to_vec()).unwrap();
        let mut row = counts.to_vec();
        while let Some(left) = tickets.left() {
            assert_eq!(left.get(), row.iter().sum::<u128>());
            let ticket = step % left;
            let expected = (0..row.len()).find(|position| row[..=*position].iter().sum::<u128>() > ticket);
            assert_eq!(tickets.take(ticket), expected, "ticket {ticket} of {row:?}");
            row[expected.unwrap()] = 0;
        }
        assert_eq!(row.iter().sum::<u128>(), 0);
    }

    #[test]
    fn a_ticket_belongs_to_the_wallet_in_whose_stretch_it_lies() {
        for length in 0..=40_u128 {
            for step in [0, 1, 2, 3, 7, 100, u128::MAX] {
                check(&vec![1; usize::try_from(length).unwrap()], step);
                check(&(0..length).map(|index| index * index % 5).collect::<Vec<_>>(), step);
                check(&(0..length).map(|index| 1_000_000 * (length - index)).collect::<Vec<_>>(), step / 7);
            }
        }
    }

    #[test]
    fn the_first_and_the_last_ticket_of_a_wallet_are_both_its_own() {
        for (ticket, position) in [(0, 0), (2, 0), (3, 2), (6, 2), (7, 3)] {
            assert_eq!(Tickets::new(vec![3, 0, 4, 1]).unwrap().take(ticket), Some(position), "ticket {ticket}");
        }
    }

    #[test]
    fn as_many_tickets_as_128_bits_count_are_not_too_many() {
        let tickets = Tickets::new(vec![u128::MAX - 1, 0, 1]).unwrap();
        assert_eq!(tickets.left().unwrap().get(), u128::MAX);
        check(&[u128::MAX - 1, 0, 1], u128::MAX - 1);
        assert_eq!(Tickets::new(vec![5, u128::MAX - 5, 0, 1, 7]).unwrap_err(), 3);
    }
}
