//! What may be wrong with a math expression.

/// Each is a sentence that says of which expression it is when it leaves ([`MathError::of`]).
///
/// Unverified: the texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MathError {
    #[error("Syntax error: {0}.")]
    Syntax(String),
    #[error("The expression is nested too deeply.")]
    TooDeep,
    #[error("Undefined id '{0}'.")]
    UnknownId(String),
    #[error("Unknown function '{0}'.")]
    UnknownFunction(String),
    #[error("Function {0} is not implemented by this emulator.")]
    NotImplemented(&'static str),
    #[error("Function {0}: {1}.")]
    Arguments(String, String),
    #[error("Unsupported operand types for {0}: {1} and {2}.")]
    Operands(&'static str, &'static str, &'static str),
    #[error("The expression must return a time series or an array of time series, not {0}.")]
    NoSeries(&'static str),
    #[error("The expressions refer to one another in a circle.")]
    Circle,
    #[error("The request asks for too much work; ask for a shorter time or a longer period.")]
    TooMuch,
}

impl MathError {
    /// The sentence about the expression `id`.
    pub(super) fn of(&self, id: &str) -> String {
        format!("Error in expression '{id}': {self}")
    }
}
