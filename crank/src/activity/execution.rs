//! Plans and runs one query, on the thread that was made for it. Everything the engine does happens below `run`.

use std::num::NonZeroUsize;
use std::time::Duration;

use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DataFusionError, Result};
use datafusion::execution::context::SQLOptions;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::collect;
use datafusion::sql::parser::Statement as EngineStatement;
use datafusion::sql::sqlparser::ast::{Query, Statement};
use tokio::runtime::{Builder, Runtime};

use super::query_text::QueryText;
use super::rows::ResultColumns;
use super::tables::Tables;
use super::{QueryError, QueryLimits, ResultRow, session, syntax};

/// The workers evaluate expressions, no deeper than `syntax` lets them be; they do not plan.
const WORKER_STACK_BYTES: usize = 16 << 20;

/// The steps of a plan: what `syntax` lets through has fewer, unless tables of a WITH are read again and again.
const MAX_STEPS: usize = 500;

/// Runs the query to its end, or to one of its limits.
pub(super) fn run(text: QueryText, tables: Tables, limits: QueryLimits) -> Result<Vec<ResultRow>, QueryError> {
    let checked = syntax::check(text.parse()?, &tables)?;
    // Where the order of rows could be seen, one thread: then that order is the same everywhere.
    let threads = if checked.sees_order { 1 } else { limits.threads };
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    let runtime = start_runtime(threads)?;
    let in_words = |error: DataFusionError| QueryError::from_engine(&error, limits.memory_bytes);
    let state = session::build(tables, threads, limits.memory_bytes).map_err(in_words)?;
    let work = async {
        let work = tokio::time::timeout(Duration::from_secs(limits.seconds), evaluate(&state, checked.query, limits));
        work.await.unwrap_or(Err(QueryError::OutOfTime { seconds: limits.seconds }))
    };
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}

fn start_runtime(threads: NonZeroUsize) -> std::io::Result<Runtime> {
    if threads == NonZeroUsize::MIN {
        return Builder::new_current_thread().enable_time().build();
    }
    Builder::new_multi_thread()
        .worker_threads(threads.get())
        .thread_stack_size(WORKER_STACK_BYTES)
        .enable_time()
        .build()
}

async fn evaluate(state: &SessionState, query: Query, limits: QueryLimits) -> Result<Vec<ResultRow>, QueryError> {
    let in_words = |error: DataFusionError| QueryError::from_engine(&error, limits.memory_bytes);
    let plan = plan(state, query).await.map_err(in_words)?;
    refuse_growth(&plan).map_err(in_words)??;
    let plan = decide_types(state, plan).map_err(in_words)?;
    refuse_floats(&plan).map_err(in_words)??;
    let columns = ResultColumns::find(plan.schema().fields())?;
    let batches = execute(state, plan, limits.rows).await.map_err(in_words)?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows > limits.rows {
        return Err(QueryError::TooManyRows(limits.rows));
    }
    columns.collect(&batches)
}

/// A plan that only reads.
async fn plan(state: &SessionState, query: Query) -> Result<LogicalPlan> {
    let statement = EngineStatement::Statement(Box::new(Statement::Query(Box::new(query))));
    let plan = state.statement_to_plan(statement).await?;
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false).verify_plan(&plan)?;
    Ok(plan)
}

fn decide_types(state: &SessionState, plan: LogicalPlan) -> Result<LogicalPlan> {
    state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {})
}

/// Refuses what is short to write and long to plan: a `WITH` that reads twice from the one before, and so on.
fn refuse_growth(plan: &LogicalPlan) -> Result<Result<(), QueryError>> {
    let mut steps: usize = 0;
    plan.apply_with_subqueries(|_| {
        steps = steps.saturating_add(1);
        Ok(if steps > MAX_STEPS { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    let message = || format!("the query grows to more than {MAX_STEPS} steps when its WITH tables are filled in");
    Ok(if steps > MAX_STEPS { Err(QueryError::Refused(message())) } else { Ok(()) })
}

/// One row more than the limit is enough to know that there are too many.
async fn execute(state: &SessionState, plan: LogicalPlan, most_rows: usize) -> Result<Vec<RecordBatch>> {
    let capped = LogicalPlanBuilder::from(plan).limit(0, Some(most_rows.saturating_add(1)))?.build()?;
    let physical = state.create_physical_plan(&capped).await?;
    collect(physical, state.task_ctx()).await
}

/// Refuses a float anywhere: once it was one, casting it back to a decimal does not make it exact.
fn refuse_floats(plan: &LogicalPlan) -> Result<Result<(), QueryError>> {
    let mut found = None;
    plan.apply_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        node.apply_expressions(|root| root.apply(|expression| look_for_float(expression, &schema, &mut found)))
    })?;
    Ok(found.map_or(Ok(()), Err))
}

fn look_for_float(expression: &Expr, schema: &DFSchema, found: &mut Option<QueryError>) -> Result<TreeNodeRecursion> {
    // A type that cannot be told from the inputs is that of a clause; its parts are looked at all the same. And on
    // after the first one: the last is the innermost, where the float comes from.
    if let Some(data_type) = expression.get_type(schema).ok().filter(DataType::is_floating) {
        *found = Some(QueryError::Float {
            expression: expression.human_display().to_string(),
            found: data_type.to_string(),
        });
    }
    Ok(TreeNodeRecursion::Continue)
}
