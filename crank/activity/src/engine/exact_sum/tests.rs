//! Tests of the accumulators on their own: no value wraps, in whatever way the parts of a sum are merged.

use std::sync::Arc;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray, BooleanArray, Decimal128Array, Decimal256Array};
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType, Decimal256Type, i256};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator};

use super::{ExactAggregate, ExactGroups, ExactTotal, Kind};
use crate::engine::numbers::{Fault, Fraction, read_wide, write_wide};

/// Decimals with two digits behind the point: sums of the first type may overflow, sums of the second cannot.
const WIDE: DataType = DataType::Decimal256(DECIMAL256_MAX_PRECISION, 2);
const SHORT: DataType = DataType::Decimal128(38, 2);

fn column(values: &[Option<i128>]) -> ArrayRef {
    let values: Decimal256Array = values.iter().map(|value| value.map(i256::from_i128)).collect();
    Arc::new(values.with_precision_and_scale(DECIMAL256_MAX_PRECISION, 2).unwrap())
}

fn patterns(values: &[i256]) -> ArrayRef {
    Arc::new(
        values.iter().map(|value| Some(*value)).collect::<Decimal256Array>().with_precision_and_scale(76, 2).unwrap(),
    )
}

const fn total(kind: Kind) -> ExactTotal {
    ExactTotal::new(kind, WIDE)
}

/// An average as `numerator/denominator`.
fn average(value: &[u8]) -> String {
    let fraction = Fraction::read(value).unwrap();
    format!("{}/{}", fraction.numerator(), fraction.denominator())
}

fn average_of(total: &mut ExactTotal) -> Option<String> {
    match total.evaluate().unwrap() {
        ScalarValue::LargeBinary(value) => value.map(|value| average(&value)),
        other => panic!("{other:?} is not a fraction"),
    }
}

fn value(total: &mut ExactTotal) -> Option<i256> {
    match total.evaluate().unwrap() {
        ScalarValue::Decimal256(value, ..) => value,
        other => panic!("{other:?} is not a decimal"),
    }
}

fn values(array: &ArrayRef) -> Vec<Option<i256>> {
    array.as_primitive::<Decimal256Type>().iter().collect()
}

#[test]
fn a_sum_of_nothing_is_null() {
    let mut sum = total(Kind::Sum);
    sum.update_batch(&[column(&[None, None])]).unwrap();
    assert_eq!(value(&mut sum), None);
    assert_eq!(average_of(&mut total(Kind::Average)), None);
}

#[test]
fn a_sum_past_128_bits_is_exact() {
    let mut sum = total(Kind::Sum);
    sum.update_batch(&[column(&[Some(i128::MAX), Some(i128::MAX), None, Some(2)])]).unwrap();
    assert_eq!(value(&mut sum).unwrap().to_string(), "340282366920938463463374607431768211456");
}

#[test]
fn a_sum_past_76_digits_is_a_fault_only_once_it_is_whole() {
    let mut sum = total(Kind::Sum);
    let largest = i256::from(10_i64).wrapping_pow(76).wrapping_sub(i256::ONE);
    sum.update_batch(&[patterns(&[largest; 9])]).unwrap();
    assert_eq!(value(&mut sum).map(read_wide), Some(Err(Fault::TooManyDigits)));
    sum.update_batch(&[patterns(&[largest.wrapping_neg(); 8])]).unwrap();
    assert_eq!(value(&mut sum), Some(largest));
    let mut average = total(Kind::Average);
    average.update_batch(&[patterns(&[largest, largest])]).unwrap();
    assert!(
        matches!(average.evaluate().unwrap(), ScalarValue::LargeBinary(Some(code)) if Fraction::read(&code).is_err())
    );
}

#[test]
fn a_sum_with_a_fault_is_one_until_it_leaves_the_window() {
    let fault = write_wide(Err(Fault::DivisionByZero));
    let mut sum = total(Kind::Sum);
    sum.update_batch(&[patterns(&[i256::ONE, fault, write_wide(Err(Fault::DoesNotFit)), i256::ONE])]).unwrap();
    assert_eq!(value(&mut sum).map(read_wide), Some(Err(Fault::DoesNotFit)));
    sum.retract_batch(&[patterns(&[write_wide(Err(Fault::DoesNotFit))])]).unwrap();
    assert_eq!(value(&mut sum).map(read_wide), Some(Err(Fault::DivisionByZero)));
    sum.retract_batch(&[patterns(&[fault])]).unwrap();
    assert_eq!(value(&mut sum), Some(i256::from(2_i64)));
    let mut groups = ExactGroups::new(Kind::Sum, WIDE);
    groups.update_batch(&[patterns(&[i256::ONE, fault, i256::ONE])], &[0, 1, 2], None, 3).unwrap();
    let state = groups.state(EmitTo::All).unwrap();
    groups.merge_batch(&state, &[1, 0, 1], 3).unwrap();
    let rows = groups.convert_to_state(&[patterns(&[fault, i256::ONE])], None).unwrap();
    groups.merge_batch(&rows, &[2, 1], 3).unwrap();
    let found: Vec<_> = values(&groups.evaluate(EmitTo::All).unwrap()).into_iter().flatten().map(read_wide).collect();
    assert_eq!(found, [Err(Fault::DivisionByZero), Ok(i256::from(3_i64)), Err(Fault::DivisionByZero)]);
}

#[test]
fn an_average_is_a_fraction() {
    let mut average = total(Kind::Average);
    average.update_batch(&[column(&[Some(100), Some(100), Some(0)])]).unwrap();
    assert_eq!(average_of(&mut average).unwrap(), "2/3");
}

#[test]
fn a_window_gives_back_what_leaves_it() {
    let mut sum = total(Kind::Sum);
    sum.update_batch(&[column(&[Some(7), None, Some(-3)])]).unwrap();
    sum.retract_batch(&[column(&[Some(7), None])]).unwrap();
    assert_eq!(value(&mut sum), Some(i256::from(-3)));
    sum.retract_batch(&[column(&[Some(-3)])]).unwrap();
    assert_eq!(value(&mut sum), None);
}

#[test]
fn parts_merge_to_the_whole() {
    let (mut first, mut second) = (total(Kind::Average), total(Kind::Average));
    first.update_batch(&[column(&[Some(1), Some(2)])]).unwrap();
    second.update_batch(&[column(&[Some(6), None])]).unwrap();
    let mut whole = total(Kind::Average);
    for mut part in [first, second, total(Kind::Average)] {
        let state: Vec<ArrayRef> = part.state().unwrap().iter().map(|value| value.to_array().unwrap()).collect();
        whole.merge_batch(&state).unwrap();
    }
    assert_eq!(average_of(&mut whole).unwrap(), "3/100");
}

#[test]
fn groups_are_summed_apart_and_the_filter_is_obeyed() {
    let mut groups = ExactGroups::new(Kind::Sum, SHORT);
    let rows = [column(&[Some(1), Some(2), Some(4), None, Some(8)])];
    let filter = BooleanArray::from(vec![Some(true), Some(true), Some(false), Some(true), None]);
    groups.update_batch(&rows, &[0, 1, 0, 2, 1], Some(&filter), 4).unwrap();
    groups.update_batch(&rows, &[1, 1, 1, 1, 1], None, 4).unwrap();
    assert_eq!(values(&groups.evaluate(EmitTo::First(1)).unwrap()), [Some(i256::from(1))]);
    assert_eq!(values(&groups.evaluate(EmitTo::All).unwrap()), [Some(i256::from(17)), None, None]);
}

#[test]
fn states_of_groups_merge_and_rows_can_be_states() {
    let mut part = ExactGroups::new(Kind::Average, WIDE);
    part.update_batch(&[column(&[Some(100), Some(300)])], &[0, 0], None, 1).unwrap();
    let state = part.state(EmitTo::All).unwrap();
    let filter = BooleanArray::from(vec![true, false, true]);
    let rows = part.convert_to_state(&[column(&[Some(200), Some(999), None])], Some(&filter)).unwrap();
    let mut whole = ExactGroups::new(Kind::Average, WIDE);
    whole.merge_batch(&state, &[1], 2).unwrap();
    whole.merge_batch(&rows, &[1, 1, 1], 2).unwrap();
    let averages = whole.evaluate(EmitTo::All).unwrap();
    let averages = averages.as_binary::<i64>();
    assert_eq!((averages.is_null(0), average(averages.value(1))), (true, "2/1".to_owned()));
}

#[test]
fn a_group_past_its_digits_is_a_fault_and_the_others_are_not() {
    let mut groups = ExactGroups::new(Kind::Sum, WIDE);
    let largest = i256::from(10_i64).wrapping_pow(76).wrapping_sub(i256::ONE);
    for _ in 0..20 {
        groups.update_batch(&[patterns(&[largest, i256::ONE])], &[0, 1], None, 2).unwrap();
    }
    let found: Vec<_> = values(&groups.evaluate(EmitTo::All).unwrap()).into_iter().flatten().map(read_wide).collect();
    assert_eq!(found, [Err(Fault::TooManyDigits), Ok(i256::from(20_i64))]);
    assert!(groups.update_batch(&[column(&[Some(1)])], &[5], None, 1).is_err());
}

#[test]
fn only_numbers_are_added_up() {
    let sum = ExactAggregate::new(Kind::Sum);
    let cases = [
        (DataType::Int64, DataType::Decimal128(38, 0)),
        (DataType::Decimal64(18, 2), DataType::Decimal128(38, 2)),
        (DataType::Decimal128(38, 9), DataType::Decimal128(38, 9)),
        (DataType::Decimal128(3, -2), DataType::Decimal256(76, 0)),
        (DataType::Decimal256(40, 9), DataType::Decimal256(40, 9)),
        (DataType::LargeBinary, DataType::LargeBinary),
    ];
    for (argument, expected) in cases {
        assert_eq!(sum.coerce_types(&[argument]).unwrap(), [expected]);
    }
    for refused in [DataType::Float64, DataType::Utf8, DataType::Boolean] {
        assert!(sum.coerce_types(&[refused]).unwrap_err().to_string().contains("sum takes numbers, not "));
    }
    assert!(sum.coerce_types(&[]).is_err());
}

#[test]
fn short_numbers_add_up_past_128_bits_in_every_group() {
    let numbers = |count| -> ArrayRef { Arc::new(Decimal128Array::from(vec![Some(i128::MAX); count])) };
    let expected = |count: i64| Some(i256::from_i128(i128::MAX).wrapping_mul(i256::from(count)));
    let mut sum = ExactTotal::new(Kind::Sum, SHORT);
    sum.update_batch(&[numbers(5)]).unwrap();
    assert_eq!(value(&mut sum), expected(5));
    let mut groups = ExactGroups::new(Kind::Sum, SHORT);
    groups.update_batch(&[numbers(6)], &[0, 1, 0, 2, 0, 1], None, 3).unwrap();
    // A group that is added after another one needed more bits.
    groups.update_batch(&[numbers(2)], &[3, 3], None, 4).unwrap();
    assert_eq!(values(&groups.evaluate(EmitTo::First(1)).unwrap()), [expected(3)]);
    let state = groups.state(EmitTo::All).unwrap();
    assert_eq!(values(&state[0]), [expected(2), expected(1), expected(2)]);
    groups.merge_batch(&state, &[0, 0, 0], 1).unwrap();
    assert_eq!(values(&groups.evaluate(EmitTo::All).unwrap()), [expected(5)]);
}
