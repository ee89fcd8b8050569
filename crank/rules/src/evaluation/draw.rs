//! The draw of a raffle: given the tickets, only the seed decides who wins.
//!
//! Draw `j` takes the first 16 bytes of SHA-256(seed ‖ `j` ‖ attempt), both numbers as 32 bits little-endian, as a
//! little-endian number of 128 bits. It rejects a number at or above the largest multiple of the tickets left that
//! fits 2^128 and tries the next attempt, so that every ticket is as likely as any other. The remainder by the tickets
//! left is the ticket's number in rank order among the wallets that have not won. This module does not know where the
//! seed comes from.

use std::num::NonZeroU128;

use sha2::{Digest, Sha256};
use torque::merkle::Hash;

use super::{EvaluationError, Raffle, Row, Weighting, tickets::Tickets};

/// One ticket stands for a value of 10 to the power of minus this.
const TICKET_DECIMALS: u32 = 6;

/// The winners, and the rows that had a ticket.
#[derive(Debug)]
pub(super) struct Draws {
    /// The position of each winner and its prize in base units, in the order of the draws.
    pub(super) winners: Vec<(usize, u64)>,
    /// Whether the row at a position had a ticket.
    pub(super) had_ticket: Vec<bool>,
}

/// Draws the winners among `rows`, which are in rank order.
///
/// With fewer wallets than prizes, the last prizes are not drawn.
pub(super) fn draw(rows: &[&Row], raffle: &Raffle, seed: &Hash) -> Result<Draws, EvaluationError> {
    let too_many = |row: &Row| EvaluationError::TooManyTickets { address: row.address, value: row.value };
    let counts: Vec<u128> = rows
        .iter()
        .map(|row| tickets(row, raffle.weighting()).ok_or_else(|| too_many(row)))
        .collect::<Result<_, _>>()?;
    let had_ticket = counts.iter().map(|count| *count > 0).collect();
    let mut tickets = Tickets::new(counts)
        .map_err(|position| rows.get(position).map_or(EvaluationError::TooManyRows(position), |row| too_many(row)))?;
    let prizes = raffle.buckets().iter().flat_map(|bucket| (0..bucket.count).map(|_| bucket.amount));
    let mut winners = Vec::new();
    for (draw, prize) in (0_u32..).zip(prizes) {
        let Some(position) = tickets.left().and_then(|left| tickets.take(ticket(seed, draw, left))) else { break };
        winners.push((position, prize));
    }
    Ok(Draws { winners, had_ticket })
}

/// How many tickets a row has; `None` if the number does not fit 128 bits.
pub(super) fn tickets(row: &Row, weighting: Weighting) -> Option<u128> {
    let Weighting::WeightedByMetric = weighting else { return Some(1) };
    let mantissa = u128::try_from(row.value.mantissa()).ok()?;
    match row.value.scale().checked_sub(TICKET_DECIMALS) {
        Some(surplus) => mantissa.checked_div(10_u128.checked_pow(surplus)?),
        None => mantissa.checked_mul(10_u128.checked_pow(TICKET_DECIMALS.checked_sub(row.value.scale())?)?),
    }
}

/// The number of the ticket that wins draw `draw`, below `left`.
pub(super) fn ticket(seed: &Hash, draw: u32, left: NonZeroU128) -> u128 {
    // 2^128 itself does not fit, so its remainder is computed from the number below it, plus one.
    let surplus = (u128::MAX % left).saturating_add(1) % left;
    let last = u128::MAX.saturating_sub(surplus);
    let mut attempt = 0_u32;
    loop {
        let number = number(seed, draw, attempt);
        if number <= last {
            return number % left;
        }
        // Each attempt succeeds with a probability above one half, so the attempts never run out.
        attempt = attempt.wrapping_add(1);
    }
}

/// The 128-bit number of one attempt, from the seed.
fn number(seed: &Hash, draw: u32, attempt: u32) -> u128 {
    let mut hasher = Sha256::new();
    hasher.update(seed);
    hasher.update(draw.to_le_bytes());
    hasher.update(attempt.to_le_bytes());
    let hash: Hash = hasher.finalize().into();
    hash.first_chunk().map_or(0, |bytes| u128::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: &str) -> Row {
        Row { address: solana_pubkey::Pubkey::default(), value: value.parse().unwrap() }
    }

    #[test]
    fn a_ticket_is_a_millionth_of_the_value_rounded_down() {
        let cases = [
            ("0.0000009", 0),
            ("0.000001", 1),
            ("0.00000199", 1),
            ("2.5", 2_500_000),
            ("7", 7_000_000),
            ("0.12345678", 123_456),
            ("340282366920938463463374607431768", 340_282_366_920_938_463_463_374_607_431_768_000_000),
            ("340282366920938463463374607431768.2114", 340_282_366_920_938_463_463_374_607_431_768_211_400),
        ];
        for (value, count) in cases {
            assert_eq!(tickets(&row(value), Weighting::WeightedByMetric), Some(count), "{value}");
            assert_eq!(tickets(&row(value), Weighting::EqualChances), Some(1), "{value}");
        }
        for value in ["340282366920938463463374607431769", "1e37"] {
            assert_eq!(tickets(&row(value), Weighting::WeightedByMetric), None, "{value}");
        }
    }

    #[test]
    fn a_number_at_the_largest_multiple_or_above_is_drawn_again() {
        let seed = [7; 32];
        // If the number of tickets is above 2^127, its largest multiple is the number itself.
        let mut rejections = 0;
        for draw in 0..100 {
            let first = number(&seed, draw, 0);
            if first > u128::MAX / 2 {
                let left = |tickets| NonZeroU128::new(tickets).unwrap();
                assert_eq!(ticket(&seed, draw, left(first)), number_below(&seed, draw, first));
                assert_eq!(ticket(&seed, draw, left(first.saturating_add(1))), first);
                rejections += 1;
            }
        }
        assert!(rejections > 20);
    }

    /// The first number of a draw that is below `limit`.
    fn number_below(seed: &Hash, draw: u32, limit: u128) -> u128 {
        (0..).map(|attempt| number(seed, draw, attempt)).find(|number| *number < limit).unwrap()
    }

    #[test]
    fn where_the_tickets_divide_all_numbers_none_is_rejected() {
        for (draw, seed) in (0..200).map(|byte| (u32::from(byte), [byte; 32])) {
            for tickets in [1, 2, 1 << 64, 1 << 127] {
                let expected = number(&seed, draw, 0) % tickets;
                assert_eq!(ticket(&seed, draw, NonZeroU128::new(tickets).unwrap()), expected);
            }
        }
    }
}
