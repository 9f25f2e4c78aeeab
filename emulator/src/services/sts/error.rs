//! STS's errors. So far none: the one operation here cannot fail.

use crate::wire::WireError;

/// Every way in which an STS operation fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StsError {}

/// No rows: see [`StsError`].
pub fn error_rows() -> Vec<WireError> {
    Vec::new()
}

impl From<StsError> for WireError {
    fn from(error: StsError) -> Self {
        match error {}
    }
}
