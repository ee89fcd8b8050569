//! The first step of a sum, an average or a count by address, which is what nearly every campaign asks for.
//!
//! It does what the engine's own first step does, row for row and with the same result, in a third of the time: the
//! engine looks for a group in one place, compares its address in another and adds in a third, and with a million
//! wallets none of them is in a cache. The second step, which puts the parts of all threads together, stays the
//! engine's.

mod table;

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Decimal256Array, FixedSizeBinaryBuilder, Int64Array,
};
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType, Decimal128Type, SchemaRef, i256};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::hash_utils::{RandomState, create_hashes};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, exec_datafusion_err, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::{Stream, TryStreamExt as _, stream};

use crate::engine::addresses::{ADDRESS_WIDTH, STORED_ADDRESS, addresses};
use table::{Addition, Slot, TOGETHER, Table};

/// The most bytes of a thread's table: a million wallets and more. A full table is handed on and a new one begun.
const MOST_TABLE_BYTES: usize = 128 << 20;
/// Rows that are handed on at a time.
const BATCH_ROWS: usize = 8_192;
/// Differs from the hash that deals rows out to threads; with the same hash a thread's addresses would collide in its
/// table.
const HASHES: RandomState = RandomState::with_seed(0x746f_7471_7565);

/// The plan with [`AddressTotals`] in place of the engine's first step wherever it can do the same.
pub(super) fn use_address_totals(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let replaced = plan.transform_up(|step| {
        let replacement = step.downcast_ref::<AggregateExec>().and_then(AddressTotals::of);
        Ok(replacement.map_or(Transformed::no(step), |totals| Transformed::yes(Arc::new(totals) as _)))
    });
    Ok(replaced?.data)
}

/// What the step computes from the numbers of an address.
#[derive(Clone, Copy, Debug)]
enum Parts {
    /// Their total, of this scale, and their count.
    Total(i8),
    /// Their count.
    Count,
}

/// The step that stands in for the engine's first one.
#[derive(Clone, Debug)]
struct AddressTotals {
    input: Arc<dyn ExecutionPlan>,
    address: Arc<dyn PhysicalExpr>,
    number: Arc<dyn PhysicalExpr>,
    parts: Parts,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl AddressTotals {
    /// The replacement for a step of the engine, or `None` if the step needs more than this can do.
    fn of(step: &AggregateExec) -> Option<Self> {
        let input = step.input();
        let [(address, _)] = step.group_expr().expr() else { return None };
        let ([function], [None]) = (step.aggr_expr(), step.filter_expr()) else { return None };
        let is_plain = !function.is_distinct() && function.order_bys().is_empty();
        let is_first = *step.mode() == AggregateMode::Partial && step.limit_options().is_none();
        if !is_plain || !is_first || !step.group_expr().is_single() {
            return None;
        }
        let [number] = function.expressions().try_into().ok()?;
        let parts = match (function.fun().name(), number.data_type(&input.schema()).ok()?) {
            ("sum" | "avg", DataType::Decimal128(_, scale)) => Parts::Total(scale),
            ("count", _) => Parts::Count,
            _ => return None,
        };
        (address.data_type(&input.schema()).ok()? == STORED_ADDRESS).then(|| Self {
            input: Arc::clone(input),
            address: Arc::clone(address),
            number,
            parts,
            schema: step.schema(),
            properties: Arc::clone(step.properties()),
        })
    }
}

impl DisplayAs for AddressTotals {
    fn fmt_as(&self, _format: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AddressTotals: {:?} of {} by {}", self.parts, self.number, self.address)
    }
}

impl ExecutionPlan for AddressTotals {
    fn name(&self) -> &'static str {
        "AddressTotals"
    }

    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        match visit(&self.address)? {
            TreeNodeRecursion::Stop => Ok(TreeNodeRecursion::Stop),
            _ => visit(&self.number),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([input]) = <[_; 1]>::try_from(children) else { return internal_err!("a first step has one input") };
        Ok(Arc::new(Self { input, ..Arc::unwrap_or_clone(self) }))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, Arc::clone(&context))?;
        let memory = MemoryConsumer::new("the totals of addresses").register(context.memory_pool());
        let work =
            Work { step: self.clone(), input, memory, table: Table::default(), hashes: Vec::new(), waiting: None };
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), work.batches())))
    }
}

/// The entries of a table as rows for the second step.
type Batches = Box<dyn Iterator<Item = Result<RecordBatch>> + Send>;

/// The step while it runs over one partition of the rows.
struct Work {
    step: AddressTotals,
    input: SendableRecordBatchStream,
    memory: MemoryReservation,
    table: Table,
    hashes: Vec<u64>,
    /// Rows that did not fit into the full table.
    waiting: Option<RecordBatch>,
}

impl Work {
    /// The output: the table's entries each time that it is full, and at the end.
    fn batches(self) -> impl Stream<Item = Result<RecordBatch>> {
        stream::try_unfold(Some(self), |work| async {
            match work {
                Some(work) => work.next_table().await.map(Some),
                None => Ok(None),
            }
        })
        .try_flatten()
    }

    /// Adds rows until the table is full or the input ends.
    async fn next_table(mut self) -> Result<(stream::Iter<Batches>, Option<Self>)> {
        while let Some(batch) = self.next_batch().await? {
            if self.make_room(batch.num_rows())? {
                self.add(&batch)?;
            } else {
                // The rows wait until the full table is dropped, because the next one needs its memory.
                self.waiting = Some(batch);
                return Ok((stream::iter(self.take()), Some(self)));
            }
        }
        Ok((stream::iter(self.take()), None))
    }

    async fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        match self.waiting.take() {
            Some(batch) => Ok(Some(batch)),
            None => self.input.try_next().await,
        }
    }

    /// Adds rows; the table must have room for them.
    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let rows = batch.num_rows();
        let column = |expression: &Arc<dyn PhysicalExpr>| expression.evaluate(batch)?.into_array(rows);
        let (address, number) = (column(&self.step.address)?, column(&self.step.number)?);
        self.hashes.clear();
        self.hashes.resize(rows, 0);
        create_hashes([&address], &HASHES, &mut self.hashes)?;
        let mut together = Vec::with_capacity(TOGETHER);
        for ((address, &hash), number) in addresses(&address)?.iter().zip(&self.hashes).zip(self.step.numbers(&number)?)
        {
            let address = address.and_then(|address| address.try_into().ok());
            let address = address.ok_or_else(|| exec_datafusion_err!("a row is of no address"))?;
            together.push(Addition { hash, address, number });
            if together.len() == TOGETHER {
                self.table.add(&together);
                together.clear();
            }
        }
        self.table.add(&together);
        Ok(())
    }

    /// Makes the table large enough for so many more addresses. False if a table with entries may not grow that far; if
    /// an empty one has no memory to grow, that is an error.
    fn make_room(&mut self, rows: usize) -> Result<bool> {
        while self.table.is_short_of(rows) {
            let (bytes, now) = (self.table.next_bytes(), self.memory.size());
            if bytes > MOST_TABLE_BYTES && !self.table.is_empty() {
                return Ok(false);
            }
            match self.memory.try_grow(bytes) {
                Err(_) if !self.table.is_empty() => return Ok(false),
                grown => grown?,
            }
            self.table.grow();
            self.memory.shrink(now);
        }
        Ok(true)
    }

    /// Takes the entries out of the table; its memory stays reserved until the last of them is taken.
    fn take(&mut self) -> Batches {
        let (step, memory, mut slots) = (self.step.clone(), self.memory.take(), self.table.take());
        Box::new(std::iter::from_fn(move || {
            let slots: Vec<Slot> = slots.by_ref().take(BATCH_ROWS).collect();
            (memory.size() > 0 && !slots.is_empty()).then(|| step.batch(&slots))
        }))
    }
}

impl AddressTotals {
    /// The numbers that are added. For a count they do not matter, only whether they are null.
    fn numbers<'a>(&self, column: &'a ArrayRef) -> Result<Box<dyn Iterator<Item = Option<i128>> + 'a>> {
        if matches!(self.parts, Parts::Count) {
            return Ok(Box::new((0..column.len()).map(|row| column.is_valid(row).then_some(0))));
        }
        let numbers = column.as_primitive_opt::<Decimal128Type>();
        let numbers: &Decimal128Array =
            numbers.ok_or_else(|| exec_datafusion_err!("a sum did not get its decimals"))?;
        Ok(Box::new(numbers.iter()))
    }

    /// Entries as rows for the second step.
    fn batch(&self, slots: &[Slot]) -> Result<RecordBatch> {
        let mut addresses = FixedSizeBinaryBuilder::with_capacity(slots.len(), ADDRESS_WIDTH);
        slots.iter().try_for_each(|slot| addresses.append_value(slot.address))?;
        let counts: ArrayRef = Arc::new(slots.iter().map(|slot| Some(slot.count)).collect::<Int64Array>());
        let mut columns: Vec<ArrayRef> = vec![Arc::new(addresses.finish())];
        if let Parts::Total(scale) = self.parts {
            let totals = slots.iter().map(|slot| Some(i256::from_i128(slot.total))).collect::<Decimal256Array>();
            columns.push(Arc::new(totals.with_precision_and_scale(DECIMAL256_MAX_PRECISION, scale)?));
        }
        columns.push(counts);
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }
}

#[cfg(test)]
mod tests;
