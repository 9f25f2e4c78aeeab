//! The console: the emulator and the system on it as pages in a browser, below `/_skyrig/`.
//!
//! The page is made of files in the program, without a build step, and asks for what it shows:
//! `watching` answers what only the emulator knows, `asking` lets it look by AWS's own read
//! operations. What the page changes it asks for as any client does. Knows no service from inside.

mod asking;
mod assets;
mod stored;
mod trying;
mod watching;

use axum::Router;
use axum::routing::{get, post};

use super::admin::Admin;

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_skyrig", get(assets::moved))
        .route("/_skyrig/", get(assets::page))
        .route("/_skyrig/console/{file}", get(assets::file))
        .route("/_skyrig/pulse", get(watching::pulse))
        .route("/_skyrig/due", get(watching::due))
        .route("/_skyrig/latest", get(watching::latest))
        .route("/_skyrig/topology", get(watching::topology))
        .route("/_skyrig/queues", get(watching::queues))
        .route("/_skyrig/messages", get(watching::messages))
        .route("/_skyrig/stored", get(stored::stored))
        .route("/_skyrig/ask", post(asking::ask))
        .route("/_skyrig/pattern", post(trying::pattern))
}
