//! Events for the benchmark: a week of trades of many wallets, some of which trade far more than others.

use std::collections::BTreeMap;

use crank_activity::{
    events::{Column, EventTable},
    store::Store,
};
use sha2::{Digest, Sha256};
use solana_pubkey::Pubkey;

/// The first instant of the week, in milliseconds since 1970: 2026-01-19T00:00:00Z.
const START: i64 = 1_768_780_800_000;
const WEEK: u64 = 7 * 86_400_000;
/// Events that are made at a time.
const PART: u64 = 2_000_000;

/// Makes the events if the store does not have them yet; returns whether it did.
pub(crate) fn generate(place: &str, events: u64, wallets: u64) -> bool {
    let store = Store::create(place).expect("a place for the store");
    if store.snapshot().is_ok_and(|snapshot| snapshot.watermark.is_some()) {
        return false;
    }
    let keys: Vec<Pubkey> =
        (0..wallets).map(|wallet| Pubkey::new_from_array(Sha256::digest(wallet.to_le_bytes()).into())).collect();
    let name = "events.trade".parse().expect("a table");
    let mut writer = store.writer().expect("a writer");
    for first in (0..events).step_by(usize::try_from(PART).expect("a small number")) {
        let part = first..events.min(first + PART);
        writer.write(&name, &table(part, events, &keys)).expect("a written part");
    }
    writer.commit(Some(START + i64::try_from(WEEK).expect("a week"))).expect("a version");
    true
}

/// The events with these numbers, out of `events` that fill the week in the order of their numbers.
fn table(numbers: std::ops::Range<u64>, events: u64, keys: &[Pubkey]) -> EventTable {
    let mut users = Vec::new();
    let mut times = Vec::new();
    let (mut amounts, mut tokens, mut sides) = (Vec::new(), Vec::new(), Vec::new());
    for number in numbers {
        let mut random = Random(number);
        // The product of two random numbers: few wallets trade much, but nearly all trade.
        let share = u128::from(random.below(1 << 32)) * u128::from(random.below(1 << 32));
        let wallet = (share * keys.len() as u128) >> 64;
        users.push(keys[usize::try_from(wallet).expect("a wallet")]);
        let time = u128::from(number) * u128::from(WEEK) / u128::from(events);
        times.push(START + i64::try_from(time).expect("a time"));
        amounts.push(Some(i128::from(random.below(10_000_000_000)) * 1_000));
        tokens.push(Some(format!("token-{}", random.below(50))));
        sides.push(Some(if random.below(2) == 0 { "buy" } else { "sell" }.to_owned()));
    }
    let fields = BTreeMap::from([
        ("amount".to_owned(), Column::Number(amounts)),
        ("side".to_owned(), Column::Text(sides)),
        ("token".to_owned(), Column::Text(tokens)),
    ]);
    EventTable::new(users, times, fields).expect("columns of one length")
}

/// `SplitMix64` (Steele, Lea and Flood, 2014), begun at an event's number.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0.wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
