//! The world outside of a server: other servers, and processes of functions.

use super::functions::FunctionRunner;
use super::outbound::Outbound;
use crate::host::{Asked, Outside};
use crate::kernel::OutsideRequest;

/// Who answers.
pub(super) struct World {
    pub(super) servers: Outbound,
    pub(super) functions: FunctionRunner,
}

impl Outside for World {
    fn begin(&self, asked: Asked) {
        match &asked.request {
            OutsideRequest::Http { .. } => self.servers.call(asked),
            OutsideRequest::Function(_) => self.functions.begin(asked),
        }
    }
}
