//! Values of requests: from a recipe if the operation has one, else from AWS's model; then, now and
//! then, with something in them that nobody would send.

use serde_json::Value;
use skyrig::Timestamp;

use crate::encode::Tree;
use crate::model::{Service, Shape, Target};
use crate::odd;
use crate::pool::{Pool, key};
use crate::recipes;

/// Structures that hold themselves end here.
const DEPTH_MAX: usize = 7;
/// Texts for members that nothing is known of.
const TEXTS: [&str; 12] =
    ["a", "b1", "name-2", "x.fifo", "1", "30", "true", "0", "a b", "*", "A_b.c", "2026-01-02"];

pub(crate) struct Draw<'a> {
    pub(crate) random: &'a mut fastrand::Rng,
    pub(crate) pool: &'a Pool,
    pub(crate) target: Target,
    pub(crate) now: Timestamp,
}

impl Draw<'_> {
    /// The members of a request.
    pub(crate) fn request(&mut self) -> Tree {
        let mut tree = self.plain();
        if self.chance(25) {
            for _ in 0..self.random.usize(1..3) {
                odd::change(&mut tree, self.random, self.pool);
            }
        }
        tree
    }

    fn plain(&mut self) -> Tree {
        let Some(input) = self.target.input() else { return Tree::Structure(Vec::new()) };
        let recipes = recipes::of(self.target);
        let Some(recipe) = self.random.choice(recipes).filter(|_| !self.chance(12)) else {
            return self.shape(input, "", 0);
        };
        let mut tree = self.filled(Some(input), recipe);
        if self.chance(15) {
            self.extend(input, &mut tree);
        }
        tree
    }

    /// Whether something happens that does in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(0..100) < percent
    }

    fn service(&self) -> &'static Service {
        self.target.service
    }

    /// Adds a member that the recipe does not have.
    fn extend(&mut self, input: &str, tree: &mut Tree) {
        let shape = self.service().model.shape(input);
        let Tree::Structure(members) = tree else { return };
        let left: Vec<_> = shape
            .members
            .iter()
            .filter(|(name, _)| members.iter().all(|it| it.0 != **name))
            .collect();
        if let Some((name, member)) = self.random.choice(left) {
            let value = self.shape(&member.shape, name, 1);
            members.push((name.clone(), value));
        }
    }

    /// A value of the shape `name`, for the member of that name.
    fn shape(&mut self, name: &str, member: &str, depth: usize) -> Tree {
        let model = &self.service().model;
        let shape = model.shape(name);
        match shape.kind.as_str() {
            "structure" if name == "AttributeValue" => self.attribute_value(shape, depth),
            "structure" => {
                let mut members = Vec::new();
                for (name, inner) in &shape.members {
                    let percent = match () {
                        () if shape.required.contains(name) => 97,
                        () if depth >= DEPTH_MAX => 0,
                        () => 30,
                    };
                    if self.chance(percent) {
                        let value = self.shape(&inner.shape, name, depth + 1);
                        members.push((name.clone(), value));
                    }
                }
                Tree::Structure(members)
            }
            "list" => {
                let inner = shape.member.as_ref().expect("a list has members");
                let count = self.count(shape, depth);
                Tree::List(
                    (0..count).map(|_| self.shape(&inner.shape, member, depth + 1)).collect(),
                )
            }
            "map" => {
                let keys = shape.key.as_ref().expect("a map has keys");
                let inner = shape.value.as_ref().expect("a map has values");
                let count = self.count(shape, depth);
                let entry = |draw: &mut Self| {
                    let name = draw.text(model.shape(&keys.shape), member);
                    let value = draw.shape(&inner.shape, &name, depth + 1);
                    (name, value)
                };
                Tree::Map((0..count).map(|_| entry(self)).collect())
            }
            "string" => Tree::Text(self.text(shape, member)),
            "integer" | "long" => Tree::Integer(self.number(shape) as i128),
            "float" | "double" => Tree::Float(self.number(shape)),
            "boolean" => Tree::Bool(self.random.bool()),
            "blob" => Tree::Bytes(vec![7; self.random.usize(0..20)]),
            "timestamp" => self.time(-100_000, 100_000),
            other => panic!("{name} is a {other}, which no protocol here has"),
        }
    }

    fn attribute_value(&mut self, shape: &Shape, depth: usize) -> Tree {
        let scalar = ["S", "N", "B", "BOOL", "NULL"];
        let all: Vec<&String> = shape.members.keys().collect();
        let count = if self.chance(3) { 2 } else { 1 };
        let mut members = Vec::new();
        for _ in 0..count {
            let deep = depth < DEPTH_MAX && self.chance(40);
            let name = if deep { self.one(&all).as_str() } else { self.one(&scalar) };
            let inner = &shape.members[name].shape;
            let value = match name {
                "N" => Tree::Text((*self.one(&["0", "1", "-2.5", "1e20", "42", "007"])).to_owned()),
                "NULL" => Tree::Bool(true),
                _ => self.shape(inner, "value", depth + 1),
            };
            members.push((name.to_owned(), value));
        }
        Tree::Structure(members)
    }

    fn count(&mut self, shape: &Shape, depth: usize) -> usize {
        let (min, max) = (shape.min.unwrap_or(0.0) as usize, shape.max.unwrap_or(25.0) as usize);
        match self.random.u32(0..100) {
            0 => 0,
            1 if max < 200 => max,
            2 if max < 200 => max + 1,
            _ if depth >= DEPTH_MAX => min,
            _ => self.random.usize(min..=min.max(1) + 1).min(max.max(min)),
        }
    }

    fn number(&mut self, shape: &Shape) -> f64 {
        let (min, max) = (shape.min.unwrap_or(0.0), shape.max.unwrap_or(120.0));
        match self.random.u32(0..40) {
            0 => min - 1.0,
            1 => max + 1.0,
            2 => max,
            3 => min,
            _ => min + f64::from(self.random.u32(0..=(max - min).clamp(0.0, 10.0) as u32)),
        }
    }

    fn text(&mut self, shape: &Shape, member: &str) -> String {
        if !shape.values.is_empty() && self.chance(97) {
            return self.one(&shape.values).clone();
        }
        let (min, max) = (shape.min.unwrap_or(0.0) as usize, shape.max.unwrap_or(1e9) as usize);
        if max < 5000 && self.chance(3) {
            let bounds = [min.saturating_sub(1), min, max, max + 1];
            return "x".repeat(self.one(&bounds).to_owned());
        }
        let own = key(self.service().wire.name, member);
        let lower = own.to_ascii_lowercase();
        let keys = if lower.ends_with("arn") && self.chance(40) { "arn" } else { &own };
        if self.chance(80)
            && let Some(found) = self.pool.find(keys, self.random)
        {
            return found.to_owned();
        }
        let mut text = (*self.one(&TEXTS)).to_owned();
        while text.len() < min {
            text.push('x');
        }
        text
    }

    pub(crate) fn time(&mut self, from: i64, to: i64) -> Tree {
        Tree::Time((self.now.seconds() + self.random.i64(from..=to)) as f64)
    }

    pub(crate) fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.random.usize(0..all.len())]
    }

    /// A recipe's value with all that stands for others filled in, as the shape wants it.
    pub(crate) fn filled(&mut self, shape: Option<&str>, value: &Value) -> Tree {
        let found = shape.map(|name| self.service().model.shape(name));
        let kind = found.map_or("", |shape| shape.kind.as_str());
        match value {
            Value::Object(members) => match members.iter().next() {
                Some((name, inner)) if name.starts_with('$') => self.special(shape, name, inner),
                _ => self.members(found, members),
            },
            Value::Array(items) => {
                let inner = found.and_then(|shape| shape.member.as_ref());
                let inner = inner.map(|inner| inner.shape.as_str());
                Tree::List(items.iter().map(|item| self.filled(inner, item)).collect())
            }
            Value::String(text) => match recipes::stands_for(self, text) {
                Some(tree) => tree,
                None if kind == "blob" => Tree::Bytes(text.clone().into_bytes()),
                None => Tree::Text(text.clone()),
            },
            Value::Number(number) => match number.as_i64() {
                Some(number) => Tree::Integer(number.into()),
                None => Tree::Float(number.as_f64().unwrap_or_default()),
            },
            Value::Bool(value) => Tree::Bool(*value),
            Value::Null => Tree::Null,
        }
    }

    fn members(&mut self, shape: Option<&Shape>, members: &serde_json::Map<String, Value>) -> Tree {
        let is_map = shape.is_some_and(|shape| shape.kind == "map");
        let mut filled = Vec::new();
        for (name, value) in members {
            let name = match name.strip_prefix('?') {
                Some(_) if self.random.bool() => continue,
                Some(name) => name,
                None => name,
            };
            let inner =
                shape.and_then(
                    |shape| {
                        if is_map { shape.value.as_ref() } else { shape.members.get(name) }
                    },
                );
            let value = self.filled(inner.map(|inner| inner.shape.as_str()), value);
            filled.push((name.to_owned(), value));
        }
        if is_map { Tree::Map(filled) } else { Tree::Structure(filled) }
    }
}
