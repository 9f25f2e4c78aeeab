//! How a state's data flow: what it takes of its input, what becomes of its result, what it
//! assigns.

use std::cell::LazyCell;

use serde_json::{Map, Value, json};

use super::PAYLOAD_BYTES_MAX;
use super::failure::{DATA_LIMIT_EXCEEDED, Failure, RESULT_PATH_MATCH_FAILURE};
use super::scene::Scene;
use super::turn::Turn;
use crate::definition::{Kind, QueryLanguage, Selection};
use crate::json::{Json, is_too_deep};
use crate::path::{Path, Root};
use crate::template::Template;

/// What a state leaves behind.
pub(super) struct Conclusion {
    pub(super) output: Json,
    pub(super) assigned: Map<String, Value>,
}

impl Turn<'_> {
    /// Evaluates something for a branch's state: `input` is its `$`, `more` is in its `$states`.
    pub(super) fn scene<T>(
        &mut self,
        id: u64,
        input: &Value,
        more: &[(&str, &Value)],
        act: impl FnOnce(&mut Scene<'_>) -> T,
    ) -> T {
        let mut random = self.execution.random.clone();
        let (branch, state) = (self.branch(id), self.state(id));
        let execution = &*self.execution;
        let states = || {
            let mut states = json!({"input": branch.input.value()});
            for (name, value) in more {
                states[*name] = (*value).clone();
            }
            states
        };
        let outcome = act(&mut Scene {
            language: state.language,
            input,
            states: LazyCell::new(Box::new(states)),
            context: LazyCell::new(Box::new(|| execution.context(branch, state))),
            variables: &branch.variables,
            now: self.now,
            random: &mut random,
        });
        self.execution.random = random;
        outcome
    }

    /// The input after `InputPath`.
    pub(super) fn effective_input(&mut self, id: u64) -> Result<Json, Failure> {
        let state = self.state(id);
        let input = self.branch(id).input.clone();
        let effective = self.select(id, &state.input_path, &input)?;
        self.note("afterInputPath", &effective);
        Ok(effective)
    }

    /// `OutputPath`.
    pub(super) fn output_path(&mut self, id: u64, from: &Json) -> Result<Json, Failure> {
        let state = self.state(id);
        self.select(id, &state.output_path, from)
    }

    /// What a path takes of a document.
    fn select(&mut self, id: u64, selection: &Selection, from: &Json) -> Result<Json, Failure> {
        match selection {
            Selection::Whole => Ok(from.clone()),
            Selection::Nothing => Ok(Json::from(json!({}))),
            Selection::At(path) if path.is_whole() && *path.root() == Root::Input => {
                Ok(from.clone())
            }
            Selection::At(path) => self.look(id, path, from.value()).map(Json::from),
        }
    }

    /// What a path finds, or AWS's words for a path that leads nowhere.
    pub(super) fn look(&mut self, id: u64, path: &Path, from: &Value) -> Result<Value, Failure> {
        let found = self.scene(id, from, &[], |scene| scene.look(path));
        found.map_err(|problem| {
            Failure::runtime(format!("Invalid path '{}' : {problem}", path.text()))
        })
    }

    /// What a task, a branch or an item processor gets: `Parameters`, or `Arguments`.
    pub(super) fn arguments(&mut self, id: u64) -> Result<Json, Failure> {
        let state = self.state(id);
        if state.language == QueryLanguage::Jsonata {
            let arguments = match &state.arguments {
                None => self.branch(id).input.clone(),
                Some(template) => {
                    let arguments = self.compute(id, template, "Arguments")?;
                    Self::bound_depth(arguments.value())?;
                    self.note("afterArguments", &arguments);
                    arguments
                }
            };
            return Ok(arguments);
        }
        let effective = self.effective_input(id)?;
        let arguments = match &state.parameters {
            None => effective,
            Some(template) => {
                let value = self.scene(id, effective.value(), &[], |scene| {
                    scene.evaluate(template, "Parameters")
                })?;
                Self::bound_depth(&value)?;
                Json::from(value)
            }
        };
        self.note("afterParameters", &arguments);
        Ok(arguments)
    }

    fn compute(&mut self, id: u64, template: &Template, field: &str) -> Result<Json, Failure> {
        let value = self.scene(id, &Value::Null, &[], |scene| scene.evaluate(template, field))?;
        Ok(Json::from(value))
    }

    /// What a state that called something makes of the result.
    pub(super) fn conclude(&mut self, id: u64, result: &Json) -> Result<Conclusion, Failure> {
        let state = self.state(id);
        if matches!(state.kind, Kind::Task(_)) {
            self.note("result", result);
        }
        if state.language == QueryLanguage::Jsonata {
            let more = [("result", result.value())];
            let output = match &state.output {
                None => result.clone(),
                Some(template) => self
                    .scene(id, &Value::Null, &more, |scene| scene.evaluate(template, "Output"))
                    .map(Json::from)?,
            };
            let assigned = self.assign(id, state.assign.as_ref(), &Value::Null, &more)?;
            return Ok(Conclusion { output, assigned });
        }
        let selected = match &state.result_selector {
            None => result.clone(),
            Some(template) => self
                .scene(id, result.value(), &[], |scene| scene.evaluate(template, "ResultSelector"))
                .map(Json::from)?,
        };
        self.note("afterResultSelector", &selected);
        self.conclude_paths(id, &selected)
    }

    /// `ResultPath`, `Assign` and `OutputPath` of a JSONPath state.
    pub(super) fn conclude_paths(&mut self, id: u64, result: &Json) -> Result<Conclusion, Failure> {
        let state = self.state(id);
        let placed = self.place(id, &state.result_path, result)?;
        self.note("afterResultPath", &placed);
        let assigned = self.assign(id, state.assign.as_ref(), result.value(), &[])?;
        let output = self.select(id, &state.output_path, &placed)?;
        Ok(Conclusion { output, assigned })
    }

    /// The state's input with the result at its place in it.
    pub(super) fn place(
        &mut self,
        id: u64,
        place: &Selection,
        result: &Json,
    ) -> Result<Json, Failure> {
        match place {
            Selection::Whole => Ok(result.clone()),
            Selection::Nothing => Ok(self.branch(id).input.clone()),
            Selection::At(path) if path.is_whole() => Ok(result.clone()),
            Selection::At(path) => {
                let mut input = self.branch(id).input.value().clone();
                path.place(&mut input, result.value().clone()).map_err(|()| {
                    Failure::of_state(
                        RESULT_PATH_MATCH_FAILURE,
                        format!("Unable to apply ReferencePath {} to input {input}", path.text()),
                    )
                })?;
                Ok(Json::from(input))
            }
        }
    }

    pub(super) fn assign(
        &mut self,
        id: u64,
        template: Option<&Template>,
        input: &Value,
        more: &[(&str, &Value)],
    ) -> Result<Map<String, Value>, Failure> {
        let Some(template) = template else { return Ok(Map::new()) };
        let value = self.scene(id, input, more, |scene| scene.evaluate(template, "Assign"))?;
        match value {
            Value::Object(assigned) => Ok(assigned),
            _ => Ok(Map::new()),
        }
    }

    /// Fails if a value has more levels than can be passed on.
    pub(super) fn bound_depth(value: &Value) -> Result<(), Failure> {
        if is_too_deep(value) {
            return Err(Failure::runtime("A document is nested too deep to be passed on."));
        }
        Ok(())
    }

    /// Fails if a document is larger than AWS passes on. `what` made it.
    pub(super) fn bound_payload(what: &str, document: &Json) -> Result<(), Failure> {
        Self::bound_depth(document.value())?;
        if document.text().len() <= PAYLOAD_BYTES_MAX {
            return Ok(());
        }
        Err(Failure::new(
            DATA_LIMIT_EXCEEDED,
            format!(
                "The state/task '{what}' returned a result with a size exceeding the maximum \
                 number of bytes service limit."
            ),
        ))
    }
}
