//! A sum of 256-bit numbers that cannot overflow while numbers are still added, so the order of the numbers never
//! decides whether it fails.

use datafusion::arrow::datatypes::i256;

/// `carry × 2^256 + low`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Long {
    pub(super) low: i256,
    pub(super) carry: i64,
}

impl Long {
    pub(super) const ZERO: Self = Self { low: i256::ZERO, carry: 0 };

    pub(super) const fn add(&mut self, number: i256) {
        let (low, wraps) = self.low.overflowing_add(number);
        self.low = low;
        self.carry_over(wraps, number.is_negative());
    }

    pub(super) const fn subtract(&mut self, number: i256) {
        let (low, wraps) = self.low.overflowing_sub(number);
        self.low = low;
        self.carry_over(wraps, !number.is_negative());
    }

    pub(super) const fn add_long(&mut self, other: Self) {
        self.add(other.low);
        self.carry = self.carry.saturating_add(other.carry);
    }

    pub(super) const fn subtract_long(&mut self, other: Self) {
        self.subtract(other.low);
        self.carry = self.carry.saturating_sub(other.carry);
    }

    const fn carry_over(&mut self, wraps: bool, below: bool) {
        let step = if below { -1 } else { 1 };
        self.carry = self.carry.saturating_add(if wraps { step } else { 0 });
    }

    /// The sum, if it fits 256 bits.
    pub(super) const fn value(self) -> Option<i256> {
        if self.carry == 0 { Some(self.low) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_the_same_in_any_order_however_far_it_goes_on_its_way() {
        let numbers = [i256::MAX, i256::MAX, i256::ONE, i256::MIN, i256::MAX, i256::MIN, i256::MIN, i256::from(5_i64)];
        let mut orders = numbers.to_vec();
        for _ in 0..numbers.len() {
            orders.rotate_left(1);
            let mut sum = Long::ZERO;
            let mut parts = [Long::ZERO; 2];
            for (place, number) in orders.iter().enumerate() {
                sum.add(*number);
                parts[place % 2].add(*number);
            }
            assert_eq!(sum.value(), Some(i256::from(3_i64)));
            parts[0].add_long(parts[1]);
            assert_eq!(parts[0], sum);
            for number in &orders {
                sum.subtract(*number);
            }
            assert_eq!(sum, Long::ZERO);
        }
        let mut sum = Long::ZERO;
        sum.add(i256::MAX);
        sum.add(i256::ONE);
        assert_eq!(sum.value(), None);
        sum.subtract(i256::ONE);
        assert_eq!(sum.value(), Some(i256::MAX));
    }
}
