//! Where a signature stands: in the `Authorization` header, or in the URL's query.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, DATE, HeaderName};
use http::request::Parts;

use super::error::Unauthenticated;
use crate::wire::form;

/// The one algorithm that is verified.
pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// The parts of a signature, as they were sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authorization {
    /// Everything after the access key id.
    pub(super) scope: String,
    /// Lower case, in the order that they were sent.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    /// `20261121T164648Z`, or the form of HTTP's `Date`.
    pub(super) date: String,
    /// How many seconds it holds; only in URLs.
    pub(super) expires: Option<u64>,
    pub(super) token: Option<String>,
}

/// Finds the signature of a request.
pub(super) fn find(parts: &Parts) -> Result<Authorization, Unauthenticated> {
    if let Some(value) = parts.headers.get(AUTHORIZATION) {
        return in_header(parts, &String::from_utf8_lossy(value.as_bytes()));
    }
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let parameter = |name: &str| form::parameter(query, name).map(Cow::into_owned);
    let begun = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"];
    if begun.iter().all(|name| parameter(name).is_none()) {
        return Err(Unauthenticated::Missing);
    }
    in_query(parameter)
}

fn in_header(parts: &Parts, value: &str) -> Result<Authorization, Unauthenticated> {
    let (algorithm, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    if algorithm != ALGORITHM && algorithm.starts_with("AWS4-") {
        return Err(unsupported(algorithm));
    }
    let (mut credential, mut headers, mut signature) = (None, None, None);
    for pair in rest.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((name, content)) = pair.split_once('=') else {
            return Err(Unauthenticated::Incomplete(format!(
                "'{pair}' not a valid key=value pair (missing equal-sign) in Authorization \
                 header: '{value}'."
            )));
        };
        match name {
            "Credential" => credential = Some(content),
            "SignedHeaders" => headers = Some(content),
            "Signature" => signature = Some(content),
            _ => {}
        }
    }
    let text = |name| parts.headers.get(name).and_then(|it| it.to_str().ok());
    let date = text(X_AMZ_DATE).or_else(|| text(DATE));
    match (credential, signature, headers, date) {
        (Some(credential), Some(signature), Some(headers), Some(date)) => Ok(Authorization {
            scope: scope(credential),
            signed_headers: names(headers),
            signature: signature.to_owned(),
            date: date.to_owned(),
            expires: None,
            token: text(X_AMZ_SECURITY_TOKEN).map(str::to_owned),
        }),
        (credential, signature, headers, date) => {
            let needs = |there: bool, what: &str| match there {
                true => String::new(),
                false => format!("Authorization header requires {what}. "),
            };
            let missing = [
                needs(credential.is_some(), "'Credential' parameter"),
                needs(signature.is_some(), "'Signature' parameter"),
                needs(headers.is_some(), "'SignedHeaders' parameter"),
                needs(date.is_some(), "existence of either a 'X-Amz-Date' or a 'Date' header"),
            ];
            let text = format!("{}Authorization={value}", missing.concat());
            Err(Unauthenticated::Incomplete(text))
        }
    }
}

fn in_query(parameter: impl Fn(&str) -> Option<String>) -> Result<Authorization, Unauthenticated> {
    let algorithm = parameter("X-Amz-Algorithm");
    if let Some(other) = algorithm.as_deref().filter(|it| *it != ALGORITHM) {
        return Err(unsupported(other));
    }
    let (credential, signature) = (parameter("X-Amz-Credential"), parameter("X-Amz-Signature"));
    let (headers, date) = (parameter("X-Amz-SignedHeaders"), parameter("X-Amz-Date"));
    match (algorithm, credential, signature, headers, date) {
        (Some(_), Some(credential), Some(signature), Some(headers), Some(date)) => {
            Ok(Authorization {
                scope: scope(&credential),
                signed_headers: names(&headers),
                signature,
                date,
                expires: expires(parameter("X-Amz-Expires").as_deref())?,
                token: parameter("X-Amz-Security-Token"),
            })
        }
        (algorithm, credential, signature, headers, date) => {
            let needs = |there: bool, what: &str| match there {
                true => String::new(),
                false => format!("AWS query-string parameters must include '{what}'. "),
            };
            let missing = [
                needs(algorithm.is_some(), "X-Amz-Algorithm"),
                needs(credential.is_some(), "X-Amz-Credential"),
                needs(signature.is_some(), "X-Amz-Signature"),
                needs(headers.is_some(), "X-Amz-SignedHeaders"),
                needs(date.is_some(), "X-Amz-Date"),
            ];
            let text = format!("{}Re-examine the query-string parameters.", missing.concat());
            Err(Unauthenticated::Incomplete(text))
        }
    }
}

/// Seconds from 1 to a week.
///
/// Source: "Elements of an AWS API request signature", `X-Amz-Expires`. Unverified: the text.
fn expires(text: Option<&str>) -> Result<Option<u64>, Unauthenticated> {
    const WEEK_SECONDS: u64 = 604_800;
    let Some(text) = text else { return Ok(None) };
    match text.parse() {
        Ok(seconds @ 1..=WEEK_SECONDS) => Ok(Some(seconds)),
        _ => Err(Unauthenticated::Incomplete(format!(
            "X-Amz-Expires must be between 1 and {WEEK_SECONDS} seconds; got '{text}'"
        ))),
    }
}

fn unsupported(algorithm: &str) -> Unauthenticated {
    Unauthenticated::Incomplete(format!("Unsupported AWS 'algorithm': '{algorithm}'."))
}

/// A credential without its access key id.
fn scope(credential: &str) -> String {
    credential.split_once('/').map_or("", |(_key, scope)| scope).to_owned()
}

fn names(list: &str) -> Vec<String> {
    list.split(';').map(str::to_ascii_lowercase).collect()
}
