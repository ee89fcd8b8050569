//! Plans and runs one query, on the thread that was made for it. Everything the engine does happens below `run`.
//!
//! It stops only a query that reaches a limit of memory, steps or rows; a query that takes too long is killed with its
//! process.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DataFusionError, Result};
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::sql::parser::Statement as EngineStatement;
use datafusion::sql::sqlparser::ast::{Query, Statement};
use tokio::runtime::{Builder, Runtime};

use super::address_totals::use_address_totals;
use super::rows::ResultColumns;
use super::{session, total_arithmetic, total_order};
use crate::engine::language::query_text::{QueryText, Times};
use crate::engine::language::syntax;
use crate::engine::tables::Tables;
use crate::engine::{Activity, AnswerShape, QueryError, QueryLimits, Question, ResultRow, addresses};
use crate::events::TableName;

/// The workers only evaluate expressions, which `syntax` keeps from being too deep; they do not plan.
const WORKER_STACK_BYTES: usize = 16 << 20;

/// The most steps of a plan. A query that `syntax` allows has fewer, unless it reads tables of a WITH again and again.
const MAX_STEPS: usize = 500;

/// A query with its tables, ready to be planned.
pub(in crate::engine) struct Job {
    query: Query,
    views: BTreeMap<TableName, Query>,
    tables: Tables,
    answer: AnswerShape,
    limits: QueryLimits,
}

impl Job {
    /// Reads the query, its views and the tables that they mention.
    pub(in crate::engine) fn new(
        activity: &Activity,
        question: &Question,
        limits: QueryLimits,
    ) -> Result<Self, QueryError> {
        let times = Times { period: question.period, campaign_start: question.campaign_start };
        let text = QueryText::read(&question.sql, times)?;
        let views = question.views.iter().filter(|(name, _)| text.mentions(&name.name));
        let views = views.map(|(name, sql)| Ok((name, QueryText::read(sql, times)?)));
        let views: Vec<(&TableName, QueryText)> = views.collect::<Result<_, QueryError>>()?;
        let is_needed =
            |name: &TableName| text.mentions(&name.name) || views.iter().any(|(_, view)| view.mentions(&name.name));
        let tables = Tables::of_activity(activity, is_needed)?;
        let views = views.into_iter().map(|(name, view)| Ok((name.clone(), syntax::check(view.parse()?, &tables)?)));
        let views = views.collect::<Result<_, QueryError>>()?;
        Ok(Self { query: syntax::check(text.parse()?, &tables)?, views, tables, answer: question.answer, limits })
    }
}

/// Runs the query to its end, or to one of its limits.
pub(in crate::engine) fn run(job: Job) -> Result<Vec<ResultRow>, QueryError> {
    let threads = NonZeroUsize::new(job.limits.threads).unwrap_or(NonZeroUsize::MIN);
    let runtime = start_runtime(threads)?;
    let result = runtime.block_on(evaluate(job, threads));
    runtime.shutdown_background();
    result
}

/// As many threads for reading files as for computing, and not more: each has a stack, and address space is limited.
fn start_runtime(threads: NonZeroUsize) -> std::io::Result<Runtime> {
    let mut builder = match threads.get() {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder
        .worker_threads(threads.get())
        .max_blocking_threads(threads.get())
        .thread_stack_size(WORKER_STACK_BYTES)
        .enable_time()
        .build()
}

async fn evaluate(job: Job, threads: NonZeroUsize) -> Result<Vec<ResultRow>, QueryError> {
    let limits = job.limits;
    let prepared = prepare(job, threads).await?;
    let batches = collect(prepared.plan, prepared.state.task_ctx()).await;
    let batches = batches.map_err(|error| QueryError::from_engine(&error, limits.memory_bytes))?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows > limits.rows {
        return Err(QueryError::TooManyRows(limits.rows));
    }
    prepared.columns.collect(&batches, threads)
}

/// A query that passed all checks, with the engine's plan for it.
struct Prepared {
    state: SessionState,
    plan: Arc<dyn ExecutionPlan>,
    columns: ResultColumns,
}

async fn prepare(job: Job, threads: NonZeroUsize) -> Result<Prepared, QueryError> {
    let in_words = |error: DataFusionError| QueryError::from_engine(&error, job.limits.memory_bytes);
    let environment = session::environment(job.limits.memory_bytes).map_err(in_words)?;
    let state = with_views(&job.tables, job.views, threads, environment).await.map_err(in_words)?;
    let plan = plan(&state, job.query).await.map_err(in_words)?;
    refuse_growth(&plan).map_err(in_words)??;
    let plan = total_arithmetic::make_total(plan).map_err(in_words)?;
    let plan = decide_types(&state, plan).map_err(in_words)?;
    refuse_floats(&plan).map_err(in_words)??;
    total_arithmetic::refuse_partial(&plan).map_err(in_words)?;
    let columns = ResultColumns::find(plan.schema().fields(), job.answer)?;
    let plan = total_order::make_total(plan).map_err(in_words)?;
    let plan = physical_plan(&state, plan, job.limits.rows, columns).await.map_err(in_words)?;
    Ok(Prepared { state, plan, columns })
}

/// The engine's state, with each view in place of its table.
async fn with_views(
    tables: &Tables,
    views: BTreeMap<TableName, Query>,
    threads: NonZeroUsize,
    environment: Arc<RuntimeEnv>,
) -> Result<SessionState> {
    let plain = session::build(tables.catalog(BTreeMap::new())?, threads, Arc::clone(&environment));
    let mut plans = BTreeMap::new();
    for (name, query) in views {
        plans.insert(name, plan(&plain, query).await?);
    }
    Ok(session::build(tables.catalog(plans)?, threads, environment))
}

/// The engine's logical plan of a query, which may only read.
async fn plan(state: &SessionState, query: Query) -> Result<LogicalPlan> {
    let statement = EngineStatement::Statement(Box::new(Statement::Query(Box::new(query))));
    let plan = state.statement_to_plan(statement).await?;
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false).verify_plan(&plan)?;
    Ok(plan)
}

fn decide_types(state: &SessionState, plan: LogicalPlan) -> Result<LogicalPlan> {
    state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {})
}

/// Refuses a short query with a huge plan, such as a chain of `WITH` tables that each read twice from the one before.
fn refuse_growth(plan: &LogicalPlan) -> Result<Result<(), QueryError>> {
    let mut steps: usize = 0;
    plan.apply_with_subqueries(|_| {
        steps = steps.saturating_add(1);
        Ok(if steps > MAX_STEPS { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    let message = || format!("the query grows to more than {MAX_STEPS} steps when its WITH tables are filled in");
    Ok(if steps > MAX_STEPS { Err(QueryError::Refused(message())) } else { Ok(()) })
}

/// The engine's physical plan. It stops at one row more than the limit, which is enough to see that there are too many.
async fn physical_plan(
    state: &SessionState,
    plan: LogicalPlan,
    most_rows: usize,
    columns: ResultColumns,
) -> Result<Arc<dyn ExecutionPlan>> {
    let capped = LogicalPlanBuilder::from(plan).limit(0, Some(most_rows.saturating_add(1)))?.build()?;
    let optimized = addresses::group_by_bytes(state.optimize(&capped)?)?;
    let optimized = addresses::answer_in_bytes(optimized, columns.address())?;
    use_address_totals(state.query_planner().create_physical_plan(&optimized, state).await?)
}

/// Refuses a float anywhere: a number that was ever a float is not exact, even if it is cast back to a decimal.
fn refuse_floats(plan: &LogicalPlan) -> Result<Result<(), QueryError>> {
    let mut found = None;
    plan.apply_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        node.apply_expressions(|root| root.apply(|expression| look_for_float(expression, &schema, &mut found)))
    })?;
    Ok(found.map_or(Ok(()), Err))
}

fn look_for_float(expression: &Expr, schema: &DFSchema, found: &mut Option<QueryError>) -> Result<TreeNodeRecursion> {
    // Clauses have no type of their own, but their parts are checked too. The search goes on after the first float,
    // because the last one found is the innermost, where the float comes from.
    if let Some(data_type) = expression.get_type(schema).ok().filter(DataType::is_floating) {
        *found = Some(QueryError::Float {
            expression: expression.human_display().to_string(),
            found: data_type.to_string(),
        });
    }
    Ok(TreeNodeRecursion::Continue)
}

/// Plans a query, for tests that look at its plan.
#[cfg(test)]
fn prepared(activity: &Activity, sql: &str, period: crank_rules::values::period::Period) -> (Runtime, Prepared) {
    let question = Question {
        sql: sql.to_owned(),
        period,
        campaign_start: period.start,
        views: BTreeMap::new(),
        answer: AnswerShape::Values,
    };
    let job = Job::new(activity, &question, QueryLimits::default()).unwrap();
    let runtime = start_runtime(NonZeroUsize::MIN).unwrap();
    let prepared = runtime.block_on(prepare(job, NonZeroUsize::MIN)).unwrap();
    (runtime, prepared)
}

/// The steps of a query's physical plan, one a line.
#[cfg(test)]
pub(in crate::engine) fn steps(activity: &Activity, sql: &str, period: crank_rules::values::period::Period) -> String {
    let (_, prepared) = prepared(activity, sql, period);
    datafusion::physical_plan::displayable(prepared.plan.as_ref()).indent(false).to_string()
}

/// Runs a query to its end and says how many bytes and rows it has read from files.
#[cfg(test)]
pub(in crate::engine) fn bytes_and_rows_read(
    activity: &Activity,
    sql: &str,
    period: crank_rules::values::period::Period,
) -> (usize, usize) {
    let (runtime, prepared) = prepared(activity, sql, period);
    let run = collect(Arc::clone(&prepared.plan), prepared.state.task_ctx());
    assert!(!runtime.block_on(run).unwrap().is_empty());
    let (mut steps, mut bytes, mut rows) = (vec![prepared.plan], 0_usize, 0_usize);
    while let Some(step) = steps.pop() {
        steps.extend(step.children().into_iter().cloned());
        if let Some(metrics) = step.metrics().filter(|_| step.children().is_empty()) {
            let scanned = metrics.sum_by_name("bytes_scanned").map_or(0, |metric| metric.as_usize());
            (bytes, rows) = (scanned.strict_add(bytes), metrics.output_rows().unwrap_or_default().strict_add(rows));
        }
    }
    (bytes, rows)
}
