//! Makes joins give way, so that a query can be stopped. A join can turn two rows of its inputs into any number of
//! rows; the engine itself only gives way where rows are read from a table, which an endless join no longer does.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;

/// Wraps every join in a step that hands the thread back now and then.
#[derive(Debug)]
pub(super) struct CooperativeJoins;

impl PhysicalOptimizerRule for CooperativeJoins {
    fn name(&self) -> &str {
        "cooperative_joins"
    }

    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let wrapped = plan.transform_up(|step| {
            if step.name().ends_with("JoinExec") {
                return Ok(Transformed::yes(Arc::new(CooperativeExec::new(step)) as Arc<dyn ExecutionPlan>));
            }
            Ok(Transformed::no(step))
        });
        Ok(wrapped?.data)
    }

    fn schema_check(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::datatypes::Schema;
    use datafusion::common::config::ConfigOptions;
    use datafusion::physical_optimizer::PhysicalOptimizerRule;
    use datafusion::physical_plan::empty::EmptyExec;
    use datafusion::physical_plan::joins::CrossJoinExec;

    use super::CooperativeJoins;

    #[test]
    fn a_join_gives_way() {
        let table = || Arc::new(EmptyExec::new(Arc::new(Schema::empty())));
        let join = Arc::new(CrossJoinExec::new(table(), table()));
        let wrapped = CooperativeJoins.optimize(join, &ConfigOptions::default()).unwrap();
        assert_eq!((wrapped.name(), wrapped.children()[0].name()), ("CooperativeExec", "CrossJoinExec"));
    }
}
