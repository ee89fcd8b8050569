//! The basic values that everything else uses: numbers, addresses, names, times and hashes, each with its text.

pub mod base58;
pub mod canonical_json;
pub mod decimal;
pub mod distribution;
pub mod hash;
pub mod json_object;
pub mod period;
pub mod table_name;
