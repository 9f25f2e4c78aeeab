//! The world outside of an emulator in process: closures, for servers and for functions.

use super::endpoints::Endpoints;
use super::functions::Functions;
use crate::host::{Asked, Outside};
use crate::kernel::OutsideRequest;

/// Who answers.
#[derive(Clone)]
pub(super) struct Closures {
    pub(super) endpoints: Endpoints,
    pub(super) functions: Functions,
}

impl Outside for Closures {
    fn begin(&self, asked: Asked) {
        match &asked.request {
            OutsideRequest::Http { .. } => self.endpoints.call(asked),
            OutsideRequest::Function(_) => self.functions.run(asked),
        }
    }
}
