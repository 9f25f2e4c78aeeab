//! How a request names its world, and which names there are.
//!
//! `/w/NAME/…` (or `/_skyrig/worlds/NAME/…` for a page), the header `x-skyrig-world`, an access key
//! `NAME-123456789012`, or a host `NAME.localhost`; where it says so twice, it says the same.

use std::sync::Arc;

use http::header::{HOST, HeaderValue};
use http::request::Parts;
use http::uri::{PathAndQuery, Uri};

use crate::cloud::registry;
use crate::kernel::Account;
use crate::wire::world::{PATH, WORLD};
use crate::wire::{Rejection, detect};

/// The world that every server has.
pub(in crate::edge) const DEFAULT: &str = "default";
/// A label of a host has no more characters.
const CHARACTERS_MAX: usize = 63;
/// What stands before a page's world in its path, as some prefer it.
const PAGES: &str = "/_skyrig/worlds/";
/// Hosts of this machine; below the second one certificates can be for every name.
const LOCAL: [&str; 2] = [".localhost", ".localhost.localstack.cloud"];
/// SDKs put these before the host of some operations.
const HOST_PREFIXES: [&str; 2] = ["sync-", "streaming-"];
/// Labels that stand before `localhost` for other reasons.
const OTHER_LABELS: [&str; 4] = ["queue", "lambda-url", "s3", "www"];

/// Why a text is no world's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::edge) enum NameError {
    #[error(
        "a world's name has 1 to {CHARACTERS_MAX} of a-z, 0-9 and -, and neither begins nor ends \
         with -"
    )]
    Characters,
    #[error("{0} is no name for a world: hosts have it for services, regions or operations")]
    Taken(String),
}

/// Whether a world may have this name.
///
/// # Errors
/// [`NameError`].
pub(in crate::edge) fn check(name: &str) -> Result<(), NameError> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_label = (1..=CHARACTERS_MAX).contains(&name.len())
        && name.bytes().all(good)
        && !name.starts_with('-')
        && !name.ends_with('-');
    if !is_label {
        return Err(NameError::Characters);
    }
    let is_prefixed = HOST_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if is_prefixed || is_other(name) { Err(NameError::Taken(name.to_owned())) } else { Ok(()) }
}

/// Whether a label before `localhost` means something else than a world.
fn is_other(label: &str) -> bool {
    OTHER_LABELS.contains(&label)
        || detect::is_region(label)
        || registry().services().iter().any(|service| {
            [service.name, service.signing_name].iter().any(|it| it.eq_ignore_ascii_case(label))
        })
}

/// Takes the name of its world out of a request's path, and writes it down as a header if it is not
/// said by the host alone. Hosts and keys are looked at where there are worlds.
///
/// # Errors
/// [`Rejection::World`] for what is no name, or for two.
pub(in crate::edge) fn take(
    parts: &mut Parts,
    there_are_worlds: bool,
) -> Result<Option<Arc<str>>, Rejection> {
    let by_path = of_path(parts.uri.path());
    let by_header = parts.headers.get(WORLD);
    if by_path.is_none() && by_header.is_none() && !there_are_worlds {
        return Ok(None);
    }
    let refused = |reason: String| Rejection::World(reason);
    let by_header = by_header.map(|value| value.to_str().unwrap_or_default().to_owned());
    let path = by_path.map(|(name, rest)| (name.to_owned(), rest));
    let (by_path, rest) = path.unzip();
    let (by_key, by_host) = match there_are_worlds {
        true => (of_key(parts), of_host(parts)),
        false => (None, None),
    };
    if let Some(rest) = rest {
        strip(&mut parts.uri, &rest);
    }
    let is_written_down = by_path.is_some() || by_header.is_some() || by_key.is_some();
    let mut name: Option<String> = None;
    for said in [by_path, by_header, by_key, by_host].into_iter().flatten() {
        if let Some(before) = name.as_ref().filter(|before| **before != said) {
            return Err(refused(format!("the request names two worlds: {before} and {said}")));
        }
        name = Some(said);
    }
    let Some(name) = name else { return Ok(None) };
    check(&name).map_err(|error| refused(error.to_string()))?;
    if is_written_down && let Ok(value) = HeaderValue::from_str(&name) {
        parts.headers.insert(WORLD, value);
    }
    Ok(Some(name.into()))
}

/// The world that a path names, and the path without it. A path that only names a world, below
/// [`PAGES`], is the page about that world.
fn of_path(path: &str) -> Option<(&str, String)> {
    if let Some(rest) = path.strip_prefix(PATH) {
        let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
        return Some((name, format!("/{rest}")));
    }
    let (name, rest) = path.strip_prefix(PAGES)?.split_once('/')?;
    (!rest.is_empty()).then(|| (name, format!("/_skyrig/{rest}")))
}

/// Puts another path in the place of an address's.
fn strip(uri: &mut Uri, path: &str) {
    let mut parts = std::mem::take(uri).into_parts();
    let query = parts.path_and_query.as_ref().and_then(PathAndQuery::query);
    let whole = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    // A part of a path that was one is one.
    parts.path_and_query = whole.parse().ok().or(parts.path_and_query);
    *uri = Uri::from_parts(parts).unwrap_or_default();
}

/// `NAME-123456789012`.
fn of_key(parts: &Parts) -> Option<String> {
    let credential = detect::credential(parts).ok()?;
    let (name, account) = credential.access_key_id.as_deref()?.rsplit_once('-')?;
    (Account::is_number(account) && check(name).is_ok()).then(|| name.to_owned())
}

/// `NAME.localhost:4566`, with whatever before it, such as a function's address.
fn of_host(parts: &Parts) -> Option<String> {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| parts.uri.authority().map(|it| it.as_str()))?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    let before = LOCAL.iter().find_map(|local| host.strip_suffix(local))?;
    let label = before.rsplit('.').next()?;
    let label = HOST_PREFIXES.iter().find_map(|it| label.strip_prefix(it)).unwrap_or(label);
    check(label).is_ok().then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=";

    fn head(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    /// The name, the path that is left, and the header.
    fn taken(uri: &str, headers: &[(&str, &str)]) -> Result<(String, String, String), Rejection> {
        let mut parts = head(uri, headers);
        let named = take(&mut parts, true)?;
        let header = crate::wire::world::of(&parts).unwrap_or_default().to_owned();
        let name = named.map_or_else(String::new, |named| named.to_string());
        Ok((name, parts.uri.to_string(), header))
    }

    #[test]
    fn a_world_is_named_by_path_header_key_or_host() {
        let key = format!("{SIGNED}w-1-123456789012/20260101/us-east-1/sqs/aws4_request");
        let own = format!("{SIGNED}AKIA-1/20260101/us-east-1/sqs/aws4_request");
        let presigned = "/?X-Amz-Credential=w-1-123456789012%2F20260101%2Fus-east-1%2Fsqs%2F\
                         aws4_request";
        let (w, none) = ("w-1", "");
        let host = |host| [("host", host)];
        for (uri, headers, name, left, header) in [
            ("/w/w-1/1/q?a=b", &[][..], w, "/1/q?a=b", w),
            ("/w/w-1", &[], w, "/", w),
            ("/w/w-1/", &[], w, "/", w),
            ("/_skyrig/worlds/w-1/clock", &[], w, "/_skyrig/clock", w),
            ("/_skyrig/worlds/w-1", &[], none, "/_skyrig/worlds/w-1", none),
            ("/_skyrig/worlds/w-1/", &[], none, "/_skyrig/worlds/w-1/", none),
            ("/_skyrig/worlds", &[], none, "/_skyrig/worlds", none),
            ("/", &[("x-skyrig-world", "w-1")], w, "/", w),
            ("/", &[("authorization", &*key)], w, "/", w),
            ("/", &[("authorization", &*own)], none, "/", none),
            ("/", &[("authorization", "Basic x")], none, "/", none),
            (presigned, &[], w, presigned, w),
            ("/", &host("w-1.localhost:4566"), w, "/", none),
            ("/", &host("W-1.LOCALHOST"), w, "/", none),
            ("/", &host("sqs.us-east-1.w-1.localhost"), w, "/", none),
            ("/", &host("sync-w-1.localhost"), w, "/", none),
            ("/", &host("w-1.localhost.localstack.cloud:443"), w, "/", none),
            ("/", &host("sqs.us-east-1.localhost.localstack.cloud"), none, "/", none),
            ("/", &host("localhost.localstack.cloud"), none, "/", none),
            ("/", &host("sqs.us-east-1.localhost"), none, "/", none),
            ("/", &host("us-east-1.queue.localhost"), none, "/", none),
            ("/", &host("sqs.localhost"), none, "/", none),
            ("/", &host("localhost:4566"), none, "/", none),
            ("/", &host("w-1.example.com"), none, "/", none),
            ("/w/w-1/", &[("host", "w-1.localhost"), ("x-skyrig-world", "w-1")], w, "/", w),
            ("https://localhost/w/w-1/x?y", &[], w, "https://localhost/x?y", w),
            ("/w/default/", &[], DEFAULT, "/", DEFAULT),
        ] {
            let expected = (name.to_owned(), left.to_owned(), header.to_owned());
            assert_eq!(taken(uri, headers), Ok(expected), "{uri} {headers:?}");
        }
    }

    #[test]
    fn what_is_no_name_or_two_is_refused() {
        for (uri, headers) in [
            ("/w/", &[][..]),
            ("/w/Upper/", &[]),
            ("/w/-a/", &[]),
            ("/w/a_b/", &[]),
            ("/w/sqs/", &[]),
            ("/w/us-east-1/", &[]),
            ("/w/sync-a/", &[]),
            ("/", &[("x-skyrig-world", "")]),
            ("/w/a/", &[("x-skyrig-world", "b")]),
            ("/w/a/", &[("host", "b.localhost")]),
        ] {
            let refused = taken(uri, headers);
            assert!(matches!(refused, Err(Rejection::World(_))), "{uri} {headers:?}: {refused:?}");
        }
        let long = "a".repeat(CHARACTERS_MAX);
        assert_eq!(check(&long), Ok(()));
        assert_eq!(check(&format!("{long}a")), Err(NameError::Characters));
    }

    #[test]
    fn without_worlds_hosts_and_keys_name_none() {
        let key = format!("{SIGNED}w-123456789012/20260101/us-east-1/sqs/aws4_request");
        let mut parts = head("/", &[("host", "w.localhost"), ("authorization", &key)]);
        assert_eq!(take(&mut parts, false), Ok(None));
        let mut parts = head("/w/w/", &[]);
        assert_eq!(take(&mut parts, false), Ok(Some("w".into())));
    }
}
