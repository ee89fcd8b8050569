//! What can be asked of the query builder: one object, whose parameters depend on its source.

use std::fmt;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;
use solana_pubkey::Pubkey;

use super::QueryRequestError;
use crank_rules::values::decimal::Decimal;

/// The parameters of `generate_incentive_query`. Which of them a source takes is in `parameters`.
#[derive(Args, Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct QueryRequest {
    /// What is measured.
    #[arg(value_name = "SOURCE")]
    pub source: Option<SourceName>,
    /// The event's name: its table is `events.<customEventId>`.
    #[arg(long, value_name = "NAME")]
    pub custom_event_id: Option<String>,
    /// The label of a decoded instruction: its table is `instructions.<instructionId>`.
    #[arg(long, value_name = "LABEL")]
    pub instruction_id: Option<String>,
    /// An aggregate over a wallet's rows, such as `sum(amount)`; without it `count(*)`.
    #[arg(long, value_name = "SQL")]
    pub value_expression: Option<String>,
    /// Conditions over the table's columns, all of which must be true.
    #[arg(long = "filter", value_name = "SQL")]
    pub filters: Option<Vec<String>>,
    /// One row for each wallet, or, if `false`, one for each event with its time, as a curve needs them.
    #[arg(long, value_name = "true|false")]
    pub group_by_pubkey: Option<bool>,
    /// Which values come first, and so stay if there is a limit.
    #[arg(long, value_name = "ORDER")]
    pub order_by: Option<RowOrder>,
    /// How many rows are returned at most.
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// A whole query instead of the parameters.
    #[arg(long, value_name = "SQL")]
    pub raw_query: Option<String>,
    /// The token that is bought, sold or held.
    #[arg(long, value_name = "PUBKEY", value_parser = parse_public_key)]
    #[serde(deserialize_with = "public_key")]
    pub token_mint: Option<Pubkey>,
    /// Purchases, sales or both; without it purchases.
    #[arg(long)]
    pub direction: Option<Direction>,
    /// What is measured; which measures there are depends on the source.
    #[arg(long)]
    pub measure: Option<Measure>,
    /// The least a swap must be worth, in US dollars.
    #[arg(long, value_name = "USD")]
    #[serde(deserialize_with = "number")]
    pub min_usd_amount: Option<Decimal>,
    /// The exchange program on which swaps count, by the name that the indexer gives it.
    #[arg(long, value_name = "NAME")]
    pub protocol: Option<String>,
    /// The least a wallet must hold, in display units.
    #[arg(long, value_name = "TOKENS")]
    #[serde(deserialize_with = "number")]
    pub min_balance: Option<Decimal>,
    /// On which launchpad the curve is.
    #[arg(long)]
    pub launchpad: Option<Launchpad>,
    /// The pool of a curve on `LaunchLab`.
    #[arg(long, value_name = "PUBKEY", value_parser = parse_public_key)]
    #[serde(deserialize_with = "public_key")]
    pub pool_state: Option<Pubkey>,
    /// The genesis account of a curve on Metaplex Genesis.
    #[arg(long, value_name = "PUBKEY", value_parser = parse_public_key)]
    #[serde(deserialize_with = "public_key")]
    pub genesis_account: Option<Pubkey>,
    /// The least that goes into a trade on a curve, raw.
    #[arg(long, value_name = "UNITS")]
    #[serde(deserialize_with = "number")]
    pub min_amount_in: Option<Decimal>,
}

impl QueryRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`QueryRequestError::Json`] for anything but one object of known parameters with values of their types.
    pub fn parse(bytes: &[u8]) -> Result<Self, QueryRequestError> {
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            // A list would pass for an object whose names are left out.
            return Err(QueryRequestError::Json("expected one JSON object such as {\"source\": \"swap\"}".to_owned()));
        }
        serde_json::from_slice(bytes).map_err(|error| QueryRequestError::Json(error.to_string()))
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum SourceName {
    /// Events that an application sent.
    CustomEvent,
    /// Instructions of a program, decoded by its IDL; the wallet is the fee payer.
    IdlInstruction,
    /// Swaps of a token.
    Swap,
    /// Balances of a token.
    Hold,
    /// Trades on the curve of a launchpad.
    BondingCurve,
}

/// Which trades count.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Direction {
    /// Purchases.
    #[default]
    Buy,
    /// Sales.
    Sell,
    /// Purchases and sales.
    Both,
}

/// What a wallet's value is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Measure {
    /// What was traded.
    Volume,
    /// How many trades there were, or 1 for a holder.
    Count,
    /// What is held at the end.
    Balance,
    /// For how many seconds it was held.
    Duration,
}

/// Where a curve is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Launchpad {
    /// Raydium `LaunchLab`.
    RaydiumLaunchlab,
    /// Metaplex Genesis.
    MetaplexGenesis,
}

/// Which values come first.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, ValueEnum)]
#[serde(rename_all = "UPPERCASE")]
#[value(rename_all = "UPPERCASE")]
pub enum RowOrder {
    /// The largest.
    #[default]
    Desc,
    /// The smallest.
    Asc,
}

/// Writes a name as a request has it.
fn write_name(name: &impl ValueEnum, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    name.to_possible_value().map_or(Ok(()), |value| formatter.write_str(value.get_name()))
}

impl fmt::Display for SourceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(self, formatter)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(self, formatter)
    }
}

impl fmt::Display for Launchpad {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(self, formatter)
    }
}

/// A JSON number from its digits, so that it never becomes a float.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let Some(text) = Option::<Box<RawValue>>::deserialize(deserializer)? else { return Ok(None) };
    text.get().parse().map(Some).map_err(|error| D::Error::custom(format!("{error}")))
}

fn public_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Pubkey>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    parse_public_key(&text).map(Some).map_err(D::Error::custom)
}

fn parse_public_key(text: &str) -> Result<Pubkey, String> {
    text.parse().map_err(|_| format!("`{text}` is not a public key in base58"))
}
