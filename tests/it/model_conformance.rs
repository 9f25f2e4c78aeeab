//! Every operation's members, and every service's facts, against AWS's models.
//!
//! The operations are written by hand; this is what keeps them equal to AWS's.

use std::collections::BTreeSet;

use skyrig::wire::shape::Shape;
use skyrig::wire::{MemberName, Protocol, Service};
use skyrig::{cloud::OperationShapes, registry};

use crate::model::{Model, Reference};

/// Members of the model that we do not have, or whose type is ours: service, shape and member in
/// the model's words, and why.
const EXCEPT_MEMBERS: &[(&str, &str, &str)] = &[
    ("dynamodb", "BatchGetItemOutput.Responses", OF_ITEMS),
    ("dynamodb", "BatchStatementError.Item", OF_ITEMS),
    ("dynamodb", "BatchStatementResponse.Item", OF_ITEMS),
    ("dynamodb", "DeleteItemOutput.Attributes", OF_ITEMS),
    ("dynamodb", "ExecuteStatementOutput.Items", OF_ITEMS),
    ("dynamodb", "ExecuteStatementOutput.LastEvaluatedKey", OF_ITEMS),
    ("dynamodb", "GetItemOutput.Item", OF_ITEMS),
    ("dynamodb", "ItemCollectionMetrics.ItemCollectionKey", OF_ITEMS),
    ("dynamodb", "ItemResponse.Item", OF_ITEMS),
    ("dynamodb", "PutItemOutput.Attributes", OF_ITEMS),
    ("dynamodb", "QueryOutput.Items", OF_ITEMS),
    ("dynamodb", "QueryOutput.LastEvaluatedKey", OF_ITEMS),
    ("dynamodb", "ScanOutput.Items", OF_ITEMS),
    ("dynamodb", "ScanOutput.LastEvaluatedKey", OF_ITEMS),
    ("dynamodb", "UpdateItemOutput.Attributes", OF_ITEMS),
    ("dynamodbstreams", "StreamRecord.Keys", OF_ITEMS),
    ("dynamodbstreams", "StreamRecord.NewImage", OF_ITEMS),
    ("dynamodbstreams", "StreamRecord.OldImage", OF_ITEMS),
];

const OF_ITEMS: &str = "stored items hold valid values only and refuse the blanks of the probe";

/// Shapes that are read and written by hand, so that their type tells nothing about their members:
/// service, shape in the model's words, and why.
const EXCEPT_SHAPES: &[(&str, &str, &str)] = &[];

/// Protocols that AWS speaks although the model does not list them.
const EXCEPT_PROTOCOLS: &[(&str, Protocol, &str)] = &[(
    "sqs",
    Protocol::AwsQuery,
    "the service still answers the query protocol of clients before 2023; the model dropped it",
)];

#[test]
fn every_operation_has_the_members_of_the_model() {
    let registry = registry();
    let mut check = Check::default();
    for service in registry.services() {
        let model = Model::of(service.name);
        for shapes in registry.shapes() {
            if shapes.service.name == service.name {
                check.operation(&model, &shapes);
            }
        }
    }
    check.stale_exceptions();
    assert!(
        check.found.is_empty(),
        "{} differences:\n{}",
        check.found.len(),
        check.found.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn every_service_is_named_as_in_the_model() {
    for service in registry().services() {
        let Model { metadata, .. } = Model::of(service.name);
        let name = service.name;
        let signing_name = metadata.signing_name.unwrap_or(metadata.endpoint_prefix);
        assert_eq!(service.signing_name, signing_name, "{name}: signing name");
        let target_prefix = metadata.target_prefix.as_deref();
        assert_eq!(service.target_prefix, target_prefix, "{name}: target");
        if let Some(version) = service.query_version {
            assert_eq!(version, metadata.api_version, "{name}: Version");
        }
        if let Some(namespace) = metadata.xml_namespace {
            assert_eq!(service.xml_namespace, namespace, "{name}: XML namespace");
        }
        let query_compatible = metadata.aws_query_compatible.is_some();
        assert_eq!(service.query_compatible, query_compatible, "{name}: codes");
    }
}

#[test]
fn every_service_speaks_the_protocols_of_the_model() {
    for service in registry().services() {
        let mut wanted = Model::of(service.name).protocols();
        let added = EXCEPT_PROTOCOLS.iter().filter(|row| row.0 == service.name);
        wanted.extend(added.map(|row| row.1));
        wanted.sort();
        let mut ours = service.protocols.to_vec();
        ours.sort();
        assert_eq!(ours, wanted, "{}", service.name);
    }
}

#[test]
fn query_spelling_is_that_of_the_model() {
    let mut found = Vec::new();
    for shapes in registry().shapes() {
        let model = Model::of(shapes.service.name);
        if model.protocols().contains(&Protocol::AwsQuery) {
            spelling(&model, &shapes, &mut found);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What was found so far, and which exceptions were needed.
#[derive(Default)]
struct Check {
    found: BTreeSet<String>,
    used: BTreeSet<(String, String)>,
}

impl Check {
    fn operation(&mut self, model: &Model, shapes: &OperationShapes) {
        let (service, name) = (shapes.service.name, shapes.operation);
        let Some(operation) = model.operations.get(name) else {
            self.found.insert(format!("{service}: AWS has no {name}"));
            return;
        };
        if operation.errors.is_none() {
            self.found.insert(format!(
                "{service}: the model of {name} was left out: take it from OUTSIDE in trim.py"
            ));
            return;
        }
        let sides = [
            (&operation.input, &shapes.request, "Request"),
            (&operation.output, &shapes.response, "Response"),
        ];
        for (theirs, ours, side) in sides {
            let at = format!("{service} {name} {side}");
            match (theirs, ours) {
                (Some(theirs), ours) => self.compare(model, service, theirs, ours, &at),
                (None, Shape::Document) => {}
                (None, Shape::Structure { members, .. }) if members.is_empty() => {}
                (None, _) => {
                    self.found.insert(format!("{at}: the model has none"));
                }
            }
        }
    }

    fn compare(&mut self, model: &Model, service: &str, theirs: &str, ours: &Shape, at: &str) {
        if excepted(EXCEPT_SHAPES, service, theirs) {
            self.used.insert((service.to_owned(), theirs.to_owned()));
            return;
        }
        let shape = model.shape(theirs);
        let inner = |part: &Option<Reference>| part.as_ref().map(|it| it.shape.clone());
        match (shape.kind.as_str(), ours) {
            ("structure", Shape::Structure { members, .. } | Shape::Union { members, .. }) => {
                self.members(model, service, theirs, members);
            }
            ("structure", Shape::Recursive(_)) => {}
            ("list", Shape::List(element)) => {
                let theirs = inner(&shape.member).expect("a list has a member");
                self.compare(model, service, &theirs, element, at);
            }
            ("map", Shape::Map(value)) => {
                let theirs = inner(&shape.value).expect("a map has a value");
                self.compare(model, service, &theirs, value, at);
            }
            ("string", Shape::Enum { variants, .. }) => {
                for unknown in variants.iter().filter(|it| !shape.values.contains(it)) {
                    self.found.insert(format!("{at}: {theirs} has no value {unknown}"));
                }
            }
            (kind, ours) if is_scalar(kind, ours) => {}
            (kind, ours) => {
                let ours = kind_of(ours);
                self.found.insert(format!("{at}: {theirs} is a {kind}, ours a {ours}"));
            }
        }
    }

    fn members(&mut self, model: &Model, service: &str, theirs: &str, ours: &[(String, Shape)]) {
        let shape = model.shape(theirs);
        let known: BTreeSet<&str> = ours.iter().map(|(name, _)| name.as_str()).collect();
        for name in shape.members.keys() {
            let at = format!("{theirs}.{name}");
            if excepted(EXCEPT_MEMBERS, service, &at) {
                self.used.insert((service.to_owned(), at));
            } else if !known.contains(name.as_str()) {
                self.found.insert(format!("{service}: we lack {at}"));
            }
        }
        for (name, ours) in ours {
            let at = format!("{theirs}.{name}");
            if excepted(EXCEPT_MEMBERS, service, &at) {
                continue;
            }
            match shape.members.get(name) {
                Some(member) => {
                    let at = format!("{service}: {at}");
                    self.compare(model, service, &member.shape, ours, &at);
                }
                None => {
                    self.found.insert(format!("{service}: the model has no {at}"));
                }
            }
        }
    }

    /// An exception that nothing needs would hide the next difference.
    fn stale_exceptions(&mut self) {
        for (service, name, _reason) in EXCEPT_MEMBERS.iter().chain(EXCEPT_SHAPES) {
            let row = ((*service).to_owned(), (*name).to_owned());
            if !self.used.contains(&row) {
                self.found.insert(format!("the exception {service} {name} is not needed"));
            }
        }
    }
}

fn excepted(table: &[(&str, &str, &str)], service: &str, name: &str) -> bool {
    table.iter().any(|row| row.0 == service && row.1 == name)
}

/// Whether our scalar is what the model says, as far as can be told: a [`Shape::Document`] is a
/// type with its own rules about what it takes.
fn is_scalar(kind: &str, ours: &Shape) -> bool {
    match kind {
        "string" => matches!(ours, Shape::String | Shape::Document),
        "integer" | "long" => matches!(ours, Shape::Integer | Shape::Document),
        "float" | "double" => matches!(ours, Shape::Float | Shape::Document),
        "boolean" => matches!(ours, Shape::Boolean),
        "timestamp" => matches!(ours, Shape::Timestamp),
        "blob" => matches!(ours, Shape::Blob),
        _ => false,
    }
}

fn kind_of(shape: &Shape) -> String {
    match shape {
        Shape::List(inner) => format!("list of {}", kind_of(inner)),
        Shape::Map(inner) => format!("map to {}", kind_of(inner)),
        Shape::Structure { name, .. } => format!("structure {name}"),
        Shape::Union { name, .. } => format!("union {name}"),
        Shape::Enum { name, .. } => format!("enum {name}"),
        scalar => format!("{scalar:?}"),
    }
}

/// How forms and XML spell an operation's members, and whether there is a `…Result` element.
fn spelling(model: &Model, shapes: &OperationShapes, found: &mut Vec<String>) {
    let (service, name) = (shapes.service, shapes.operation);
    let Some(operation) = model.operations.get(name) else {
        return;
    };
    let without_result = service.without_result.contains(&name);
    if without_result != operation.output.is_none() {
        found.push(format!("{}: without_result of {name}", service.name));
    }
    let mut seen = BTreeSet::new();
    for side in [&operation.input, &operation.output].into_iter().flatten() {
        spelling_of(model, service, name, side, &mut seen, found);
    }
}

fn spelling_of(
    model: &Model,
    service: &Service,
    operation: &str,
    shape: &str,
    seen: &mut BTreeSet<String>,
    found: &mut Vec<String>,
) {
    if !seen.insert(shape.to_owned()) {
        return;
    }
    let shape = model.shape(shape);
    for part in [&shape.member, &shape.value].into_iter().flatten() {
        spelling_of(model, service, operation, &part.shape, seen, found);
    }
    for (name, member) in &shape.members {
        let ours = (service.naming)(operation, name);
        let theirs = model.shape(&member.shape);
        let part = |part: &Option<Reference>, default: &str| {
            let spelt = part.as_ref().and_then(|it| it.location_name.clone());
            spelt.unwrap_or_else(|| default.to_owned())
        };
        let wanted = (
            member.location_name.as_deref().unwrap_or(name),
            theirs.flattened,
            part(&theirs.key, MemberName::DEFAULT.key),
            part(&theirs.value, MemberName::DEFAULT.value),
        );
        let (key, value) = (ours.key.to_owned(), ours.value.to_owned());
        let got = (ours.name.unwrap_or(name), ours.flattened, key, value);
        if got != wanted {
            let service = service.name;
            found.push(format!("{service} {operation} {name}: {got:?} is {wanted:?}"));
        }
        spelling_of(model, service, operation, &member.shape, seen, found);
    }
}

#[test]
fn a_difference_is_found() {
    let model: Model = serde_json::from_value(serde_json::json!({
        "metadata": {"apiVersion": "1", "endpointPrefix": "x", "protocols": []},
        "operations": {},
        "shapes": {
            "In": {"type": "structure", "members": {
                "Same": {"shape": "Text"}, "Lacking": {"shape": "Text"}, "Typed": {"shape": "Text"},
                "Kind": {"shape": "Kind"},
            }},
            "Text": {"type": "string"},
            "Kind": {"type": "string", "enum": ["a"]},
        },
    }))
    .unwrap();
    let enumeration =
        Shape::Enum { name: "Kind".to_owned(), variants: vec!["a".to_owned(), "b".to_owned()] };
    let members = vec![
        ("Same".to_owned(), Shape::String),
        ("Typed".to_owned(), Shape::Integer),
        ("Kind".to_owned(), enumeration),
        ("Unknown".to_owned(), Shape::String),
    ];
    let mut check = Check::default();
    check.members(&model, "x", "In", &members);
    let found: Vec<String> = check.found.into_iter().collect();
    assert_eq!(
        found,
        [
            "x: In.Kind: Kind has no value b",
            "x: In.Typed: Text is a string, ours a Integer",
            "x: the model has no In.Unknown",
            "x: we lack In.Lacking",
        ]
    );
}
