//! The tables of on-chain activity, which the indexer fills and generated queries read.
//!
//! Each row arrives like any event, under the table's dotted name. Every table has `user_pubkey`, the wallet that
//! acted, and `timestamp` before the columns listed here. Amounts are in display units unless they are called raw.

/// Swaps: `tokenIn` was given for `tokenOut`; `usdAmount` is the swap's worth at that time.
pub const SWAPS: (&str, [&str; 6]) =
    ("chain.swaps", ["tokenIn", "tokenOut", "uiAmountIn", "uiAmountOut", "usdAmount", "protocol"]);

/// Balances: one row for every change, with the wallet's balance after it, over all its accounts of the token.
pub const BALANCES: (&str, [&str; 2]) = ("chain.balances", ["tokenMint", "balance"]);

/// Trades on the curves of launchpads. Amounts are raw: a `buy` gives the quote token for the launched one, a `sell`
/// the other way round.
pub const CURVE_TRADES: (&str, [&str; 6]) =
    ("chain.curve_trades", ["launchpad", "poolState", "genesisAccount", "direction", "amountIn", "amountOut"]);
