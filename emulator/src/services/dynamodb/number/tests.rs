use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn prints_as_aws_does() {
    let nines = "9".repeat(38);
    for (text, printed) in [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("007", "7"),
        ("1.50", "1.5"),
        ("+2", "2"),
        ("-1.25e2", "-125"),
        ("1e3", "1000"),
        ("12E-4", "0.0012"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0e125", "0"),
        ("0.0e126", "0"),
        ("0e-130", "0"),
        (nines.as_str(), nines.as_str()),
    ] {
        assert_eq!(number(text).to_string(), printed, "{text}");
    }
    assert_eq!(number("1e125").to_string(), format!("1{}", "0".repeat(125)));
    assert_eq!(number("1e-130").to_string(), format!("0.{}1", "0".repeat(129)));
}

#[test]
fn refuses_with_aws_texts() {
    let too_long = format!("1{}1", "0".repeat(37));
    for (text, error) in [
        ("", "The parameter cannot be converted to a numeric value"),
        ("abc", "The parameter cannot be converted to a numeric value: abc"),
        ("1 ", "The parameter cannot be converted to a numeric value: 1 "),
        ("-", "The parameter cannot be converted to a numeric value: -"),
        ("1e", "The parameter cannot be converted to a numeric value: 1e"),
        ("NaN", "The parameter cannot be converted to a numeric value: NaN"),
        (
            "1e126",
            "Number overflow. Attempting to store a number with magnitude larger than \
             supported range",
        ),
        (
            "-1e99999999999999999999",
            "Number overflow. Attempting to store a number with magnitude larger than \
             supported range",
        ),
        (
            "0e126",
            "Number overflow. Attempting to store a number with magnitude larger than \
             supported range",
        ),
        (
            "-0.0e-130",
            "Number underflow. Attempting to store a number with magnitude smaller than \
             supported range",
        ),
        (
            "1e-131",
            "Number underflow. Attempting to store a number with magnitude smaller than \
             supported range",
        ),
        (too_long.as_str(), "Attempting to store more than 38 significant digits in a Number"),
    ] {
        assert_eq!(text.parse::<Number>().unwrap_err().to_string(), error, "{text}");
    }
}

#[test]
fn adds_exactly() {
    for (left, right, sum) in [
        ("0.1", "0.2", "0.3"),
        ("1", "-1", "0"),
        ("-5", "3", "-2"),
        ("5", "-8", "-3"),
        ("99", "1", "100"),
        ("1e20", "1", "100000000000000000001"),
        ("0", "-4", "-4"),
    ] {
        assert_eq!(number(left).add(number(right)).unwrap().to_string(), sum);
    }
    assert_eq!(number("3").subtract(number("5")).unwrap(), number("-2"));
    assert_eq!(number("1e40").add(number("1")), Err(NumberError::TooManyDigits));
    let largest = number(&format!("{}e88", "9".repeat(38)));
    assert_eq!(largest.add(largest), Err(NumberError::Overflow));
}

#[test]
fn sizes_follow_the_digits() {
    for (text, size) in [
        ("0", 1),
        ("1", 2),
        ("12", 2),
        ("123", 3),
        ("-123", 4),
        ("1000", 2),
        ("100", 2),
        ("0.1", 2),
        ("0.12", 2),
        ("0.01", 2),
        ("0.012", 3),
        ("1.2", 3),
        ("12.3", 3),
        ("12.34", 3),
        ("1.234", 4),
        ("-1.5", 4),
        ("1e-130", 2),
        ("1e125", 2),
    ] {
        assert_eq!(number(text).size(), size, "{text}");
    }
    assert_eq!(number(&"9".repeat(38)).size(), 20);
}

proptest! {
    #[test]
    fn agrees_with_integers(left in -1_000_000_000_000i64.., right: i32, scale in -20i32..20) {
        let of = |value: i64| number(&format!("{value}e{scale}"));
        let (left, right) = (left / 2, i64::from(right));
        prop_assert_eq!(of(left).cmp(&of(right)), left.cmp(&right));
        prop_assert_eq!(of(left).add(of(right)).unwrap(), of(left + right));
        prop_assert_eq!(of(left).subtract(of(right)).unwrap(), of(left - right));
        prop_assert_eq!(number(&of(left).to_string()), of(left));
    }
}
