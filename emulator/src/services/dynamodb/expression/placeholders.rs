//! ExpressionAttributeNames and ExpressionAttributeValues of one request.
//!
//! Counts what its expressions use. A name that is not defined is reported only after the whole
//! expression has been read, because AWS reports syntax errors first.

use std::collections::{BTreeMap, BTreeSet};

use super::super::attribute_value::AttributeValue;
use super::error::ExpressionError;
use super::reserved_words::is_reserved;

/// The placeholders of a request, shared by its expressions.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    names: BTreeMap<String, String>,
    values: BTreeMap<String, AttributeValue>,
    used_names: BTreeSet<String>,
    used_values: BTreeSet<String>,
    fault: Option<ExpressionError>,
}

impl Placeholders {
    pub(crate) fn new(
        names: BTreeMap<String, String>,
        values: BTreeMap<String, AttributeValue>,
    ) -> Self {
        Self { names, values, ..Self::default() }
    }

    /// `#x` names that no expression used, as AWS prints them: `{#x, #y}`.
    pub(crate) fn unused_names(&self) -> Option<String> {
        unused(self.names.keys(), &self.used_names)
    }

    /// `:x` values that no expression used.
    pub(crate) fn unused_values(&self) -> Option<String> {
        unused(self.values.keys(), &self.used_values)
    }

    /// What `#reference` stands for.
    pub(super) fn name(&mut self, reference: &str) -> String {
        let Some(name) = self.names.get(reference) else {
            self.note(ExpressionError::UndefinedName(reference.to_owned()));
            return String::new();
        };
        self.used_names.insert(reference.to_owned());
        name.clone()
    }

    /// A name written as it is; it may not be a reserved word.
    pub(super) fn bare_name(&mut self, name: &str) -> String {
        if is_reserved(name) {
            self.note(ExpressionError::ReservedWord(name.to_owned()));
        }
        name.to_owned()
    }

    /// What `:reference` stands for.
    pub(super) fn value(&mut self, reference: &str) -> Result<AttributeValue, ExpressionError> {
        let value = self.values.get(reference);
        let value = value.ok_or_else(|| ExpressionError::UndefinedValue(reference.to_owned()))?;
        self.used_values.insert(reference.to_owned());
        Ok(value.clone())
    }

    /// Keeps a fault for [`Placeholders::check`]; the first one wins.
    fn note(&mut self, fault: ExpressionError) {
        self.fault.get_or_insert(fault);
    }

    /// Reports the first fault noted since the last check.
    pub(super) fn check(&mut self) -> Result<(), ExpressionError> {
        self.fault.take().map_or(Ok(()), Err)
    }
}

fn unused<'k>(keys: impl Iterator<Item = &'k String>, used: &BTreeSet<String>) -> Option<String> {
    let unused: Vec<&str> = keys.filter(|key| !used.contains(*key)).map(String::as_str).collect();
    (!unused.is_empty()).then(|| format!("{{{}}}", unused.join(", ")))
}
