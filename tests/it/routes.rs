//! The routes of REST services, and where their members stand, against AWS's models.

use std::collections::BTreeSet;

use skyrig::registry;
use skyrig::wire::Protocol;
use skyrig::wire::rest::{Binding, Kind, Place, Route};

use crate::model::{Model, ModelShape, Reference};

#[test]
fn every_route_is_that_of_the_model() {
    let mut found = Vec::new();
    for (service, operation) in registry().operations() {
        let speaks_rest = service.protocols.contains(&Protocol::RestJson1);
        let at = format!("{} {}", service.name, operation.name);
        match &operation.route {
            Some(route) if speaks_rest => {
                let model = Model::of(service.name);
                found.extend(differences(&model, operation.name, route));
            }
            None if !speaks_rest => {}
            _ => found.push(format!("{at}: a route is for operations of REST services")),
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn differences(model: &Model, name: &str, route: &Route) -> Vec<String> {
    let operation = &model.operations[name];
    let mut found = Vec::new();
    let mut compare = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            found.push(format!("{name}: {what}: {ours} is {theirs}"));
        }
    };
    let http = operation.http.as_ref().expect("trim.py keeps it");
    compare("method", route.method.to_string(), http.method.clone());
    compare("uri", route.uri.to_owned(), http.request_uri.clone());
    let status = http.response_code.unwrap_or(200);
    compare("status", route.status.to_string(), status.to_string());
    for (side, bindings, shape) in [
        ("request", &route.request, &operation.input),
        ("response", &route.response, &operation.output),
    ] {
        let ours: BTreeSet<String> = bindings.iter().map(told).collect();
        let shape = shape.as_ref().map(|shape| model.shape(shape));
        let theirs = shape.map(|shape| bound(model, shape)).unwrap_or_default();
        compare(side, format!("{ours:?}"), format!("{theirs:?}"));
    }
    found
}

fn told(binding: &Binding) -> String {
    let Binding { member, place, kind } = binding;
    let place = match place {
        Place::Label => format!("uri {member}"),
        Place::Query(name) => format!("querystring {name}"),
        Place::Header(name) => format!("header {}", name.to_ascii_lowercase()),
        Place::Payload => "payload".to_owned(),
        Place::Status => "statusCode".to_owned(),
        Place::Headers => "headers".to_owned(),
    };
    let kind = match kind {
        Kind::Text => "string",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::List => "list",
        Kind::Blob => "blob",
    };
    format!("{member}: {kind} in {place}")
}

/// The members of the model's shape that stand outside of a JSON body.
fn bound(model: &Model, shape: &ModelShape) -> BTreeSet<String> {
    let of = |(name, member): (&String, &Reference)| {
        let kind = match model.shape(&member.shape).kind.as_str() {
            "long" => "integer".to_owned(),
            other => other.to_owned(),
        };
        let place = match member.location.as_deref() {
            Some("statusCode") => "statusCode".to_owned(),
            Some(location) => {
                let spelt = member.location_name.as_deref().unwrap_or(name);
                let header = location == "header";
                let spelt = if header { spelt.to_ascii_lowercase() } else { spelt.to_owned() };
                format!("{location} {spelt}")
            }
            None if shape.payload.as_ref() == Some(name) => "payload".to_owned(),
            // Our structures have the model's names, so the body must have them too.
            None if member.location_name.as_ref().is_some_and(|spelt| spelt != name) => {
                format!("a body as {:?}", member.location_name)
            }
            None => return None,
        };
        Some(format!("{name}: {kind} in {place}"))
    };
    shape.members.iter().filter_map(of).collect()
}
