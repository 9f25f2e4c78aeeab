//! Writing a value to the place that a reference path names, as `ResultPath` does.

use serde_json::{Map, Value};

use super::{Path, Step};

impl Path {
    /// Puts `value` at the path's place in `document`, and makes the objects on the way.
    ///
    /// # Errors
    ///
    /// Something on the way is neither an object nor a list with that item; the document is as it
    /// was. The path is no reference path.
    pub(crate) fn place(&self, document: &mut Value, value: Value) -> Result<(), ()> {
        if !self.is_reference() || !fits(&self.steps, document) {
            return Err(());
        }
        let mut at = document;
        for step in &self.steps {
            at = match step {
                Step::Member(name) => {
                    if at.is_null() {
                        *at = Value::Object(Map::new());
                    }
                    let Value::Object(members) = at else { return Err(()) };
                    members.entry(name.as_str()).or_insert(Value::Null)
                }
                Step::Index(index) => {
                    let index = usize::try_from(*index).map_err(|_| ())?;
                    at.as_array_mut().and_then(|items| items.get_mut(index)).ok_or(())?
                }
                _ => return Err(()),
            };
        }
        *at = value;
        Ok(())
    }
}

/// Whether every step can be gone.
fn fits(steps: &[Step], document: &Value) -> bool {
    let mut at = Some(document);
    for (index, step) in steps.iter().enumerate() {
        at = match (step, at) {
            // Below a new member everything is made.
            (Step::Member(_), None) => None,
            (Step::Member(_), Some(Value::Null)) if index > 0 => None,
            (Step::Member(name), Some(Value::Object(members))) => members.get(name),
            (Step::Index(index), Some(Value::Array(items))) => {
                let Some(item) = usize::try_from(*index).ok().and_then(|it| items.get(it)) else {
                    return false;
                };
                Some(item)
            }
            _ => return false,
        };
    }
    true
}
