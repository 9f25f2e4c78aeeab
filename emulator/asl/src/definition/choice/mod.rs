//! The rules of a `Choice` state: reading them, and whether they hold.

use serde_json::{Map, Value};

use super::fields::Fields;
use super::{Choice, Kind, QueryLanguage, flow};
use crate::jsonata::Expression;
use crate::path::Path;
use crate::template::expression_in;

mod compare;

pub use compare::{Comparison, Operand};

/// `And`, `Or` and `Not` inside of one another.
const DEPTH_MAX: usize = 30;

/// When a choice is taken.
#[derive(Clone, Debug)]
pub enum Condition {
    Rule(Rule),
    Expression(Expression),
    /// A JSONata state's `true` or `false`.
    Always(bool),
}

/// A rule of a JSONPath state.
#[derive(Clone, Debug)]
pub enum Rule {
    And(Vec<Rule>),
    Or(Vec<Rule>),
    Not(Box<Rule>),
    Compare { variable: Path, comparison: Comparison, operand: Operand },
}

pub(super) fn read(fields: &mut Fields<'_>) -> Option<Kind> {
    fields.require(&["Choices"]);
    let default = fields.text("Default").map(str::to_owned);
    let all = fields.list("Choices")?;
    let mut choices = Vec::new();
    for (index, value) in all.iter().enumerate() {
        let place = format!("Choices[{index}]");
        let Some(members) = value.as_object() else {
            fields.complain("Expected value of type Object", &place);
            continue;
        };
        let mut inner = Fields::new(members, fields.place(&place), fields.language);
        let choice = read_choice(members, &mut inner);
        inner.cut_short_if(choice.is_none());
        choices.extend(choice);
        fields.found.extend(inner.finish());
    }
    (choices.len() == all.len()).then_some(Kind::Choice { choices, default })
}

fn read_choice(members: &Map<String, Value>, fields: &mut Fields<'_>) -> Option<Choice> {
    fields.text("Comment");
    fields.require(&["Next"]);
    let next = fields.text("Next").map(str::to_owned);
    let output = fields.template("Output", Some(QueryLanguage::Jsonata));
    let assign = flow::assignment(fields);
    let condition = match fields.language {
        QueryLanguage::Jsonata => read_condition(fields),
        QueryLanguage::JsonPath => read_rule(members, fields, DEPTH_MAX).map(Condition::Rule),
    };
    Some(Choice { condition: condition?, next: next?, output, assign })
}

fn read_condition(fields: &mut Fields<'_>) -> Option<Condition> {
    fields.require(&["Condition"]);
    let value = fields.get("Condition")?;
    if let Some(flag) = value.as_bool() {
        return Some(Condition::Always(flag));
    }
    let Some(source) = value.as_str().and_then(expression_in) else {
        fields.complain("Expected a JSONata expression or a Boolean", "Condition");
        return None;
    };
    match Expression::parse(source) {
        Ok(expression) => Some(Condition::Expression(expression)),
        Err(error) => {
            fields.complain(error.to_string(), "Condition");
            None
        }
    }
}

/// The rule that these members make. Members of a choice that are no rule were read before.
fn read_rule(members: &Map<String, Value>, fields: &mut Fields<'_>, depth: usize) -> Option<Rule> {
    let Some(inside) = depth.checked_sub(1) else {
        fields.complain("The rules are too deeply nested", "");
        return None;
    };
    for (field, several) in [("And", true), ("Or", true), ("Not", false)] {
        let Some(value) = fields.get(field) else { continue };
        let all = match value {
            Value::Array(all) if several && !all.is_empty() => all.iter().collect(),
            Value::Object(_) if !several => vec![value],
            _ => {
                let wanted = if several { "a non-empty Array" } else { "Object" };
                fields.complain(format!("Expected value of type {wanted}"), field);
                return None;
            }
        };
        let count = all.len();
        let mut rules = Vec::new();
        for (index, value) in all.into_iter().enumerate() {
            let place = if several { format!("{field}[{index}]") } else { field.to_owned() };
            let Some(members) = value.as_object() else {
                fields.complain("Expected value of type Object", &place);
                continue;
            };
            let mut inner = Fields::new(members, fields.place(&place), fields.language);
            inner.text("Comment");
            let rule = read_rule(members, &mut inner, inside);
            inner.cut_short_if(rule.is_none());
            rules.extend(rule);
            fields.found.extend(inner.finish());
        }
        if rules.len() < count {
            return None;
        }
        return Some(match field {
            "And" => Rule::And(rules),
            "Or" => Rule::Or(rules),
            _ => Rule::Not(Box::new(rules.swap_remove(0))),
        });
    }
    compare::read(members, fields)
}
