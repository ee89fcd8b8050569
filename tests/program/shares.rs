//! The rules by which the money of a distributor is used and returned, over the whole range of amounts, without a
//! cluster, against whole numbers of any size.

use anchor_lang::AnchorDeserialize;
use proptest::prelude::*;
use torque::state::{Distributor, Sponsorship};

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_sponsor_gets_exactly_what_it_put_in_for_what_was_not_paid_of_it(case in case()) {
        let settlement = Settlement::new(&case, 0);
        let refunds = case.refunds();
        let paid = settlement.distributor.sponsored_paid;
        for (sponsorship, expected) in settlement.sponsorships.iter().zip(&refunds) {
            prop_assert_eq!(sponsorship.refund(paid, case.fee_basis_points).unwrap(), *expected);
        }
        prop_assert_eq!(settlement.distributor.owed_to_sponsors().unwrap(), refunds.iter().sum::<u64>());
    }

    #[test]
    fn a_sponsor_loses_nothing_while_the_owner_has_money_in_and_never_more_than_was_paid_since_it_came(case in case()) {
        let (mut funded, mut paid) = ([0_u64; 2], 0_u64);
        let mut lost = Vec::new();
        for step in &case.steps {
            match *step {
                Money::Owner(amount) => funded[0] += amount,
                Money::Sponsor(amount) => {
                    funded[1] += amount;
                    lost.push(paid);
                }
                Money::Paid(amount) => paid += amount,
            }
        }
        let deposits = case.deposits();
        for ((refund, deposit), before) in case.refunds().into_iter().zip(deposits).zip(lost) {
            let since = u128::from(paid - before);
            // The fee on it, and a unit by which either is rounded up.
            let most = since + (since * u128::from(case.fee_basis_points)).div_ceil(10_000) + 1;
            prop_assert!(u128::from(deposit - refund) <= most, "{deposit} in, {refund} back, {since} paid since");
        }
    }

    #[test]
    fn every_order_gives_every_party_the_same_and_leaves_nothing(case in case(), steps in steps(), gift in 0..9_u64) {
        let mut settlement = Settlement::new(&case, gift);
        let refunds = case.refunds();
        for step in steps {
            settlement.play(step);
        }
        for step in (0..refunds.len()).map(Step::Refund).chain([Step::Close, Step::Collect, Step::Close]) {
            settlement.play(step);
        }
        let [[owners, _], [owners_paid, sponsors_paid]] = case.totals();
        let with_fee = |rewards| case.with_fee(rewards);
        prop_assert_eq!(settlement.vault, 0);
        prop_assert!(settlement.distributor.is_settled().unwrap());
        prop_assert_eq!(&settlement.refunds, &refunds.iter().copied().map(Some).collect::<Vec<_>>());
        let earned = with_fee(owners_paid) - owners_paid + with_fee(sponsors_paid) - sponsors_paid;
        prop_assert_eq!(settlement.treasury, earned);
        prop_assert_eq!(settlement.owner, with_fee(owners) - with_fee(owners_paid) + gift);
    }
}

/// Something that happens to a distributor that is not over.
#[derive(Clone, Copy, Debug)]
enum Money {
    Owner(u64),
    Sponsor(u64),
    /// An epoch is closed that paid so much.
    Paid(u64),
}

/// What happened, in this order.
#[derive(Clone, Debug)]
struct Case {
    steps: Vec<Money>,
    fee_basis_points: u16,
}

/// The steps that can happen to a distributor that is over.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A sponsor is refunded; the number is taken modulo the sponsors.
    Refund(usize),
    /// The owner closes; the treasury can be credited.
    Close,
    /// The owner closes; the treasury cannot be credited.
    CloseWithoutTreasury,
    /// The fee is collected.
    Collect,
}

impl Case {
    fn with_fee(&self, rewards: u64) -> u64 {
        let fee = (u128::from(rewards) * u128::from(self.fee_basis_points)).div_ceil(10_000);
        rewards + u64::try_from(fee).unwrap()
    }

    /// What owner and sponsors brought, and what was paid of it: the owner's first.
    fn totals(&self) -> [[u64; 2]; 2] {
        let ([mut owners, mut sponsors], [mut owners_paid, mut sponsors_paid]) = ([0; 2], [0; 2]);
        for step in &self.steps {
            match *step {
                Money::Owner(amount) => owners += amount,
                Money::Sponsor(amount) => sponsors += amount,
                Money::Paid(amount) => {
                    let of_owner = amount.min(owners - owners_paid);
                    owners_paid += of_owner;
                    sponsors_paid += amount - of_owner;
                }
            }
        }
        [[owners, sponsors], [owners_paid, sponsors_paid]]
    }

    /// What each sponsor brought, as its place on the line of all sponsors' rewards.
    fn tiles(&self) -> Vec<[u64; 2]> {
        let mut end = 0;
        let amounts = self.steps.iter().filter_map(|step| if let Money::Sponsor(it) = step { Some(*it) } else { None });
        let tile = |amount| {
            end += amount;
            [end - amount, end]
        };
        amounts.map(tile).collect()
    }

    /// What each sponsor put in, fee included.
    fn deposits(&self) -> Vec<u64> {
        self.tiles().iter().map(|[start, end]| self.with_fee(*end) - self.with_fee(*start)).collect()
    }

    /// The amount that each sponsor should get.
    fn refunds(&self) -> Vec<u64> {
        let [_, [_, paid]] = self.totals();
        let tiles = self.tiles();
        tiles.iter().map(|[start, end]| self.with_fee(*end) - self.with_fee(paid.clamp(*start, *end))).collect()
    }
}

/// A distributor that is over, its vault, and the receivers of its money.
struct Settlement {
    distributor: Distributor,
    sponsorships: Vec<Sponsorship>,
    vault: u64,
    owner: u64,
    treasury: u64,
    refunds: Vec<Option<u64>>,
}

impl Settlement {
    /// Plays a case as the program does it.
    fn new(case: &Case, gift: u64) -> Self {
        let mut distributor = Distributor::deserialize(&mut &[0; 2_000][..]).unwrap();
        distributor.fee_basis_points = case.fee_basis_points;
        let (mut vault, mut sponsorships) = (gift, Vec::new());
        for step in &case.steps {
            match *step {
                Money::Owner(amount) => vault += amount + distributor.fund(amount).unwrap(),
                Money::Sponsor(contributed) => {
                    let (start, fee) = distributor.sponsor(contributed).unwrap();
                    vault += contributed + fee;
                    let blank = Sponsorship::deserialize(&mut &[0; 200][..]).unwrap();
                    sponsorships.push(Sponsorship { start, contributed, ..blank });
                }
                Money::Paid(amount) => {
                    distributor.open_epochs += 1;
                    distributor.limiter.spent_open += amount;
                    distributor.settle(0, 0, amount).unwrap();
                    vault -= amount;
                }
            }
        }
        let refunds = vec![None; sponsorships.len()];
        Self { distributor, sponsorships, vault, owner: 0, treasury: 0, refunds }
    }

    /// Moves the amounts that the program would move; fails if the vault has too little.
    fn play(&mut self, step: Step) {
        match step {
            Step::Refund(place) if !self.sponsorships.is_empty() => self.refund(place % self.sponsorships.len()),
            Step::Refund(_) => {}
            Step::Close => {
                let part = self.distributor.owners_part(self.vault).unwrap();
                self.collect();
                self.give_owner(part);
            }
            Step::CloseWithoutTreasury => {
                let part = self.distributor.owners_part(self.vault).unwrap();
                self.give_owner(part);
            }
            Step::Collect => self.collect(),
        }
    }

    fn refund(&mut self, place: usize) {
        if self.refunds[place].is_none() {
            let (owed, covered) = self.distributor.refund_sponsor(&self.sponsorships[place], self.vault).unwrap();
            assert_eq!(owed, covered, "money is missing");
            self.vault = self.vault.checked_sub(owed).unwrap();
            self.refunds[place] = Some(owed);
        }
    }

    fn give_owner(&mut self, part: u64) {
        self.vault = self.vault.checked_sub(part).unwrap();
        self.owner += part;
    }

    fn collect(&mut self) {
        let amount = self.distributor.fee_uncollected().unwrap();
        self.distributor.collect_fee(amount).unwrap();
        self.vault = self.vault.checked_sub(amount).unwrap();
        self.treasury += amount;
    }
}

/// Every size of amount, the extremes often.
fn amount() -> impl Strategy<Value = u64> {
    let sized = (0..64_u32, any::<u64>()).prop_map(|(shift, amount)| amount >> shift);
    prop_oneof![4 => sized, 1 => 0..4_u64, 1 => u64::MAX - 3..=u64::MAX]
}

/// Fundings that fit the vault together with a tenth on top, however many there are, and payments of them between.
fn case() -> impl Strategy<Value = Case> {
    let fees = prop_oneof![Just(0), Just(1), Just(500), Just(1_000), 0..=1_000_u16];
    let step = (0..5_u8, amount());
    (prop::collection::vec(step, 1..12), fees).prop_map(|(steps, fee_basis_points)| {
        let mut free = 0;
        let steps = steps.into_iter().map(|(kind, amount)| {
            let step = match kind {
                0 => Money::Owner((amount / 14).max(1)),
                1 | 2 => Money::Sponsor((amount / 14).max(1)),
                _ => Money::Paid(amount % (free + 1)),
            };
            match step {
                Money::Owner(amount) | Money::Sponsor(amount) => free += amount,
                Money::Paid(amount) => free -= amount,
            }
            step
        });
        Case { steps: steps.collect(), fee_basis_points }
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..10_usize).prop_map(Step::Refund),
        2 => Just(Step::Close),
        2 => Just(Step::CloseWithoutTreasury),
        1 => Just(Step::Collect),
    ];
    prop::collection::vec(step, 0..20)
}
