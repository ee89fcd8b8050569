//! The totals of many groups at once, which is what makes `group by` fast. The rules are those of `exact_sum`.

use std::mem::size_of;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, Decimal256Array, Int64Array};
use datafusion::arrow::datatypes::{ArrowNativeTypeOp, DECIMAL256_MAX_PRECISION, i256};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::{Kind, decimals};

/// One total and one count for each group.
pub(super) struct ExactGroups {
    kind: Kind,
    scale: i8,
    totals: Vec<i256>,
    counts: Vec<i64>,
}

impl ExactGroups {
    pub(super) const fn new(kind: Kind, scale: i8) -> Self {
        Self { kind, scale, totals: Vec::new(), counts: Vec::new() }
    }

    fn add(&mut self, group: usize, total: i256, count: i64) -> Result<()> {
        let (Some(sum), Some(seen)) = (self.totals.get_mut(group), self.counts.get_mut(group)) else {
            return Err(exec_datafusion_err!("a sum got a row of group {group}, which does not exist"));
        };
        *sum = sum.add_checked(total)?;
        *seen = seen.add_checked(count)?;
        Ok(())
    }

    fn resize(&mut self, groups: usize) {
        self.totals.resize(groups, i256::ZERO);
        self.counts.resize(groups, 0);
    }

    fn total_array(&self, totals: Vec<Option<i256>>, scale: i8) -> Result<ArrayRef> {
        Ok(Arc::new(Decimal256Array::from(totals).with_precision_and_scale(DECIMAL256_MAX_PRECISION, scale)?))
    }
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
        let values = decimals(values)?;
        for (row, (&group, value)) in group_indices.iter().zip(values).enumerate() {
            if let Some(value) = value.filter(|_| is_kept(opt_filter, row)) {
                self.add(group, value, 1)?;
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
        let totals = emit_to.take_needed(&mut self.totals);
        let counts = emit_to.take_needed(&mut self.counts);
        let results = totals
            .into_iter()
            .zip(counts)
            .map(|(total, count)| self.kind.finish(total, count, self.scale))
            .collect::<Result<_>>()?;
        self.total_array(results, self.kind.result_scale(self.scale))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let totals = emit_to.take_needed(&mut self.totals).into_iter().map(Some).collect();
        let counts = Int64Array::from(emit_to.take_needed(&mut self.counts));
        Ok(vec![self.total_array(totals, self.scale)?, Arc::new(counts)])
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let values = decimals(values)?.iter().enumerate();
        let kept: Vec<Option<i256>> = values.map(|(row, value)| value.filter(|_| is_kept(opt_filter, row))).collect();
        let counts: Int64Array = kept.iter().map(|value| Some(i64::from(value.is_some()))).collect();
        Ok(vec![self.total_array(kept, self.scale)?, Arc::new(counts)])
    }

    fn size(&self) -> usize {
        let totals = self.totals.capacity().saturating_mul(size_of::<i256>());
        totals.saturating_add(self.counts.capacity().saturating_mul(size_of::<i64>()))
    }
}

/// Whether a `filter (where …)` lets the row through; null does not.
fn is_kept(filter: Option<&BooleanArray>, row: usize) -> bool {
    filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}
