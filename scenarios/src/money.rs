//! Prices as scripts write them.

use serde_json::Value;

/// `"49.90"`, `"5"` or `5` in hundredths. Fractions are texts, so that no rounding creeps in.
pub(crate) fn minor_units(price: &Value) -> Result<u64, String> {
    let text = match price {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => other.to_string(),
    };
    let wrong = || format!("a unit_price is like \"49.90\", not {price}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || cents.len() != 2 || !digits(whole) || !digits(cents) {
        return Err(wrong());
    }
    format!("{whole}{cents}").parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::minor_units;
    use serde_json::{Value, json};

    #[test]
    fn prices() {
        let check = |price: Value, wanted: Option<u64>| {
            assert_eq!(minor_units(&price).ok(), wanted, "{price}");
        };
        check(json!("49.90"), Some(4990));
        check(json!("5"), Some(500));
        check(json!(5), Some(500));
        for wrong in
            [json!("49.9"), json!(49.9), json!(""), json!(".50"), json!("-1.00"), json!(null)]
        {
            check(wrong, None);
        }
    }
}
