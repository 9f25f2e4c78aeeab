//! How forms and XML spell members where they differ from JSON.
//!
//! JSON and CBOR use a member's own name. The query protocol may rename it, flatten its list or
//! map, and name the parts of a map's entry. A service gives one function; most members take the
//! default.

/// How one member of an operation is spelt in a form body and in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// The element or form key; `None` keeps the member's own name.
    pub name: Option<&'static str>,
    /// Lists and maps without the `member` or `entry` level.
    pub flattened: bool,
    /// The key part of a map's entry.
    pub key: &'static str,
    /// The value part of a map's entry.
    pub value: &'static str,
}

impl MemberName {
    /// The awsQuery default: own name, `member`, `entry`, `key` and `value`.
    pub const DEFAULT: Self = Self { name: None, flattened: false, key: "key", value: "value" };

    /// A flattened list or map under `name`, whose map entries have the parts `Name` and `Value`.
    pub const fn flat(name: &'static str) -> Self {
        Self { name: Some(name), flattened: true, key: "Name", value: "Value" }
    }

    /// The same with other names for the parts of a map's entry.
    pub const fn entry(self, key: &'static str, value: &'static str) -> Self {
        Self { key, value, ..self }
    }
}

/// Finds the spelling of `member`, given the operation and the member's own (JSON) name.
pub type Naming = fn(operation: &str, member: &str) -> MemberName;

/// The [`Naming`] of a service without exceptions.
pub fn default_naming(_operation: &str, _member: &str) -> MemberName {
    MemberName::DEFAULT
}
