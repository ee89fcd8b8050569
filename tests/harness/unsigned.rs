//! Transactions without signatures: the call says which accounts sign, and no signature is computed or checked.
//!
//! The runtime checks signatures before it runs the program; the program sees only one bit for each account. Tests of
//! hundreds of thousands of calls set that bit. All other tests sign (`World::send`).

use std::sync::LazyLock;

use litesvm::types::{FailedTransactionMetadata, TransactionMetadata};
use solana_instruction::Instruction;
use solana_instruction::error::InstructionError;
use solana_message::{Hash, VersionedMessage, v0};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_transaction::TransactionError;
use solana_transaction::versioned::VersionedTransaction;

use crate::world::World;

/// The result of executing without signatures.
pub type Executed = Result<TransactionMetadata, Box<FailedTransactionMetadata>>;

/// The names of the program's errors, by number.
static ERRORS: LazyLock<Vec<(u32, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../fixtures/errors.txt").lines().filter_map(|line| line.split_once(' '));
    lines.map(|(number, name)| (number.parse().unwrap(), name)).collect()
});

/// Programs whose errors have no names, with their own names in a fixture.
const PROGRAMS: [(&str, &str); 4] = [
    ("11111111111111111111111111111111", "system program"),
    ("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL", "associated-token program"),
    ("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", "SPL Token"),
    ("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb", "Token-2022"),
];

impl World {
    /// The same world, but from now on no signature is checked and identical transactions are all executed.
    #[must_use]
    pub fn without_signatures(mut self) -> Self {
        self.cluster = self.cluster.without_checks();
        self
    }

    /// Executes `instructions`, for which `payer` pays, in a world without signatures.
    ///
    /// # Errors
    /// The runtime's error if they fail.
    ///
    /// # Panics
    /// If they are too many accounts for a transaction.
    pub fn execute(&mut self, instructions: &[Instruction], payer: &Pubkey) -> Executed {
        let message = v0::Message::try_compile(payer, instructions, &[], Hash::default()).unwrap();
        let signatures = vec![Signature::default(); usize::from(message.header.num_required_signatures)];
        let transaction = VersionedTransaction { signatures, message: VersionedMessage::V0(message) };
        self.cluster.execute(transaction)
    }
}

/// The number of the error, if a program refused with one.
#[must_use]
pub fn code(failed: &FailedTransactionMetadata) -> Option<u32> {
    match failed.err {
        TransactionError::InstructionError(_, InstructionError::Custom(code)) => Some(code),
        _ => None,
    }
}

/// The name of a refusal: the error's own, with the program's if it is one of another program, or the runtime's.
#[must_use]
pub fn refusal(failed: &FailedTransactionMetadata) -> String {
    let Some(code) = code(failed) else {
        return match &failed.err {
            TransactionError::InstructionError(_, error) => format!("{error:?}"),
            error => format!("{error:?}"),
        };
    };
    let own = ERRORS.iter().find(|(number, _)| *number == code).map(|(_, name)| (*name).to_owned());
    own.or_else(|| anchor_name(failed, code)).unwrap_or_else(|| format!("{} {code}", first_to_fail(failed)))
}

/// The name that Anchor logs for error `code`, if it is one of the framework's.
fn anchor_name(failed: &FailedTransactionMetadata, code: u32) -> Option<String> {
    let number = format!(". Error Number: {code}.");
    let line = failed.meta.logs.iter().find(|line| line.contains(&number))?;
    let (_, rest) = line.split_once("Error Code: ")?;
    rest.split_once(". ").map(|(name, _)| name.to_owned())
}

/// The program that refused, which is the innermost.
fn first_to_fail(failed: &FailedTransactionMetadata) -> String {
    let mut lines = failed.meta.logs.iter().filter_map(|line| line.strip_prefix("Program ")?.split_once(" failed: "));
    let (program, _) = lines.next().unwrap_or_default();
    PROGRAMS.iter().find(|(id, _)| *id == program).map_or(program, |(_, name)| name).to_owned()
}
