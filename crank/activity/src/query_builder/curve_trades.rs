//! The source `bonding_curve`: a wallet's trades on the curve of a launchpad.
//!
//! Volume is the raw amount of the quote token: what a purchase pays and what a sale receives. Amounts of the other
//! side are in another token and could not be added to it.

use solana_pubkey::Pubkey;

use super::{
    Direction, GeneratedQuery, Launchpad, Measure, QueryRequest, QueryRequestError, SourceName, chain_tables,
    parameters::{least, measure, required},
};
use crate::sql_text::literal;

/// Writes the query.
pub(super) fn query(request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let launchpad = required(
        "launchpad",
        request.launchpad.as_ref(),
        "`raydium_launchlab`, with `poolState`, or `metaplex_genesis`, with `genesisAccount`",
    )?;
    let (column, curve) = curve(launchpad, request)?;
    let direction = request.direction.unwrap_or_default();
    let least_in = least("minAmountIn", request.min_amount_in)?;
    if direction == Direction::Both && least_in.is_some() {
        let reason = "a purchase gives another token than a sale does, so one number cannot be the least for both";
        return Err(QueryRequestError::Surplus { parameter: "minAmountIn", reason });
    }
    let (value, meaning) = match measure(SourceName::BondingCurve, request, &[Measure::Volume, Measure::Count])? {
        Measure::Count => ("count(*)".to_owned(), "how many trades each wallet made"),
        _ => volume(direction),
    };
    let query = GeneratedQuery::default()
        .with(format!("select user_pubkey as address, {value} as value"), meaning)
        .with(format!("from {}", chain_tables::CURVE_TRADES.0), "the trades on curves that the indexer has recorded")
        .within_epoch()
        .with(format!("  and launchpad = {}", literal(&launchpad.to_string())), "only this launchpad")
        .with(format!(r#"  and "{column}" = {}"#, literal(&curve.to_string())), "only this curve")
        .with(side(direction).0, side(direction).1)
        .with_optional(least_in.map(|least| {
            let meaning = format!("only trades into which {least} or more went, in base units");
            (format!(r#"  and "amountIn" >= {least}"#), meaning)
        }));
    Ok(query.by_wallet())
}

/// The column that names the curve, and its account.
fn curve(launchpad: Launchpad, request: &QueryRequest) -> Result<(&'static str, Pubkey), QueryRequestError> {
    let [of_pool, of_genesis] = [("poolState", request.pool_state), ("genesisAccount", request.genesis_account)];
    let ((name, account), (other_name, other)) = match launchpad {
        Launchpad::RaydiumLaunchlab => (of_pool, of_genesis),
        Launchpad::MetaplexGenesis => (of_genesis, of_pool),
    };
    if other.is_some() {
        let reason = "the curve is on another launchpad";
        return Err(QueryRequestError::Surplus { parameter: other_name, reason });
    }
    let account = required(name, account.as_ref(), "the account of the curve in base58")?;
    Ok((name, account))
}

fn volume(direction: Direction) -> (String, &'static str) {
    let (sum, meaning) = match direction {
        Direction::Buy => (r#"sum("amountIn")"#, "what each wallet paid, in base units of the quote token"),
        Direction::Sell => (r#"sum("amountOut")"#, "what each wallet got, in base units of the quote token"),
        Direction::Both => (
            r#"sum(case when direction = 'buy' then "amountIn" else "amountOut" end)"#,
            "what each wallet paid and got, in base units of the quote token",
        ),
    };
    (format!("coalesce({sum}, 0)"), meaning)
}

/// The condition that a trade has the requested direction.
const fn side(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Buy => ("  and direction = 'buy'", "only purchases"),
        Direction::Sell => ("  and direction = 'sell'", "only sales"),
        Direction::Both => ("  and direction in ('buy', 'sell')", "purchases and sales"),
    }
}
