//! Calling a function: its arguments are found first, then each has its own lines.

use serde_json::Value;

use super::{Argument, Call, Function, Trouble, lists, numbers, texts};
use crate::path::Path;
use crate::random::Random;

impl Call {
    /// The value of the call. `find` says what a path stands for.
    ///
    /// # Errors
    ///
    /// An argument is not what the function takes, or its path finds nothing.
    pub fn evaluate(
        &self,
        find: &dyn Fn(&Path) -> Result<Value, Trouble>,
        random: &mut Random,
    ) -> Result<Value, Trouble> {
        if self.function == Function::Format {
            return self.format(find, random);
        }
        let mut values = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            values.push(match argument {
                Argument::Text(text) => Value::String(texts::plain(text)),
                other => other.value(find, random)?,
            });
        }
        let outcome = match self.function {
            Function::Array => Ok(Value::Array(values)),
            Function::ArrayPartition => lists::partition(&values),
            Function::ArrayContains => lists::contains(&values),
            Function::ArrayRange => numbers::range(&values),
            Function::ArrayGetItem => lists::get_item(&values),
            Function::ArrayLength => lists::length(&values),
            Function::ArrayUnique => lists::unique(&values),
            Function::Base64Encode => texts::encode(&values),
            Function::Base64Decode => texts::decode(&values),
            Function::Hash => texts::hash(&values),
            Function::JsonMerge => lists::merge(&values),
            Function::StringToJson => texts::to_json(&values),
            Function::JsonToString => Ok(Value::String(values[0].to_string())),
            Function::MathRandom => numbers::random(&values, random),
            Function::MathAdd => numbers::add(&values),
            Function::StringSplit => texts::split(&values),
            Function::Uuid => Ok(Value::String(random.uuid())),
            Function::Format => unreachable!("it was answered above"),
        };
        outcome.map_err(Trouble::Failed)
    }

    fn format(
        &self,
        find: &dyn Fn(&Path) -> Result<Value, Trouble>,
        random: &mut Random,
    ) -> Result<Value, Trouble> {
        let mut values = Vec::new();
        for argument in &self.arguments[1..] {
            values.push(match argument {
                Argument::Text(text) => Value::String(texts::plain(text)),
                other => other.value(find, random)?,
            });
        }
        let template = match &self.arguments[0] {
            Argument::Text(text) => text.clone(),
            other => match other.value(find, random)? {
                Value::String(text) => text,
                _ => return Err(Trouble::Failed("The template of Format is no string".into())),
            },
        };
        texts::fill(&template, &values).map(Value::String).map_err(Trouble::Failed)
    }
}

impl Argument {
    fn value(
        &self,
        find: &dyn Fn(&Path) -> Result<Value, Trouble>,
        random: &mut Random,
    ) -> Result<Value, Trouble> {
        match self {
            Self::Path(path) => find(path),
            Self::Text(text) => Ok(Value::String(text.clone())),
            Self::Value(value) => Ok(value.clone()),
            Self::Call(call) => call.evaluate(find, random),
        }
    }
}
