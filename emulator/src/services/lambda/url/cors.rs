//! What browsers are told of an address.
//!
//! Source: developer guide "Creating and managing Lambda function URLs", CORS; API reference
//! "Cors".

use super::invoke::Request;
use crate::services::lambda::shapes::Cors;

const ANY: &str = "*";

/// Whether a browser asks if a page may send a request. Lambda answers by itself then.
pub(super) fn is_preflight(request: &Request) -> bool {
    request.method == "OPTIONS"
        && request.header("origin").is_some()
        && request.header("access-control-request-method").is_some()
}

/// The headers that an answer to `request` has, in the place of the function's own; none where the
/// page's origin is no allowed one.
pub(super) fn headers(cors: Option<&Cors>, request: &Request) -> Vec<(String, String)> {
    let (Some(cors), Some(origin)) = (cors, request.header("origin")) else { return Vec::new() };
    let has = |list: &Option<Vec<String>>, wanted: &str| {
        list.iter().flatten().any(|it| it == ANY || it.eq_ignore_ascii_case(wanted))
    };
    if !has(&cors.allow_origins, origin) {
        return Vec::new();
    }
    let with_credentials = cors.allow_credentials == Some(true);
    let is_for_all = cors.allow_origins.iter().flatten().any(|it| it == ANY);
    // With credentials a browser takes no star.
    let page = if is_for_all && !with_credentials { ANY } else { origin };
    let joined = |list: &Option<Vec<String>>| list.as_deref().unwrap_or_default().join(",");
    let mut told = vec![("access-control-allow-origin", page.to_owned())];
    if page != ANY {
        told.push(("vary", "Origin".to_owned()));
    }
    if with_credentials {
        told.push(("access-control-allow-credentials", "true".to_owned()));
    }
    if is_preflight(request) {
        let (methods, headers) = (joined(&cors.allow_methods), joined(&cors.allow_headers));
        told.extend([
            ("access-control-allow-methods", methods),
            ("access-control-allow-headers", headers),
        ]);
        let seconds = cors.max_age.filter(|seconds| *seconds > 0);
        told.extend(seconds.map(|seconds| ("access-control-max-age", seconds.to_string())));
    } else {
        told.push(("access-control-expose-headers", joined(&cors.expose_headers)));
    }
    told.retain(|(_, value)| !value.is_empty());
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
