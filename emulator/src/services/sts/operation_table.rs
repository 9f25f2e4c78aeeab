//! STS on the wire: names, protocol and the operation table.

use serde::{Deserialize, Serialize};

use super::operations::get_caller_identity;
use crate::kernel::{Hooks, OperationTable, Throttling};
use crate::wire::{Protocol, Service, default_naming};

/// STS as the wire sees it.
pub static SERVICE: Service = Service {
    name: "sts",
    signing_name: "sts",
    target_prefix: None,
    namespace: "com.amazonaws.sts",
    protocols: &[Protocol::AwsQuery],
    query_version: Some("2011-06-15"),
    xml_namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    naming: default_naming,
    without_result: &[],
    every_operation: false,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// STS remembers nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sts {}

impl Hooks for Sts {}

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "Throttling", query_code: "Throttling", status: 400 };

/// The operations of STS.
pub fn table() -> OperationTable<Sts> {
    OperationTable::new("sts", THROTTLING)
        .on("GetCallerIdentity", get_caller_identity::run)
        .about_nothing()
}
