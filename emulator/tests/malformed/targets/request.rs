//! Any request: a head as in HTTP/1.1, an empty line, a body.
//!
//! What no HTTP server would let through (a method, a URI or a header that is none) is left out.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};

use super::world::World;

/// No HTTP server takes more.
const HEADERS_MAX: usize = 64;

pub(crate) fn run(input: &[u8]) {
    let mut world = World::with_messages();
    let (head, body) = split(input, b"\n\n").unwrap_or((input, b""));
    let request = request(head, world.aimed(body, str::to_owned));
    let _wait = world.send(request);
    world.check_snapshot();
    world.check_sane();
}

fn request(head: &[u8], body: Bytes) -> Request<Bytes> {
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let (method, uri) = split(first, b" ").unwrap_or((b"POST", first));
    let mut request = Request::new(body);
    *request.method_mut() = Method::from_bytes(method).unwrap_or(Method::POST);
    *request.uri_mut() = Uri::try_from(uri).unwrap_or_default();
    for line in lines.take(HEADERS_MAX) {
        let Some((name, value)) = split(line, b": ") else { continue };
        let name = HeaderName::from_bytes(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
            request.headers_mut().append(name, value);
        }
    }
    request
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let found = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..found], &bytes[found + at.len()..]))
}
