//! A signature that was read: what was signed, when and for which service.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::request::Parts;
use sha2::Sha256;

use super::authorization::{self, ALGORITHM, Authorization};
use super::canonical;
use super::error::Unauthenticated;
use crate::wire::{Protocol, Service, Timestamp, world};

/// What every scope ends with.
const TERMINATOR: &str = "aws4_request";

/// A request's signature, not yet compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The session token that came with it.
    pub token: Option<String>,
    pub(super) at: Timestamp,
    expires: Option<Duration>,
    /// `20261121`, region, service.
    scope: [String; 3],
    /// One, or more where the path may have been sent with the request's world before it.
    strings_to_sign: Vec<String>,
    signature: Vec<u8>,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signed").field("at", &self.at).field("scope", &self.scope).finish()
    }
}

impl Signed {
    /// Reads the signature of a request, whose `body` is as it was sent.
    ///
    /// # Errors
    /// [`Unauthenticated`] when there is none, or a part of it is missing.
    pub fn read(parts: &Parts, body: &[u8]) -> Result<Self, Unauthenticated> {
        let Authorization { scope, signed_headers, signature, date, expires, token } =
            authorization::find(parts)?;
        if !signed_headers.iter().any(|name| name == "host") {
            return Err(Unauthenticated::Unacceptable(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
                    .to_owned(),
            ));
        }
        let at = time(&date).ok_or_else(|| {
            Unauthenticated::Incomplete(format!(
                "Date must be in ISO-8601 'basic format'. Got '{date}'. See \
                 http://en.wikipedia.org/wiki/ISO_8601"
            ))
        })?;
        let string_to_sign = |path: &str| {
            let canonical = canonical::request((parts, path), body, &signed_headers);
            let hash = canonical::hash(canonical.as_bytes());
            format!("{ALGORITHM}\n{}\n{scope}\n{hash}", basic(at))
        };
        let mut strings_to_sign = vec![string_to_sign(parts.uri.path())];
        strings_to_sign.extend(world::sent_paths(parts).iter().map(|path| string_to_sign(path)));
        Ok(Self {
            token,
            at,
            expires: expires.map(Duration::from_secs),
            scope: scope_parts(&scope)?,
            strings_to_sign,
            signature: bytes(&signature).unwrap_or_default(),
        })
    }

    /// Whether the signature was made with this secret. Takes the same time whatever differs.
    pub fn is_made_with(&self, secret: &str) -> bool {
        let key = signing_key(secret, &self.scope);
        let fits = |text: &String| keyed(&key, text).verify_slice(&self.signature).is_ok();
        self.strings_to_sign.iter().any(fits)
    }

    /// Whether it was made for this service, on the day that it says.
    ///
    /// # Errors
    /// AWS's sentence.
    pub fn check_scope(&self, service: &Service) -> Result<(), Unauthenticated> {
        let [date, _region, of] = &self.scope;
        if of != service.signing_name {
            return Err(Unauthenticated::Unacceptable(format!(
                "Credential should be scoped to correct service: '{}'. ",
                service.signing_name
            )));
        }
        let at = basic(self.at);
        if *date != at[..8] {
            return Err(Unauthenticated::Unacceptable(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
                 from HTTP: '{date}' != '{}', from '{at}'.",
                &at[..8]
            )));
        }
        Ok(())
    }

    /// Whether it holds at `now`: for some minutes, or in a URL for as long as that says.
    ///
    /// # Errors
    /// AWS's sentence.
    pub fn check_time(&self, now: Timestamp, protocol: Protocol) -> Result<(), Unauthenticated> {
        let skew = skew_minutes(protocol);
        let minutes = self.expires.map_or(skew, |expires| expires.as_secs().div_ceil(60));
        let earliest = now - self.expires.unwrap_or(Duration::from_secs(skew * 60));
        if self.at < earliest {
            return Err(Unauthenticated::Unacceptable(format!(
                "Signature expired: {} is now earlier than {} ({} - {minutes} min.)",
                basic(self.at),
                basic(earliest),
                basic(now),
            )));
        }
        let latest = now + Duration::from_secs(skew * 60);
        if self.at > latest {
            return Err(Unauthenticated::Unacceptable(format!(
                "Signature not yet current: {} is still later than {} ({} + {skew} min.)",
                basic(self.at),
                basic(latest),
                basic(now),
            )));
        }
        Ok(())
    }
}

/// How far clocks may be apart. Services of the query protocol take a quarter of an hour.
///
/// Source: answers of STS and IAM (15), DynamoDB, Kinesis and Rekognition (5), as their users
/// report them.
fn skew_minutes(protocol: Protocol) -> u64 {
    if protocol == Protocol::AwsQuery { 15 } else { 5 }
}

/// The key of one secret for one day, region and service.
pub(super) fn signing_key(secret: &str, scope: &[String; 3]) -> Vec<u8> {
    let first = format!("AWS4{secret}").into_bytes();
    scope
        .iter()
        .map(String::as_str)
        .chain([TERMINATOR])
        .fold(first, |key, part| keyed(&key, part).finalize().into_bytes().to_vec())
}

pub(super) fn keyed(key: &[u8], text: &str) -> Hmac<Sha256> {
    let hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    hmac.chain_update(text.as_bytes())
}

fn scope_parts(scope: &str) -> Result<[String; 3], Unauthenticated> {
    match scope.split('/').collect::<Vec<_>>().as_slice() {
        [date, region, service, TERMINATOR] => {
            Ok([(*date).to_owned(), (*region).to_owned(), (*service).to_owned()])
        }
        _ => Err(Unauthenticated::Unacceptable(format!(
            "Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{}'.",
            scope.rsplit('/').next().unwrap_or_default()
        ))),
    }
}

/// `20261121T164648Z`.
fn basic(at: Timestamp) -> String {
    at.iso_seconds().replace(['-', ':'], "")
}

/// The inverse of [`basic`]; also takes the form of HTTP's `Date`.
fn time(text: &str) -> Option<Timestamp> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (date, clock) = match text.strip_suffix('Z').and_then(|text| text.split_once('T')) {
        Some(parts) => parts,
        None => return Timestamp::parse_http_date(text),
    };
    if date.len() != 8 || clock.len() != 6 || !digits(date) || !digits(clock) {
        return None;
    }
    let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
    let (hour, minute, second) = (&clock[..2], &clock[2..4], &clock[4..]);
    Timestamp::parse_iso(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

/// The bytes of hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| Some((digit(pair[0])? << 4) | digit(*pair.get(1)?)?)).collect()
}
