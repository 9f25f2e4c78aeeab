//! EventBridge Pipes on the wire: names, protocol, and the operation table.

use http::Method;

use super::constraint::MODEL;
use super::operations::*;
use super::state::Pipes;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::rest::{Kind, Route};
use crate::wire::{Protocol, Service, default_naming};

/// EventBridge Pipes as the wire sees it.
pub static SERVICE: Service = Service {
    name: "pipes",
    signing_name: "pipes",
    target_prefix: None,
    namespace: "com.amazonaws.pipes",
    protocols: &[Protocol::RestJson1],
    query_version: None,
    xml_namespace: "",
    naming: default_naming,
    without_result: &[],
    every_operation: true,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// Source: API reference, the exceptions of each operation.
const THROTTLING: Throttling =
    Throttling { shape: "ThrottlingException", query_code: "ThrottlingException", status: 429 };

/// Members that are stored and have no effect, of making a pipe and of changing it.
const STORED: [&str; 12] = [
    "Enrichment",
    "KmsKeyIdentifier",
    "LogConfiguration.FirehoseLogDestination",
    "LogConfiguration.S3LogDestination",
    "Target",
    "TargetParameters.BatchJobParameters",
    "TargetParameters.EcsTaskParameters",
    "TargetParameters.EventBridgeEventBusParameters.EndpointId",
    "TargetParameters.KinesisStreamParameters",
    "TargetParameters.RedshiftDataParameters",
    "TargetParameters.SageMakerPipelineParameters",
    "TargetParameters.TimestreamParameters",
];

/// The operations of EventBridge Pipes.
pub fn table() -> OperationTable<Pipes> {
    let named = |method, path| Route::new(method, path);
    OperationTable::new("pipes", THROTTLING)
        .modelled(&MODEL)
        .on("CreatePipe", create_pipe::run)
        .about("Name")
        .rest(named(Method::POST, "/v1/pipes/{Name}"))
        .stores(&STORED)
        .stores(&["Source"])
        .on("DeletePipe", delete_pipe::run)
        .about("Name")
        .rest(named(Method::DELETE, "/v1/pipes/{Name}"))
        .on("DescribePipe", describe_pipe::run)
        .about("Name")
        .rest(named(Method::GET, "/v1/pipes/{Name}"))
        .on("ListPipes", list_pipes::run)
        .about_nothing()
        .rest(
            named(Method::GET, "/v1/pipes")
                .query("CurrentState", "CurrentState", Kind::Text)
                .query("DesiredState", "DesiredState", Kind::Text)
                .query("Limit", "Limit", Kind::Integer)
                .query("NamePrefix", "NamePrefix", Kind::Text)
                .query("NextToken", "NextToken", Kind::Text)
                .query("SourcePrefix", "SourcePrefix", Kind::Text)
                .query("TargetPrefix", "TargetPrefix", Kind::Text),
        )
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .about("resourceArn")
        .rest(named(Method::GET, "/tags/{resourceArn}"))
        .on("StartPipe", start_pipe::run)
        .about("Name")
        .rest(named(Method::POST, "/v1/pipes/{Name}/start"))
        .on("StopPipe", stop_pipe::run)
        .about("Name")
        .rest(named(Method::POST, "/v1/pipes/{Name}/stop"))
        .on("TagResource", tags::tag_resource::run)
        .about("resourceArn")
        .rest(named(Method::POST, "/tags/{resourceArn}"))
        .on("UntagResource", tags::untag_resource::run)
        .about("resourceArn")
        .rest(named(Method::DELETE, "/tags/{resourceArn}").query("tagKeys", "tagKeys", Kind::List))
        .on("UpdatePipe", update_pipe::run)
        .about("Name")
        .rest(named(Method::PUT, "/v1/pipes/{Name}"))
        .stores(&STORED)
}
