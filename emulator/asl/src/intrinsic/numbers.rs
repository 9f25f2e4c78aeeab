//! `States.MathAdd`, `States.MathRandom` and `States.ArrayRange`.

use serde_json::Value;

use crate::random::Random;

/// Values that a range may have.
const RANGE_MAX: usize = 1_000;

fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("{value} is not a number"))
}

/// Functions take whole numbers and round others.
fn whole(value: &Value) -> Result<i64, String> {
    Ok(number(value)?.round() as i64)
}

pub(super) fn add(arguments: &[Value]) -> Result<Value, String> {
    let sum = whole(&arguments[0])?.checked_add(whole(&arguments[1])?);
    sum.map(Value::from).ok_or_else(|| "The sum is out of bounds".into())
}

/// From the first number, inclusive, to the second, exclusive. The same seed, the same number.
pub(super) fn random(arguments: &[Value], random: &mut Random) -> Result<Value, String> {
    let (first, last) = (whole(&arguments[0])?, whole(&arguments[1])?);
    let width = last.checked_sub(first).and_then(|it| u64::try_from(it).ok()).unwrap_or(0);
    if width == 0 {
        return Err("The start number must be less than the end number".into());
    }
    let drawn = match arguments.get(2) {
        Some(seed) => Random::new(whole(seed)? as u64).below(width),
        None => random.below(width),
    };
    Ok(Value::from(first + drawn as i64))
}

pub(super) fn range(arguments: &[Value]) -> Result<Value, String> {
    let (first, last) = (whole(&arguments[0])?, whole(&arguments[1])?);
    let step = whole(&arguments[2])?;
    let count = range_length(first as f64, last as f64, step as f64).ok_or_else(|| {
        format!("The range must have between 1 and {RANGE_MAX} values, and an increment")
    })?;
    Ok((0..count as i64).map(|index| Value::from(first + step * index)).collect())
}

/// How many values a range has, `last` included; none, if there are more than a thousand or the
/// step leads nowhere.
pub(crate) fn range_length(first: f64, last: f64, step: f64) -> Option<usize> {
    if step == 0.0 {
        return None;
    }
    let steps = ((last - first) / step).floor();
    let count = if steps < 0.0 { 0 } else { steps as usize + 1 };
    (count <= RANGE_MAX).then_some(count)
}
