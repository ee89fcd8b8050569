//! Tests of the accumulators on their own: no value wraps, whatever way the parts of a sum are put together.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, Decimal128Array, Decimal256Array};
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType, Decimal256Type, i256};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator};

use super::{ExactAggregate, ExactGroups, ExactTotal, Kind};

fn column(values: &[Option<i128>]) -> ArrayRef {
    let values: Decimal256Array = values.iter().map(|value| value.map(i256::from_i128)).collect();
    Arc::new(values.with_precision_and_scale(DECIMAL256_MAX_PRECISION, 2).unwrap())
}

fn total(kind: Kind) -> ExactTotal {
    ExactTotal { kind, scale: 2, total: i256::ZERO, count: 0 }
}

fn value(total: &mut ExactTotal) -> Option<i256> {
    match total.evaluate().unwrap() {
        ScalarValue::Decimal256(value, ..) => value,
        other => panic!("{other:?} is no decimal"),
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
    assert_eq!(value(&mut total(Kind::Average)), None);
}

#[test]
fn a_sum_past_128_bits_is_exact() {
    let mut sum = total(Kind::Sum);
    sum.update_batch(&[column(&[Some(i128::MAX), Some(i128::MAX), None, Some(2)])]).unwrap();
    assert_eq!(value(&mut sum).unwrap().to_string(), "340282366920938463463374607431768211456");
}

#[test]
fn a_sum_past_76_digits_is_an_error() {
    let mut sum = total(Kind::Sum);
    let largest: Decimal256Array = [i256::MAX].into_iter().map(Some).collect();
    sum.update_batch(&[Arc::new(largest.clone())]).unwrap();
    assert_eq!(sum.evaluate().unwrap_err().strip_backtrace(), "Execution error: sum needs more than 76 digits");
    assert!(sum.update_batch(&[Arc::new(largest)]).is_err());
}

#[test]
fn an_average_is_cut_after_thirteen_digits() {
    let mut average = total(Kind::Average);
    average.update_batch(&[column(&[Some(100), Some(100), Some(0)])]).unwrap();
    assert_eq!(value(&mut average).unwrap().to_string(), "6666666666666");
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
    assert_eq!(value(&mut whole).unwrap().to_string(), "300000000000");
}

#[test]
fn groups_are_summed_apart_and_the_filter_is_obeyed() {
    let mut groups = ExactGroups::new(Kind::Sum, 2);
    let rows = [column(&[Some(1), Some(2), Some(4), None, Some(8)])];
    let filter = BooleanArray::from(vec![Some(true), Some(true), Some(false), Some(true), None]);
    groups.update_batch(&rows, &[0, 1, 0, 2, 1], Some(&filter), 4).unwrap();
    groups.update_batch(&rows, &[1, 1, 1, 1, 1], None, 4).unwrap();
    assert_eq!(values(&groups.evaluate(EmitTo::First(1)).unwrap()), [Some(i256::from(1))]);
    assert_eq!(values(&groups.evaluate(EmitTo::All).unwrap()), [Some(i256::from(17)), None, None]);
}

#[test]
fn states_of_groups_merge_and_rows_can_be_states() {
    let mut part = ExactGroups::new(Kind::Average, 2);
    part.update_batch(&[column(&[Some(100), Some(300)])], &[0, 0], None, 1).unwrap();
    let state = part.state(EmitTo::All).unwrap();
    let filter = BooleanArray::from(vec![true, false, true]);
    let rows = part.convert_to_state(&[column(&[Some(200), Some(999), None])], Some(&filter)).unwrap();
    let mut whole = ExactGroups::new(Kind::Average, 2);
    whole.merge_batch(&state, &[1], 2).unwrap();
    whole.merge_batch(&rows, &[1, 1, 1], 2).unwrap();
    assert_eq!(values(&whole.evaluate(EmitTo::All).unwrap()), [None, Some(i256::from(20_000_000_000_000_i64))]);
}

#[test]
fn a_group_past_its_digits_is_an_error() {
    let mut groups = ExactGroups::new(Kind::Sum, 2);
    let largest: [ArrayRef; 1] = [Arc::new([i256::MAX].into_iter().map(Some).collect::<Decimal256Array>())];
    groups.update_batch(&largest, &[0], None, 1).unwrap();
    assert!(groups.update_batch(&largest, &[0], None, 1).is_err());
    assert!(groups.evaluate(EmitTo::All).is_err());
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
        (DataType::Decimal256(40, 9), DataType::Decimal256(76, 9)),
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
    let mut sum = total(Kind::Sum);
    sum.update_batch(&[numbers(5)]).unwrap();
    assert_eq!(value(&mut sum), expected(5));
    let mut groups = ExactGroups::new(Kind::Sum, 2);
    groups.update_batch(&[numbers(6)], &[0, 1, 0, 2, 0, 1], None, 3).unwrap();
    // A group that comes after one of the others has needed more bits.
    groups.update_batch(&[numbers(2)], &[3, 3], None, 4).unwrap();
    assert_eq!(values(&groups.evaluate(EmitTo::First(1)).unwrap()), [expected(3)]);
    let state = groups.state(EmitTo::All).unwrap();
    assert_eq!(values(&state[0]), [expected(2), expected(1), expected(2)]);
    groups.merge_batch(&state, &[0, 0, 0], 1).unwrap();
    assert_eq!(values(&groups.evaluate(EmitTo::All).unwrap()), [expected(5)]);
}
