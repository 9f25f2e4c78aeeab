//! XML as the query protocol answers in it: a serde format to write.
//!
//! A structure's members become elements, spelt as a service's naming says. Knows neither the
//! `...Response` and `...Result` elements around them nor their namespace.

mod content;
mod element;
mod error;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use error::XmlError;
pub use text::escape;
pub use write::to_xml;
