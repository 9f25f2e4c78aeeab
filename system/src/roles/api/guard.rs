//! Who may ask at all, and how often: stands before the routes where they are behind a socket.
//! Health is for everybody.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use subtle::ConstantTimeEq;

use super::error::ApiError;
use super::router::{HEALTH, LIVE};
use super::shed::later;
use super::{live, openapi};
use crate::ports::Clock;
use crate::resilience::RateLimit;

/// Longest token, in bytes.
const TOKEN_BYTES_MAX: usize = 4096;

/// What has nothing of anybody in it: pages, which ask for the token themselves, and what the API
/// is.
const OPEN: [&str; 7] = [
    live::PAGE,
    live::SCRIPT,
    live::STYLE,
    openapi::PAGE,
    openapi::SCRIPT,
    openapi::STYLE,
    openapi::DOCUMENT,
];

/// Cheap to clone; all clones are the same guard.
#[derive(Clone)]
pub struct Guard {
    token: Option<Arc<Token>>,
    limit: Option<Arc<Mutex<RateLimit>>>,
    clock: Arc<dyn Clock>,
}

/// What a caller must know. It is printed nowhere.
pub struct Token(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token has 1 to {TOKEN_BYTES_MAX} visible ASCII characters")]
pub struct InvalidToken;

impl Token {
    /// White space around it, such as the end of a file's line, is no part of it.
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        let text = text.trim();
        let fits = (1..=TOKEN_BYTES_MAX).contains(&text.len());
        match fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidToken),
        }
    }

    /// Takes as long for any token of the same length.
    fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

impl Guard {
    /// `per_second`: requests of one client; `None` is any number.
    pub fn new(token: Option<Token>, per_second: Option<u32>, clock: Arc<dyn Clock>) -> Self {
        let limit = per_second.map(|rate| Arc::new(Mutex::new(RateLimit::new(rate, clock.now()))));
        Self { token: token.map(Arc::new), limit, clock }
    }

    /// Lets a request of `client` through, or answers it. A client that asks too often is told so
    /// whatever its token, so nobody can try many.
    pub fn admit(&self, client: u128, request: &Parts) -> Result<(), Box<Response>> {
        let path = request.uri.path();
        if [HEALTH, LIVE].contains(&path) {
            return Ok(());
        }
        if let Some(limit) = &self.limit {
            // Nothing inside can be half done.
            let mut limit = limit.lock().unwrap_or_else(PoisonError::into_inner);
            limit.take(client, self.clock.now()).map_err(|pause| {
                let message = "this client asks too often";
                Box::new(later(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message, pause))
            })?;
        }
        match &self.token {
            Some(_) if OPEN.contains(&path) => Ok(()),
            Some(token) if !bearer(request).is_some_and(|given| token.is(given)) => {
                Err(Box::new(unauthorised()))
            }
            _ => Ok(()),
        }
    }
}

/// The credentials of the header `authorization`, if they are of that kind and there is one only.
fn bearer(request: &Parts) -> Option<&[u8]> {
    let mut all = request.headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (all.next()?.as_bytes(), all.next()) else { return None };
    let (scheme, given) = value.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(given.trim_ascii())
}

fn unauthorised() -> Response {
    let message = "a request needs the header \"authorization: Bearer TOKEN\" with the right token";
    let error = ApiError::new(StatusCode::UNAUTHORIZED, "Unauthorized", message);
    let mut answer = error.into_response();
    let scheme = HeaderValue::from_static("Bearer realm=\"orderflow\"");
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    answer
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::adapters::clock::SystemClock;

    fn guard(token: Option<&str>, per_second: Option<u32>) -> Guard {
        let token = token.map(|text| Token::parse(text).expect("a token"));
        Guard::new(token, per_second, Arc::new(SystemClock))
    }

    fn asked(guard: &Guard, client: u128, path: &str, headers: &[&str]) -> u16 {
        let mut request = Request::builder().uri(path);
        for value in headers {
            request = request.header("authorization", *value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        guard.admit(client, &parts).map_or_else(|answer| answer.status().as_u16(), |()| 200)
    }

    #[test]
    fn only_who_knows_the_token_may_ask() {
        let knows = guard(Some(" s3cret\n"), None);
        for (headers, status) in [
            (&["Bearer s3cret"][..], 200),
            (&["bearer  s3cret "], 200),
            (&[], 401),
            (&["Bearer s3cre"], 401),
            (&["Bearer s3crets"], 401),
            (&["Bearer S3cret"], 401),
            (&["Bearer"], 401),
            (&["Basic s3cret"], 401),
            (&["s3cret"], 401),
            (&["Bearer s3cret", "Bearer other"], 401),
        ] {
            assert_eq!(asked(&knows, 1, "/orders/o", headers), status, "{headers:?}");
            assert_eq!(asked(&knows, 1, "/analytics", headers), status, "{headers:?}");
            assert_eq!(asked(&knows, 1, "/live/steps", headers), status, "{headers:?}");
            assert_eq!(asked(&knows, 1, "/live/settings", headers), status, "{headers:?}");
            assert_eq!(asked(&knows, 1, "/", headers), 200);
            assert_eq!(asked(&knows, 1, "/openapi.json", headers), 200);
            assert_eq!(asked(&knows, 1, "/health", headers), 200);
            assert_eq!(asked(&knows, 1, "/health/live", headers), 200);
        }
        assert_eq!(asked(&guard(None, None), 1, "/orders/o", &[]), 200);
    }

    #[test]
    fn a_token_is_some_visible_text() {
        for bad in ["", " \n", "two words", "é", &"x".repeat(TOKEN_BYTES_MAX + 1)] {
            assert_eq!(Token::parse(bad).err(), Some(InvalidToken), "{bad:?}");
        }
        assert_eq!(format!("{:?}", Token::parse("s3cret")), "Ok(Token(***))");
    }

    #[test]
    fn a_client_that_asks_too_often_is_told_so_and_no_other() {
        let guard = guard(Some("t"), Some(1));
        let wrong = &["Bearer x"][..];
        let mut found: Vec<_> = (0..20).map(|_| asked(&guard, 1, "/orders/o", wrong)).collect();
        found.dedup();
        assert_eq!(found, [401, 429]);
        assert_eq!(asked(&guard, 1, "/health", &[]), 200);
        assert_eq!(asked(&guard, 2, "/orders/o", &["Bearer t"]), 200);
    }
}
