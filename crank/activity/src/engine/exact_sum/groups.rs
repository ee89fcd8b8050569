//! The totals of many groups at once, which makes `group by` fast. The rules are those of `exact_sum`.

use std::mem::size_of;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::{ArrowNativeTypeOp, DataType, i256};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::Kind;
use super::columns::{Numbers, States, Total, states};
use super::long::Long;
use crate::engine::numbers::{Fault, read_wide};

/// One total and one count for each group.
///
/// A total is a short part plus, after any of them outgrew 128 bits, a long part.
pub(super) struct ExactGroups {
    kind: Kind,
    input: DataType,
    short: Vec<Short>,
    /// Empty until it is needed.
    long: Vec<Long>,
    /// Empty until there is one.
    faults: Vec<Option<Fault>>,
}

/// The short part of a total and its count, side by side: every row needs both, usually neither is in a cache, and so
/// one cache line has to be loaded and not two.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Short {
    total: i128,
    count: i64,
}

impl ExactGroups {
    pub(super) const fn new(kind: Kind, input: DataType) -> Self {
        Self { kind, input, short: Vec::new(), long: Vec::new(), faults: Vec::new() }
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
                self.add_long(group, Long { low: part, carry: 0 })
            }
        }
    }

    fn add_long(&mut self, group: usize, part: Long) -> Result<()> {
        self.long.resize(self.short.len(), Long::ZERO);
        let Some(long) = self.long.get_mut(group) else { return no_group(group) };
        long.add_long(part);
        Ok(())
    }

    fn add_wide(&mut self, group: usize, pattern: i256) -> Result<()> {
        match read_wide(pattern) {
            Ok(number) => self.add(group, &Total { sum: Long { low: number, carry: 0 }, count: 1, fault: None }),
            Err(fault) => self.add(group, &Total { sum: Long::ZERO, count: 1, fault: Some(fault) }),
        }
    }

    fn add(&mut self, group: usize, total: &Total) -> Result<()> {
        match total.sum.low.to_i128().filter(|_| total.sum.carry == 0) {
            Some(short) => self.add_short(group, short, total.count)?,
            None => {
                self.add_short(group, 0, total.count)?;
                self.add_long(group, total.sum)?;
            }
        }
        match total.fault {
            None => Ok(()),
            fault => self.add_fault(group, fault),
        }
    }

    fn add_fault(&mut self, group: usize, fault: Option<Fault>) -> Result<()> {
        self.faults.resize(self.short.len(), None);
        let Some(place) = self.faults.get_mut(group) else { return no_group(group) };
        *place = fault.max(*place);
        Ok(())
    }

    fn resize(&mut self, groups: usize) {
        self.short.resize(groups, Short::default());
    }

    /// Takes out the totals of the first groups, or of all.
    fn take(&mut self, emit_to: EmitTo) -> Vec<Total> {
        let groups = self.short.len();
        let short = emit_to.take_needed(&mut self.short);
        let widened = short.iter().map(|short| Total {
            sum: Long { low: i256::from_i128(short.total), carry: 0 },
            count: short.count,
            fault: None,
        });
        let mut totals: Vec<Total> = widened.collect();
        if !self.long.is_empty() {
            self.long.resize(groups, Long::ZERO);
            let long = emit_to.take_needed(&mut self.long);
            totals.iter_mut().zip(long).for_each(|(total, long)| total.sum.add_long(long));
        }
        if !self.faults.is_empty() {
            self.faults.resize(groups, None);
            let faults = emit_to.take_needed(&mut self.faults);
            totals.iter_mut().zip(faults).for_each(|(total, fault)| total.fault = fault);
        }
        totals
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
                        self.add_wide(group, number)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.resize(total_num_groups);
        for (&group, total) in group_indices.iter().zip(States::of(values)?.totals()) {
            self.add(group, &total)?;
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let totals = self.take(emit_to);
        self.kind.finish(totals.into_iter(), &self.input)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let totals = self.take(emit_to);
        states(totals.into_iter(), &self.input)
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let one = |number: Option<i256>| match number.map(read_wide) {
            None => Total::default(),
            Some(Ok(number)) => Total { sum: Long { low: number, carry: 0 }, count: 1, fault: None },
            Some(Err(fault)) => Total { sum: Long::ZERO, count: 1, fault: Some(fault) },
        };
        let kept = |(row, number): (usize, Option<i256>)| one(number.filter(|_| is_kept(opt_filter, row)));
        match Numbers::of(values)? {
            Numbers::Short(numbers) => {
                let rows = numbers.iter().map(|number| number.map(i256::from_i128)).enumerate();
                states(rows.map(kept), &self.input)
            }
            Numbers::Long(numbers) => states(numbers.iter().enumerate().map(kept), &self.input),
        }
    }

    fn size(&self) -> usize {
        let short = self.short.capacity().saturating_mul(size_of::<Short>());
        let long = self.long.capacity().saturating_mul(size_of::<Long>());
        let faults = self.faults.capacity().saturating_mul(size_of::<Option<Fault>>());
        short.saturating_add(long).saturating_add(faults)
    }
}

/// Whether a `filter (where …)` lets the row through; null does not.
fn is_kept(filter: Option<&BooleanArray>, row: usize) -> bool {
    filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}
