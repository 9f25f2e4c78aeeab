//! Requests that an operation takes as a whole, whatever their method, path and headers, because
//! what answers them is somebody's own program. Their host or path says whose.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::HOST;
use http::request::Parts;
use serde_json::{Value, json};

use crate::wire::detect;

/// What the paths begin with of clients that cannot use names below the emulator's own.
const PREFIX: &str = "/_skyrig/";

/// Whom such a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<'p> {
    pub id: &'p str,
    pub region: &'p str,
    /// As it was sent; at least a slash.
    pub path: &'p str,
    /// The host without its port, if it is what says whose the request is.
    pub domain: Option<&'p str>,
}

impl<'p> Whole<'p> {
    /// Reads `ID.LABEL.REGION.…` as the host, or `/_skyrig/LABEL/REGION/ID/…` as the path.
    pub fn of(parts: &'p Parts, label: &str) -> Option<Self> {
        by_path(parts.uri.path(), label).or_else(|| by_host(parts, label))
    }

    /// The members of the operation's request, in JSON.
    pub fn members(&self, parts: &Parts, body: &[u8]) -> Vec<u8> {
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]));
        let members = json!({
            "Id": self.id,
            "Domain": self.domain,
            "Method": parts.method.as_str(),
            "Path": self.path,
            "Query": parts.uri.query().unwrap_or_default(),
            "Version": written(parts.version),
            "Headers": headers.collect::<Vec<Value>>(),
            "Body": STANDARD.encode(body),
        });
        members.to_string().into_bytes()
    }
}

fn by_path<'p>(path: &'p str, label: &str) -> Option<Whole<'p>> {
    let rest = path.strip_prefix(PREFIX)?.strip_prefix(label)?.strip_prefix('/')?;
    let (region, rest) = rest.split_once('/')?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (id, path) = rest.split_at(end);
    let path = if path.is_empty() { "/" } else { path };
    is_place(id, region).then_some(Whole { id, region, path, domain: None })
}

fn by_host<'p>(parts: &'p Parts, label: &str) -> Option<Whole<'p>> {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| parts.uri.authority().map(|it| it.as_str()))?;
    let (id, rest) = host.split_once('.')?;
    let rest = rest.strip_prefix(label)?.strip_prefix('.')?;
    let region = rest.split(['.', ':']).next()?;
    let domain = host.split(':').next();
    let path = Some(parts.uri.path()).filter(|path| !path.is_empty()).unwrap_or("/");
    is_place(id, region).then_some(Whole { id, region, path, domain })
}

fn is_place(id: &str, region: &str) -> bool {
    !id.is_empty() && id.bytes().all(|it| it.is_ascii_alphanumeric()) && detect::is_region(region)
}

fn written(version: http::Version) -> String {
    let mut text = String::new();
    write!(text, "{version:?}").expect("text takes text");
    text
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn check(host: &str, path: &str, expected: Option<(&str, &str, &str)>) {
        let request = Request::get(path).header("host", host).body(()).expect("a request");
        let (parts, ()) = request.into_parts();
        let found = Whole::of(&parts, "lambda-url");
        let found = found.map(|it| (it.id, it.region, it.path));
        assert_eq!(found, expected, "{host} {path}");
    }

    #[test]
    fn host_or_path_says_whose_a_request_is() {
        let found = |path| Some(("abc1", "eu-west-1", path));
        check("abc1.lambda-url.eu-west-1.localhost:4566", "/a/b?c", found("/a/b"));
        check("abc1.lambda-url.eu-west-1.on.aws", "/", found("/"));
        check("abc1.lambda-url.eu-west-1", "/", found("/"));
        check("localhost", "/_skyrig/lambda-url/eu-west-1/abc1/a/b", found("/a/b"));
        check("localhost", "/_skyrig/lambda-url/eu-west-1/abc1", found("/"));
        check("localhost", "/_skyrig/lambda-url/eu-west-1/abc1/", found("/"));
        check("127.0.0.1:1", "/_skyrig/lambda-url/eu-west-1/abc1//a%20", found("//a%20"));
        for (host, path) in [
            ("localhost:4566", "/"),
            ("localhost", "/_skyrig/lambda-url"),
            ("localhost", "/_skyrig/lambda-url/eu-west-1"),
            ("localhost", "/_skyrig/lambda-url/eu-west-1/"),
            ("localhost", "/_skyrig/lambda-url/nowhere/abc1/"),
            ("localhost", "/_skyrig/lambda-urls/eu-west-1/abc1/"),
            ("localhost", "/x/_skyrig/lambda-url/eu-west-1/abc1/"),
            (".lambda-url.eu-west-1.localhost", "/"),
            ("a_b.lambda-url.eu-west-1.localhost", "/"),
            ("abc1.lambda-url.localhost", "/"),
            ("abc1.x.lambda-url.eu-west-1.localhost", "/"),
            ("lambda-url.eu-west-1.localhost", "/"),
        ] {
            check(host, path, None);
        }
    }
}
