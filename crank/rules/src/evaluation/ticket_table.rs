//! The table of a raffle's tickets. Its root and total are committed on-chain before there is a seed.
//!
//! It has a row for each wallet with a ticket, in rank order, numbered from 0. `draw` draws from the same wallets with
//! the same tickets; only wallets without a ticket are left out here. A wallet's ticket numbers follow those of the
//! wallets before it, so its leaf alone tells its tickets.

use sha2::{Digest, Sha256};
use solana_pubkey::Pubkey;
use torque::merkle::Hash;

use super::{Circumstances, EvaluationError, Raffle, RewardTerms, Row, Shape, draw, qualification};
use crate::tree::MerkleTree;

/// The first byte of a holder's leaf, as in RFC 9162.
const LEAF_PREFIX: [u8; 1] = [0];

/// The holders of all tickets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TicketTable {
    /// Every wallet with a ticket, in rank order.
    pub holders: Vec<TicketHolder>,
    /// How many tickets there are.
    pub total: u128,
}

/// A wallet and its tickets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TicketHolder {
    /// The wallet.
    pub address: Pubkey,
    /// The number of its first ticket, from 0.
    pub first: u128,
    /// How many it has, above 0.
    pub count: u128,
}

impl TicketHolder {
    /// `SHA-256(0x00 ‖ epoch address ‖ index (u32 LE) ‖ wallet ‖ first (u128 LE) ‖ count (u128 LE))`.
    ///
    /// It hashes more bytes than the leaf of a payment, so that neither can be taken for the other.
    #[must_use]
    pub fn leaf_hash(&self, epoch: &Pubkey, index: u32) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(LEAF_PREFIX);
        hasher.update(epoch);
        hasher.update(index.to_le_bytes());
        hasher.update(self.address);
        hasher.update(self.first.to_le_bytes());
        hasher.update(self.count.to_le_bytes());
        hasher.finalize().into()
    }
}

impl TicketTable {
    /// Gives out the tickets of a raffle among `rows`, under the same terms and circumstances as its draw; a seed in
    /// them is ignored.
    ///
    /// # Errors
    /// `TicketsWithoutRaffle` for any other kind, and those of [`super::evaluate`] that need no seed.
    pub fn new(rows: Vec<Row>, terms: &RewardTerms, circumstances: &Circumstances) -> Result<Self, EvaluationError> {
        let Shape::Raffle(raffle) = &terms.shape else {
            return Err(EvaluationError::TicketsWithoutRaffle(terms.shape.kind()));
        };
        let (rows, refusals) = qualification::ranked(rows, terms, circumstances)?;
        Self::of_ranks(&qualification::qualifying(&rows, &refusals)?, raffle)
    }

    /// Gives out the tickets among rows that qualify, in rank order.
    pub(super) fn of_ranks(rows: &[&Row], raffle: &Raffle) -> Result<Self, EvaluationError> {
        let mut table = Self { holders: Vec::new(), total: 0 };
        for row in rows {
            let too_many = || EvaluationError::TooManyTickets { address: row.address, value: row.value };
            let count = draw::tickets(row, raffle.weighting()).ok_or_else(too_many)?;
            if count > 0 {
                table.holders.push(TicketHolder { address: row.address, first: table.total, count });
                table.total = table.total.checked_add(count).ok_or_else(too_many)?;
            }
        }
        Ok(table)
    }

    /// The tree over the holders' leaves in the epoch at `epoch`; `None` if no wallet has a ticket.
    #[must_use]
    pub fn tree(&self, epoch: &Pubkey) -> Option<MerkleTree> {
        let leaves = self.holders.iter().zip(0..).map(|(holder, index)| holder.leaf_hash(epoch, index));
        MerkleTree::from_leaves(leaves.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU128;

    use super::*;
    use crate::evaluation::{Bucket, Weighting, evaluate};

    const EPOCH: Pubkey = Pubkey::new_from_array([8; 32]);

    fn terms(weighting: Weighting) -> RewardTerms {
        let buckets = vec![Bucket { amount: 1, count: 1 }];
        RewardTerms {
            shape: Shape::Raffle(Raffle::new(buckets, weighting).unwrap()),
            decimals: 0,
            pool: 1,
            max_per_participant: None,
            audience: crate::evaluation::Audience::Everyone,
        }
    }

    /// A row for each value, whose wallet is its place in every byte.
    fn rows(values: &[&str]) -> Vec<Row> {
        let row = |(byte, value): (u8, &&str)| Row { address: [byte; 32].into(), value: value.parse().unwrap() };
        (1..).zip(values).map(row).collect()
    }

    fn holders(table: &TicketTable) -> Vec<(u8, u128, u128)> {
        table.holders.iter().map(|holder| (holder.address.to_bytes()[0], holder.first, holder.count)).collect()
    }

    #[test]
    fn tickets_are_numbered_on_in_rank_order_and_who_has_none_is_left_out() {
        let rows = rows(&["0.5", "2", "0.0000001", "-3", "2", "0"]);
        let by_value = TicketTable::new(rows.clone(), &terms(Weighting::WeightedByMetric), &Circumstances::default());
        let by_value = by_value.unwrap();
        assert_eq!(holders(&by_value), [(2, 0, 2_000_000), (5, 2_000_000, 2_000_000), (1, 4_000_000, 500_000)]);
        assert_eq!(by_value.total, 4_500_000);
        let equal = TicketTable::new(rows, &terms(Weighting::EqualChances), &Circumstances::default()).unwrap();
        assert_eq!(holders(&equal), [(2, 0, 1), (5, 1, 1), (1, 2, 1), (3, 3, 1)]);
        assert_eq!(equal.total, 4);
    }

    #[test]
    fn the_first_winner_holds_the_ticket_that_the_seed_draws() {
        for weighting in [Weighting::WeightedByMetric, Weighting::EqualChances] {
            let (rows, terms) = (rows(&["3", "0.00000001", "1", "4", "1", "5", "9"]), terms(weighting));
            let table = TicketTable::new(rows.clone(), &terms, &Circumstances::default()).unwrap();
            for seed in (0..100).map(|byte| [byte; 32]) {
                let number = draw::ticket(&seed, 0, NonZeroU128::new(table.total).unwrap());
                let holds = |holder: &&TicketHolder| (holder.first..holder.first + holder.count).contains(&number);
                let circumstances = Circumstances { raffle_seed: Some(seed), ..Circumstances::default() };
                let winner = evaluate(rows.clone(), &terms, &circumstances).unwrap().allocations().next().unwrap();
                assert_eq!(table.holders.iter().find(holds).unwrap().address, winner.address);
            }
        }
    }

    #[test]
    fn the_leaf_is_the_documented_hash_and_the_root_is_over_the_leaves_in_order() {
        let table = TicketTable::new(rows(&["2", "1"]), &terms(Weighting::EqualChances), &Circumstances::default());
        let table = table.unwrap();
        let leaf = |index: u8, wallet: u8| -> Hash {
            let mut bytes = [&[0][..], &[8; 32], &[index, 0, 0, 0], &[wallet; 32]].concat();
            bytes.extend(u128::from(index).to_le_bytes());
            bytes.extend(1_u128.to_le_bytes());
            assert_eq!(bytes.len(), 101);
            Sha256::digest(bytes).into()
        };
        let tree = MerkleTree::from_leaves(vec![leaf(0, 1), leaf(1, 2)]).unwrap();
        assert_eq!(table.tree(&EPOCH).unwrap(), tree);
    }

    #[test]
    fn without_a_ticket_there_is_no_root() {
        let table = TicketTable::new(rows(&["0"]), &terms(Weighting::EqualChances), &Circumstances::default());
        let table = table.unwrap();
        assert_eq!((table.total, table.tree(&EPOCH)), (0, None));
    }

    #[test]
    fn more_tickets_than_128_bits_count_are_refused_with_the_wallet() {
        let too_large = ["340282366920938463463374607431769", "1"];
        let too_many = ["340282366920938463463374607431768", "340282366920938463463374607431767"];
        for (values, wallet) in [(too_large, 1), (too_many, 2)] {
            let table = TicketTable::new(rows(&values), &terms(Weighting::WeightedByMetric), &Circumstances::default());
            let Err(EvaluationError::TooManyTickets { address, .. }) = table else { panic!("{table:?}") };
            assert_eq!(address.to_bytes()[0], wallet);
        }
    }

    #[test]
    fn another_kind_has_no_tickets() {
        let formula = crate::formula::Formula::parse("N").unwrap();
        let terms = RewardTerms { shape: Shape::Rebate(formula), ..terms(Weighting::EqualChances) };
        let table = TicketTable::new(rows(&["1"]), &terms, &Circumstances::default());
        assert!(matches!(table, Err(EvaluationError::TicketsWithoutRaffle(_))));
    }
}
