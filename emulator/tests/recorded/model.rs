//! AWS's models of the services, as `tests/models` has them: how members are written and read.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use serde::Deserialize;

/// Exceptions that the models had not yet when the cases were recorded.
const NEWER: [&str; 1] = ["ValidationException"];

#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) api_version: String,
    pub(crate) endpoint_prefix: String,
    pub(crate) json_version: Option<String>,
    pub(crate) protocols: Vec<String>,
    pub(crate) signing_name: Option<String>,
    pub(crate) target_prefix: Option<String>,
    pub(crate) aws_query_compatible: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Operation {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) members: BTreeMap<String, Reference>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    pub(crate) flattened: bool,
    pub(crate) exception: bool,
    pub(crate) error: Option<ErrorTrait>,
}

/// The code of an exception over the query protocol.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorTrait {
    pub(crate) code: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Reference {
    pub(crate) shape: String,
    pub(crate) location_name: Option<String>,
}

impl Model {
    /// The shape of the exception that has this code, as the SDK finds it.
    pub(crate) fn exception(&self, code: &str) -> Option<&str> {
        let code_of = |name: &'_ str, shape: &Shape| {
            let given = shape.error.as_ref().and_then(|error| error.code.clone());
            given.unwrap_or_else(|| name.to_owned())
        };
        let mut exceptions =
            self.shapes.iter().filter(|(name, shape)| shape.exception && !self.is_newer(name));
        exceptions.find(|(name, shape)| code_of(name, shape) == code).map(|(name, _)| name.as_str())
    }

    /// Whether the recordings are older than the exception; Step Functions had it all the time.
    fn is_newer(&self, exception: &str) -> bool {
        NEWER.contains(&exception) && self.metadata.endpoint_prefix != "states"
    }

    /// The model of a service as boto3 names it.
    pub(crate) fn of(service: &str) -> &'static Self {
        // As ARNs have it.
        let service = if service == "stepfunctions" { "states" } else { service };
        static READ: LazyLock<Mutex<BTreeMap<String, &'static Model>>> =
            LazyLock::new(Mutex::default);
        let mut read = READ.lock().expect("nobody panics while reading");
        if let Some(model) = read.get(service) {
            return model;
        }
        let path = format!("{}/../tests/models/{service}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let model = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let model: &'static Self = Box::leak(Box::new(model));
        read.insert(service.to_owned(), model);
        model
    }

    pub(crate) fn shape(&self, name: &str) -> &Shape {
        self.shapes.get(name).unwrap_or_else(|| panic!("the model has no shape {name}"))
    }

    pub(crate) fn signing_name(&self) -> &str {
        self.metadata.signing_name.as_deref().unwrap_or(&self.metadata.endpoint_prefix)
    }
}

impl Reference {
    /// The name on the wire.
    pub(crate) fn name_or<'a>(&'a self, name: &'a str) -> &'a str {
        self.location_name.as_deref().unwrap_or(name)
    }
}
