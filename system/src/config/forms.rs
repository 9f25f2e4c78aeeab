//! What only some forms of the system have: led by a state machine, or with a function that
//! notifies.

use super::Names;

/// How the function that notifies is made.
#[derive(Clone, Debug, Default)]
pub struct FunctionSettings {
    /// A zip archive with `bootstrap`; `None` leaves a function that is there its code.
    pub zip: Option<Vec<u8>>,
    /// The IAM role as which it acts; `None` is that of the system's account with the function's
    /// name.
    pub role: Option<String>,
}

impl Names {
    /// Of tasks that the state machine waits for.
    pub fn tokens_table(&self) -> String {
        self.with("task-tokens")
    }

    /// The state machine that leads orders through their saga.
    pub fn machine(&self) -> String {
        self.with("order-saga")
    }

    /// The Lambda function that notifies.
    pub fn function(&self) -> String {
        self.with("notify")
    }
}
