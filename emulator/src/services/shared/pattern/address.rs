//! IP addresses in patterns: a block of addresses, or one address in any notation.

use std::net::IpAddr;

use super::PatternError;

/// Addresses from `first` to `last`, of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AddressRange {
    first: IpAddr,
    last: IpAddr,
}

impl AddressRange {
    /// `10.0.0.0/24`: the whole block that the address lies in, as event-ruler takes it.
    pub(super) fn from_cidr(text: &str) -> Result<Self, PatternError> {
        let Some((address, bits)) = text.split_once('/').filter(|(_, bits)| !bits.contains('/'))
        else {
            return Err(PatternError::new("Malformed CIDR, one '/' required"));
        };
        let bits: i32 = bits
            .parse()
            .map_err(|_| PatternError::new("Malformed CIDR, mask bits must be an integer"))?;
        let bits = u32::try_from(bits)
            .map_err(|_| PatternError::new("Malformed CIDR, mask bits must not be negative"))?;
        let first = parse(address)
            .ok_or_else(|| PatternError::new(format!("Nonstandard IP address: {address}")))?;
        let (first, last) = match first {
            IpAddr::V4(_) if bits > 31 => {
                return Err(PatternError::new("IPv4 mask bits must be < 32"));
            }
            IpAddr::V6(_) if bits > 127 => {
                return Err(PatternError::new("IPv6 mask bits must be < 128"));
            }
            IpAddr::V4(v4) => {
                let rest = u32::MAX >> bits;
                let (first, last) = (v4.to_bits() & !rest, v4.to_bits() | rest);
                (IpAddr::V4(first.into()), IpAddr::V4(last.into()))
            }
            IpAddr::V6(v6) => {
                let rest = u128::MAX >> bits;
                let (first, last) = (v6.to_bits() & !rest, v6.to_bits() | rest);
                (IpAddr::V6(first.into()), IpAddr::V6(last.into()))
            }
        };
        Ok(Self { first, last })
    }

    /// The one address that `text` is, if it is one.
    pub(super) fn from_address(text: &str) -> Option<Self> {
        parse(text).map(|address| Self { first: address, last: address })
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        parse(text).is_some_and(|address| {
            address.is_ipv4() == self.first.is_ipv4()
                && self.first <= address
                && address <= self.last
        })
    }
}

/// An address literal; leading zeros in a v4 part are decimal here, as on AWS.
fn parse(text: &str) -> Option<IpAddr> {
    if !text.starts_with(|c: char| c.is_ascii_hexdigit() || c == ':') {
        return None;
    }
    if text.contains(':') {
        return text.parse().ok();
    }
    let mut parts = text.split('.');
    let mut bytes = [0; 4];
    for byte in &mut bytes {
        let part = parts.next()?;
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        *byte = digits.then(|| part.parse().ok()).flatten()?;
    }
    parts.next().is_none().then(|| IpAddr::from(bytes))
}
