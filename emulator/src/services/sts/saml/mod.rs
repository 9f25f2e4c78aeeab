//! SAML 2.0 responses, as far as STS looks into them.

mod assertion;
mod xml;

pub(super) use assertion::Assertion;
