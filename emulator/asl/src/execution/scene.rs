//! What an expression can see while it is evaluated, and evaluating templates in it.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::failure::{Failure, INTRINSIC_FAILURE};
use crate::definition::{Dynamic, QueryLanguage};
use crate::intrinsic::Trouble;
use crate::jsonata::{Expression, World};
use crate::path::{Path, Root};
use crate::random::Random;
use crate::template::Template;
use crate::time::Milliseconds;

/// A value that is made when somebody looks at it.
pub(crate) type Later<'a> = LazyCell<Value, Box<dyn FnOnce() -> Value + 'a>>;

/// What is there to be seen.
pub(crate) struct Scene<'a> {
    pub(crate) language: QueryLanguage,
    /// `$` of a JSONPath state.
    pub(crate) input: &'a Value,
    /// `$states` of a JSONata state without its context: its input, and a result or an error.
    pub(crate) states: Later<'a>,
    /// The context object. It holds the execution's input, so it is made only for whoever looks.
    pub(crate) context: Later<'a>,
    pub(crate) variables: &'a BTreeMap<String, Value>,
    pub(crate) now: Milliseconds,
    pub(crate) random: &'a mut Random,
}

impl Scene<'_> {
    /// The value of a template that stands in `field`.
    pub(crate) fn evaluate(&mut self, template: &Template, field: &str) -> Result<Value, Failure> {
        match template {
            Template::Fixed(value) => Ok(value.clone()),
            Template::Object(members) => {
                let mut map = Map::new();
                for member in members {
                    let field = match self.language {
                        // AWS names the member alone, or the place from the root.
                        QueryLanguage::JsonPath => member.field.clone(),
                        QueryLanguage::Jsonata => format!("{field}/{}", member.field),
                    };
                    map.insert(member.name.clone(), self.evaluate(&member.template, &field)?);
                }
                Ok(Value::Object(map))
            }
            Template::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    list.push(self.evaluate(item, &format!("{field}[{index}]"))?);
                }
                Ok(Value::Array(list))
            }
            Template::Path(path) => self.find(path, field),
            Template::Call(call) => self.call(call, field),
            Template::Expression(expression) => self.compute(expression, field),
        }
    }

    /// The value of a field that may be computed.
    pub(crate) fn dynamic(&mut self, dynamic: &Dynamic) -> Result<Value, Failure> {
        self.evaluate(&dynamic.template, dynamic.field)
    }

    fn document(&self, root: &Root) -> Option<&Value> {
        match root {
            Root::Input => Some(self.input),
            Root::Context => Some(&self.context),
            Root::Variable(name) => self.variables.get(name),
        }
    }

    /// What the path finds, with the library's words where it finds nothing.
    pub(crate) fn look(&self, path: &Path) -> Result<Value, String> {
        let document = self.document(path.root());
        let document = document.ok_or_else(|| format!("No results for path: {}", path.text()))?;
        path.find(document).map(|it| it.into_value()).map_err(|problem| problem.to_string())
    }

    fn find(&self, path: &Path, field: &str) -> Result<Value, Failure> {
        self.look(path).map_err(|_| self.not_found(path.text(), field))
    }

    fn not_found(&self, path: &str, field: &str) -> Failure {
        Failure::runtime(format!(
            "The JSONPath '{path}' specified for the field '{field}' could not be found in the \
             input '{}'",
            self.input
        ))
    }

    fn call(&mut self, call: &crate::intrinsic::Call, field: &str) -> Result<Value, Failure> {
        let mut random = self.random.clone();
        let find = |path: &Path| self.look(path).map_err(|_| Trouble::Path(path.text().to_owned()));
        let outcome = call.evaluate(&find, &mut random);
        *self.random = random;
        outcome.map_err(|trouble| match trouble {
            Trouble::Path(path) => self.not_found(&path, field),
            Trouble::Failed(problem) => Failure::of_state(
                INTRINSIC_FAILURE,
                format!("The function '{}' had the following error: {problem}", call.text()),
            ),
        })
    }

    fn compute(&mut self, expression: &Expression, field: &str) -> Result<Value, Failure> {
        let source = expression.source();
        let with_context = mentions_context(source).then(|| {
            let mut states = (*self.states).clone();
            states["context"] = (*self.context).clone();
            states
        });
        let states = ("states", with_context.as_ref().unwrap_or(&*self.states));
        // Only what the expression names needs to be there.
        let named = self.variables.iter().filter(|(name, _)| source.contains(name.as_str()));
        let variables = named.map(|(name, value)| (name.as_str(), value));
        let mut world = World { now: self.now, random: self.random };
        let outcome = expression.evaluate(None, variables.chain([states]), &mut world);
        let specified =
            || format!("The JSONata expression '{source}' specified for the field '{field}'");
        match outcome {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(Failure::evaluation(
                field,
                format!("{} returned nothing (undefined).", specified()),
            )),
            Err(error) => Err(Failure::evaluation(
                field,
                format!("{} threw an error during evaluation. {error}", specified()),
            )),
        }
    }
}

/// Whether an expression may look at `$states.context`: by its name, or by taking `$states` whole.
fn mentions_context(source: &str) -> bool {
    let whole = |rest: &str| {
        let member = rest.strip_prefix('.').map(str::trim_start);
        !member.is_some_and(|it| it.starts_with(|it: char| it.is_alphabetic()))
    };
    source.contains("context") || source.split("$states").skip(1).any(whole)
}

/// An expression's value is not of the type that its field takes.
pub(crate) fn wrong_type(dynamic: &Dynamic) -> Failure {
    let source = match &dynamic.template {
        Template::Expression(expression) => expression.source(),
        _ => "",
    };
    let field = dynamic.field;
    Failure::evaluation(
        field,
        format!(
            "The JSONata expression '{source}' specified for the field '{field}' returned an \
             unexpected result type."
        ),
    )
}
