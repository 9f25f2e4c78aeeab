//! What is wrong with a definition, in AWS's words, and where.

use std::fmt;

/// How bad it is. Warnings keep nobody from creating a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// A row of `ValidateStateMachineDefinition`'s answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: &'static str,
    pub message: String,
    /// `/States/A/Next`
    pub location: String,
}

impl Diagnostic {
    pub(super) fn error(code: &'static str, message: impl Into<String>, location: &str) -> Self {
        let location = if location.is_empty() { "/" } else { location };
        let (message, location) = (message.into(), location.to_owned());
        Self { severity: Severity::Error, code, message, location }
    }

    pub(super) fn schema(message: impl Into<String>, location: &str) -> Self {
        Self::error("SCHEMA_VALIDATION_FAILED", message, location)
    }

    pub(super) fn warning(code: &'static str, message: impl Into<String>, location: &str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, location) }
    }

    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        // A text that is no JSON has no places in it.
        if self.code == "INVALID_JSON_DESCRIPTION" {
            return Ok(());
        }
        write!(f, " at {}", self.location)
    }
}

/// The message of `InvalidDefinition`, as `CreateStateMachine` has it.
#[must_use]
pub fn creation_error(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|it| it.is_error());
    let all: Vec<String> = errors.map(ToString::to_string).collect();
    format!("Invalid State Machine Definition: '{}'", all.join(", "))
}
