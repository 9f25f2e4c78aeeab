//! The world that a request is for, where a server has several. Whoever lets requests in writes it
//! down in a header, however it was said, so that links lead back and a recorded request says it.

use http::HeaderName;
use http::request::Parts;

/// The header that names it.
pub const WORLD: HeaderName = HeaderName::from_static("x-skyrig-world");
/// What stands before its name in the path of a link.
pub const PATH: &str = "/w/";

/// The world that a request names.
pub fn of(parts: &Parts) -> Option<&str> {
    parts.headers.get(WORLD)?.to_str().ok()
}

/// The paths by which a request may have been sent whose world was taken from its path.
pub(super) fn sent_paths(parts: &Parts) -> Vec<String> {
    let Some(world) = of(parts) else { return Vec::new() };
    let whole = format!("{PATH}{world}{}", parts.uri.path());
    let bare = (parts.uri.path() == "/").then(|| format!("{PATH}{world}"));
    [whole].into_iter().chain(bare).collect()
}
