//! From a text to expressions.

use regex::{Regex, RegexBuilder};

use super::aggregate::Aggregate;
use super::cursor::Cursor;
use super::duration;
use super::expression::{Aggregation, Expression, Operator, Wanted};
use super::function::Function;
use super::query::QueryError;
use super::value::Value;

/// Entries of a list; ours.
pub(super) const LIST_MAX: usize = 256;
/// Parentheses, calls and signs inside of one another; ours.
const DEPTH_MAX: usize = 32;
/// Operators with two sides in a whole query; ours.
const OPERATORS_MAX: usize = 256;
/// A compiled expression's bytes.
const COMPILED_BYTES_MAX: usize = 512 * 1024;

pub(super) type Read<T> = Result<T, QueryError>;

/// One or more, parted by commas.
pub(super) fn list<T>(
    cursor: &mut Cursor<'_>,
    one: impl Fn(&mut Cursor<'_>) -> Read<T>,
) -> Read<Vec<T>> {
    let mut all = vec![one(cursor)?];
    while cursor.take(",") {
        if all.len() == LIST_MAX {
            return Err(cursor.error(format!("more than {LIST_MAX} entries in a list")));
        }
        all.push(one(cursor)?);
    }
    Ok(all)
}

/// An expression; `stats` gathers the aggregates in it, where some may be.
pub(super) fn expression(
    cursor: &mut Cursor<'_>,
    stats: &mut Option<Vec<Aggregation>>,
) -> Read<Expression> {
    cursor.depth += 1;
    if cursor.depth > DEPTH_MAX {
        return Err(cursor.error("the expression is nested too deeply"));
    }
    let mut left = conjunction(cursor, stats)?;
    while cursor.take_word("or") {
        let right = conjunction(cursor, stats)?;
        left = binary(cursor, Operator::Or, left, right)?;
    }
    cursor.depth -= 1;
    Ok(left)
}

/// Joins two expressions. A row of operators is as deep as it is long, so it has a bound.
fn binary(
    cursor: &mut Cursor<'_>,
    operator: Operator,
    left: Expression,
    right: Expression,
) -> Read<Expression> {
    cursor.operators += 1;
    if cursor.operators > OPERATORS_MAX {
        return Err(cursor.error(format!("more than {OPERATORS_MAX} operators")));
    }
    Ok(Expression::Binary(operator, Box::new(left), Box::new(right)))
}

fn conjunction(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    let mut left = negation(cursor, stats)?;
    while cursor.take_word("and") {
        let right = negation(cursor, stats)?;
        left = binary(cursor, Operator::And, left, right)?;
    }
    Ok(left)
}

fn negation(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    let mut not = false;
    while cursor.take_word("not") {
        not = !not;
    }
    let inside = comparison(cursor, stats)?;
    Ok(if not { Expression::Not(Box::new(inside)) } else { inside })
}

/// The longer ones first.
const COMPARISONS: [(&str, Operator); 7] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("==", Operator::Equal),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

fn comparison(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    let left = sum(cursor, stats)?;
    if cursor.take("=~") {
        return like(cursor, left);
    }
    if let Some((_, operator)) = COMPARISONS.iter().find(|(text, _)| cursor.take(text)) {
        let right = sum(cursor, stats)?;
        return binary(cursor, *operator, left, right);
    }
    let not = cursor.take_word("not");
    let found = if cursor.take_word("like") {
        like(cursor, left)?
    } else if cursor.take_word("in") {
        if !cursor.take("[") {
            return Err(cursor.unexpected());
        }
        let all = list(cursor, |cursor| expression(cursor, &mut None))?;
        if !cursor.take("]") {
            return Err(cursor.unexpected());
        }
        Expression::In(Box::new(left), all)
    } else if not {
        return Err(cursor.unexpected());
    } else {
        return Ok(left);
    };
    Ok(if not { Expression::Not(Box::new(found)) } else { found })
}

fn like(cursor: &mut Cursor<'_>, left: Expression) -> Read<Expression> {
    let wanted = if let Some(text) = cursor.expression()? {
        Wanted::Match(compiled(cursor, &text)?)
    } else {
        Wanted::Text(cursor.quoted()?.ok_or_else(|| cursor.unexpected())?)
    };
    Ok(Expression::Like(Box::new(left), wanted))
}

fn sum(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    let mut left = product(cursor, stats)?;
    loop {
        let operator = match cursor.peek() {
            Some('+') => Operator::Add,
            Some('-') => Operator::Subtract,
            _ => return Ok(left),
        };
        cursor.take(if operator == Operator::Add { "+" } else { "-" });
        let right = product(cursor, stats)?;
        left = binary(cursor, operator, left, right)?;
    }
}

fn product(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    let mut left = power(cursor, stats)?;
    loop {
        let (text, operator) = match cursor.peek() {
            Some('*') => ("*", Operator::Multiply),
            Some('/') => ("/", Operator::Divide),
            Some('%') => ("%", Operator::Remainder),
            _ => return Ok(left),
        };
        cursor.take(text);
        let right = power(cursor, stats)?;
        left = binary(cursor, operator, left, right)?;
    }
}

fn power(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    let mut left = unary(cursor, stats)?;
    while cursor.take("^") {
        let right = unary(cursor, stats)?;
        left = binary(cursor, Operator::Power, left, right)?;
    }
    Ok(left)
}

fn unary(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    let mut negative = false;
    while cursor.take("-") {
        negative = !negative;
    }
    let inside = primary(cursor, stats)?;
    Ok(if negative { Expression::Negative(Box::new(inside)) } else { inside })
}

fn primary(cursor: &mut Cursor<'_>, stats: &mut Option<Vec<Aggregation>>) -> Read<Expression> {
    if cursor.take("(") {
        let inside = expression(cursor, stats)?;
        return if cursor.take(")") { Ok(inside) } else { Err(cursor.unexpected()) };
    }
    if let Some(text) = cursor.quoted()? {
        return Ok(Expression::Literal(Value::Text(text)));
    }
    if cursor.peek().is_some_and(|letter| letter.is_ascii_digit()) {
        let mut before = cursor.clone();
        let text = cursor.run(|letter| letter.is_ascii_digit() || letter == '.');
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        let number = number.ok_or_else(|| before.unexpected())?;
        return Ok(Expression::Literal(Value::Number(number)));
    }
    let mut before = cursor.clone();
    let is_quoted = cursor.peek() == Some('`');
    let name = cursor.name().ok_or_else(|| before.unexpected())?;
    if !is_quoted && cursor.take("(") {
        return call(cursor, &name, stats, &mut before);
    }
    Ok(match name.to_ascii_lowercase().as_str() {
        "true" if !is_quoted => Expression::Literal(Value::Bool(true)),
        "false" if !is_quoted => Expression::Literal(Value::Bool(false)),
        _ => Expression::Field(name),
    })
}

/// A call, whose name and opening parenthesis were taken.
fn call(
    cursor: &mut Cursor<'_>,
    name: &str,
    stats: &mut Option<Vec<Aggregation>>,
    before: &mut Cursor<'_>,
) -> Read<Expression> {
    let lower = name.to_ascii_lowercase();
    let close = |cursor: &mut Cursor<'_>| match cursor.take(")") {
        true => Ok(()),
        false => Err(cursor.unexpected()),
    };
    if matches!(lower.as_str(), "bin" | "datefloor" | "dateceil") {
        let time = match lower.as_str() {
            "bin" => Expression::Field("@timestamp".to_owned()),
            _ => expression(cursor, &mut None)?,
        };
        if lower != "bin" && !cursor.take(",") {
            return Err(cursor.unexpected());
        }
        let period = duration::read(cursor).ok_or_else(|| cursor.unexpected())?;
        close(cursor)?;
        let up = lower == "dateceil";
        return Ok(Expression::Round { time: Box::new(time), period, up });
    }
    if let (Some(aggregations), Some(aggregate)) = (stats.as_mut(), Aggregate::find(name)) {
        let number = aggregations.len();
        let aggregation = aggregation(cursor, aggregate)?;
        close(cursor)?;
        aggregations.push(aggregation);
        return Ok(Expression::Aggregated(number));
    }
    let (function, min, max) = Function::find(name).ok_or_else(|| before.unexpected())?;
    let arguments = match cursor.peek() {
        Some(')') => Vec::new(),
        _ => list(cursor, |cursor| expression(cursor, &mut None))?,
    };
    close(cursor)?;
    if !(min..=max).contains(&arguments.len()) {
        let text = format!("{name} takes {min} to {max} arguments");
        return Err(before.error(text));
    }
    Ok(Expression::Call(function, arguments))
}

fn aggregation(cursor: &mut Cursor<'_>, aggregate: Aggregate) -> Read<Aggregation> {
    let everything = cursor.take("*");
    let is_empty = cursor.peek() == Some(')');
    if aggregate == Aggregate::Count && (everything || is_empty) {
        return Ok(Aggregation { aggregate, of: None });
    }
    let of = Some(expression(cursor, &mut None)?);
    let Aggregate::Pct(_) = aggregate else { return Ok(Aggregation { aggregate, of }) };
    let percent = match cursor.take(",") {
        true => {
            cursor.peek();
            cursor.run(|letter| letter.is_ascii_digit() || letter == '.').parse().ok()
        }
        false => None,
    };
    let percent = percent.filter(|percent: &f64| (0.0..=100.0).contains(percent));
    let percent = percent.ok_or_else(|| cursor.unexpected())?;
    Ok(Aggregation { aggregate: Aggregate::Pct(percent), of })
}

/// A regular expression.
pub(super) fn compiled(cursor: &mut Cursor<'_>, text: &str) -> Read<Regex> {
    let built = RegexBuilder::new(text).size_limit(COMPILED_BYTES_MAX).build();
    built.map_err(|_| cursor.error(format!("/{text}/ is no regular expression")))
}
