//! The files that the page is made of.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::edge::admin::refusal;

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const IMAGE: &str = "image/svg+xml";

macro_rules! assets {
    ($($name:literal: $kind:ident),* $(,)?) => {
        &[$(($name, $kind, include_str!($name))),*]
    };
}

/// Name, type and text.
const FILES: &[(&str, &str, &str)] = assets![
    "console.css": STYLE,
    "icon.svg": IMAGE,
    "alarms.js": SCRIPT,
    "aws.js": SCRIPT,
    "clock.js": SCRIPT,
    "dom.js": SCRIPT,
    "events.js": SCRIPT,
    "executions.js": SCRIPT,
    "faults.js": SCRIPT,
    "flow.js": SCRIPT,
    "functions.js": SCRIPT,
    "help.js": SCRIPT,
    "layout.js": SCRIPT,
    "list.js": SCRIPT,
    "live.js": SCRIPT,
    "logs.js": SCRIPT,
    "main.js": SCRIPT,
    "metrics.js": SCRIPT,
    "outbox.js": SCRIPT,
    "queue.js": SCRIPT,
    "queues.js": SCRIPT,
    "schedules.js": SCRIPT,
    "story.js": SCRIPT,
    "tables.js": SCRIPT,
    "templates.js": SCRIPT,
    "topics.js": SCRIPT,
    "why.js": SCRIPT,
    "worlds.js": SCRIPT,
];

/// Everything beside the page stands below its address, which ends with a slash; a world's path may
/// stand before it.
pub(super) async fn moved() -> Redirect {
    Redirect::permanent("_skyrig/")
}

pub(super) async fn page() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-cache")], Html(include_str!("index.html")))
}

pub(super) async fn file(Path(file): Path<String>) -> Response {
    let found = FILES.iter().find(|(name, ..)| *name == file);
    let Some((_, kind, text)) = found else {
        return refusal(StatusCode::NOT_FOUND, format!("the console has no file {file}"));
    };
    // Another version may be started at the same address.
    ([(CONTENT_TYPE, *kind), (CACHE_CONTROL, "no-cache")], *text).into_response()
}

#[cfg(test)]
mod tests {
    use super::FILES;

    /// The page's policy lets nothing inline run, and what others wrote must stay text.
    #[test]
    fn nothing_inline_and_no_markup_of_text() {
        let page = include_str!("index.html");
        for banned in ["<style", "style=", "onclick", "http://", "https://", "<script>"] {
            assert!(!page.contains(banned), "{banned}");
        }
        for (name, _, text) in FILES {
            let words = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("];
            for banned in words {
                assert!(!text.contains(banned), "{name}: {banned}");
            }
        }
    }

    /// What every room needs the browser asks for at once; a room's own script when somebody goes
    /// there.
    #[test]
    fn every_file_is_named_and_what_is_named_is_there() {
        let has = |name: &str| FILES.iter().any(|(it, ..)| *it == name);
        let text = |name: &str| FILES.iter().find(|(it, ..)| *it == name).map(|(.., text)| *text);
        let named = |text: &'static str, before: &'static str| {
            text.split(before).skip(1).filter_map(|rest| rest.split('"').next())
        };
        let page: Vec<&str> = named(include_str!("index.html"), "\"console/").collect();
        for name in &page {
            assert!(has(name), "the page names {name}");
        }
        for (name, _, script) in FILES {
            for from in named(script, " from \"./").chain(named(script, "import(\"./")) {
                assert!(has(from), "{name} imports {from}");
            }
            let imports =
                |(.., other): &(&str, &str, &'static str)| other.contains(&format!("\"./{name}\""));
            assert!(page.contains(name) || FILES.iter().any(imports), "{name} is used by nobody");
        }
        for from in named(text("main.js").unwrap_or_default(), " from \"./") {
            assert!(page.contains(&from), "the page does not name {from}, which the shell needs");
        }
    }
}
