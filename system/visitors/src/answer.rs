//! What answers say to browsers.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CONTENT_SECURITY_POLICY, HeaderMap,
    HeaderName, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
};

use super::verdict::{Preflight, Verdict};

const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// A page may read all headers of an answer, as none is asked for with cookies.
const EVERY: HeaderValue = HeaderValue::from_static("*");
/// How long a browser need not ask again, in seconds: no longer than somebody may take to start a
/// service with other settings.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("60");
/// A page takes scripts, styles and data from its own service only, and stands in no frame.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'");

impl Verdict {
    /// Adds to an answer what a browser must read to hand it to the page that asked.
    pub fn tell(&self, answer: &mut HeaderMap) {
        let page = match self {
            Self::Allowed(page) | Self::Preflight(Preflight { page, .. }) => page,
            Self::Welcome | Self::Refused(_) => return,
        };
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, page.clone());
        answer.append(VARY, HeaderValue::from_static("Origin"));
        let Self::Preflight(asked) = self else {
            answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EVERY);
            return;
        };
        answer.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        answer.insert(ACCESS_CONTROL_MAX_AGE, ASK_AGAIN);
        if let Some(headers) = &asked.headers {
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers.clone());
        }
        if asked.from_afar {
            answer.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
        }
    }
}

/// Adds to an answer that people may look at in a browser what keeps others' data in it from doing
/// harm, and other sites' pages from embedding it.
pub fn shield(answer: &mut HeaderMap) {
    answer.insert(CONTENT_SECURITY_POLICY, POLICY);
    answer.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::{Deed, Visitors};

    fn told(request: http::request::Builder) -> Vec<String> {
        let head = request.header("host", "localhost").body(()).expect("a request").into_parts().0;
        let origins = vec!["http://localhost:3000".parse().expect("an origin")];
        let verdict = Visitors { origins, ..Visitors::default() }.judge(&head, Deed::Change);
        let mut answer = HeaderMap::new();
        verdict.tell(&mut answer);
        let line = |(name, value): (&HeaderName, &HeaderValue)| {
            format!("{name}: {}", value.to_str().expect("text"))
        };
        answer.iter().map(line).collect()
    }

    #[test]
    fn only_allowed_pages_are_told_that_they_may_read() {
        assert_eq!(told(Request::post("/")), [""; 0]);
        assert_eq!(told(Request::post("/").header("origin", "http://localhost")), [""; 0]);
        assert_eq!(told(Request::post("/").header("origin", "null")), [""; 0]);
        assert_eq!(
            told(Request::post("/").header("origin", "http://localhost:3000")),
            [
                "access-control-allow-origin: http://localhost:3000",
                "vary: Origin",
                "access-control-expose-headers: *",
            ],
        );
    }

    #[test]
    fn a_browser_that_asks_is_told_what_a_page_may_send() {
        let asks = Request::options("/")
            .header("origin", "http://localhost:3000")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,x-amz-target")
            .header("access-control-request-private-network", "true");
        assert_eq!(
            told(asks),
            [
                "access-control-allow-origin: http://localhost:3000",
                "vary: Origin",
                "access-control-allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE",
                "access-control-max-age: 60",
                "access-control-allow-headers: authorization,x-amz-target",
                "access-control-allow-private-network: true",
            ],
        );
    }
}
