//! AWS's model of a service, as `tests/models/trim.py` left it.

use std::collections::BTreeMap;

use serde::Deserialize;
use skyrig::wire::Protocol;

use crate::repository;

#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) operations: BTreeMap<String, ModelOperation>,
    pub(crate) shapes: BTreeMap<String, ModelShape>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) api_version: String,
    #[serde(default)]
    pub(crate) aws_query_compatible: Option<serde_json::Value>,
    pub(crate) endpoint_prefix: String,
    pub(crate) json_version: Option<String>,
    pub(crate) protocols: Vec<String>,
    pub(crate) signing_name: Option<String>,
    pub(crate) target_prefix: Option<String>,
    pub(crate) xml_namespace: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ModelOperation {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<String>,
    /// Absent where the model was left out, which is for operations beyond the emulator's scope.
    pub(crate) errors: Option<Vec<String>>,
    /// Only where the service speaks a REST protocol.
    pub(crate) http: Option<Http>,
}

/// How a REST request is addressed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) request_uri: String,
    pub(crate) response_code: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ModelShape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) members: BTreeMap<String, Reference>,
    /// The names of the members as the model has them one after the other.
    pub(crate) order: Vec<String>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    #[serde(rename = "enum")]
    pub(crate) values: Vec<String>,
    /// Of a number, or of the length of a text or list.
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    /// What a text has to be made of.
    pub(crate) pattern: Option<String>,
    /// Not to be shown in errors.
    pub(crate) sensitive: bool,
    /// The members that a structure always has.
    pub(crate) required: Vec<String>,
    pub(crate) exception: bool,
    pub(crate) error: Option<ErrorTrait>,
    pub(crate) flattened: bool,
    /// The member that is the whole body.
    pub(crate) payload: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Reference {
    pub(crate) shape: String,
    pub(crate) location_name: Option<String>,
    /// `uri`, `querystring`, `header`, `statusCode`; none: in the body.
    pub(crate) location: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ErrorTrait {
    pub(crate) code: Option<String>,
    pub(crate) http_status_code: Option<u16>,
    pub(crate) sender_fault: bool,
}

impl Model {
    /// The model of the service that skyrig calls `service`.
    pub(crate) fn of(service: &str) -> Self {
        let path = format!("tests/models/{service}.json");
        serde_json::from_str(&repository::read(&path))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The shape of that name.
    pub(crate) fn shape(&self, name: &str) -> &ModelShape {
        let shape = self.shapes.get(name);
        shape.unwrap_or_else(|| panic!("the model has no shape {name}: run tests/models/trim.py"))
    }

    /// The protocols that the model lists, sorted.
    pub(crate) fn protocols(&self) -> Vec<Protocol> {
        let protocol = |name: &String| match (name.as_str(), self.metadata.json_version.as_deref())
        {
            ("json", Some("1.0")) => Protocol::AwsJson10,
            ("json", _) => Protocol::AwsJson11,
            ("rest-json", _) => Protocol::RestJson1,
            ("query", _) => Protocol::AwsQuery,
            ("smithy-rpc-v2-cbor", _) => Protocol::RpcV2Cbor,
            (other, _) => panic!("{other} is no protocol of this emulator"),
        };
        let mut protocols: Vec<_> = self.metadata.protocols.iter().map(protocol).collect();
        protocols.sort();
        protocols
    }
}
