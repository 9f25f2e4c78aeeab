//! What an expression is of a row.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::cmp::Ordering;

use serde_json::Value as Json;

use super::expression::{Expression, Operator, Wanted};
use super::function::Function;
use super::row::Row;
use super::value::Value;

/// Bytes of a text that an expression may make; `concat` and `replace` could make more.
const TEXT_BYTES_MAX: usize = 1_048_576;
/// The last millisecond of the year 9999.
const TIME_MAX: f64 = 253_402_300_799_999.0;

/// Evaluates an expression; `aggregated` are the results of `stats`, `now` is in milliseconds.
pub(super) fn evaluate(
    expression: &Expression,
    row: &Row<'_>,
    aggregated: &[Value],
    now: i64,
) -> Value {
    let eval = |expression: &Expression| evaluate(expression, row, aggregated, now);
    match expression {
        Expression::Field(name) => row.get(name),
        Expression::Literal(value) => value.clone(),
        Expression::Aggregated(number) => {
            aggregated.get(*number).cloned().unwrap_or(Value::Missing)
        }
        Expression::Not(inside) => Value::Bool(!eval(inside).is_true()),
        Expression::Negative(inside) => number(eval(inside).number().map(|number| -number)),
        Expression::Binary(Operator::And, left, right) => {
            Value::Bool(eval(left).is_true() && eval(right).is_true())
        }
        Expression::Binary(Operator::Or, left, right) => {
            Value::Bool(eval(left).is_true() || eval(right).is_true())
        }
        Expression::Binary(operator, left, right) => binary(*operator, &eval(left), &eval(right)),
        Expression::Like(left, wanted) => match (eval(left).text(), wanted) {
            (None, _) => Value::Bool(false),
            (Some(text), Wanted::Text(wanted)) => Value::Bool(text.contains(wanted.as_str())),
            (Some(text), Wanted::Match(regex)) => Value::Bool(regex.is_match(&text)),
        },
        Expression::In(left, all) => {
            let left = eval(left);
            let same = |other: &Expression| left.compare(&eval(other)) == Some(Ordering::Equal);
            Value::Bool(!left.is_missing() && all.iter().any(same))
        }
        Expression::Round { time, period, up } => {
            let Some(time) = eval(time).number() else { return Value::Missing };
            let Value::Time(time) = time_of(time) else { return Value::Missing };
            time_of(period.rounded(time, *up) as f64)
        }
        Expression::Call(Function::Now, _) => Value::Number((now / 1000) as f64),
        Expression::Call(function, arguments) => {
            let arguments: Vec<Value> = arguments.iter().map(eval).collect();
            call(*function, &arguments)
        }
    }
}

/// A number that is one.
fn number(value: Option<f64>) -> Value {
    value.filter(|value| value.is_finite()).map_or(Value::Missing, Value::Number)
}

/// A time in milliseconds since 1970, up to the end of the year 9999.
fn time_of(millis: f64) -> Value {
    match (0.0..=TIME_MAX).contains(&millis) {
        true => Value::Time(millis as i64),
        false => Value::Missing,
    }
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Value {
    let ordered = |wanted: fn(Ordering) -> bool| {
        let missing = left.is_missing() || right.is_missing();
        let order = if missing { None } else { left.compare(right) };
        Value::Bool(order.is_some_and(wanted))
    };
    let numbers = left.number().zip(right.number());
    let computed = |of: fn(f64, f64) -> f64| number(numbers.map(|(one, other)| of(one, other)));
    match operator {
        Operator::Equal => ordered(Ordering::is_eq),
        Operator::NotEqual => ordered(Ordering::is_ne),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::Add => computed(|one, other| one + other),
        Operator::Subtract => computed(|one, other| one - other),
        Operator::Multiply => computed(|one, other| one * other),
        Operator::Divide => computed(|one, other| one / other),
        Operator::Remainder => computed(|one, other| one % other),
        Operator::Power => computed(f64::powf),
        Operator::And | Operator::Or => Value::Missing,
    }
}

fn call(function: Function, arguments: &[Value]) -> Value {
    match function {
        Function::Abs
        | Function::Ceil
        | Function::Floor
        | Function::Log
        | Function::Sqrt
        | Function::Greatest
        | Function::Least => of_numbers(function, arguments),
        Function::Now => Value::Missing,
        Function::FromMillis => arguments[0].number().map_or(Value::Missing, time_of),
        Function::ToMillis => number(arguments[0].number()),
        Function::IsPresent => Value::Bool(!arguments[0].is_missing()),
        Function::Coalesce => {
            let found = arguments.iter().find(|value| !value.is_missing());
            found.cloned().unwrap_or(Value::Missing)
        }
        Function::JsonParse => structure(&arguments[0]),
        Function::JsonStringify => match &arguments[0] {
            Value::Structure(text) => Value::Text((**text).to_owned()),
            _ => Value::Missing,
        },
        Function::IsValidIp
        | Function::IsValidIpV4
        | Function::IsValidIpV6
        | Function::IsIpInSubnet
        | Function::IsIpv4InSubnet
        | Function::IsIpv6InSubnet => Value::Bool(of_addresses(function, arguments)),
        _ => of_texts(function, arguments),
    }
}

/// The map or list that a text is; nothing of any other text.
fn structure(value: &Value) -> Value {
    match value {
        Value::Structure(text) => Value::Structure(text.clone()),
        Value::Text(text) => match serde_json::from_str(text) {
            Ok(json @ (Json::Object(_) | Json::Array(_))) => Value::of_json_parsed(&json),
            _ => Value::Missing,
        },
        _ => Value::Missing,
    }
}

fn of_numbers(function: Function, arguments: &[Value]) -> Value {
    let first = arguments[0].number();
    let all = || arguments.iter().filter_map(Value::number);
    number(match function {
        Function::Abs => first.map(f64::abs),
        Function::Ceil => first.map(f64::ceil),
        Function::Floor => first.map(f64::floor),
        Function::Log => first.map(f64::ln),
        Function::Sqrt => first.map(f64::sqrt),
        Function::Greatest => all().reduce(f64::max),
        _ => all().reduce(f64::min),
    })
}

fn of_addresses(function: Function, arguments: &[Value]) -> bool {
    let text = |at: usize| arguments.get(at).and_then(Value::text).unwrap_or_default();
    let address: Option<IpAddr> = text(0).parse().ok();
    match function {
        Function::IsValidIp => address.is_some(),
        Function::IsValidIpV4 => text(0).parse::<Ipv4Addr>().is_ok(),
        Function::IsValidIpV6 => text(0).parse::<Ipv6Addr>().is_ok(),
        Function::IsIpv4InSubnet => address.is_some_and(|it| it.is_ipv4() && within(it, &text(1))),
        Function::IsIpv6InSubnet => address.is_some_and(|it| it.is_ipv6() && within(it, &text(1))),
        _ => address.is_some_and(|it| within(it, &text(1))),
    }
}

/// Whether an address is in a network such as `10.0.0.0/8`.
fn within(address: IpAddr, network: &str) -> bool {
    let Some((base, bits)) = network.split_once('/') else { return false };
    let (Ok(base), Ok(bits)) = (base.parse(), bits.parse::<u32>()) else { return false };
    let parts = match (address, base) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            Some((u128::from(one.to_bits()), u128::from(other.to_bits()), u32::BITS))
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => Some((one.to_bits(), other.to_bits(), u128::BITS)),
        _ => None,
    };
    parts.is_some_and(|(one, other, width)| {
        let shift = width.checked_sub(bits);
        shift.is_some_and(|shift| {
            one.checked_shr(shift).unwrap_or(0) == other.checked_shr(shift).unwrap_or(0)
        })
    })
}

fn of_texts(function: Function, arguments: &[Value]) -> Value {
    let text = |at: usize| arguments.get(at).and_then(Value::text);
    if function == Function::Concat {
        let whole: String = (0..arguments.len()).filter_map(text).collect();
        return Value::Text(bounded(whole));
    }
    let Some(first) = text(0) else {
        return match function {
            Function::IsEmpty | Function::IsBlank => Value::Bool(true),
            _ => Value::Missing,
        };
    };
    let letters = text(1);
    let cut = |letter: char| match &letters {
        Some(letters) => letters.contains(letter),
        None => letter.is_whitespace(),
    };
    match function {
        Function::IsEmpty => Value::Bool(first.is_empty()),
        Function::IsBlank => Value::Bool(first.trim().is_empty()),
        Function::Ltrim => Value::Text(first.trim_start_matches(cut).to_owned()),
        Function::Rtrim => Value::Text(first.trim_end_matches(cut).to_owned()),
        Function::Trim => Value::Text(first.trim_matches(cut).to_owned()),
        Function::Strlen => Value::Number(first.chars().count() as f64),
        Function::ToUpper => Value::Text(first.to_uppercase()),
        Function::ToLower => Value::Text(first.to_lowercase()),
        Function::Substr => {
            let at = |at: usize| arguments.get(at).and_then(Value::number).map(|it| it as usize);
            let taken = first.chars().skip(at(1).unwrap_or(0)).take(at(2).unwrap_or(usize::MAX));
            Value::Text(taken.collect())
        }
        Function::Replace => match (text(1), text(2)) {
            (Some(from), Some(to)) if !from.is_empty() => {
                let found = first.matches(from.as_str()).count();
                let longest = first.len().saturating_add(found.saturating_mul(to.len()));
                match longest > TEXT_BYTES_MAX {
                    true => Value::Missing,
                    false => Value::Text(first.replace(from.as_str(), &to)),
                }
            }
            _ => Value::Text(first),
        },
        Function::StrContains => {
            Value::Bool(text(1).is_some_and(|wanted| first.contains(wanted.as_str())))
        }
        _ => Value::Missing,
    }
}

fn bounded(mut text: String) -> String {
    if text.len() > TEXT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
    }
    text
}
