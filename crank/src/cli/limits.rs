//! What a query may use up, as it is typed: the same options for every command that asks queries.

use std::num::{NonZeroU64, NonZeroUsize};

use bytesize::ByteSize;
use clap::Args;

use crank_activity::engine::QueryLimits;

/// The least memory with which the engine can work at all.
const MIN_MEMORY: ByteSize = ByteSize::mib(1);

/// What a query may use up. A result does not depend on it, only whether there is one.
#[derive(Args, Clone, Debug)]
pub struct LimitArguments {
    /// How many rows a query may return [default: 10000000].
    #[arg(long, value_name = "N", help_heading = "Limits of each query")]
    pub query_rows: Option<NonZeroUsize>,
    /// How much memory its intermediate results may take, such as 8GiB [default: 2GiB].
    #[arg(long, value_name = "SIZE", value_parser = memory, help_heading = "Limits of each query")]
    pub query_memory: Option<usize>,
    /// How many seconds it may run [default: 120].
    #[arg(long, value_name = "SECONDS", help_heading = "Limits of each query")]
    pub query_seconds: Option<NonZeroU64>,
    /// How many threads to use; the answer is the same for any number [default: one per core].
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

impl LimitArguments {
    /// The limits: those that were given, and the usual ones.
    #[must_use]
    pub fn limits(&self) -> QueryLimits {
        let usual = QueryLimits::default();
        QueryLimits {
            threads: self.threads.map_or(usual.threads, NonZeroUsize::get),
            memory_bytes: self.query_memory.unwrap_or(usual.memory_bytes),
            seconds: self.query_seconds.map_or(usual.seconds, NonZeroU64::get),
            rows: self.query_rows.map_or(usual.rows, NonZeroUsize::get),
        }
    }
}

fn memory(text: &str) -> Result<usize, String> {
    let expected = || format!("expected a size of at least {MIN_MEMORY}, such as 512MiB or 8GiB");
    let size: ByteSize = text.parse().map_err(|_| expected())?;
    if size < MIN_MEMORY {
        return Err(expected());
    }
    usize::try_from(size.as_u64()).map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn a_size_has_a_unit_and_a_lower_bound() {
        assert_eq!(memory("8GiB"), Ok(8 << 30));
        assert_eq!(memory("512 MiB"), Ok(512 << 20));
        assert_eq!(memory("2000000"), Ok(2_000_000));
        for text in ["", "0", "1KiB", "-1GiB", "many", "8 GiBs"] {
            let message = memory(text).unwrap_err();
            assert!(message.contains("such as 512MiB or 8GiB"), "{text}: {message}");
        }
    }
}
