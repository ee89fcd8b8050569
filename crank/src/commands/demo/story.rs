//! How the demonstration is told: sections, lines, and refusals that must happen.

use std::io::Write;

use crate::commands::report;
use crate::failure::Failure;
use crank_cluster::error::ChainError;

/// The writer of the story.
pub(super) struct Story<'a> {
    out: &'a mut dyn Write,
    sections: u32,
}

impl<'a> Story<'a> {
    /// A story without sections.
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, sections: 0 }
    }

    /// Begins a section.
    pub(super) fn section(&mut self, title: &str) -> Result<(), Failure> {
        self.sections = self.sections.saturating_add(1);
        report(self.out, &format!("\n{}. {title}\n", self.sections))
    }

    /// Writes a line, or several.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Failure> {
        let indented: String = text.lines().map(|line| format!("   {}\n", line.trim_end())).collect();
        report(self.out, &indented)
    }

    /// Tells that the cluster refused `what`, as it must.
    pub(super) fn refused<T>(&mut self, what: &str, sent: Result<T, ChainError>) -> Result<(), Failure> {
        match sent {
            Err(ChainError::Refused { reason, .. }) => {
                self.line(&format!("{what}: refused: {}", reason.trim_end_matches('.')))
            }
            Err(error) => Err(error.into()),
            Ok(_) => Err(Failure::Check(format!("{what} should have been refused"))),
        }
    }

    /// The end.
    pub(super) fn end(&mut self) -> Result<(), Failure> {
        report(self.out, "\nEvery base unit is accounted for.\n")
    }
}
