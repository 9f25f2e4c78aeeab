//! Numbers and times that a state's fields compute, and AWS's words for those that are none.

use serde_json::Value;

use super::failure::Failure;
use super::scene::wrong_type;
use super::turn::Turn;
use crate::definition::Dynamic;
use crate::json::Json;
use crate::template::Template;
use crate::time::{self, Milliseconds};

/// A text as it is, everything else as JSON.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A number without a fraction.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
    })
}

impl Turn<'_> {
    /// A field's value; a path that finds nothing has AWS's words for that.
    fn value_of(&mut self, id: u64, dynamic: &Dynamic, input: &Json) -> Result<Value, Failure> {
        match &dynamic.template {
            Template::Path(path) => self.look(id, path, input.value()),
            _ => self.scene(id, input.value(), &[], |scene| scene.dynamic(dynamic)),
        }
    }

    fn path_of(dynamic: &Dynamic) -> &str {
        match &dynamic.template {
            Template::Path(path) => path.text(),
            Template::Call(call) => call.text(),
            _ => "",
        }
    }

    /// Seconds of a time-out or a heartbeat: at least one.
    pub(super) fn seconds(
        &mut self,
        id: u64,
        dynamic: Option<&Dynamic>,
        least: i64,
        input: &Json,
    ) -> Result<Option<u64>, Failure> {
        let Some(dynamic) = dynamic else { return Ok(None) };
        let value = self.value_of(id, dynamic, input)?;
        let seconds = whole(&value).filter(|it| *it >= least).and_then(|it| u64::try_from(it).ok());
        if seconds.is_some() {
            return Ok(seconds);
        }
        if matches!(dynamic.template, Template::Expression(_)) {
            return Err(wrong_type(dynamic));
        }
        Err(Failure::runtime(format!(
            "The {} parameter does not reference a positive integer value: {} == {}",
            dynamic.field,
            Self::path_of(dynamic),
            shown(&value),
        )))
    }

    /// The time of a `Timestamp` that is computed.
    pub(super) fn moment(
        &mut self,
        id: u64,
        dynamic: &Dynamic,
        input: &Json,
    ) -> Result<Milliseconds, Failure> {
        let value = self.value_of(id, dynamic, input)?;
        if let Some(at) = value.as_str().and_then(time::parse) {
            return Ok(at);
        }
        if matches!(dynamic.template, Template::Expression(_)) {
            return Err(wrong_type(dynamic));
        }
        Err(Failure::runtime(format!(
            "The {} parameter does not reference a valid ISO-8601 extended offset date-time format \
             string: {} == {}",
            dynamic.field,
            Self::path_of(dynamic),
            shown(&value),
        )))
    }

    /// A whole number of a `Map`'s field; `none` if there is no field.
    pub(super) fn count(
        &mut self,
        id: u64,
        dynamic: Option<&Dynamic>,
        input: &Json,
    ) -> Result<Option<i64>, Failure> {
        let Some(dynamic) = dynamic else { return Ok(None) };
        let value = self.value_of(id, dynamic, input)?;
        match whole(&value) {
            Some(number) => Ok(Some(number)),
            None => Err(Self::no_number(dynamic, &value, "integer")),
        }
    }

    pub(super) fn fraction(
        &mut self,
        id: u64,
        dynamic: Option<&Dynamic>,
        input: &Json,
    ) -> Result<Option<f64>, Failure> {
        let Some(dynamic) = dynamic else { return Ok(None) };
        let value = self.value_of(id, dynamic, input)?;
        match value.as_f64() {
            Some(number) => Ok(Some(number)),
            None => Err(Self::no_number(dynamic, &value, "float")),
        }
    }

    fn no_number(dynamic: &Dynamic, value: &Value, kind: &str) -> Failure {
        if matches!(dynamic.template, Template::Expression(_)) {
            return wrong_type(dynamic);
        }
        Failure::runtime(format!(
            "The {} field refers to value \"{}\" which is not a valid {kind}: {}",
            dynamic.field,
            shown(value),
            Self::path_of(dynamic),
        ))
    }
}
