//! Comparisons: `StringEquals`, `NumericLessThanPath` and the like.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::Rule;
use crate::definition::fields::Fields;
use crate::path::Path;
use crate::time;

/// How a variable is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Of values of one type, in one order.
    Order(Type, Order),
    StringMatches,
    Is(Test),
}

/// The type that both values must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    String,
    Numeric,
    Boolean,
    Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Equals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    Null,
    Present,
    Numeric,
    String,
    Boolean,
    Timestamp,
}

/// What a variable is compared with.
#[derive(Clone, Debug)]
pub enum Operand {
    Value(Value),
    Path(Path),
}

/// Every operator, and whether it may take a path (`...Path`).
const OPERATORS: &[(&str, &str, Comparison)] = {
    use Comparison::{Is, StringMatches};
    const fn by(of: Type, order: Order) -> Comparison {
        Comparison::Order(of, order)
    }
    use Order::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    use Type::{Boolean, Numeric, String, Timestamp};
    &[
        ("StringEquals", "StringEqualsPath", by(String, Equals)),
        ("StringLessThan", "StringLessThanPath", by(String, LessThan)),
        ("StringLessThanEquals", "StringLessThanEqualsPath", by(String, LessThanEquals)),
        ("StringGreaterThan", "StringGreaterThanPath", by(String, GreaterThan)),
        ("StringGreaterThanEquals", "StringGreaterThanEqualsPath", by(String, GreaterThanEquals)),
        ("NumericEquals", "NumericEqualsPath", by(Numeric, Equals)),
        ("NumericLessThan", "NumericLessThanPath", by(Numeric, LessThan)),
        ("NumericLessThanEquals", "NumericLessThanEqualsPath", by(Numeric, LessThanEquals)),
        ("NumericGreaterThan", "NumericGreaterThanPath", by(Numeric, GreaterThan)),
        (
            "NumericGreaterThanEquals",
            "NumericGreaterThanEqualsPath",
            by(Numeric, GreaterThanEquals),
        ),
        ("BooleanEquals", "BooleanEqualsPath", by(Boolean, Equals)),
        ("TimestampEquals", "TimestampEqualsPath", by(Timestamp, Equals)),
        ("TimestampLessThan", "TimestampLessThanPath", by(Timestamp, LessThan)),
        ("TimestampLessThanEquals", "TimestampLessThanEqualsPath", by(Timestamp, LessThanEquals)),
        ("TimestampGreaterThan", "TimestampGreaterThanPath", by(Timestamp, GreaterThan)),
        (
            "TimestampGreaterThanEquals",
            "TimestampGreaterThanEqualsPath",
            by(Timestamp, GreaterThanEquals),
        ),
        ("StringMatches", "", StringMatches),
        ("IsNull", "", Is(Test::Null)),
        ("IsPresent", "", Is(Test::Present)),
        ("IsNumeric", "", Is(Test::Numeric)),
        ("IsString", "", Is(Test::String)),
        ("IsBoolean", "", Is(Test::Boolean)),
        ("IsTimestamp", "", Is(Test::Timestamp)),
    ]
};

pub(super) fn read(members: &Map<String, Value>, fields: &mut Fields<'_>) -> Option<Rule> {
    fields.require(&["Variable"]);
    let variable = fields.text("Variable");
    let path = variable.and_then(|text| Path::parse(text).ok());
    if variable.is_some() && path.is_none() {
        fields.complain("Value is not a valid JSONPath", "Variable");
    }
    let mut found = Vec::new();
    for (name, path_name, comparison) in OPERATORS {
        if members.contains_key(*name) {
            let value = fields.get(name)?;
            if !fits(*comparison, value) {
                fields.complain("Value has the wrong type", name);
            }
            found.push((*comparison, Operand::Value(value.clone())));
        }
        if !path_name.is_empty() && members.contains_key(*path_name) {
            let path = fields.get(path_name)?.as_str().and_then(|text| Path::parse(text).ok());
            match path {
                Some(path) => found.push((*comparison, Operand::Path(path))),
                None => fields.complain("Value is not a valid JSONPath", path_name),
            }
        }
    }
    if found.len() != 1 {
        fields.complain("Exactly one comparison operator is required", "");
        return None;
    }
    let (comparison, operand) = found.swap_remove(0);
    Some(Rule::Compare { variable: path?, comparison, operand })
}

/// Whether a definition's value is one that the operator takes.
fn fits(comparison: Comparison, value: &Value) -> bool {
    match comparison {
        Comparison::Order(Type::String, _) | Comparison::StringMatches => value.is_string(),
        Comparison::Order(Type::Numeric, _) => value.is_number(),
        Comparison::Order(Type::Boolean, _) | Comparison::Is(_) => value.is_boolean(),
        Comparison::Order(Type::Timestamp, _) => moment(value).is_some(),
    }
}

fn moment(value: &Value) -> Option<i64> {
    value.as_str().and_then(time::parse)
}

impl Comparison {
    /// Whether it can be asked of a variable that is not there.
    pub(crate) fn takes_nothing(self) -> bool {
        self == Self::Is(Test::Present)
    }

    /// Whether it holds; `variable` is absent where its path found nothing.
    pub(crate) fn holds(self, variable: Option<&Value>, operand: &Value) -> bool {
        if let Self::Is(test) = self {
            return test.holds(variable) == operand.as_bool().unwrap_or(false);
        }
        let Some(variable) = variable else { return false };
        match self {
            Self::StringMatches => match (variable.as_str(), operand.as_str()) {
                (Some(text), Some(pattern)) => matches(text, pattern),
                _ => false,
            },
            Self::Order(of, order) => {
                of.compare(variable, operand).is_some_and(|it| order.accepts(it))
            }
            Self::Is(_) => false,
        }
    }
}

impl Type {
    fn compare(self, left: &Value, right: &Value) -> Option<Ordering> {
        match self {
            // Java compares UTF-16.
            Self::String => Some(left.as_str()?.encode_utf16().cmp(right.as_str()?.encode_utf16())),
            Self::Numeric => left.as_f64()?.partial_cmp(&right.as_f64()?),
            Self::Boolean => Some(left.as_bool()?.cmp(&right.as_bool()?)),
            Self::Timestamp => Some(moment(left)?.cmp(&moment(right)?)),
        }
    }
}

impl Order {
    fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::Equals => ordering.is_eq(),
            Self::LessThan => ordering.is_lt(),
            Self::LessThanEquals => ordering.is_le(),
            Self::GreaterThan => ordering.is_gt(),
            Self::GreaterThanEquals => ordering.is_ge(),
        }
    }
}

impl Test {
    fn holds(self, variable: Option<&Value>) -> bool {
        let Some(value) = variable else { return false };
        match self {
            Self::Present => true,
            Self::Null => value.is_null(),
            Self::Numeric => value.is_number(),
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Timestamp => moment(value).is_some(),
        }
    }
}

/// `*` stands for any text, `\*` for itself. The work is the product of the lengths at most.
fn matches(text: &str, pattern: &str) -> bool {
    #[derive(PartialEq)]
    enum Part {
        Any,
        One(char),
    }
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(it) = characters.next() {
        parts.push(match it {
            '*' => Part::Any,
            '\\' => Part::One(characters.next().unwrap_or('\\')),
            it => Part::One(it),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part, mut star) = (0, 0, None);
    while at < text.len() {
        if part < parts.len() && parts[part] == Part::Any {
            star = Some((at, part));
            part += 1;
        } else if part < parts.len() && parts[part] == Part::One(text[at]) {
            at += 1;
            part += 1;
        } else if let Some((start, any)) = star {
            star = Some((start + 1, any));
            at = start + 1;
            part = any + 1;
        } else {
            return false;
        }
    }
    parts[part..].iter().all(|it| *it == Part::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match() {
        let cases = [
            ("log-1.txt", "log-*.txt", true),
            ("log-1.txt", "*.txt", true),
            ("log-1.txt", "log*", true),
            ("log-1.txt", "*", true),
            ("", "*", true),
            ("", "", true),
            ("a*b", "a\\*b", true),
            ("axb", "a\\*b", false),
            ("abcbc", "a*bc", true),
            ("abcbd", "a*bc", false),
        ];
        for (text, pattern, wanted) in cases {
            assert_eq!(matches(text, pattern), wanted, "{text} {pattern}");
        }
    }
}
