//! The tables of what happened on the chain, as the indexer fills them and generated queries read them.
//!
//! Each of their rows arrives like any event, under the table's dotted name. Every table has `user_pubkey`, the wallet
//! whose doing it was, and `timestamp` before the columns listed here. Amounts are in display units unless it says raw.

/// Swaps: `tokenIn` was given for `tokenOut`; `usdAmount` is what it was worth then.
pub const SWAPS: (&str, [&str; 6]) =
    ("chain.swaps", ["tokenIn", "tokenOut", "uiAmountIn", "uiAmountOut", "usdAmount", "protocol"]);

/// Balances: one row for every change, with what the wallet has in all its accounts of the token after it.
pub const BALANCES: (&str, [&str; 2]) = ("chain.balances", ["tokenMint", "balance"]);

/// Trades on the curves of launchpads. Amounts are raw: a `buy` gives the quote token for the launched one, a `sell`
/// the other way round.
pub const CURVE_TRADES: (&str, [&str; 6]) =
    ("chain.curve_trades", ["launchpad", "poolState", "genesisAccount", "direction", "amountIn", "amountOut"]);
