//! A raffle: whether there are enough participants for the prizes, and how the tickets are spread.

use super::{Code, Example, Lint, Outcome, Severity};
use crate::{
    evaluation::{Raffle, RewardTerms, Row, Weighting},
    formula::Exact,
    values::decimal::Decimal,
};

/// The tickets for a value of 1.
const TICKETS_OF_ONE: u64 = 1_000_000;

/// The findings about a raffle; `rows` are the measured ones, in rank order.
pub(super) fn lints(raffle: &Raffle, terms: &RewardTerms, rows: Option<&[Row]>) -> Vec<Lint> {
    let prizes = u64::from(raffle.prizes());
    let mut lints: Vec<Lint> = more_than_pool(raffle, terms).into_iter().collect();
    match rows {
        None => lints.extend((prizes > 1).then(|| Lint {
            code: Code::FewerParticipantsThanPrizes,
            severity: Severity::Note,
            message: format!("with fewer than {prizes} participants, some of the {prizes} prizes are not paid"),
            example: None,
        })),
        Some(rows) => {
            lints.extend(too_few(prizes, rows));
            if raffle.weighting() == Weighting::WeightedByMetric {
                lints.extend(no_tickets(rows));
                lints.extend(most_tickets(rows));
            }
        }
    }
    lints
}

/// The prizes are more than the pool.
fn more_than_pool(raffle: &Raffle, terms: &RewardTerms) -> Option<Lint> {
    let display = |amount| Decimal::from_base_units(amount, terms.decimals);
    (raffle.pool() > terms.pool).then(|| Lint {
        code: Code::PaysMoreThanPool,
        severity: Severity::Warning,
        message: format!("the prizes are {} in all and the pool is {}", display(raffle.pool()), display(terms.pool)),
        example: None,
    })
}

/// Fewer measured rows than prizes.
fn too_few(prizes: u64, rows: &[Row]) -> Option<Lint> {
    let participants = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    (participants < prizes).then(|| Lint {
        code: Code::FewerParticipantsThanPrizes,
        severity: Severity::Warning,
        message: format!("{participants} participate in {prizes} prizes, and the rest of the prizes is not paid"),
        example: None,
    })
}

/// A measured value that is less than one ticket.
fn no_tickets(rows: &[Row]) -> Option<Lint> {
    let (rank, row) = (1_u64..).zip(rows).find(|(_, row)| tickets(row) == 0)?;
    let without = rows.iter().filter(|row| tickets(row) == 0).count();
    Some(Lint {
        code: Code::NoTickets,
        severity: Severity::Warning,
        message: format!("{without} of the measured rows have no ticket: a ticket is a millionth, rounded down"),
        example: Some(example(rank, row, rows)),
    })
}

/// The first row has more tickets than all others together.
fn most_tickets(rows: &[Row]) -> Option<Lint> {
    let (first, others) = rows.split_first().filter(|(_, others)| !others.is_empty())?;
    let rest = others.iter().fold(0_u128, |sum, row| sum.saturating_add(u128::from(tickets(row))));
    (u128::from(tickets(first)) > rest).then(|| Lint {
        code: Code::MostTicketsInOneHand,
        severity: Severity::Note,
        message: "one participant has more than half of the tickets".to_owned(),
        example: Some(example(1, first, rows)),
    })
}

fn tickets(row: &Row) -> u64 {
    Exact::from(row.value).floor_scaled(TICKETS_OF_ONE)
}

/// A row of a raffle as an example, with its tickets as the result.
fn example(rank: u64, row: &Row, rows: &[Row]) -> Example {
    Example {
        rank,
        participants: u64::try_from(rows.len()).unwrap_or(u64::MAX),
        value: row.value,
        outcome: Outcome::Tickets(tickets(row)),
    }
}
