//! The words that a system adds to the language: its actions and observations with their
//! arguments. Scripts are checked against it before anything runs, and the published JSON Schema
//! is made from it.

use crate::aws;
use crate::script::FAULTS;
use crate::world::Arguments;
use serde_json::Value;
use std::fmt;

/// Everything a script may name in `do:`, `see:`, `invariants:` and `role:`.
#[derive(Clone, Copy, Debug)]
pub struct Catalog {
    pub actions: &'static [Signature],
    pub observations: &'static [Signature],
    /// The words for AWS itself stand beside the system's own, which go before those of the same
    /// name. The world has them done by [`aws::act`] and [`aws::observe`].
    pub has_aws: bool,
    /// What must be true whenever the system is at rest. They take no arguments.
    pub invariants: &'static [Signature],
    /// The parts of the system that run as processes of their own and may be disturbed. They take
    /// no arguments.
    pub roles: &'static [Signature],
}

impl Catalog {
    /// No word at all, for what a system does not have: `..Catalog::NONE`.
    pub const NONE: Self =
        Self { actions: &[], observations: &[], has_aws: false, invariants: &[], roles: &[] };

    /// All that a script can have done, the system's own words first.
    pub(crate) fn all_actions(&self) -> Vec<Signature> {
        self.beside_aws(self.actions, aws::ACTIONS)
    }

    /// All that a script can look at, the system's own words first.
    pub(crate) fn all_observations(&self) -> Vec<Signature> {
        self.beside_aws(self.observations, aws::OBSERVATIONS)
    }

    fn beside_aws(&self, own: &[Signature], of_aws: &[Signature]) -> Vec<Signature> {
        let is_own = |word: &Signature| own.iter().any(|own| own.name == word.name);
        let others = of_aws.iter().filter(|word| self.has_aws && !is_own(word));
        own.iter().chain(others).copied().collect()
    }
}

/// One action, observation, invariant, fault or role.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    pub name: &'static str,
    /// One sentence for the reader of `scenario words` and of the JSON Schema.
    pub about: &'static str,
    pub arguments: &'static [Argument],
}

#[derive(Clone, Copy, Debug)]
pub struct Argument {
    pub name: &'static str,
    pub kind: Kind,
    pub need: Need,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    Required,
    Optional,
}

/// What a value must be. A capture such as `${order.id}` stands for any kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Text,
    Number,
    Flag,
    List,
    Map,
    /// Whatever JSON can say.
    Any,
}

impl Signature {
    pub const fn new(
        name: &'static str,
        about: &'static str,
        arguments: &'static [Argument],
    ) -> Self {
        Self { name, about, arguments }
    }
}

impl Argument {
    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Required }
    }

    /// A text that must be given.
    pub const fn text(name: &'static str) -> Self {
        Self::required(name, Kind::Text)
    }

    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Optional }
    }
}

impl Kind {
    /// The JSON Schema word for this kind; none for what may be anything.
    pub(crate) fn json_type(self) -> Option<&'static str> {
        Some(match self {
            Self::Text => "string",
            Self::Number => "number",
            Self::Flag => "boolean",
            Self::List => "array",
            Self::Map => "object",
            Self::Any => return None,
        })
    }

    fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Any => "a value",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::String(text)) if text.contains("${") => true,
            (Self::Any, _)
            | (Self::Text, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Flag, Value::Bool(_))
            | (Self::List, Value::Array(_))
            | (Self::Map, Value::Object(_)) => true,
            _ => false,
        }
    }
}

impl Signature {
    /// Complaints about the arguments: the argument's name (none when it is missing) and the text.
    pub(crate) fn complaints(&self, given: &Arguments) -> Vec<(Option<String>, String)> {
        let unknown = given.keys().filter(|key| self.argument(key).is_none()).map(|key| {
            let allowed: Vec<_> = self.arguments.iter().map(|argument| argument.name).collect();
            let text = format!("unknown argument `{key}` of `{}`", self.name);
            (Some(key.clone()), suggest(&text, key, &allowed))
        });
        let missing = self
            .arguments
            .iter()
            .filter(|argument| {
                argument.need == Need::Required && !given.contains_key(argument.name)
            })
            .map(|argument| {
                let kind = argument.kind.words();
                (None, format!("`{}` needs `{}` ({kind})", self.name, argument.name))
            });
        let mistyped = given.iter().filter_map(|(key, value)| {
            let argument = self.argument(key).filter(|argument| !argument.kind.fits(value))?;
            let kind = argument.kind.words();
            let text = format!("`{key}` of `{}` must be {kind}, not {value}", self.name);
            Some((Some(key.clone()), text))
        });
        unknown.chain(missing).chain(mistyped).collect()
    }

    fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorts = [
            ("actions (do)", &self.all_actions()[..]),
            ("observations (see)", &self.all_observations()),
            ("invariants", self.invariants),
            ("faults (nemesis)", FAULTS),
            ("roles (of processes that may have faults)", self.roles),
        ];
        for (sort, signatures) in sorts.into_iter().filter(|(_, all)| !all.is_empty()) {
            writeln!(f, "{sort}:")?;
            for signature in signatures {
                write!(f, "  {}", signature.name)?;
                for argument in signature.arguments {
                    match argument.need {
                        Need::Required => write!(f, " {}", argument.name)?,
                        Need::Optional => write!(f, " [{}]", argument.name)?,
                    }
                }
                writeln!(f, "\n      {}", signature.about)?;
            }
        }
        Ok(())
    }
}

/// Ends `text` with the nearest allowed word, if one is near, and the list of all of them.
pub fn suggest(text: &str, wrong: &str, allowed: &[&str]) -> String {
    let nearest = allowed
        .iter()
        .map(|word| (edit_distance(wrong, word), word))
        .min()
        .filter(|(distance, word)| *distance <= (word.len() / 2).min(3));
    let hint = nearest.map(|(_, word)| format!(" Did you mean `{word}`?")).unwrap_or_default();
    if allowed.is_empty() {
        return format!("{text}. Nothing is allowed here");
    }
    format!("{text}.{hint} Allowed: {}", allowed.join(", "))
}

/// Levenshtein's distance, counted in characters.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, one) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(one != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
