//! DynamoDB's numbers: decimals of 38 significant digits, exact, from 1E-130 to 9.99…E+125.
//!
//! Knows nothing of attributes or expressions. No floats: a value is sign, digits and exponent.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Significant digits that a number may have.
const DIGITS_MAX: u32 = 38;
/// The power of ten of the first digit of the largest number.
const MAGNITUDE_MAX: i64 = 125;
/// The power of ten of the first digit of the smallest number above zero.
const MAGNITUDE_MIN: i64 = -130;

/// A decimal number, normalised: no trailing zeros in the digits, and zero has one form.
///
/// It is packed, since a value of 16 bytes would else be aligned to 16, and with it every value of
/// an item.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(Rust, packed(8))]
pub struct Number {
    negative: bool,
    /// At most 38 digits.
    digits: u128,
    exponent: i16,
}

/// Why a text or a sum is not a number that DynamoDB stores. The texts are AWS's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("The parameter cannot be converted to a numeric value")]
    Empty,
    #[error("The parameter cannot be converted to a numeric value: {0}")]
    NotNumeric(String),
    #[error(
        "Number overflow. Attempting to store a number with magnitude larger than supported range"
    )]
    Overflow,
    #[error(
        "Number underflow. Attempting to store a number with magnitude smaller than supported range"
    )]
    Underflow,
    #[error("Attempting to store more than 38 significant digits in a Number")]
    TooManyDigits,
}

impl Number {
    pub(crate) const ZERO: Self = Self { negative: false, digits: 0, exponent: 0 };

    /// The exact sum. Fails when it does not fit 38 digits or the range.
    pub(crate) fn add(self, other: Self) -> Result<Self, NumberError> {
        if self.digits == 0 {
            return Ok(other);
        }
        if other.digits == 0 {
            return Ok(self);
        }
        let exponent = self.exponent.min(other.exponent);
        let left = self.digits_at(exponent)?;
        let right = other.digits_at(exponent)?;
        let sum = if self.negative == other.negative {
            add_digits(&left, &right)
        } else {
            match compare_digits(&left, &right) {
                Ordering::Equal => return Ok(Self::ZERO),
                Ordering::Greater => subtract_digits(&left, &right),
                Ordering::Less => subtract_digits(&right, &left),
            }
        };
        let larger_is_left = compare_digits(&left, &right).is_ge();
        let negative = if larger_is_left { self.negative } else { other.negative };
        Self::from_digits(negative, &sum, i64::from(exponent))
    }

    /// The exact difference. Fails like [`Number::add`].
    pub(crate) fn subtract(self, other: Self) -> Result<Self, NumberError> {
        self.add(other.negated())
    }

    /// Bytes that the number counts for in an item's size: one for two digits, and one or two more.
    ///
    /// Digits are stored in pairs that are aligned at the decimal point, so `1.2` is two pairs.
    pub(crate) fn size(self) -> usize {
        if self.digits == 0 {
            return 1;
        }
        let pairs = self.magnitude().div_euclid(2) - i64::from(self.exponent).div_euclid(2) + 1;
        let pairs = usize::try_from(pairs).expect("the last digit is not before the first");
        pairs + 1 + usize::from(self.negative)
    }

    /// The number without its fraction, if it fits 64 bits.
    pub(crate) fn whole(self) -> Option<i64> {
        let size = match u32::try_from(self.exponent) {
            Ok(zeros) => self.digits.checked_mul(10u128.checked_pow(zeros)?)?,
            Err(_) => match 10u128.checked_pow(self.exponent.unsigned_abs().into()) {
                Some(scale) => self.digits / scale,
                None => 0,
            },
        };
        let size = i64::try_from(size).ok()?;
        Some(if self.negative { -size } else { size })
    }

    /// The number of a text of a few digits; `None` for every other text. Most numbers are such.
    fn of_whole(text: &str) -> Option<Self> {
        /// Digits that 64 bits surely hold.
        const FEW: usize = 18;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        if !(1..=FEW).contains(&digits.len()) || !digits.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let mut rest = digits.bytes().fold(0_u64, |all, it| all * 10 + u64::from(it - b'0'));
        if rest == 0 {
            return Some(Self::ZERO);
        }
        let mut exponent = 0;
        while rest % 10 == 0 {
            rest /= 10;
            exponent += 1;
        }
        Some(Self { negative, digits: u128::from(rest), exponent })
    }

    fn negated(self) -> Self {
        Self { negative: !self.negative && self.digits != 0, ..self }
    }

    /// The digits (least significant first) when written with `exponent`, which is not above ours.
    fn digits_at(self, exponent: i16) -> Result<Vec<u8>, NumberError> {
        let shift = usize::try_from(self.exponent - exponent).map_err(|_| NumberError::Overflow)?;
        let mut out = vec![0; shift];
        let mut rest = self.digits;
        while rest > 0 {
            out.push((rest % 10) as u8);
            rest /= 10;
        }
        Ok(out)
    }

    /// Builds from digits (least significant first), checking precision and range.
    fn from_digits(negative: bool, digits: &[u8], exponent: i64) -> Result<Self, NumberError> {
        let Some(last) = digits.iter().rposition(|digit| *digit != 0) else {
            return Ok(Self::ZERO);
        };
        let first = digits.iter().position(|digit| *digit != 0).unwrap_or(last);
        let magnitude = exponent.saturating_add(last as i64);
        if magnitude > MAGNITUDE_MAX {
            return Err(NumberError::Overflow);
        }
        if magnitude < MAGNITUDE_MIN {
            return Err(NumberError::Underflow);
        }
        if last - first + 1 > DIGITS_MAX as usize {
            return Err(NumberError::TooManyDigits);
        }
        let significant = &digits[first..=last];
        Ok(Self {
            negative,
            digits: significant
                .iter()
                .rev()
                .fold(0, |value, digit| value * 10 + u128::from(*digit)),
            exponent: i16::try_from(exponent + first as i64)
                .expect("the magnitude and the digits are bounded"),
        })
    }

    fn magnitude(self) -> i64 {
        i64::from(self.exponent) + i64::from(digit_count(self.digits)) - 1
    }

    fn compare_magnitude(self, other: Self) -> Ordering {
        let (one, two) = (self.digits, other.digits);
        if one == 0 || two == 0 || self.exponent == other.exponent {
            return one.cmp(&two);
        }
        self.magnitude().cmp(&other.magnitude()).then_with(|| {
            // Both scaled to 38 digits: comparable, and below 10^38.
            let scale =
                |number: Self| number.digits * 10u128.pow(DIGITS_MAX - digit_count(number.digits));
            scale(self).cmp(&scale(other))
        })
    }
}

fn digit_count(digits: u128) -> u32 {
    digits.checked_ilog10().map_or(1, |log| log + 1)
}

fn add_digits(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(left.len().max(right.len()) + 1);
    let mut carry = 0;
    for at in 0..left.len().max(right.len()) {
        let sum = left.get(at).unwrap_or(&0) + right.get(at).unwrap_or(&0) + carry;
        out.push(sum % 10);
        carry = sum / 10;
    }
    out.push(carry);
    out
}

/// `larger` minus `smaller`.
fn subtract_digits(larger: &[u8], smaller: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(larger.len());
    let mut borrow = 0;
    for (at, digit) in larger.iter().enumerate() {
        let taken = smaller.get(at).unwrap_or(&0) + borrow;
        borrow = u8::from(*digit < taken);
        out.push(digit + 10 * borrow - taken);
    }
    out
}

fn compare_digits(left: &[u8], right: &[u8]) -> Ordering {
    let length = |digits: &[u8]| digits.iter().rposition(|d| *d != 0).map_or(0, |at| at + 1);
    let (left, right) = (&left[..length(left)], &right[..length(right)]);
    let by_length = left.len().cmp(&right.len());
    by_length.then_with(|| left.iter().rev().cmp(right.iter().rev()))
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        if let Some(number) = Self::of_whole(text) {
            return Ok(number);
        }
        let not_numeric = || NumberError::NotNumeric(text.to_owned());
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            None => (text, 0),
            Some((mantissa, exponent)) => {
                (mantissa, parse_exponent(exponent).ok_or_else(not_numeric)?)
            }
        };
        let (negative, unsigned) = match mantissa.as_bytes().first() {
            Some(b'-') => (true, &mantissa[1..]),
            Some(b'+') => (false, &mantissa[1..]),
            _ => (false, mantissa),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return Err(not_numeric());
        }
        let digits: Vec<u8> =
            whole.bytes().chain(fraction.bytes()).rev().map(|byte| byte - b'0').collect();
        let exponent = exponent - fraction.len() as i64;
        // AWS judges the exponent before it sees that there is nothing but zeros.
        match exponent {
            _ if digits.iter().any(|digit| *digit != 0) => {}
            ..MAGNITUDE_MIN => return Err(NumberError::Underflow),
            _ if exponent > MAGNITUDE_MAX => return Err(NumberError::Overflow),
            _ => {}
        }
        Self::from_digits(negative, &digits, exponent)
    }
}

/// Reads an exponent; one beyond all ranges is cut to a value that is still beyond them.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX).min(1 << 40);
    Some(if text.starts_with('-') { -size } else { size })
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        let digits: Vec<u8> = value.to_string().bytes().rev().map(|byte| byte - b'0').collect();
        Self::from_digits(false, &digits, 0).expect("ten digits fit")
    }
}

impl fmt::Display for Number {
    /// Plain notation, as AWS prints: no exponent, no zeros that say nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (0.., Some(whole)) = (self.exponent, self.whole()) {
            return write!(f, "{whole}");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let digits = { self.digits }.to_string();
        let exponent = isize::from(self.exponent);
        if exponent >= 0 {
            return write!(f, "{digits}{}", "0".repeat(exponent.unsigned_abs()));
        }
        let decimals = exponent.unsigned_abs();
        match digits.len().checked_sub(decimals) {
            Some(point) if point > 0 => write!(f, "{}.{}", &digits[..point], &digits[point..]),
            _ => write!(f, "0.{}{digits}", "0".repeat(decimals - digits.len())),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.compare_magnitude(*other),
            (true, true) => other.compare_magnitude(*self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
