//! Dependencies point down: edge and sdk, host, cloud, services, kernel, wire. Services don't know
//! each other. Only the edge touches the world.

use super::paths::{Named, named};
use super::source::{self, Source};

/// The emulator's layers and the layers that each may not name.
const BANNED: &[(&str, &[&str])] = &[
    ("wire", &["kernel", "services", "cloud", "host", "edge", "sdk"]),
    ("kernel", &["services", "cloud", "host", "edge", "sdk"]),
    ("services", &["cloud", "host", "edge", "sdk"]),
    ("cloud", &["host", "edge", "sdk"]),
    ("host", &["services", "edge", "sdk"]),
    ("sdk", &["services", "edge"]),
    ("edge", &["sdk"]),
];

/// What only some parts of the emulator may name.
const OUTSIDE_WORLD: &[(&str, &[&str])] = &[
    ("axum", &["edge"]),
    ("hyper", &["edge"]),
    ("hyper_util", &["edge"]),
    ("socket2", &["edge"]),
    ("tower", &["edge"]),
    ("clap", &["edge"]),
    ("std::net", &["edge"]),
    ("std::fs", &["edge"]),
    ("std::env", &["edge"]),
    ("std::process", &["edge"]),
    ("std::thread", &["edge"]),
    ("tokio", &["host", "edge", "sdk"]),
];

#[test]
fn layers_point_down() {
    let all = source::all();
    let found: Vec<String> = all.iter().flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_wrong_layer_is_found() {
    for (path, code) in [
        ("services/sqs/x.rs", "use crate::services::sns::Topic;"),
        ("services/sqs/operations/x.rs", "use super::super::super::sns::Topic;"),
        ("services/sqs/x.rs", "use crate::cloud::Cloud;"),
        ("services/sqs/x.rs", "use crate::Cloud;"),
        ("services/shared/x.rs", "use crate::services::sqs::Sqs;"),
        ("kernel/x.rs", "use crate::{services, wire};"),
        ("wire/cbor/x.rs", "fn f() { crate::kernel::now() }"),
        ("cloud/x.rs", "use crate::edge::Server;"),
        ("cloud/x.rs", "let file = std::fs::read(path);"),
        ("services/sqs/x.rs", "use std::{fs, io};"),
        ("kernel/x.rs", "tokio::spawn(x);"),
        ("sdk/x.rs", "use hyper::Request;"),
    ] {
        let source = Source::new(&format!("emulator/src/{path}"), code);
        assert_eq!(violations(&source).len(), 1, "{path}: {code}");
    }
    for (path, code) in [
        ("services/sqs/x.rs", "use crate::services::shared::policy;"),
        ("services/sqs/tests.rs", "use crate::cloud::testing::World;"),
        ("cloud/x.rs", "use crate::services::sqs::Sqs;"),
        ("services/shared/x.rs", "use std::net::IpAddr;"),
        ("edge/x.rs", "use std::fs; use tokio::net::TcpListener;"),
        ("main.rs", "use clap::Parser;"),
    ] {
        let source = Source::new(&format!("emulator/src/{path}"), code);
        assert_eq!(violations(&source), Vec::<String>::new(), "{path}: {code}");
    }
}

fn violations(source: &Source) -> Vec<String> {
    let Some(inside) = source.path.strip_prefix("emulator/src/") else {
        return Vec::new();
    };
    let parts: Vec<&str> = inside.split('/').collect();
    // The root's files are the crate's face (lib.rs) and the binary (main.rs).
    let layer = match parts.as_slice() {
        ["main.rs"] => "edge",
        ["lib.rs"] => return Vec::new(),
        [file] => file.trim_end_matches(".rs"),
        [folder, ..] => folder,
        [] => return Vec::new(),
    };
    let service = (layer == "services").then(|| parts[1]);
    let wrong = |it: &Named| !is_allowed(layer, service, it);
    named(source)
        .into_iter()
        .filter(wrong)
        .map(|it| format!("{}: {} names {}", source.at(it.line), layer, it.path.join("::")))
        .collect()
}

fn is_allowed(layer: &str, service: Option<&str>, named: &Named) -> bool {
    let first = named.path.first().map_or("", String::as_str);
    let second = named.path.get(1).map_or("", String::as_str);
    if !named.is_own {
        let full = format!("{first}::{second}");
        // An address is a value; only sockets are of the world.
        if full == "std::net" && named.path.last().is_some_and(|it| it.ends_with("Addr")) {
            return true;
        }
        let mut rows = OUTSIDE_WORLD.iter();
        let row = rows.find(|row| row.0 == first || row.0 == full);
        return named.is_test || row.is_none_or(|row| row.1.contains(&layer));
    }
    if named.is_test && first == "cloud" {
        // Services are tested at the cloud's face.
        return true;
    }
    if layer != "edge" && layer != "sdk" && first.starts_with(char::is_uppercase) {
        // The crate's face re-exports from above: name things by their module.
        return false;
    }
    if let Some(service) = service.filter(|_| first == "services") {
        return second == service || second == "shared";
    }
    let banned = BANNED.iter().find(|row| row.0 == layer);
    banned.is_none_or(|row| !row.1.contains(&first))
}
