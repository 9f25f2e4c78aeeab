//! What the emulator holds requests against, from AWS's models: a `model.json` a service.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::model::{Model, ModelShape, Reference};
use crate::repository;

/// A service's name, and the folder that has its constraints.
const SERVICES: &[(&str, &str)] = &[
    ("cloudwatch", "cloudwatch"),
    ("events", "eventbridge"),
    ("lambda", "lambda"),
    ("logs", "logs"),
    ("pipes", "pipes"),
    ("scheduler", "scheduler"),
    ("states", "stepfunctions"),
];

/// What AWS's service does not hold requests against although its model says so: service, shape or
/// member, and why.
const EXCEPT: &[(&str, &str, &str)] = &[
    ("cloudwatch", "GetMetricStatisticsInput", "it has errors of its own"),
    ("cloudwatch", "ListMetricsInput", "it has errors of its own"),
    ("lambda", "Runtime", "it may be an ARN, and the error is another"),
    ("logs", "LogGroupName", "its length has a sentence of its own"),
    ("logs", "LogStreamName", "its length has a sentence of its own"),
];

/// Members that AWS shows in another order than its model has them: service, shape, and the order
/// of those that the model has last. Recorded.
const LAST: &[(&str, &str, &[&str])] = &[("logs", "MetricTransformation", &["unit", "dimensions"])];

#[test]
fn constraints_are_those_of_the_models() {
    for (service, folder) in SERVICES {
        let path = format!("emulator/src/services/{folder}/model.json");
        let text = Constraints::of(service).text();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(repository::root().join(&path), text).expect("the file can be written");
        } else {
            let hint = "UPDATE_DOCS=1 cargo test -p tests constraints";
            assert!(repository::read(&path) == text, "{path} is out of date: run {hint}");
        }
    }
}

#[test]
fn exceptions_are_of_the_models() {
    for (service, name, _) in EXCEPT {
        let model = Model::of(service);
        let there = match name.split_once('.') {
            Some((shape, member)) => model.shape(shape).members.contains_key(member),
            None => model.shapes.contains_key(*name),
        };
        assert!(there, "{service} has no {name}");
    }
}

struct Constraints {
    service: &'static str,
    model: Model,
    /// Of each shape that was looked at: what there is to say of it.
    shapes: BTreeMap<String, Option<Value>>,
}

impl Constraints {
    fn of(service: &'static str) -> Self {
        Self { service, model: Model::of(service), shapes: BTreeMap::new() }
    }

    /// One operation or shape a line, so that a new model is a readable diff.
    fn text(mut self) -> String {
        let inputs: Vec<(String, String)> = self
            .model
            .operations
            .iter()
            .filter_map(|(name, operation)| Some((name.clone(), operation.input.clone()?)))
            .collect();
        let operations: Vec<String> = inputs
            .into_iter()
            .filter(|(_, input)| self.looked_at(input))
            .map(|(name, input)| format!("{}: {}", json!(name), json!(input)))
            .collect();
        let said = self.shapes.into_iter().filter_map(|(name, said)| Some((name, said?)));
        let shapes: Vec<String> =
            said.map(|(name, said)| format!("{}: {said}", json!(name))).collect();
        format!(
            "{{\n\"operations\": {{\n{}\n}},\n\"shapes\": {{\n{}\n}}\n}}\n",
            operations.join(",\n"),
            shapes.join(",\n")
        )
    }

    /// Whether there is something to say of a shape.
    fn looked_at(&mut self, name: &str) -> bool {
        if let Some(known) = self.shapes.get(name) {
            return known.is_some();
        }
        // Ends the recursion of shapes that hold themselves; what they lack is what they do not
        // say of themselves.
        self.shapes.insert(name.to_owned(), None);
        let said = if self.is_excepted(name) { None } else { self.said(name) };
        let is_said = said.is_some();
        self.shapes.insert(name.to_owned(), said);
        is_said
    }

    fn is_excepted(&self, name: &str) -> bool {
        EXCEPT.iter().any(|(service, shape, _)| *service == self.service && *shape == name)
    }

    fn said(&mut self, name: &str) -> Option<Value> {
        let shape = std::mem::take(self.model.shapes.get_mut(name)?);
        let said = self.said_of(name, &shape);
        self.model.shapes.insert(name.to_owned(), shape);
        said
    }

    fn said_of(&mut self, name: &str, shape: &ModelShape) -> Option<Value> {
        let mut said = Map::new();
        let bounded = shape.min.is_some_and(|min| min != 0.0) || shape.max.is_some();
        match shape.kind.as_str() {
            "structure" => return self.structure(name, shape),
            "list" => {
                let of = shape.member.as_ref()?.shape.clone();
                if !self.looked_at(&of) && !bounded {
                    return None;
                }
                said.insert("of".to_owned(), of.into());
                bounds(&mut said, shape);
                return Some(json!({ "list": said }));
            }
            "map" => {
                let (key, value) = (&shape.key.as_ref()?.shape, &shape.value.as_ref()?.shape);
                let (of_keys, of_values) = (self.looked_at(key), self.looked_at(value));
                if !of_keys && !of_values && !bounded {
                    return None;
                }
                said.insert("key".to_owned(), key.clone().into());
                said.insert("value".to_owned(), value.clone().into());
                bounds(&mut said, shape);
                return Some(json!({ "map": said }));
            }
            "string" if !shape.values.is_empty() => {
                let words = in_order(&shape.values, self.service == "lambda");
                return Some(json!({ "words": words }));
            }
            "string" if bounded || shape.pattern.is_some() => {
                bounds(&mut said, shape);
                if let Some(pattern) = &shape.pattern {
                    said.insert("pattern".to_owned(), pattern.clone().into());
                }
                if shape.sensitive {
                    said.insert("sensitive".to_owned(), true.into());
                }
                return Some(json!({ "text": said }));
            }
            "integer" | "long" | "float" | "double" if shape.min.is_some() || bounded => {
                bounds(&mut said, shape);
                return Some(json!({ "number": said }));
            }
            _ => {}
        }
        None
    }

    fn in_order<'s>(&self, name: &str, shape: &'s ModelShape) -> Vec<(&'s String, &'s Reference)> {
        let of = |it: &&(&str, &str, &[&'static str])| it.0 == self.service && it.1 == name;
        let last = LAST.iter().find(of).map_or(&[][..], |it| it.2);
        let mut members: Vec<_> = shape.order.iter().map(|it| (it, &shape.members[it])).collect();
        members.sort_by_key(|(name, _)| last.iter().position(|it| it == name).map(|at| at + 1));
        members
    }

    fn structure(&mut self, name: &str, shape: &ModelShape) -> Option<Value> {
        let mut is_said = false;
        let mut members = Vec::new();
        for (member, reference) in self.in_order(name, shape) {
            let mut said = json!({ "name": member });
            let excepted = self.is_excepted(&format!("{name}.{member}"));
            if !excepted && self.looked_at(&reference.shape) {
                said["shape"] = reference.shape.clone().into();
                is_said = true;
            }
            if !excepted && shape.required.contains(member) {
                said["required"] = true.into();
                is_said = true;
            }
            members.push(said);
        }
        is_said.then(|| json!({"structure": {"members": members}}))
    }
}

fn bounds(said: &mut Map<String, Value>, shape: &ModelShape) {
    let mut bounds = Map::new();
    #[expect(clippy::cast_possible_truncation, reason = "bounds are whole numbers")]
    for (name, bound) in [("min", shape.min), ("max", shape.max)] {
        if let Some(bound) = bound {
            bounds.insert(name.to_owned(), (bound as i64).into());
        }
    }
    if !bounds.is_empty() {
        said.insert("bounds".to_owned(), bounds.into());
    }
}

/// Words in the order in which AWS tells them: that of a hash table of Java's, whose version
/// differs between services. Every answer of AWS that is recorded or well known has it.
fn in_order(words: &[String], is_java_8: bool) -> Vec<String> {
    let hash = |word: &String| {
        let hash = word
            .encode_utf16()
            .fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
        if is_java_8 { hash ^ (hash >> 16) } else { hash }
    };
    let buckets = (words.len() * 4).div_ceil(3).next_power_of_two();
    let buckets = u32::try_from(buckets).expect("few words").max(if is_java_8 { 16 } else { 32 });
    // Version 7 puts what comes later first in its bucket.
    let mut words: Vec<String> = match is_java_8 {
        true => words.to_vec(),
        false => words.iter().rev().cloned().collect(),
    };
    words.sort_by_key(|word| hash(word) % buckets);
    words
}
