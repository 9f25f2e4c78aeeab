//! The order system's layers. Each module of `system/src` names only those that stand in its row,
//! and each row only modules of the rows above it: so none can name one that names it.

use super::paths::{Named, named};
use super::source::{self, Source};

/// A module of the crate's root and the modules that it may name, from the bottom up.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("failure", &[]),
    ("gate", &[]),
    ("trace", &["domain"]),
    ("telemetry", &["trace"]),
    ("contracts", &["domain"]),
    ("ports", &["domain", "failure"]),
    ("resilience", &["domain", "failure"]),
    ("tasks", &["gate"]),
    ("role", &["domain", "failure", "contracts"]),
    ("config", &["failure", "contracts", "resilience", "role", "telemetry"]),
    ("analytics", &["domain", "contracts"]),
    ("adapters", &["domain", "failure", "trace", "ports", "config"]),
    ("metrics", &["domain", "failure", "telemetry", "adapters"]),
    ("outbox", &["failure", "contracts", "ports", "adapters", "metrics"]),
    (
        "quotes",
        &["domain", "failure", "contracts", "ports", "role", "config", "adapters", "metrics"],
    ),
    (
        "app",
        &[
            "domain",
            "failure",
            "contracts",
            "ports",
            "resilience",
            "config",
            "analytics",
            "adapters",
            "metrics",
            "outbox",
            "quotes",
            "trace",
            "telemetry",
        ],
    ),
    ("infra", &["domain", "failure", "contracts", "role", "config", "adapters", "app"]),
    ("dead_letters", &["failure", "trace", "role", "config", "adapters"]),
    (
        "roles",
        &[
            "dead_letters",
            "domain",
            "trace",
            "telemetry",
            "failure",
            "contracts",
            "ports",
            "resilience",
            "role",
            "config",
            "analytics",
            "adapters",
            "metrics",
            "app",
            "infra",
        ],
    ),
    (
        "system",
        &[
            "failure", "gate", "tasks", "role", "config", "adapters", "outbox", "quotes", "app",
            "roles",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "telemetry",
            "analytics",
            "failure",
            "ports",
            "role",
            "config",
            "adapters",
            "app",
            "infra",
            "roles",
            "dead_letters",
            "system",
        ],
    ),
    ("main", &["cli"]),
];

/// What only some modules may name: whatever begins so, and who.
const OUTSIDE_WORLD: &[(&str, &[&str])] = &[
    ("aws_sdk_", &["adapters", "infra"]),
    ("aws_config", &["adapters", "cli"]),
    ("rdkafka", &["adapters"]),
    ("testcontainers", &["adapters"]),
    ("axum", &["roles", "system", "cli"]),
    ("clap", &["role", "config", "app", "cli"]),
    ("std::env", &["cli", "main"]),
    ("std::fs", &["cli"]),
    ("std::net", &["adapters", "cli"]),
    ("std::process", &["cli", "main"]),
    ("std::thread", &["tasks", "adapters", "cli"]),
];

#[test]
fn layers_point_down() {
    let found: Vec<String> = source::all().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_layer_names_only_layers_below_it() {
    for (at, (layer, named)) in LAYERS.iter().enumerate() {
        for name in *named {
            let below = LAYERS[..at].iter().any(|row| row.0 == *name);
            assert!(below, "{layer} may name {name}, which is not below it");
        }
    }
}

#[test]
fn what_a_layer_may_name_it_names() {
    let all = source::all();
    let of = |layer: &str| -> Vec<String> {
        let own = all.iter().filter(|it| layer_of(it) == Some(layer));
        own.flat_map(named)
            .filter(|it| it.is_own)
            .filter_map(|it| it.path.first().cloned())
            .collect()
    };
    for (layer, allowed) in LAYERS {
        let named = of(layer);
        // The binary's own path to the library is that of an extern crate.
        let unused =
            allowed.iter().filter(|it| *layer != "main" && !named.contains(&(**it).into()));
        assert_eq!(unused.collect::<Vec<_>>(), Vec::<&&str>::new(), "{layer} has no need of them");
    }
}

#[test]
fn a_wrong_layer_is_found() {
    for (path, code) in [
        ("domain/order/x.rs", "use crate::contracts::Payload;"),
        ("contracts/x.rs", "use crate::{domain, ports};"),
        ("failure.rs", "use crate::ports::StreamError;"),
        ("config.rs", "fn f() { crate::roles::consume() }"),
        ("app/x.rs", "use super::super::roles::Consumer;"),
        ("infra/x.rs", "use crate::roles::api;"),
        ("role/x.rs", "#[cfg(test)]\nmod tests {\n    use crate::roles::api;\n}"),
        ("roles/x.rs", "use crate::Role;"),
        ("roles/x.rs", "use aws_sdk_sqs::Client;"),
        ("app/x.rs", "use axum::Router;"),
        ("adapters/x.rs", "let it = std::env::var(name);"),
        ("helpers.rs", "use crate::domain::Money;"),
    ] {
        let source = Source::new(&format!("system/src/{path}"), code);
        assert_eq!(violations(&source).len(), 1, "{path}: {code}");
    }
    for (path, code) in [
        ("contracts/x.rs", "use crate::domain::Money; use super::stream::Topic;"),
        ("roles/api/x.rs", "use crate::infra::subscribers; use axum::Json;"),
        ("infra/x.rs", "use aws_sdk_sqs::Client;"),
        ("lib.rs", "pub use roles::Role; pub use app::App;"),
        ("main.rs", "orderflow::cli::main_from(std::env::args_os())"),
    ] {
        let source = Source::new(&format!("system/src/{path}"), code);
        assert_eq!(violations(&source), Vec::<String>::new(), "{path}: {code}");
    }
}

fn violations(source: &Source) -> Vec<String> {
    let Some(layer) = layer_of(source) else {
        return Vec::new();
    };
    let Some((_, allowed)) = LAYERS.iter().find(|row| row.0 == layer) else {
        return vec![format!("{}: {layer} has no row in LAYERS", source.path)];
    };
    let wrong = |it: &Named| !is_allowed(layer, allowed, it);
    let told = |it: Named| format!("{}: {layer} names {}", source.at(it.line), it.path.join("::"));
    named(source).into_iter().filter(wrong).map(told).collect()
}

/// The module of the crate's root that a file is in; none for the crate's face.
fn layer_of(source: &Source) -> Option<&str> {
    let inside = source.path.strip_prefix("system/src/").filter(|it| *it != "lib.rs")?;
    let first = inside.split('/').next()?;
    Some(first.trim_end_matches(".rs"))
}

fn is_allowed(layer: &str, allowed: &[&str], named: &Named) -> bool {
    let first = named.path.first().map_or("", String::as_str);
    if named.is_own {
        // The root alone stands in visibilities, as in `pub(in super::super)`. What the face
        // re-exports is named by its module.
        return first.is_empty() || first == layer || allowed.contains(&first);
    }
    let full = named.path.join("::");
    let row = OUTSIDE_WORLD.iter().find(|row| full.starts_with(row.0));
    named.is_test || row.is_none_or(|row| row.1.contains(&layer))
}
