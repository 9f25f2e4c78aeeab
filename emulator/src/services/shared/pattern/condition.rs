//! The operators: `{"prefix": "a"}` and its relatives inside a pattern's array.
//!
//! Every refusal has AWS's words and place, so this reads tokens in the order in which AWS does.

use super::PatternError;
use super::address::AddressRange;
use super::matcher::{Bound, Case, Matcher, Wildcard};
use super::tokens::{Token, Tokens};

const ONE_KEY: &str = "Only one key allowed in match expression";
const TOO_MANY: &str = "Too many elements in numeric expression";
const ANYTHING_BUT_VALUE: &str =
    "Value of anything-but must be an array or single string/number value.";

/// Which service's version of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    EventPattern,
    /// SNS stays behind: no ignored case in affixes, fewer forms of `anything-but`.
    /// Recorded on 2024-05-15.
    FilterPolicy,
}

/// The operators that `anything-but` can turn round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Negated {
    Value,
    EqualsIgnoreCase,
    Prefix,
    Suffix,
    Wildcard,
}

/// One operator, whose object has just been opened; reads to the end of that object.
pub(super) fn read_condition(
    tokens: &mut Tokens<'_>,
    dialect: Dialect,
) -> Result<Matcher, PatternError> {
    let Token::Name(operator) = tokens.next()? else {
        return Err(tokens.error("Match expression name not found"));
    };
    let matcher = match operator.as_str() {
        "exactly" => string(tokens, "exact").map(Matcher::exactly)?,
        "prefix" | "suffix" => affix(tokens, &operator, dialect)?,
        "numeric" => return numeric(tokens),
        "anything-but" => return anything_but(tokens, dialect),
        "exists" => match tokens.next()? {
            Token::True => Matcher::Exists,
            Token::False => Matcher::Absent,
            _ => {
                return Err(tokens.error("exists match pattern must be either true or false."));
            }
        },
        // AWS calls it a prefix too.
        "cidr" => AddressRange::from_cidr(&string(tokens, "prefix")?).map(Matcher::Cidr)?,
        "equals-ignore-case" => string(tokens, &operator).map(Matcher::EqualsIgnoreCase)?,
        "wildcard" => {
            let text = string(tokens, &operator)?;
            wildcard(tokens, &text)?
        }
        _ => return Err(tokens.error(&format!("Unrecognized match type {operator}"))),
    };
    close(tokens, ONE_KEY)?;
    Ok(matcher)
}

fn close(tokens: &mut Tokens<'_>, otherwise: &str) -> Result<(), PatternError> {
    match tokens.next()? {
        Token::EndObject => Ok(()),
        _ => Err(tokens.error(otherwise)),
    }
}

fn string(tokens: &mut Tokens<'_>, operator: &str) -> Result<String, PatternError> {
    match tokens.next()? {
        Token::String => tokens.text(),
        _ => Err(tokens.error(&format!("{operator} match pattern must be a string"))),
    }
}

fn wildcard(tokens: &Tokens<'_>, text: &str) -> Result<Matcher, PatternError> {
    Wildcard::parse(text).map(Matcher::Wildcard).map_err(|reason| tokens.error(&reason))
}

fn affix(
    tokens: &mut Tokens<'_>,
    operator: &str,
    dialect: Dialect,
) -> Result<Matcher, PatternError> {
    let (text, case) = match tokens.next()? {
        Token::String => (tokens.text()?, Case::Matters),
        Token::StartObject if dialect == Dialect::EventPattern => {
            match tokens.next()? {
                Token::Name(name) if name == "equals-ignore-case" => {}
                Token::Name(name) => {
                    let reason = format!("Unsupported {operator} pattern: {name}");
                    return Err(tokens.error(&reason));
                }
                _ => {
                    let noun = if operator == "prefix" { "Prefix" } else { "Suffix" };
                    return Err(tokens.error(&format!("{noun} expression name not found")));
                }
            }
            let text = string(tokens, "equals-ignore-case")?;
            close(tokens, ONE_KEY)?;
            (text, Case::Ignored)
        }
        _ => return Err(tokens.error(&format!("{operator} match pattern must be a string"))),
    };
    Ok(match operator {
        "prefix" => Matcher::Prefix { text, case },
        _ => Matcher::Suffix { text, case },
    })
}

/// `[">", 0, "<=", 5]` and the end of the object.
fn numeric(tokens: &mut Tokens<'_>) -> Result<Matcher, PatternError> {
    if tokens.next()? != Token::StartArray {
        return Err(tokens.error("Value of numeric must be an array."));
    }
    let operator = match tokens.next()? {
        Token::String => tokens.text()?,
        other => {
            let reason = format!("Invalid member in numeric match: {}", tokens.shown(&other));
            return Err(tokens.error(&reason));
        }
    };
    let noun = if operator == "=" { "equals" } else { operator.as_str() };
    let operand = tokens.next()?;
    if !matches!(operator.as_str(), "=" | "<" | "<=" | ">" | ">=") {
        return Err(tokens.error(&format!("Unrecognized numeric range operator: {operator}")));
    }
    if operand != Token::Number {
        return Err(tokens.error(&format!("Value of {noun} must be numeric")));
    }
    let value = tokens.number()?;
    let bound = Some(Bound { value, included: operator.ends_with('=') });
    let next = tokens.next()?;
    let matcher = match (operator.as_str(), next) {
        (">" | ">=", Token::EndArray) => Matcher::Range { low: bound, high: None },
        (">" | ">=", next) => {
            let high = upper_bound(tokens, &next)?;
            if high.value <= value {
                return Err(tokens.error("Bottom must be less than top"));
            }
            Matcher::Range { low: bound, high: Some(high) }
        }
        ("=", Token::EndArray) => Matcher::Number(value),
        (_, Token::EndArray) => Matcher::Range { low: None, high: bound },
        _ => return Err(tokens.error(TOO_MANY)),
    };
    close(tokens, TOO_MANY)?;
    Ok(matcher)
}

fn upper_bound(tokens: &mut Tokens<'_>, operator: &Token) -> Result<Bound, PatternError> {
    if *operator != Token::String {
        let reason = format!("Bad value in numeric range: {}", tokens.shown(operator));
        return Err(tokens.error(&reason));
    }
    let operator = tokens.text()?;
    if !matches!(operator.as_str(), "<" | "<=") {
        return Err(tokens.error(&format!("Bad numeric range operator: {operator}")));
    }
    if tokens.next()? != Token::Number {
        return Err(tokens.error(&format!("Value of {operator} must be numeric")));
    }
    let value = tokens.number()?;
    if tokens.next()? != Token::EndArray {
        return Err(tokens.error("Too many terms in numeric range expression"));
    }
    Ok(Bound { value, included: operator == "<=" })
}

/// The value of `anything-but` and the end of the object.
fn anything_but(tokens: &mut Tokens<'_>, dialect: Dialect) -> Result<Matcher, PatternError> {
    let mut value = tokens.next()?;
    let mut negated = Negated::Value;
    if value == Token::StartObject {
        negated = negated_operator(tokens, dialect)?;
        value = tokens.next()?;
        // Recorded for SNS: there the prefix is read before anything else is checked.
        let is_prefix_of_sns = dialect == Dialect::FilterPolicy && negated == Negated::Prefix;
        if is_prefix_of_sns && value != Token::String {
            return Err(tokens.error("prefix match pattern must be a string"));
        }
    }
    let matchers = match value {
        Token::StartArray => {
            // AWS wraps what goes wrong inside a list, so the place is named twice.
            anything_but_list(tokens, negated).map_err(|error| tokens.error(&error.reason))?
        }
        Token::String | Token::Number => vec![anything_but_value(tokens, &value, negated)?],
        _ => return Err(tokens.error(ANYTHING_BUT_VALUE)),
    };
    if negated == Negated::Value {
        let numbers = matchers.iter().filter(|m| matches!(m, Matcher::Number(_))).count();
        if matchers.is_empty() || (numbers > 0 && numbers < matchers.len()) {
            return Err(tokens.error(
                "Inside anything but list, either all values are number or string, mixed type is \
                 not supported",
            ));
        }
    } else {
        close(tokens, TOO_MANY)?;
    }
    close(tokens, TOO_MANY)?;
    Ok(Matcher::AnythingBut(matchers))
}

fn negated_operator(tokens: &mut Tokens<'_>, dialect: Dialect) -> Result<Negated, PatternError> {
    let Token::Name(name) = tokens.next()? else {
        return Err(tokens.error("Anything-But expression name not found"));
    };
    match (name.as_str(), dialect) {
        ("prefix", _) => Ok(Negated::Prefix),
        ("wildcard", _) => Ok(Negated::Wildcard),
        ("suffix", Dialect::EventPattern) => Ok(Negated::Suffix),
        ("equals-ignore-case", Dialect::EventPattern) => Ok(Negated::EqualsIgnoreCase),
        _ => Err(tokens.error(&format!("Unsupported anything-but pattern: {name}"))),
    }
}

fn anything_but_list(
    tokens: &mut Tokens<'_>,
    negated: Negated,
) -> Result<Vec<Matcher>, PatternError> {
    let mut matchers = Vec::new();
    loop {
        match tokens.next()? {
            Token::EndArray => return Ok(matchers),
            value => matchers.push(anything_but_value(tokens, &value, negated)?),
        }
    }
}

fn anything_but_value(
    tokens: &mut Tokens<'_>,
    value: &Token,
    negated: Negated,
) -> Result<Matcher, PatternError> {
    if negated == Negated::Value && *value == Token::Number {
        return tokens.number().map(Matcher::Number);
    }
    if *value != Token::String {
        return Err(tokens.error(match negated {
            Negated::Value => "Inside anything but list, start|null|boolean is not supported.",
            Negated::EqualsIgnoreCase => {
                "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not \
                 supported."
            }
            Negated::Prefix | Negated::Suffix => "prefix/suffix match pattern must be a string",
            Negated::Wildcard => "wildcard match pattern must be a string",
        }));
    }
    let text = tokens.text()?;
    if text.is_empty() && matches!(negated, Negated::Prefix | Negated::Suffix) {
        return Err(tokens.error("Null prefix/suffix not allowed"));
    }
    let case = Case::Matters;
    Ok(match negated {
        Negated::Value => Matcher::exactly(text),
        Negated::EqualsIgnoreCase => Matcher::EqualsIgnoreCase(text),
        Negated::Prefix => Matcher::Prefix { text, case },
        Negated::Suffix => Matcher::Suffix { text, case },
        Negated::Wildcard => wildcard(tokens, &text)?,
    })
}
