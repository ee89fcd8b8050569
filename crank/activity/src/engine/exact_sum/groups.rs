//! The totals of many groups at once, which is what makes `group by` fast. The rules are those of `exact_sum`.

use std::mem::size_of;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, Decimal256Array, Int64Array};
use datafusion::arrow::datatypes::{ArrowNativeTypeOp, DECIMAL256_MAX_PRECISION, i256};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::{Kind, Numbers, decimals};

/// One total and one count for each group.
///
/// A total is the sum of a short part and, once one of them did not fit 128 bits, a long one.
pub(super) struct ExactGroups {
    kind: Kind,
    scale: i8,
    short: Vec<Short>,
    /// Empty until it is needed.
    long: Vec<i256>,
}

/// The short part of a total and its count: side by side, since a row looks for both and finds neither in a cache, and
/// so that no two lines of the cache are needed.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Short {
    total: i128,
    count: i64,
}

impl ExactGroups {
    pub(super) const fn new(kind: Kind, scale: i8) -> Self {
        Self { kind, scale, short: Vec::new(), long: Vec::new() }
    }

    fn add_short(&mut self, group: usize, number: i128, count: i64) -> Result<()> {
        let Some(short) = self.short.get_mut(group) else { return no_group(group) };
        short.count = short.count.add_checked(count)?;
        match short.total.checked_add(number) {
            Some(sum) => {
                short.total = sum;
                Ok(())
            }
            None => {
                let part = i256::from_i128(std::mem::replace(&mut short.total, number));
                self.add_long(group, part)
            }
        }
    }

    fn add_long(&mut self, group: usize, part: i256) -> Result<()> {
        self.long.resize(self.short.len(), i256::ZERO);
        let Some(long) = self.long.get_mut(group) else { return no_group(group) };
        *long = long.add_checked(part)?;
        Ok(())
    }

    fn add(&mut self, group: usize, number: i256, count: i64) -> Result<()> {
        match number.to_i128() {
            Some(short) => self.add_short(group, short, count),
            None => {
                self.add_short(group, 0, count)?;
                self.add_long(group, number)
            }
        }
    }

    fn resize(&mut self, groups: usize) {
        self.short.resize(groups, Short::default());
    }

    /// The totals and counts of the first groups, or of all, which are then forgotten.
    fn take(&mut self, emit_to: EmitTo) -> Result<Vec<(i256, i64)>> {
        if !self.long.is_empty() {
            self.long.resize(self.short.len(), i256::ZERO);
        }
        let short = emit_to.take_needed(&mut self.short);
        let widened = short.iter().map(|short| (i256::from_i128(short.total), short.count));
        if self.long.is_empty() {
            return Ok(widened.collect());
        }
        let long = emit_to.take_needed(&mut self.long);
        let sums = widened.zip(long).map(|((total, count), long)| Ok((long.add_checked(total)?, count)));
        sums.collect()
    }

    fn total_array(&self, totals: Vec<Option<i256>>, scale: i8) -> Result<ArrayRef> {
        Ok(Arc::new(Decimal256Array::from(totals).with_precision_and_scale(DECIMAL256_MAX_PRECISION, scale)?))
    }
}

fn no_group<T>(group: usize) -> Result<T> {
    Err(exec_datafusion_err!("a sum got a row of group {group}, which does not exist"))
}

impl GroupsAccumulator for ExactGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.resize(total_num_groups);
        let rows = group_indices.iter().enumerate();
        match Numbers::of(values)? {
            Numbers::Short(numbers) if numbers.null_count() == 0 && opt_filter.is_none() => {
                for (&group, &number) in group_indices.iter().zip(numbers.values()) {
                    self.add_short(group, number, 1)?;
                }
            }
            Numbers::Short(numbers) => {
                for ((row, &group), number) in rows.zip(numbers) {
                    if let Some(number) = number.filter(|_| is_kept(opt_filter, row)) {
                        self.add_short(group, number, 1)?;
                    }
                }
            }
            Numbers::Long(numbers) => {
                for ((row, &group), number) in rows.zip(numbers) {
                    if let Some(number) = number.filter(|_| is_kept(opt_filter, row)) {
                        self.add(group, number, 1)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.resize(total_num_groups);
        let states = decimals(values)?.iter().zip(super::counts(values)?);
        for (&group, (total, count)) in group_indices.iter().zip(states) {
            self.add(group, total.unwrap_or(i256::ZERO), count.unwrap_or(0))?;
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let totals = self.take(emit_to)?.into_iter();
        let results = totals.map(|(total, count)| self.kind.finish(total, count, self.scale));
        self.total_array(results.collect::<Result<_>>()?, self.kind.result_scale(self.scale))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let (totals, counts): (Vec<_>, Vec<_>) =
            self.take(emit_to)?.into_iter().map(|(total, count)| (Some(total), count)).unzip();
        Ok(vec![self.total_array(totals, self.scale)?, Arc::new(Int64Array::from(counts))])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let is_kept = |row: usize| is_kept(opt_filter, row);
        let kept: Vec<Option<i256>> = match Numbers::of(values)? {
            Numbers::Short(numbers) => {
                let rows = numbers.iter().enumerate();
                rows.map(|(row, number)| number.filter(|_| is_kept(row)).map(i256::from_i128)).collect()
            }
            Numbers::Long(numbers) => {
                numbers.iter().enumerate().map(|(row, number)| number.filter(|_| is_kept(row))).collect()
            }
        };
        let counts: Int64Array = kept.iter().map(|value| Some(i64::from(value.is_some()))).collect();
        Ok(vec![self.total_array(kept, self.scale)?, Arc::new(counts)])
    }

    fn size(&self) -> usize {
        let short = self.short.capacity().saturating_mul(size_of::<Short>());
        short.saturating_add(self.long.capacity().saturating_mul(size_of::<i256>()))
    }
}

/// Whether a `filter (where …)` lets the row through; null does not.
fn is_kept(filter: Option<&BooleanArray>, row: usize) -> bool {
    filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}
