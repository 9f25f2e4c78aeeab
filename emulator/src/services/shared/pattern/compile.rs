//! From a pattern's text to its branches: the objects, arrays and `$or`s of a pattern.
//!
//! The conditions inside the arrays are read by `condition`. Reading costs as much as the text is
//! long; only what has passed the limits is spread into branches.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::PatternError;
use super::condition::{Dialect, read_condition};
use super::matcher::Matcher;
use super::tokens::{Source, Token, Tokens};

const OR: &str = "$or";

/// Source: "Event patterns", `$or`: patterns with more combinations are refused.
const BRANCHES_MAX: usize = 1000;

/// Names that can't be fields inside `$or`.
const RESERVED_IN_OR: [&str; 23] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// One way to match: every path's condition must hold.
pub(super) type Branch = BTreeMap<Arc<str>, Arc<Condition>>;

/// What is wanted at one path: any of the matchers.
#[derive(Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) matchers: Vec<Matcher>,
    /// How many objects the path lies in, itself included.
    pub(super) depth: usize,
    /// Values as AWS counts them for its limits.
    pub(super) values: usize,
    /// The list as written, for people.
    pub(super) written: String,
}

/// A pattern as it was read, before its `$or`s are spread into branches.
#[derive(Debug, Default)]
pub(super) struct Parts {
    list: Vec<Part>,
    /// Where the condition of a path stands: a name that comes twice counts once, as it came last.
    by_path: BTreeMap<Arc<str>, usize>,
}

#[derive(Debug)]
enum Part {
    Condition(Arc<str>, Arc<Condition>),
    Or(Vec<Parts>),
}

impl Parts {
    fn insert(&mut self, path: Arc<str>, condition: Arc<Condition>) {
        let next = self.list.len();
        let at = *self.by_path.entry(Arc::clone(&path)).or_insert(next);
        let part = Part::Condition(path, condition);
        if at == next {
            self.list.push(part);
        } else {
            self.list[at] = part;
        }
    }

    /// Every condition with its path.
    pub(super) fn conditions(&self) -> Vec<(&Arc<str>, &Condition)> {
        let (mut found, mut todo) = (Vec::new(), vec![self]);
        while let Some(parts) = todo.pop() {
            for part in &parts.list {
                match part {
                    Part::Condition(path, condition) => found.push((path, &**condition)),
                    Part::Or(alternatives) => todo.extend(alternatives),
                }
            }
        }
        found
    }

    /// The pattern's branches.
    pub(super) fn spread(&self) -> Vec<Branch> {
        let mut branches = vec![Branch::new()];
        self.spread_into(&mut branches);
        branches
    }

    fn spread_into(&self, branches: &mut Vec<Branch>) {
        for part in &self.list {
            match part {
                Part::Condition(path, condition) => {
                    for branch in branches.iter_mut() {
                        branch.insert(Arc::clone(path), Arc::clone(condition));
                    }
                }
                // Each alternative forks the branches there are so far.
                Part::Or(alternatives) => {
                    let before = std::mem::take(branches);
                    for alternative in alternatives {
                        let mut forked = before.clone();
                        alternative.spread_into(&mut forked);
                        branches.append(&mut forked);
                    }
                }
            }
        }
    }
}

/// Reads a pattern.
pub(super) fn compile(text: &str, dialect: Dialect) -> Result<Parts, PatternError> {
    let mut compiler =
        Compiler { tokens: Tokens::new(text, Source::Quoted), dialect, path: Vec::new() };
    if compiler.tokens.next()? != Token::StartObject {
        return Err(compiler.tokens.error("Filter is not an object"));
    }
    let mut parts = Parts::default();
    compiler.object(&mut parts, 1, Inside::Pattern)?;
    Ok(parts)
}

struct Compiler<'t> {
    tokens: Tokens<'t>,
    dialect: Dialect,
    path: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Pattern,
    Or,
}

impl Compiler<'_> {
    /// Reads an object into `parts`, of a pattern that has `branches` so far; returns how many it
    /// has then.
    fn object(
        &mut self,
        parts: &mut Parts,
        mut branches: usize,
        inside: Inside,
    ) -> Result<usize, PatternError> {
        let mut empty = true;
        while let Token::Name(name) = self.tokens.next()? {
            empty = false;
            if name == OR {
                branches = self.or(parts, branches)?;
                continue;
            }
            if inside == Inside::Or && RESERVED_IN_OR.contains(&name.as_str()) {
                return Err(self.tokens.error(&format!(
                    "{name} is Ruler reserved fieldName which cannot be used inside {OR}."
                )));
            }
            let value = self.tokens.next()?;
            self.path.push(name);
            match value {
                Token::StartObject => branches = self.object(parts, branches, inside)?,
                Token::StartArray => self.array(parts)?,
                _ => {
                    let name = self.path.pop().unwrap_or_default();
                    let reason = format!("\"{name}\" must be an object or an array");
                    return Err(self.tokens.error(&reason));
                }
            }
            self.path.pop();
        }
        if empty {
            return Err(self.tokens.error("Empty objects are not allowed"));
        }
        Ok(branches)
    }

    fn or(&mut self, parts: &mut Parts, before: usize) -> Result<usize, PatternError> {
        if self.tokens.next()? != Token::StartArray {
            let reason = format!("It must be an Array followed with {OR}.");
            return Err(self.tokens.error(&reason));
        }
        let (mut branches, mut alternatives) = (0, Vec::new());
        loop {
            match self.tokens.next()? {
                Token::EndArray => break,
                Token::StartObject => {
                    let mut alternative = Parts::default();
                    branches += self.object(&mut alternative, before, Inside::Or)?;
                    alternatives.push(alternative);
                }
                _ => {
                    return Err(self.tokens.error(&format!(
                        "Only JSON object is allowed in array of {OR} relationship."
                    )));
                }
            }
            if branches > BRANCHES_MAX {
                return Err(self.tokens.error("Rule is too complex - try using fewer $or"));
            }
        }
        if alternatives.len() < 2 {
            return Err(self
                .tokens
                .error(&format!("There must have at least 2 Objects in {OR} relationship.")));
        }
        // What comes behind it is of all its branches.
        parts.by_path.clear();
        parts.list.push(Part::Or(alternatives));
        Ok(branches)
    }

    fn array(&mut self, parts: &mut Parts) -> Result<(), PatternError> {
        let start = self.tokens.place() - 1;
        let mut matchers = Vec::new();
        let mut values = 0;
        loop {
            let matcher = match self.tokens.next()? {
                Token::EndArray => break,
                Token::StartObject => read_condition(&mut self.tokens, self.dialect)?,
                Token::String => Matcher::text(self.tokens.text()?),
                Token::Number => self.tokens.number().map(Matcher::Number)?,
                Token::True => Matcher::Literal(true.into()),
                Token::False => Matcher::Literal(false.into()),
                Token::Null => Matcher::Literal(serde_json::Value::Null),
                _ => {
                    let reason = "Match value must be String, number, true, false, or null";
                    return Err(self.tokens.error(reason));
                }
            };
            values += 1;
            matchers.push(matcher);
        }
        if matchers.is_empty() {
            return Err(self.tokens.error("Empty arrays are not allowed"));
        }
        let written = self.tokens.since(start).to_owned();
        let condition = Arc::new(Condition { matchers, depth: self.path.len(), values, written });
        parts.insert(self.path.join(".").into(), condition);
        Ok(())
    }
}
