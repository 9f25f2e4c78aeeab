//! Bytes to CBOR items: heads, strings and numbers. Knows nothing of serde.
//!
//! Nothing is allocated from a declared length before that many bytes are seen to be there.

use std::borrow::Cow;

use super::{BREAK, CborError, TAG_EPOCH};

/// How deep arrays and maps may nest.
pub const DEPTH_MAX: usize = 128;

/// One data item; of an array or map only its beginning.
pub(in crate::wire) enum Item<'de> {
    Unsigned(u64),
    Negative(i64),
    Bytes(Cow<'de, [u8]>),
    Text(Cow<'de, str>),
    /// The number of elements, `None` when a break ends them.
    Array(Option<usize>),
    /// The number of pairs, `None` when a break ends them.
    Map(Option<usize>),
    Boolean(bool),
    Null,
    Float(f64),
}

/// The first byte of an item and its argument.
struct Head {
    first: u8,
    argument: u64,
}

impl Head {
    fn major(&self) -> u8 {
        self.first >> 5
    }

    fn indefinite(&self) -> bool {
        self.first & 0x1f == 31
    }
}

/// A position in the input.
pub(in crate::wire) struct Reader<'de> {
    rest: &'de [u8],
    depth: usize,
}

impl<'de> Reader<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { rest: bytes, depth: 0 }
    }

    /// Fails unless all input is read.
    pub(in crate::wire) fn finish(&self) -> Result<(), CborError> {
        if self.rest.is_empty() { Ok(()) } else { Err(CborError::Trailing) }
    }

    /// Reads the next item, skipping tags.
    pub(in crate::wire) fn item(&mut self) -> Result<Item<'de>, CborError> {
        let mut head = self.head()?;
        while head.major() == 6 {
            head = self.head()?;
        }
        self.item_after(&head)
    }

    /// Reads seconds since 1970: tag 1 or no tag, then a number.
    pub(super) fn epoch_seconds(&mut self) -> Result<f64, CborError> {
        let mut head = self.head()?;
        if head.major() == 6 && head.argument == TAG_EPOCH {
            head = self.head()?;
        }
        match self.item_after(&head) {
            Ok(Item::Unsigned(seconds)) => Ok(seconds as f64),
            Ok(Item::Negative(seconds)) => Ok(seconds as f64),
            Ok(Item::Float(seconds)) => Ok(seconds),
            Err(CborError::Truncated) => Err(CborError::Truncated),
            _ => Err(CborError::Expected("a timestamp (tag 1 with a number)")),
        }
    }

    /// Reads a text string.
    pub(in crate::wire) fn text(&mut self) -> Result<Cow<'de, str>, CborError> {
        match self.item()? {
            Item::Text(text) => Ok(text),
            _ => Err(CborError::Expected("a text string")),
        }
    }

    /// Reads a null (or `undefined`) if one comes next.
    pub(super) fn take_null(&mut self) -> bool {
        self.take_if(|byte| matches!(byte, 0xf6 | 0xf7))
    }

    /// Reads the byte that ends an indefinite length if it comes next.
    pub(super) fn take_break(&mut self) -> bool {
        self.take_if(|byte| byte == BREAK)
    }

    /// Goes into an array or map; [`Reader::leave`] goes out.
    pub(in crate::wire) fn enter(&mut self) -> Result<(), CborError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(CborError::TooDeep);
        }
        Ok(())
    }

    pub(in crate::wire) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Whether one more element (or pair) of an array or map comes; it then has to be read. `left`
    /// is `None` when a break ends them.
    pub(in crate::wire) fn advance(&mut self, left: &mut Option<usize>) -> bool {
        match left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None if self.take_break() => {
                *left = Some(0);
                false
            }
            None => true,
        }
    }

    fn item_after(&mut self, head: &Head) -> Result<Item<'de>, CborError> {
        Ok(match head.major() {
            0 => Item::Unsigned(head.argument),
            1 => Item::Negative(
                -1 - i64::try_from(head.argument).map_err(|_| CborError::IntegerRange)?,
            ),
            2 => Item::Bytes(self.string(head)?),
            3 => Item::Text(match self.string(head)? {
                Cow::Borrowed(bytes) => {
                    Cow::Borrowed(std::str::from_utf8(bytes).map_err(|_| CborError::Utf8)?)
                }
                Cow::Owned(bytes) => {
                    Cow::Owned(String::from_utf8(bytes).map_err(|_| CborError::Utf8)?)
                }
            }),
            4 => Item::Array(self.length(head, 1)?),
            5 => Item::Map(self.length(head, 2)?),
            _ => match head.first {
                0xf4 => Item::Boolean(false),
                0xf5 => Item::Boolean(true),
                0xf6 | 0xf7 => Item::Null,
                0xf9 => Item::Float(half(head.argument as u16)),
                0xfa => Item::Float(f64::from(f32::from_bits(head.argument as u32))),
                0xfb => Item::Float(f64::from_bits(head.argument)),
                other => return Err(CborError::Malformed(other)),
            },
        })
    }

    fn head(&mut self) -> Result<Head, CborError> {
        let [first] = self.array()?;
        let argument = match first & 0x1f {
            small @ 0..=23 => u64::from(small),
            24 => u64::from(u8::from_be_bytes(self.array()?)),
            25 => u64::from(u16::from_be_bytes(self.array()?)),
            26 => u64::from(u32::from_be_bytes(self.array()?)),
            27 => u64::from_be_bytes(self.array()?),
            31 if matches!(first >> 5, 2..=5) => 0,
            _ => return Err(CborError::Malformed(first)),
        };
        Ok(Head { first, argument })
    }

    /// The length of an array or map whose elements take at least `size_min` bytes each.
    fn length(&self, head: &Head, size_min: usize) -> Result<Option<usize>, CborError> {
        if head.indefinite() {
            return Ok(None);
        }
        match usize::try_from(head.argument) {
            Ok(length) if length <= self.rest.len() / size_min => Ok(Some(length)),
            _ => Err(CborError::Truncated),
        }
    }

    /// The bytes of a byte or text string, joined when it comes in chunks.
    fn string(&mut self, head: &Head) -> Result<Cow<'de, [u8]>, CborError> {
        if !head.indefinite() {
            return self.bytes(head.argument).map(Cow::Borrowed);
        }
        let mut joined = Vec::new();
        while !self.take_break() {
            let chunk = self.head()?;
            if chunk.major() != head.major() || chunk.indefinite() {
                return Err(CborError::Malformed(chunk.first));
            }
            joined.extend_from_slice(self.bytes(chunk.argument)?);
        }
        Ok(Cow::Owned(joined))
    }

    fn bytes(&mut self, count: u64) -> Result<&'de [u8], CborError> {
        let count = usize::try_from(count).map_err(|_| CborError::Truncated)?;
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(CborError::Truncated)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], CborError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(CborError::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn take_if(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        match self.rest.split_first() {
            Some((&first, rest)) if wanted(first) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
}

/// The value of a half-precision float (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let exponent = i32::from(bits >> 10 & 0x1f);
    let mantissa = f64::from(bits & 0x3ff);
    let magnitude = match exponent {
        0 => mantissa * 2f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (mantissa + 1024.0) * 2f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 { magnitude } else { -magnitude }
}
