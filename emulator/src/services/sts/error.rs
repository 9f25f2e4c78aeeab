//! STS's errors. So far none: the one operation here cannot fail.

use crate::wire::WireError;

/// Every way in which an STS operation fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StsError {}

impl From<StsError> for WireError {
    fn from(error: StsError) -> Self {
        match error {}
    }
}
