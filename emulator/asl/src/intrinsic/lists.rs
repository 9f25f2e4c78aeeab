//! `States.Array...` and `States.JsonMerge`.

use serde_json::Value;

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("{value} is not an array"))
}

fn whole(value: &Value) -> Result<i64, String> {
    let number = value.as_f64().ok_or_else(|| format!("{value} is not a number"))?;
    Ok(number.round() as i64)
}

pub(super) fn partition(arguments: &[Value]) -> Result<Value, String> {
    let items = list(&arguments[0])?;
    let size = usize::try_from(whole(&arguments[1])?).unwrap_or(0);
    if size == 0 {
        return Err("The chunk size must be a positive integer".into());
    }
    Ok(items.chunks(size).map(|chunk| Value::Array(chunk.to_vec())).collect())
}

pub(super) fn contains(arguments: &[Value]) -> Result<Value, String> {
    Ok(Value::Bool(list(&arguments[0])?.contains(&arguments[1])))
}

pub(super) fn get_item(arguments: &[Value]) -> Result<Value, String> {
    let items = list(&arguments[0])?;
    let index = whole(&arguments[1])?;
    let item = usize::try_from(index).ok().and_then(|at| items.get(at));
    let item = item.ok_or_else(|| format!("The index {index} is out of the array's bounds"))?;
    Ok(item.clone())
}

pub(super) fn length(arguments: &[Value]) -> Result<Value, String> {
    Ok(Value::from(list(&arguments[0])?.len()))
}

pub(super) fn unique(arguments: &[Value]) -> Result<Value, String> {
    let items = list(&arguments[0])?;
    let mut seen = std::collections::HashSet::new();
    let new = items.iter().filter(|item| seen.insert(item.to_string()));
    Ok(new.cloned().collect())
}

/// A shallow merge; AWS has no deep one.
pub(super) fn merge(arguments: &[Value]) -> Result<Value, String> {
    let (Some(first), Some(second)) = (arguments[0].as_object(), arguments[1].as_object()) else {
        return Err("JsonMerge takes two JSON objects".into());
    };
    if arguments[2] != Value::Bool(false) {
        return Err("JsonMerge only supports the shallow merging mode: false".into());
    }
    let mut merged = first.clone();
    merged.extend(second.clone());
    Ok(Value::Object(merged))
}
