//! Which texts are numbers to SQS. It checks them and hands them on as text.
//!
//! Limits: 38 significant digits, from 10^-128 to 10^+126.
//! Source: developer guide "Amazon SQS message metadata", "Message attribute data types".

const DIGITS_MAX: usize = 38;
const EXPONENT_MIN: i64 = -128;
const EXPONENT_MAX: i64 = 126;

/// Whether `text` is a decimal number within SQS's range and precision.
pub(super) fn is_valid(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, Some(0)),
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(exponent) = exponent.filter(|_| is_digits(whole) && is_digits(fraction)) else {
        return false;
    };
    if whole.is_empty() && fraction.is_empty() {
        return false;
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return true;
    }
    let leading_zeros = digits.len() - significant.len();
    // The power of ten of the first significant digit.
    let power = whole.len() as i64 - leading_zeros as i64 - 1 + i64::from(exponent);
    significant.trim_end_matches('0').len() <= DIGITS_MAX
        && (EXPONENT_MIN..=EXPONENT_MAX).contains(&power)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn numbers_are_decimal_and_within_range_and_precision() {
        let digits = |count: usize| "7".repeat(count);
        let cases = [
            ("0", true),
            ("-12.50", true),
            ("+.5", true),
            ("5.", true),
            ("1e126", true),
            ("9.9E+126", true),
            ("1e127", false),
            ("1e-128", true),
            ("0.9e-128", false),
            ("0e999", true),
            (&digits(38), true),
            (&digits(39), false),
            (&format!("{}000", digits(38)), true),
            (&format!("0.00{}", digits(38)), true),
            ("", false),
            (".", false),
            ("1,5", false),
            ("0x10", false),
            ("NaN", false),
            ("inf", false),
            ("1e", false),
            ("1e1.5", false),
            ("--1", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_valid(text), expected, "{text}");
        }
    }
}
