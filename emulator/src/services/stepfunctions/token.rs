//! Tokens of tasks: who holds one says what became of the task.

use std::sync::Arc;

use super::error::StepFunctionsError;
use super::state::StepFunctions;

/// Letters and digits of a token, as the package of the language makes them.
const LETTERS: usize = 128;

impl StepFunctions {
    /// The task that a token belongs to.
    ///
    /// # Errors
    /// `InvalidToken` for what never was one, `TaskTimedOut` for one whose task is over.
    pub(super) fn task_of(
        &self,
        token: Option<&str>,
    ) -> Result<(Arc<str>, u64), StepFunctionsError> {
        let token = token.unwrap_or_default();
        if let Some((key, number)) = self.tokens.get(token) {
            return Ok((Arc::clone(key), *number));
        }
        let looks_like_one =
            token.len() == LETTERS && token.bytes().all(|it| it.is_ascii_alphanumeric());
        Err(match looks_like_one {
            true => StepFunctionsError::TaskTimedOut,
            false => StepFunctionsError::InvalidToken,
        })
    }
}
