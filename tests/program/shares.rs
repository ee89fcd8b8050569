//! The rules by which the money of an ended distributor is shared, over the whole range of amounts, without a cluster.

use anchor_lang::AnchorDeserialize;
use proptest::prelude::*;
use torque::fee;
use torque::state::{Distributor, share_rounded_down};

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_share_is_the_exact_one_less_a_fraction(pair in (amount(), amount()), left in amount()) {
        let (contributed, funded) = (pair.0.min(pair.1), pair.0.max(pair.1).max(1));
        let share = share_rounded_down(contributed, funded, left).unwrap();
        let exact = u128::from(contributed) * u128::from(left);
        let lost = exact - u128::from(share) * u128::from(funded);
        prop_assert!(lost < u128::from(funded), "a base unit or more is lost");
        prop_assert!(share <= left);
    }

    #[test]
    fn more_contributed_is_never_less_back(amounts in [amount(), amount(), amount()], left in amount()) {
        let mut sorted = amounts;
        sorted.sort_unstable();
        let [low, high, funded] = sorted;
        let [low, high] = [low, high].map(|contributed| share_rounded_down(contributed, funded, left).unwrap());
        prop_assert!(low <= high);
    }

    #[test]
    fn what_is_held_back_is_enough_and_at_most_a_unit_too_much_for_each_sponsor(case in case()) {
        let distributor = case.distributor();
        let shares: u128 = case.shares().iter().map(|share| u128::from(*share)).sum();
        let held = u128::from(distributor.share_rounded_down(distributor.sponsored_open).unwrap());
        prop_assert!(shares <= held);
        prop_assert!(held - shares < (case.sponsors.len() as u128).max(1));
        prop_assert!(held <= u128::from(distributor.left_over().unwrap()));
    }

    #[test]
    fn a_sponsor_of_all_gets_all_that_is_left_and_none_gets_more_than_it_brought(case in case()) {
        let distributor = case.distributor();
        let left = distributor.left_over().unwrap();
        prop_assert_eq!(distributor.share_rounded_down(case.funded()).unwrap(), left);
        for (contributed, share) in case.sponsors.iter().zip(case.shares()) {
            let fee = u128::from(*contributed) * u128::from(case.fee_basis_points);
            prop_assert!(u128::from(share) <= u128::from(*contributed) + fee.div_ceil(10_000));
        }
    }

    #[test]
    fn every_order_gives_every_party_the_same_and_leaves_nothing(case in case(), steps in steps(), gift in 0..9_u64) {
        let mut settlement = Settlement::new(&case, gift);
        for step in steps {
            settlement.play(step);
        }
        for step in (0..case.sponsors.len()).map(Step::Refund).chain([Step::Close, Step::Collect, Step::Close]) {
            settlement.play(step);
        }
        let shares = case.shares();
        let earned = fee::earned_rounded_down(case.paid, case.fee_basis_points).unwrap();
        let left = settlement.distributor.left_over().unwrap();
        prop_assert_eq!(settlement.vault, 0);
        prop_assert!(settlement.distributor.is_settled().unwrap());
        prop_assert_eq!(&settlement.refunds, &shares.iter().copied().map(Some).collect::<Vec<_>>());
        prop_assert_eq!(settlement.treasury, earned);
        prop_assert_eq!(settlement.owner, left - shares.iter().sum::<u64>() + gift);
    }
}

/// The contributions, and the paid amount.
#[derive(Clone, Debug)]
struct Case {
    owner: u64,
    sponsors: Vec<u64>,
    paid: u64,
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
    fn funded(&self) -> u64 {
        self.owner + self.sponsors.iter().sum::<u64>()
    }

    /// The distributor when it is over, after funding as the program does it.
    fn distributor(&self) -> Distributor {
        let mut distributor = Distributor::deserialize(&mut &[0; 2_000][..]).unwrap();
        distributor.fee_basis_points = self.fee_basis_points;
        if self.owner > 0 {
            distributor.fund(self.owner).unwrap();
        }
        for contributed in &self.sponsors {
            distributor.fund(*contributed).unwrap();
            distributor.add_sponsored(*contributed, true).unwrap();
        }
        distributor.paid = self.paid;
        distributor
    }

    /// The amount that each sponsor should get, computed independently.
    fn shares(&self) -> Vec<u64> {
        let (funded, paid) = (u128::from(self.funded()), u128::from(self.paid));
        let rate = u128::from(self.fee_basis_points);
        let left = funded - paid + (funded * rate).div_ceil(10_000) - paid * rate / 10_000;
        self.sponsors.iter().map(|sponsor| (u128::from(*sponsor) * left / funded) as u64).collect()
    }
}

/// A distributor that is over, its vault, and the receivers of its money.
struct Settlement {
    distributor: Distributor,
    sponsors: Vec<u64>,
    vault: u64,
    owner: u64,
    treasury: u64,
    refunds: Vec<Option<u64>>,
}

impl Settlement {
    fn new(case: &Case, gift: u64) -> Self {
        let distributor = case.distributor();
        let deposited = fee::deposited_rounded_up(distributor.funded, case.fee_basis_points).unwrap();
        let vault = (distributor.funded - case.paid + deposited).checked_add(gift).unwrap();
        let (sponsors, refunds) = (case.sponsors.clone(), vec![None; case.sponsors.len()]);
        Self { distributor, sponsors, vault, owner: 0, treasury: 0, refunds }
    }

    /// Moves the amounts that the program would move; fails if the vault has too little.
    fn play(&mut self, step: Step) {
        match step {
            Step::Refund(place) if !self.sponsors.is_empty() => self.refund(place % self.sponsors.len()),
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
            let share = self.distributor.refund_sponsor(self.sponsors[place]).unwrap();
            self.vault = self.vault.checked_sub(share).unwrap();
            self.refunds[place] = Some(share);
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

/// Amounts that fit the vault together with a tenth on top, however many there are.
fn case() -> impl Strategy<Value = Case> {
    let fees = prop_oneof![Just(0), Just(1), Just(500), Just(1_000), 0..=1_000_u16];
    let sponsors = prop::collection::vec(amount().prop_map(|amount| (amount / 12).max(1)), 0..10);
    (amount(), sponsors, amount(), fees).prop_map(|(owner, sponsors, paid, fee_basis_points)| {
        let owner = if sponsors.is_empty() { (owner / 12).max(1) } else { owner / 12 };
        let funded = owner + sponsors.iter().sum::<u64>();
        Case { owner, sponsors, paid: paid % (funded + 1), fee_basis_points }
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
