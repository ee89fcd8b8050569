//! The query engine's session for one query: no files, no settings, no catalog but the events, only the allowed
//! functions.

use std::num::NonZeroUsize;
use std::sync::Arc;

use datafusion::catalog::{CatalogProvider, CatalogProviderList, MemoryCatalogProviderList};
use datafusion::common::Result;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::functions::datetime::planner::DatetimeFunctionPlanner;
use datafusion::functions::unicode::planner::UnicodeFunctionPlanner;
use datafusion::functions_aggregate::planner::AggregateFunctionPlanner;
use datafusion::functions_window::planner::WindowFunctionPlanner;
use datafusion::prelude::SessionConfig;

use super::arithmetic::ExactArithmetic;
use crate::engine::language::functions;

/// The catalog's name. Queries cannot write it and need not.
const CATALOG: &str = "activity";
/// The schema of a table that is written without one. It does not exist, so `events.` cannot be left out.
const NO_SCHEMA: &str = "none";
/// Files below this size, in bytes, are read by one thread.
const SMALLEST_PART_BYTES: usize = 1 << 20;
/// Rows after which a thread that has seen hardly any group twice leaves grouping to the next step. The engine's own
/// number is a tenth of that, too early to tell: with a million wallets nearly every row is still of a new group.
const GROUPING_TRIAL_ROWS: usize = 1 << 20;

/// Builds the engine's state for one query over the tables of a catalog.
pub(super) fn build(
    tables: Arc<dyn CatalogProvider>,
    threads: NonZeroUsize,
    environment: Arc<RuntimeEnv>,
) -> SessionState {
    let catalogs = MemoryCatalogProviderList::new();
    catalogs.register_catalog(CATALOG.to_owned(), tables);
    SessionStateBuilder::new()
        .with_session_id("query".to_owned())
        .with_config(config(threads))
        .with_runtime_env(environment)
        .with_catalog_list(Arc::new(catalogs))
        .with_expr_planners(vec![
            Arc::new(ExactArithmetic),
            Arc::new(DatetimeFunctionPlanner),
            Arc::new(UnicodeFunctionPlanner),
            Arc::new(AggregateFunctionPlanner),
            Arc::new(WindowFunctionPlanner),
        ])
        .with_scalar_functions(functions::scalar())
        .with_aggregate_functions(functions::aggregate())
        .with_window_functions(functions::window())
        .build()
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
    options.execution.skip_partial_aggregation_probe_rows_threshold = GROUPING_TRIAL_ROWS;
    // The logical plan may know that a CASE is never null when the physical plan does not: the check would refuse that.
    options.execution.skip_physical_aggregate_schema_check = true;
    options.optimizer.repartition_file_min_size = SMALLEST_PART_BYTES;
    config
}

/// Memory up to the limit, and no disk to spill to when it is full.
pub(super) fn environment(memory_bytes: usize) -> Result<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(memory_bytes)))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()
}
