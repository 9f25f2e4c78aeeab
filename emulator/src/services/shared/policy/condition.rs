//! Whether a condition holds: operators, set operators and policy variables.
//!
//! Source: IAM user guide, "IAM JSON policy elements: Condition operators", "Set operators for
//! multivalued context keys", "Variables and tags".

use super::decide::PolicyRequest;
use super::document::Condition;
use super::glob::{arn_like, like};
use super::variables::{Filled, fill};
use crate::wire::Timestamp;

/// What becomes of one condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Holds,
    Fails,
    /// The operator is not evaluated here.
    Unsupported,
}

impl From<bool> for Outcome {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// How many of a key's values a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantifier {
    TheOne,
    Any,
    All,
}

/// Compares what the policy wants with what the request has.
type Test = fn(&Filled, &str) -> bool;

impl Condition {
    /// Whether it holds for `request`, in a policy with variables or without.
    pub(super) fn outcome(&self, request: &PolicyRequest<'_>, variables: bool) -> Outcome {
        let (quantifier, operator) = match self.operator.split_once(':') {
            None => (Quantifier::TheOne, self.operator.as_str()),
            Some(("ForAnyValue", operator)) => (Quantifier::Any, operator),
            Some(("ForAllValues", operator)) => (Quantifier::All, operator),
            Some(_) => return Outcome::Unsupported,
        };
        let (operator, if_exists) = match operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (operator, false),
        };
        let actual = request.key(&self.key);
        if operator == "Null" {
            let absent = if actual.is_none() { "true" } else { "false" };
            return Outcome::from(self.values.iter().any(|wanted| wanted == absent));
        }
        let Some(test) = test_of(&operator.replacen("Not", "", 1)) else {
            return Outcome::Unsupported;
        };
        let negated = operator.contains("Not");
        let Some(actual) = actual else {
            let without_values = quantifier == Quantifier::All;
            let negated = negated && quantifier == Quantifier::TheOne;
            return Outcome::from(without_values || negated || if_exists);
        };
        // Every key has one value here, of which all set operators say the same.
        let wanted = |text: &String| {
            let filled = if variables { fill(text, request) } else { Some(Filled::plain(text)) };
            // A variable without a value is like nothing.
            filled.is_some_and(|filled| test(&filled, &actual))
        };
        Outcome::from(self.values.iter().any(wanted) != negated)
    }
}

/// The test of an operator without its `Not`.
fn test_of(operator: &str) -> Option<Test> {
    Some(match operator {
        "StringEquals" | "BinaryEquals" => |wanted, actual| wanted.text() == actual,
        "StringEqualsIgnoreCase" | "Bool" => {
            |wanted, actual| wanted.text().eq_ignore_ascii_case(actual)
        }
        "StringLike" => like,
        "ArnEquals" | "ArnLike" => arn_like,
        "NumericEquals" => |wanted, actual| numbers(wanted, actual, |w, a| a == w),
        "NumericLessThan" => |wanted, actual| numbers(wanted, actual, |w, a| a < w),
        "NumericLessThanEquals" => |wanted, actual| numbers(wanted, actual, |w, a| a <= w),
        "NumericGreaterThan" => |wanted, actual| numbers(wanted, actual, |w, a| a > w),
        "NumericGreaterThanEquals" => |wanted, actual| numbers(wanted, actual, |w, a| a >= w),
        "DateEquals" => |wanted, actual| dates(wanted, actual, |w, a| a == w),
        "DateLessThan" => |wanted, actual| dates(wanted, actual, |w, a| a < w),
        "DateLessThanEquals" => |wanted, actual| dates(wanted, actual, |w, a| a <= w),
        "DateGreaterThan" => |wanted, actual| dates(wanted, actual, |w, a| a > w),
        "DateGreaterThanEquals" => |wanted, actual| dates(wanted, actual, |w, a| a >= w),
        // Differs from AWS: conditions on IP addresses are not evaluated: a statement that allows
        // does not apply, one that denies does.
        _ => return None,
    })
}

fn numbers(wanted: &Filled, actual: &str, test: fn(f64, f64) -> bool) -> bool {
    let wanted = wanted.text().parse().ok();
    wanted.zip(actual.parse().ok()).is_some_and(|(wanted, actual)| test(wanted, actual))
}

fn dates(wanted: &Filled, actual: &str, test: fn(i64, i64) -> bool) -> bool {
    let wanted = moment(wanted.text());
    wanted.zip(moment(actual)).is_some_and(|(wanted, actual)| test(wanted, actual))
}

/// ISO 8601 or seconds since 1970, in milliseconds.
fn moment(text: &str) -> Option<i64> {
    let seconds = || text.parse::<i64>().ok()?.checked_mul(1000);
    Timestamp::parse_iso(text).map(Timestamp::millis).or_else(seconds)
}
