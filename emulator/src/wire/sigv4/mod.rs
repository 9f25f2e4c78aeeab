//! AWS Signature Version 4, seen from the service: reading a signature and comparing it.
//!
//! Knows no keys: whoever asks brings the secret. Source: IAM user guide "Create a signed AWS API
//! request" and "Elements of an AWS API request signature".

mod authorization;
mod canonical;
mod error;
mod signed;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use error::Unauthenticated;
pub use signed::Signed;
