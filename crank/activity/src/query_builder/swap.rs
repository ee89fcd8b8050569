//! The source `swap`: how much of a token a wallet bought or sold.

use super::{
    Direction, GeneratedQuery, Measure, QueryRequest, QueryRequestError, SourceName, chain_tables,
    parameters::{least, measure, plain_text, required},
};
use crate::sql_text::literal;
use crank_rules::wording::shown;

/// Writes the query.
pub(super) fn query(request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let mint = required("tokenMint", request.token_mint.as_ref(), "the token's mint in base58")?;
    let least_worth = least("minUsdAmount", request.min_usd_amount)?;
    request.protocol.as_ref().map_or(Ok(()), |protocol| plain_text("protocol", protocol))?;
    let (value, meaning) = match measure(SourceName::Swap, request, &[Measure::Volume, Measure::Count])? {
        Measure::Count => ("count(*)", "how many swaps each wallet made"),
        _ => (r#"coalesce(sum("usdAmount"), 0)"#, "what each wallet's swaps were worth, in US dollars"),
    };
    let query = GeneratedQuery::default()
        .with(format!("select user_pubkey as address, {value} as value"), meaning)
        .with(format!("from {}", chain_tables::SWAPS.0), "the swaps that the indexer has recorded")
        .within_epoch()
        .with_optional(Some(side(request.direction.unwrap_or_default(), &mint.to_string())))
        .with_optional(least_worth.map(|least| {
            let meaning = format!("only swaps that were worth {least} US dollars or more");
            (format!(r#"  and "usdAmount" >= {least}"#), meaning)
        }))
        .with_optional(request.protocol.as_ref().map(|protocol| {
            (format!("  and protocol = {}", literal(protocol)), format!("only swaps on \"{}\"", shown(protocol)))
        }));
    Ok(query.by_wallet())
}

/// The condition that a swap has the requested direction.
fn side(direction: Direction, mint: &str) -> (String, String) {
    let mint = literal(mint);
    let (condition, meaning) = match direction {
        Direction::Buy => (format!(r#""tokenOut" = {mint}"#), "only purchases of the token"),
        Direction::Sell => (format!(r#""tokenIn" = {mint}"#), "only sales of the token"),
        Direction::Both => {
            (format!(r#"("tokenOut" = {mint} or "tokenIn" = {mint})"#), "purchases and sales of the token")
        }
    };
    (format!("  and {condition}"), meaning.to_owned())
}
