//! From a pattern's text to its branches: the objects, arrays and `$or`s of a pattern.
//!
//! The conditions inside the arrays are read by `condition`.

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
pub(super) type Branch = BTreeMap<String, Arc<Condition>>;

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

/// A pattern's branches.
pub(super) fn compile(text: &str, dialect: Dialect) -> Result<Vec<Branch>, PatternError> {
    let mut compiler =
        Compiler { tokens: Tokens::new(text, Source::Quoted), dialect, path: Vec::new() };
    if compiler.tokens.next()? != Token::StartObject {
        return Err(compiler.tokens.error("Filter is not an object"));
    }
    let mut branches = Vec::new();
    compiler.object(&mut branches, Inside::Pattern)?;
    Ok(branches)
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
    fn object(&mut self, branches: &mut Vec<Branch>, inside: Inside) -> Result<(), PatternError> {
        let mut empty = true;
        while let Token::Name(name) = self.tokens.next()? {
            empty = false;
            if name == OR {
                self.or(branches)?;
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
                Token::StartObject => self.object(branches, inside)?,
                Token::StartArray => self.array(branches)?,
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
        Ok(())
    }

    /// Each alternative forks the branches there are so far.
    fn or(&mut self, branches: &mut Vec<Branch>) -> Result<(), PatternError> {
        if self.tokens.next()? != Token::StartArray {
            let reason = format!("It must be an Array followed with {OR}.");
            return Err(self.tokens.error(&reason));
        }
        let mut before = std::mem::take(branches);
        if before.is_empty() {
            before.push(Branch::new());
        }
        let mut alternatives = 0;
        loop {
            match self.tokens.next()? {
                Token::EndArray => break,
                Token::StartObject => {
                    alternatives += 1;
                    let mut forked = before.clone();
                    self.object(&mut forked, Inside::Or)?;
                    branches.append(&mut forked);
                }
                _ => {
                    return Err(self.tokens.error(&format!(
                        "Only JSON object is allowed in array of {OR} relationship."
                    )));
                }
            }
            if branches.len() > BRANCHES_MAX {
                return Err(self.tokens.error("Rule is too complex - try using fewer $or"));
            }
        }
        if alternatives < 2 {
            return Err(self
                .tokens
                .error(&format!("There must have at least 2 Objects in {OR} relationship.")));
        }
        Ok(())
    }

    fn array(&mut self, branches: &mut Vec<Branch>) -> Result<(), PatternError> {
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
        if branches.is_empty() {
            branches.push(Branch::new());
        }
        let path = self.path.join(".");
        for branch in branches {
            branch.insert(path.clone(), Arc::clone(&condition));
        }
        Ok(())
    }
}
