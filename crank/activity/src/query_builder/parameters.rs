//! Which parameters a source has, and how each is read.

use super::{Measure, QueryRequest, QueryRequestError, SourceName};
use crate::{engine, events::NUMBER_SCALE, sql_text::has_placeholder};
use crank_rules::{values::decimal::Decimal, wording::shown};

/// The parameters that a source has besides `source`.
const fn known(source: SourceName) -> &'static [&'static str] {
    match source {
        SourceName::CustomEvent => {
            &["customEventId", "valueExpression", "filters", "groupByPubkey", "orderBy", "limit", "rawQuery"]
        }
        SourceName::IdlInstruction => {
            &["instructionId", "valueExpression", "filters", "groupByPubkey", "orderBy", "limit", "rawQuery"]
        }
        SourceName::Swap => &["tokenMint", "direction", "measure", "minUsdAmount", "protocol"],
        SourceName::Hold => &["tokenMint", "measure", "minBalance"],
        SourceName::BondingCurve => {
            &["launchpad", "poolState", "genesisAccount", "direction", "measure", "minAmountIn"]
        }
    }
}

/// Refuses the parameters that the source does not have.
pub(super) fn refuse_others(source: SourceName, request: &QueryRequest) -> Result<(), QueryRequestError> {
    let known = known(source);
    match given(request).into_iter().find(|(name, is_given)| *is_given && !known.contains(name)) {
        None => Ok(()),
        Some((parameter, _)) => {
            let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            Err(QueryRequestError::OfAnotherSource { parameter, source_name: source, known: names.join(", ") })
        }
    }
}

/// Every parameter, and whether the request has it. The pattern names every field, so a new one cannot be forgotten.
fn given(request: &QueryRequest) -> [(&'static str, bool); 18] {
    let QueryRequest {
        source: _,
        custom_event_id,
        instruction_id,
        value_expression,
        filters,
        group_by_pubkey,
        order_by,
        limit,
        raw_query,
        token_mint,
        direction,
        measure,
        min_usd_amount,
        protocol,
        min_balance,
        launchpad,
        pool_state,
        genesis_account,
        min_amount_in,
    } = request;
    [
        ("customEventId", custom_event_id.is_some()),
        ("instructionId", instruction_id.is_some()),
        ("valueExpression", value_expression.is_some()),
        ("filters", filters.is_some()),
        ("groupByPubkey", group_by_pubkey.is_some()),
        ("orderBy", order_by.is_some()),
        ("limit", limit.is_some()),
        ("rawQuery", raw_query.is_some()),
        ("tokenMint", token_mint.is_some()),
        ("direction", direction.is_some()),
        ("measure", measure.is_some()),
        ("minUsdAmount", min_usd_amount.is_some()),
        ("protocol", protocol.is_some()),
        ("minBalance", min_balance.is_some()),
        ("launchpad", launchpad.is_some()),
        ("poolState", pool_state.is_some()),
        ("genesisAccount", genesis_account.is_some()),
        ("minAmountIn", min_amount_in.is_some()),
    ]
}

/// The value of a required parameter.
pub(super) fn required<T: Clone>(
    parameter: &'static str,
    value: Option<&T>,
    expected: &str,
) -> Result<T, QueryRequestError> {
    value.cloned().ok_or_else(|| QueryRequestError::Missing { parameter, expected: expected.to_owned() })
}

/// The measure asked for, or the source's first.
pub(super) fn measure(
    source: SourceName,
    request: &QueryRequest,
    known: &[Measure],
) -> Result<Measure, QueryRequestError> {
    let measure = request.measure.or_else(|| known.first().copied()).unwrap_or(Measure::Count);
    if known.contains(&measure) {
        return Ok(measure);
    }
    let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let expected = format!("one of {}, the measures of the source `{source}`", names.join(", "));
    Err(QueryRequestError::Value { parameter: "measure", found: format!("`{measure}`"), expected })
}

/// A least amount, which a column of numbers can hold.
pub(super) fn least(parameter: &'static str, least: Option<Decimal>) -> Result<Option<Decimal>, QueryRequestError> {
    let Some(value) = least else { return Ok(None) };
    let has_room = value.scale() <= NUMBER_SCALE && value.mantissa().unsigned_abs() < 10_u128.pow(29);
    if value > Decimal::ZERO && has_room {
        return Ok(Some(value));
    }
    let expected = format!("a number above 0 and below 10^20 with at most {NUMBER_SCALE} decimals, such as 100");
    Err(QueryRequestError::Value { parameter, found: value.to_string(), expected })
}

/// Checks that a text is not blank and has no placeholder, which a query would replace.
pub(super) fn plain_text(parameter: &'static str, text: &str) -> Result<(), QueryRequestError> {
    if !text.trim().is_empty() && !has_placeholder(text) {
        return Ok(());
    }
    let expected = "a name without placeholders, such as `raydium`".to_owned();
    Err(QueryRequestError::Value { parameter, found: format!("\"{}\"", shown(text)), expected })
}

/// Checks an expression written in SQL.
pub(super) fn expression(parameter: &str, text: &str) -> Result<(), QueryRequestError> {
    engine::check_expression(text)
        .map_err(|problem| QueryRequestError::Sql { parameter: parameter.to_owned(), problem })
}
