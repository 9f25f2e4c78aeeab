//! AWS's models of the services, as `tests/models` has them: what a request may hold.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use skyrig::registry;
use skyrig::wire;
use skyrig::wire::rest::Route;

/// A service of the emulator with AWS's model of it.
pub(crate) struct Service {
    pub(crate) wire: &'static wire::Service,
    pub(crate) model: Model,
}

/// An operation that the emulator has.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) service: &'static Service,
    pub(crate) operation: &'static str,
}

#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Operation {
    pub(crate) input: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) members: BTreeMap<String, Reference>,
    pub(crate) required: Vec<String>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    #[serde(rename = "enum")]
    pub(crate) values: Vec<String>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) shape: String,
}

/// Every operation of the emulator, in a fixed order.
pub(crate) fn targets() -> &'static [Target] {
    static TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| {
        let services = registry().services().iter().map(|service| &*Box::leak(read(service)));
        let services: BTreeMap<&str, &'static Service> =
            services.map(|service| (service.wire.name, service)).collect();
        let targets = registry().operations().map(|(service, operation)| Target {
            service: services[service.name],
            operation: operation.name,
        });
        targets.collect()
    });
    &TARGETS
}

fn read(wire: &'static wire::Service) -> Box<Service> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/models");
    let path = format!("{folder}/{}.json", wire.name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let model = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    Box::new(Service { wire, model })
}

impl Target {
    /// The name of the shape of its input.
    pub(crate) fn input(&self) -> Option<&'static str> {
        self.service.model.operations.get(self.operation)?.input.as_deref()
    }

    /// How its requests look in restJson1.
    pub(crate) fn route(&self) -> &'static Route {
        let mut all = registry().operations();
        let found = all.find(|(service, operation)| {
            service.name == self.service.wire.name && operation.name == self.operation
        });
        let route = found.and_then(|(_, operation)| operation.route.as_ref());
        route.expect("operations of REST services have routes")
    }

    /// `sqs SendMessage`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.service.wire.name, self.operation)
    }
}

impl Model {
    pub(crate) fn shape(&self, name: &str) -> &Shape {
        self.shapes.get(name).unwrap_or_else(|| panic!("the model has no shape {name}"))
    }
}
