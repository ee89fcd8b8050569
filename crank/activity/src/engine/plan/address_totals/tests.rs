//! The step by itself, with little memory: it hands on the entries that it cannot keep, and loses none.

#![expect(clippy::arithmetic_side_effects, reason = "test data is made of small numbers")]

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{FixedSizeBinaryArray, Int64Array};
use datafusion::arrow::datatypes::{Decimal256Type, Field, Int64Type, Schema};
use datafusion::execution::memory_pool::{GreedyMemoryPool, MemoryPool};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::empty::EmptyExec;
use futures::executor::block_on;

use super::*;

/// The rows of a batch, each of a different user.
const ROWS: u64 = 4_096;

fn user(number: u64) -> [u8; 32] {
    crank_rules::values::hash::sha256(&number.to_le_bytes())
}

/// `batches` batches of amounts; a null is every seventh row, and the users of every second batch are the same.
fn batches(batches: u64) -> Vec<RecordBatch> {
    let batch = |batch: u64| {
        let rows = || (0..ROWS).map(move |row| (batch / 2) * 2 * ROWS + row);
        let users = FixedSizeBinaryArray::try_from_iter(rows().map(user)).unwrap();
        let amounts = rows().map(|row| (row % 7 != 0).then_some(i128::from(row))).collect::<Decimal128Array>();
        let amounts = amounts.with_precision_and_scale(38, 9).unwrap();
        RecordBatch::try_from_iter([("u", Arc::new(users) as ArrayRef), ("a", Arc::new(amounts))]).unwrap()
    };
    (0..batches).map(batch).collect()
}

fn work(parts: Parts, rows: Vec<RecordBatch>, pool: &Arc<dyn MemoryPool>) -> Work {
    let total = Field::new("total", DataType::Decimal256(DECIMAL256_MAX_PRECISION, 9), true);
    let count = Field::new("count", DataType::Int64, true);
    let columns = match parts {
        Parts::Total(_) => vec![Field::new("u", STORED_ADDRESS, true), total, count],
        Parts::Count => vec![Field::new("u", STORED_ADDRESS, true), count],
    };
    let schema = Arc::new(Schema::new(columns));
    let input: Arc<dyn ExecutionPlan> = Arc::new(EmptyExec::new(rows[0].schema()));
    let step = AddressTotals {
        properties: Arc::clone(input.properties()),
        input,
        address: Arc::new(Column::new("u", 0)),
        number: Arc::new(Column::new("a", 1)),
        parts,
        schema,
    };
    let input = RecordBatchStreamAdapter::new(rows[0].schema(), stream::iter(rows.into_iter().map(Ok)));
    let memory = MemoryConsumer::new("test").register(pool);
    Work { step, input: Box::pin(input), memory, table: Table::default(), hashes: Vec::new(), waiting: None }
}

fn run(parts: Parts, rows: Vec<RecordBatch>, memory_bytes: usize) -> Result<Vec<RecordBatch>> {
    let pool: Arc<dyn MemoryPool> = Arc::new(GreedyMemoryPool::new(memory_bytes));
    let result = block_on(work(parts, rows, &pool).batches().try_collect());
    assert_eq!(pool.reserved(), 0);
    result
}

/// Totals and counts by user, their parts added up; in a plan that only counts, the total is the count.
fn sums(batches: &[RecordBatch]) -> BTreeMap<[u8; 32], (i256, i64)> {
    let mut sums = BTreeMap::new();
    for batch in batches {
        let counts: &Int64Array = batch.columns().last().unwrap().as_primitive::<Int64Type>();
        let totals = batch.column(1).as_primitive_opt::<Decimal256Type>();
        for (row, user) in addresses(batch.column(0)).unwrap().iter().enumerate() {
            let total = totals.map_or_else(|| i256::from(counts.value(row)), |totals| totals.value(row));
            let (sum, count) = sums.entry(user.unwrap().try_into().unwrap()).or_insert((i256::ZERO, 0));
            (*sum, *count) = (sum.wrapping_add(total), *count + counts.value(row));
        }
    }
    sums
}

#[test]
fn totals_that_do_not_fit_are_handed_on_in_parts() {
    let rows = batches(9);
    let plenty = run(Parts::Total(9), rows.clone(), 64 << 20).unwrap();
    let scarce = run(Parts::Total(9), rows, 1 << 20).unwrap();
    assert_eq!(sums(&plenty), sums(&scarce));
    let rows_of = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
    assert_eq!(rows_of(&plenty), sums(&plenty).len());
    assert!(rows_of(&scarce) > rows_of(&plenty));
    assert_eq!(sums(&plenty)[&user(1)], (i256::from(2), 2));
    // A user with nothing but nulls has a row, as it would have a group.
    assert_eq!(sums(&plenty)[&user(0)], (i256::ZERO, 0));
}

#[test]
fn a_count_counts_what_is_not_null() {
    let counts = sums(&run(Parts::Count, batches(2), 64 << 20).unwrap());
    assert_eq!((counts[&user(1)].1, counts[&user(7)].1, counts.len()), (2, 0, 4_096));
}

#[test]
fn without_memory_for_a_single_batch_it_fails() {
    let error = run(Parts::Total(9), batches(1), 1 << 10).unwrap_err();
    assert!(matches!(error.find_root(), datafusion::common::DataFusionError::ResourcesExhausted(_)), "{error}");
}
