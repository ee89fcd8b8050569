//! An account of every type as bytes in a fixture, so that nobody changes a layout unnoticed.
//!
//! Each field has a value of its own, so that a field that moves, or changes places with another of the same type, is
//! found out. **The fixtures may be renewed before the program is deployed only**: afterwards accounts with these bytes
//! exist, and a changed layout needs another version and code that reads both.

use std::fmt::Debug;

use anchor_lang::{AccountDeserialize, AccountSerialize, Discriminator as _};
use solana_pubkey::Pubkey;
use tests::fixture::{expect, lines};
use torque::powers::Powers;
use torque::state::{
    Action, Audience, Config, Distributor, Downtime, Epoch, EpochTerms, Kind, Limiter, Limits, Link, Milestone,
    MilestoneStep, Mode, NextRules, NextTerms, Raffle, RaffleStage, Sponsorship, Terms,
};

#[test]
fn a_saved_action_has_these_fields() {
    let next = NextRules {
        from: 91,
        audience: Audience::DenyList { root: [92; 32] },
        query_hash: [93; 32],
        metadata_hash: [94; 32],
    };
    let saved = Action {
        version: 1,
        bump: 2,
        creator: key(3),
        id: long(4),
        owner: key(5),
        pending_owner: key(6),
        audience: Audience::TokenGate { mint: key(7), minimum_amount: long(8) },
        query_hash: [9; 32],
        metadata_hash: [10; 32],
        start: 11,
        end: 12,
        next,
        spare: [13; _],
    };
    expect_saved("action", &saved);
}

#[test]
fn the_saved_config_has_these_fields() {
    let saved = Config {
        version: 1,
        bump: 2,
        admin: key(3),
        pending_admin: key(4),
        treasury: key(5),
        fee_basis_points: 6 << 8 | 7,
        downtime: Downtime { since: 8, seconds: long(9) },
        pauser: key(10),
        spare: [11; _],
    };
    expect_saved("config", &saved);
}

#[test]
fn a_saved_distributor_has_these_fields() {
    expect_saved("distributor", &distributor());
}

#[test]
fn a_saved_link_has_these_fields() {
    let saved = Link {
        version: 1,
        bump: 2,
        action: key(3),
        distributor: key(4),
        weight_basis_points: short(5),
        rent_payer: key(6),
    };
    expect_saved("link", &saved);
}

#[test]
fn a_saved_raffle_has_these_fields() {
    let saved = Raffle {
        version: 1,
        bump: 2,
        distributor: key(3),
        index: short(4),
        rent_payer: key(5),
        period_end: 6,
        tickets_root: [7; 32],
        tickets_total: u128::from(long(8)) << 64 | u128::from(long(9)),
        secret_hash: [10; 32],
        escrowed: long(11),
        target_slot: long(12),
        renewals: short(13),
        stage: RaffleStage::Unrevealed,
        slot: long(14),
        slot_hash: [15; 32],
        deadline: 16,
        seed: [17; 32],
        spare: [18; _],
    };
    expect_saved("raffle", &saved);
}

#[test]
fn a_saved_sponsorship_has_these_fields() {
    let saved = Sponsorship {
        version: 1,
        bump: 2,
        reserved: [3; 2],
        number: short(4),
        distributor: key(5),
        wallet: key(6),
        start: long(7),
        contributed: long(8),
        spare: [9; _],
    };
    expect_saved("sponsorship", &saved);
}

/// An epoch is read in place. What follows its header, here the marks of ten leaves, belongs to the account too.
#[test]
fn a_saved_epoch_has_these_fields_and_marks() {
    let header = epoch();
    let marks = [0b0000_0101, 0b0000_0010];
    let mut bytes = [Epoch::DISCRIMINATOR, bytemuck::bytes_of(&header), &marks].concat();
    expect("accounts/epoch.txt", &rows("epoch", &bytes));
    let (found, mut found_marks) = Epoch::split(&mut bytes).unwrap();
    assert_eq!(format!("{found:#?}"), format!("{header:#?}"));
    let paid: Vec<u32> = (0..10).filter(|index| found_marks.is_paid(*index).unwrap()).collect();
    assert_eq!(paid, [0, 2, 9]);
}

fn distributor() -> Distributor {
    let step = |number| MilestoneStep { target: long(number), unlocked_basis_points: long(number + 50) };
    Distributor {
        version: 1,
        bump: 2,
        creator: key(3),
        id: long(4),
        owner: key(5),
        publisher: key(6),
        guardian: key(7),
        pending_owner: key(8),
        pending_publisher: key(9),
        pending_guardian: key(10),
        mint: key(11),
        token_program: key(12),
        decimals: 13,
        vault: key(14),
        kind: Kind::Raffle,
        mode: Mode::Push,
        fee_basis_points: 15 << 8 | 16,
        terms: terms(),
        next_terms: next_terms(),
        milestone: Milestone { deadline: 34, reported: long(35), steps: [step(36), step(37), step(38), step(39)] },
        limiter: limiter(),
        downtime: Downtime { since: 47, seconds: long(48) },
        draw: key(49),
        next_epoch: short(50),
        open_epochs: short(51),
        funded: long(52),
        reserved: long(53),
        paid: long(54),
        fee_collected: long(55),
        sponsored: long(56),
        sponsored_paid: long(57),
        sponsored_refunded: long(65),
        sponsorships_open: short(58),
        funded_slot: long(59),
        is_refunding: true,
        downtime_at_creation: long(60),
        publisher_since: 61,
        accepted_powers: Powers { bits: 62 << 8 | 63 },
        minimum_sponsorship: long(66),
        spare: [64; _],
    }
}

fn terms() -> Terms {
    Terms {
        start: 17,
        epoch_duration: short(18),
        epoch_count: short(19),
        epoch_budget: long(20),
        activation_delay: short(21),
        claim_window: short(22),
    }
}

fn next_terms() -> NextTerms {
    NextTerms {
        from_epoch: short(23),
        epoch_budget: long(24),
        activation_delay: short(25),
        claim_window: short(26),
        guardian: key(27),
        limits: limits(67),
        spare: short(74),
    }
}

fn limiter() -> Limiter {
    Limiter {
        absolute: long(40),
        drained: long(41),
        drained_at: 42,
        spent_open: long(43),
        limits: limits(44),
        window: short(70),
        payable_within: short(71),
        first_epoch: short(72),
        older_epochs: short(73),
    }
}

fn limits(number: u8) -> Limits {
    Limits { absolute: long(number), window: short(number + 1), epoch_basis_points: short(number + 2) }
}

fn epoch() -> Epoch {
    let guardian = key(33);
    Epoch {
        version: 1,
        bump: 2,
        revision: 3 << 8 | 4,
        index: short(5),
        distributor: key(6),
        rent_payer: key(7),
        root: [8; 32],
        manifest_hash: [9; 32],
        total: long(10),
        paid_total: long(11),
        posted_at: 12,
        opens_at: 13,
        closes_at: 14,
        leaf_count: 10,
        paid_count: short(16),
        reserved: long(17),
        spent: long(18),
        drained: long(19),
        drained_at: 20,
        raffle_seed: [21; 32],
        downtime: long(22),
        terms: EpochTerms {
            budget: long(30),
            activation_delay: short(31),
            claim_window: short(32),
            guardian,
            outflow_window: short(34),
            epoch_basis_points: short(35),
        },
        posted_slot: long(24),
        struck_count: short(25),
        raffle_source: 26,
        spare: [27; _],
    }
}

/// Fails unless the fixture of that name has the bytes of `account`, and reads as it.
fn expect_saved<T: AccountDeserialize + AccountSerialize + Debug>(name: &str, account: &T) {
    let fixture = format!("accounts/{name}.txt");
    let mut bytes = Vec::new();
    account.try_serialize(&mut bytes).unwrap();
    expect(&fixture, &rows(name, &bytes));
    let found = T::try_deserialize(&mut saved(&fixture).as_slice()).unwrap();
    assert_eq!(format!("{found:#?}"), format!("{account:#?}"));
}

/// Rows of sixteen bytes in hexadecimal digits, each with the place of the first.
fn rows(name: &str, bytes: &[u8]) -> Vec<String> {
    let row = |(number, row): (usize, &[u8])| {
        let digits: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{name} | {:>3} | {}", number * 16, digits.join(" "))
    };
    bytes.chunks(16).enumerate().map(row).collect()
}

/// The bytes of a fixture.
fn saved(fixture: &str) -> Vec<u8> {
    let digits = lines(fixture).into_iter().map(|line| line.rsplit(" | ").next().unwrap().to_owned());
    let bytes =
        digits.flat_map(|row| row.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect::<Vec<_>>());
    bytes.collect()
}

fn key(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

/// A number whose bytes all differ.
fn long(number: u8) -> u64 {
    u64::from_le_bytes([number, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7])
}

fn short(number: u8) -> u32 {
    u32::from_le_bytes([number, 0xb1, 0xb2, 0xb3])
}
