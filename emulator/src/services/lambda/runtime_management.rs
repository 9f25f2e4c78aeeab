//! When the runtime of a version is updated. It is stored: the interpreters are this machine's.

use serde::{Deserialize, Serialize};

use super::error::LambdaError;

/// AWS's words: at any time, never, with the function.
pub(super) const UPDATES: [&str; 3] = ["Auto", "Manual", "FunctionUpdate"];

/// What is said of a version's runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Management {
    pub(super) update: String,
    /// The ARN of the runtime's version that is to be used, if updates are made by hand.
    pub(super) runtime: Option<String>,
}

impl Default for Management {
    fn default() -> Self {
        Self { update: UPDATES[0].to_owned(), runtime: None }
    }
}

impl Management {
    /// # Errors
    /// `InvalidParameterValueException` where the runtime's version is missing, or is too much.
    // Unverified: the texts.
    pub(super) fn check(&self) -> Result<(), LambdaError> {
        match (self.update == UPDATES[1], self.runtime.is_some()) {
            (true, false) => Err(LambdaError::parameter(
                "RuntimeVersionArn is required when UpdateRuntimeOn is Manual.",
            )),
            (false, true) => Err(LambdaError::parameter(
                "RuntimeVersionArn is only valid when UpdateRuntimeOn is Manual.",
            )),
            _ => Ok(()),
        }
    }
}
