//! The source `hold`: how much of a token a wallet held, and for how long.
//!
//! From each change of its balance until the next one, a wallet holds the balance after the change; before the first
//! change it holds nothing. Of several changes in the same millisecond the lowest balance counts, because it is not
//! known which was the last. The end of the epoch is the instant before `{{endDate}}`.

use super::{
    GeneratedQuery, Measure, QueryRequest, QueryRequestError, SourceName, chain_tables,
    parameters::{least, measure, required},
};
use crate::sql_text::literal;
use crank_rules::values::decimal::Decimal;

/// Writes the query.
pub(super) fn query(request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let mint = required("tokenMint", request.token_mint.as_ref(), "the token's mint in base58")?;
    let expected = "the least balance of a holder in display units, such as 100";
    let least = required("minBalance", least("minBalance", request.min_balance)?.as_ref(), expected)?;
    let mint = literal(&mint.to_string());
    let query = GeneratedQuery::default();
    Ok(match measure(SourceName::Hold, request, &[Measure::Balance, Measure::Duration, Measure::Count])? {
        Measure::Duration => duration(query, &mint, least),
        Measure::Count => {
            at_the_end(query.with("select user_pubkey as address, 1 as value", "1 for each holder"), &mint, least)
        }
        _ => {
            let meaning = "what each wallet holds at the epoch's end";
            at_the_end(query.with("select user_pubkey as address, min(balance) as value", meaning), &mint, least)
        }
    })
}

/// The balance at the end of the epoch, which is that of the last change before it, however long ago.
fn at_the_end(query: GeneratedQuery, mint: &str, least: Decimal) -> GeneratedQuery {
    query
        .with("from (", "the balances of each wallet after its last change, of which there can be several at once:")
        .with(format!("  select user_pubkey, balance from {}", chain_tables::BALANCES.0), "changes of balances")
        .with(
            format!(r#"  where "tokenMint" = {mint} and timestamp < {{{{endDate}}}}"#),
            "only this token, from its beginning to the epoch's end",
        )
        .with(
            "  qualify rank() over (partition by user_pubkey order by timestamp desc) = 1\n) as last_balances",
            "only the last change of each wallet",
        )
        .with("group by user_pubkey", "one row for each wallet")
        .with(format!("having min(balance) >= {least}"), format!("only who holds {least} or more"))
        .by_value()
}

/// For how many seconds of the epoch the balance was enough.
fn duration(query: GeneratedQuery, mint: &str, least: Decimal) -> GeneratedQuery {
    query
        .with(
            "select user_pubkey as address, sum(cast(held_until as bigint) - cast(held_from as bigint)) / 1000 as value",
            "for how many seconds each wallet held enough; times are in milliseconds",
        )
        .with("from (", "the spans between two changes of a balance:")
        .with("  select user_pubkey, balance, greatest(timestamp, {{startDate}}) as held_from,", "what came before the epoch counts from its start")
        .with(
            "    coalesce(lead(timestamp) over (partition by user_pubkey order by timestamp), {{endDate}}) as held_until",
            "a balance is held until the next change, or to the epoch's end",
        )
        .with("  from (", "the changes, one for each instant:")
        .with(
            format!("    select user_pubkey, timestamp, min(balance) as balance from {}", chain_tables::BALANCES.0),
            "the lowest balance of each instant",
        )
        .with(
            format!(r#"    where "tokenMint" = {mint} and timestamp < {{{{endDate}}}}"#),
            "only this token, from its beginning to the epoch's end",
        )
        .with(
            "    group by user_pubkey, timestamp\n  ) as changes\n) as spans",
            "one row for each wallet and instant",
        )
        .with(
            format!("where balance >= {least} and held_until > held_from"),
            format!("only the spans within the epoch with a balance of {least} or more"),
        )
        .by_wallet()
}
