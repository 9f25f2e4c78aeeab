//! What each kind of state does, and how a state is left.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::PAYLOAD_BYTES_MAX;
use super::branch::Phase;
use super::data::Conclusion;
use super::failure::{DATA_LIMIT_EXCEEDED, Failure, NO_CHOICE_MATCHED};
use super::history::{Details, StateEvents};
use super::scene::wrong_type;
use super::turn::Turn;
use crate::definition::{
    Choice, Condition, Delay, Dynamic, Kind, Operand, QueryLanguage, Rule, State,
};
use crate::json::Json;

impl Turn<'_> {
    /// Does the work of a branch's state, from its beginning.
    pub(super) fn perform(&mut self, id: u64) -> Result<(), Failure> {
        let state = self.state(id);
        match &state.kind {
            Kind::Pass { result } => self.pass(id, state, result.as_ref()),
            Kind::Succeed => {
                let conclusion = self.unchanged(id, state)?;
                self.leave(id, conclusion, None)
            }
            Kind::Fail { error, cause } => {
                let failure = self.words(id, error.as_ref(), cause.as_ref())?;
                Err(failure)
            }
            Kind::Choice { choices, default } => {
                self.choose(id, state, choices, default.as_deref())
            }
            Kind::Wait(delay) => self.wait(id, delay),
            Kind::Task(task) => self.schedule(id, task),
            Kind::Parallel { branches } => self.fork(id, branches),
            Kind::Map(map) => self.map(id, map),
        }
    }

    fn pass(&mut self, id: u64, state: &State, result: Option<&Value>) -> Result<(), Failure> {
        let conclusion = if state.language == QueryLanguage::Jsonata {
            self.unchanged(id, state)?
        } else {
            let result = match result {
                None => self.arguments(id)?,
                Some(result) => {
                    let result = Json::from(result.clone());
                    self.note("result", &result);
                    result
                }
            };
            self.note("afterResultSelector", &result);
            self.conclude_paths(id, &result)?
        };
        self.leave(id, conclusion, state.next.as_deref())
    }

    /// The conclusion of a state that has no result.
    fn unchanged(&mut self, id: u64, state: &State) -> Result<Conclusion, Failure> {
        if state.language == QueryLanguage::JsonPath {
            let input = self.effective_input(id)?;
            let assigned = self.assign(id, state.assign.as_ref(), input.value(), &[])?;
            let output = self.output_path(id, &input)?;
            return Ok(Conclusion { output, assigned });
        }
        let output = match &state.output {
            None => self.branch(id).input.clone(),
            Some(template) => self
                .scene(id, &Value::Null, &[], |scene| scene.evaluate(template, "Output"))
                .map(Json::from)?,
        };
        let assigned = self.assign(id, state.assign.as_ref(), &Value::Null, &[])?;
        Ok(Conclusion { output, assigned })
    }

    /// The error and the cause of a `Fail` state.
    fn words(
        &mut self,
        id: u64,
        error: Option<&Dynamic>,
        cause: Option<&Dynamic>,
    ) -> Result<Failure, Failure> {
        let input = self.branch(id).input.clone();
        if self.state(id).language == QueryLanguage::JsonPath {
            self.note("afterInputPath", &input);
        }
        let mut word = |dynamic: Option<&Dynamic>| -> Result<Option<String>, Failure> {
            let Some(dynamic) = dynamic else { return Ok(None) };
            let value = self.scene(id, input.value(), &[], |scene| scene.dynamic(dynamic))?;
            match value {
                Value::String(text) => Ok(Some(text)),
                _ if dynamic.field.ends_with("Path") => Err(Failure::runtime(format!(
                    "The {} parameter does not reference a string value",
                    dynamic.field
                ))),
                _ => Err(wrong_type(dynamic)),
            }
        };
        let (error, cause) = (word(error)?, word(cause)?);
        Ok(Failure { error, cause, ..Failure::default() })
    }

    fn wait(&mut self, id: u64, delay: &Delay) -> Result<(), Failure> {
        let input = match self.state(id).language {
            QueryLanguage::JsonPath => self.effective_input(id)?,
            QueryLanguage::Jsonata => self.branch(id).input.clone(),
        };
        let until = match delay {
            Delay::Fixed(at) => *at,
            Delay::Until(dynamic) => self.moment(id, dynamic, &input)?,
            Delay::Seconds(dynamic) => {
                let seconds = self.seconds(id, Some(dynamic), 0, &input)?.unwrap_or(0);
                self.now.saturating_add_unsigned(seconds.saturating_mul(1_000))
            }
        };
        if until <= self.now {
            return self.waited(id);
        }
        self.branch_mut(id).phase = Phase::Waiting;
        self.set_alarm(id, Some(until));
        Ok(())
    }

    pub(super) fn waited(&mut self, id: u64) -> Result<(), Failure> {
        let state = self.state(id);
        let conclusion = self.unchanged(id, state)?;
        self.leave(id, conclusion, state.next.as_deref())
    }

    fn choose(
        &mut self,
        id: u64,
        state: &State,
        choices: &[Choice],
        default: Option<&str>,
    ) -> Result<(), Failure> {
        let input = match state.language {
            QueryLanguage::JsonPath => self.effective_input(id)?,
            QueryLanguage::Jsonata => self.branch(id).input.clone(),
        };
        for (index, choice) in choices.iter().enumerate() {
            if self.is_met(id, &choice.condition, index, &input)? {
                let output = match &choice.output {
                    None => self.output_path(id, &input)?,
                    Some(template) => self
                        .scene(id, input.value(), &[], |scene| {
                            scene.evaluate(template, &format!("Choices[{index}]/Output"))
                        })
                        .map(Json::from)?,
                };
                let assigned = self.assign(id, choice.assign.as_ref(), input.value(), &[])?;
                return self.leave(id, Conclusion { output, assigned }, Some(&choice.next));
            }
        }
        let Some(default) = default else {
            // Unverified: the cause's words.
            return Err(Failure::of_state(
                NO_CHOICE_MATCHED,
                "Failed to transition out of the state. The state does not point to a next state.",
            ));
        };
        let conclusion = self.unchanged(id, state)?;
        self.leave(id, conclusion, Some(default))
    }

    fn is_met(
        &mut self,
        id: u64,
        condition: &Condition,
        index: usize,
        input: &Json,
    ) -> Result<bool, Failure> {
        match condition {
            Condition::Always(flag) => Ok(*flag),
            Condition::Rule(rule) => self.scene(id, input.value(), &[], |scene| holds(rule, scene)),
            Condition::Expression(expression) => {
                let template = crate::template::Template::Expression(expression.clone());
                let field = format!("Choices[{index}]/Condition");
                let value =
                    self.scene(id, input.value(), &[], |scene| scene.evaluate(&template, &field))?;
                value.as_bool().ok_or_else(|| {
                    let source = expression.source();
                    Failure::evaluation(
                        &field,
                        format!(
                            "The JSONata expression '{source}' specified for the field '{field}' \
                             returned an unexpected result type."
                        ),
                    )
                })
            }
        }
    }

    /// Leaves a state: its exit is recorded, its variables are set, and the next state comes, or
    /// the end.
    pub(super) fn leave(
        &mut self,
        id: u64,
        conclusion: Conclusion,
        next: Option<&str>,
    ) -> Result<(), Failure> {
        let state = self.state(id);
        let Conclusion { output, assigned } = conclusion;
        Self::bound_payload(&state.name, &output)?;
        let mut details = Details::new().with("name", state.name.as_str()).output(&output);
        if !assigned.is_empty() {
            let mut texts = Map::new();
            for (name, value) in &assigned {
                Self::bound_depth(value)?;
                let text = value.to_string();
                if text.len() > PAYLOAD_BYTES_MAX {
                    let cause = format!("The variable '{name}' is larger than AWS allows.");
                    return Err(Failure::of_state(DATA_LIMIT_EXCEEDED, cause));
                }
                texts.insert(name.clone(), text.into());
            }
            details = details
                .with("assignedVariables", texts)
                .with("assignedVariablesDetails", json!({"truncated": false}));
        }
        self.set_alarm(id, None);
        self.record(id, StateEvents::of(&state.kind).exited, details);
        self.set_variables(id, assigned);
        match next {
            Some(next) => {
                let branch = self.branch_mut(id);
                next.clone_into(&mut branch.state);
                branch.input = output;
                branch.phase = Phase::Entering;
                self.execution.ready.push_back(id);
            }
            None => self.end(id, output),
        }
        Ok(())
    }

    fn set_variables(&mut self, id: u64, assigned: Map<String, Value>) {
        if assigned.is_empty() {
            return;
        }
        Arc::make_mut(&mut self.branch_mut(id).variables).extend(assigned);
        let variables = self.branch(id).variables.clone();
        self.note_value("variables", || json!(*variables).to_string().into());
    }

    fn end(&mut self, id: u64, output: Json) {
        match self.branch(id).parent {
            None => self.finish_succeeded(output),
            Some(parent) => self.child_succeeded(id, parent, output),
        }
    }
}

/// Whether a rule holds. The reader bounds how deep rules are.
fn holds(rule: &Rule, scene: &super::scene::Scene<'_>) -> Result<bool, Failure> {
    match rule {
        Rule::Not(rule) => Ok(!holds(rule, scene)?),
        Rule::And(rules) => {
            for rule in rules {
                if !holds(rule, scene)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Rule::Or(rules) => {
            for rule in rules {
                if holds(rule, scene)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Rule::Compare { variable, comparison, operand } => {
            let invalid = |path: &str| {
                Failure::runtime(format!(
                    "Invalid path '{path}': The choice state's condition path references an \
                     invalid value."
                ))
            };
            let value = scene.look(variable).ok();
            if value.is_none() && !comparison.takes_nothing() {
                return Err(invalid(variable.text()));
            }
            let operand = match operand {
                Operand::Value(value) => value.clone(),
                Operand::Path(path) => scene.look(path).map_err(|_| invalid(path.text()))?,
            };
            Ok(comparison.holds(value.as_ref(), &operand))
        }
    }
}
