//! What the wire must know of a service: its names and the protocols it speaks.

use serde::{Deserialize, Serialize};

use super::Naming;

/// A wire protocol. It belongs to a request, not to a service: most services speak several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Protocol {
    AwsJson10,
    AwsJson11,
    AwsQuery,
    RpcV2Cbor,
    RestJson1,
}

impl Protocol {
    /// The content type of requests and answers.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::AwsJson10 => "application/x-amz-json-1.0",
            Self::AwsJson11 => "application/x-amz-json-1.1",
            Self::AwsQuery => "text/xml",
            Self::RpcV2Cbor => "application/cbor",
            Self::RestJson1 => "application/json",
        }
    }
}

/// One service as the wire sees it.
#[derive(Debug)]
pub struct Service {
    /// The name in ARNs and in this emulator: `sqs`, `sns`, `events`, `dynamodb`.
    pub name: &'static str,
    /// The name in SigV4 scopes.
    pub signing_name: &'static str,
    /// What stands before the dot of `X-Amz-Target`, and in the path of rpcv2Cbor.
    pub target_prefix: Option<&'static str>,
    /// What stands before `#` in `__type`.
    pub namespace: &'static str,
    pub protocols: &'static [Protocol],
    /// The `Version` of the query protocol.
    pub query_version: Option<&'static str>,
    /// The namespace of query answers.
    pub xml_namespace: &'static str,
    /// How forms and XML spell members.
    pub naming: Naming,
    /// All of AWS's operations are here: a name unknown here is unknown to AWS too.
    pub every_operation: bool,
    /// The member that a query request may name by its path instead of the form (SQS).
    pub path_member: Option<&'static str>,
    /// Operations whose XML has no `…Result` element.
    pub without_result: &'static [&'static str],
    /// JSON and CBOR errors also carry the query code (`x-amzn-query-error`).
    pub query_compatible: bool,
    /// Query errors carry an empty `Detail` (SQS).
    pub error_detail: bool,
    /// Answers carry `x-amz-crc32` (DynamoDB).
    pub crc32: bool,
}
