//! The query engine as a query meets it: no files, no settings, no catalog but the events, only the allowed functions.

use std::num::NonZeroUsize;
use std::sync::Arc;

use datafusion::catalog::{CatalogProviderList, MemoryCatalogProviderList};
use datafusion::common::Result;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::functions::datetime::planner::DatetimeFunctionPlanner;
use datafusion::functions::unicode::planner::UnicodeFunctionPlanner;
use datafusion::functions_aggregate::planner::AggregateFunctionPlanner;
use datafusion::functions_window::planner::WindowFunctionPlanner;
use datafusion::optimizer::{Optimizer, OptimizerRule};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::prelude::SessionConfig;

use super::arithmetic::DecimalArithmetic;
use super::cooperation::CooperativeJoins;
use super::functions;
use super::tables::Tables;

/// The catalog's name; queries need not and cannot write it.
const CATALOG: &str = "activity";
/// Where a table without a schema would be looked up: there is no such schema, so `events.` cannot be left out.
const NO_SCHEMA: &str = "none";

/// Builds the engine's state for one query.
pub(super) fn build(tables: Tables, threads: NonZeroUsize, memory_bytes: usize) -> Result<SessionState> {
    let catalogs = MemoryCatalogProviderList::new();
    catalogs.register_catalog(CATALOG.to_owned(), Arc::new(tables.into_catalog(threads.get())?));
    Ok(SessionStateBuilder::new()
        .with_session_id("query".to_owned())
        .with_optimizer_rules(logical_rules())
        .with_physical_optimizer_rules(physical_rules())
        .with_config(config(threads))
        .with_runtime_env(Arc::new(environment(memory_bytes)?))
        .with_catalog_list(Arc::new(catalogs))
        .with_expr_planners(vec![
            Arc::new(DecimalArithmetic),
            Arc::new(DatetimeFunctionPlanner),
            Arc::new(UnicodeFunctionPlanner),
            Arc::new(AggregateFunctionPlanner),
            Arc::new(WindowFunctionPlanner),
        ])
        .with_scalar_functions(functions::scalar())
        .with_aggregate_functions(functions::aggregate())
        .with_window_functions(functions::window())
        .build())
}

/// Left out of the engine's rules: it copies the expressions below a filter into it, which makes a filter over thirty
/// nested `x + x` a billion terms long while planning, where no limit can stop it.
const COPIES_EXPRESSIONS: [&str; 2] = ["push_down_filter", "FilterPushdown"];
fn logical_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let rules = Optimizer::new().rules;
    rules.into_iter().filter(|rule| !COPIES_EXPRESSIONS.contains(&rule.name())).collect()
}

fn physical_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let rules = PhysicalOptimizer::new().rules;
    // The same rule runs twice, the second time with an addition to its name.
    let is_left_out = |name: &str| COPIES_EXPRESSIONS.iter().any(|rule| name.starts_with(rule));
    // Last, as other rules look for joins directly below them.
    let added: Arc<dyn PhysicalOptimizerRule + Send + Sync> = Arc::new(CooperativeJoins);
    rules.into_iter().filter(|rule| !is_left_out(rule.name())).chain([added]).collect()
}

fn config(threads: NonZeroUsize) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_target_partitions(threads.get())
        .with_information_schema(false)
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(CATALOG, NO_SCHEMA);
    let options = config.options_mut();
    options.sql_parser.parse_float_as_decimal = true;
    options.sql_parser.enable_ident_normalization = false;
    options.sql_parser.map_string_types_to_utf8view = false;
    options.execution.enable_recursive_ctes = false;
    config
}

/// Memory up to the limit, and no disk to go on with when it is full.
fn environment(memory_bytes: usize) -> Result<RuntimeEnv> {
    RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(memory_bytes)))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build()
}

#[cfg(test)]
mod tests {
    use datafusion::optimizer::Optimizer;
    use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;

    use super::{logical_rules, physical_rules};

    #[test]
    fn the_rules_that_are_left_out_exist() {
        assert_eq!(logical_rules().len() + 1, Optimizer::new().rules.len());
        assert_eq!(physical_rules().len() + 2, PhysicalOptimizer::new().rules.len() + 1);
    }
}
