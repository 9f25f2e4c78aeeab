//! Lambda on the wire: names, protocol, and the operation table.

use http::Method;

use super::operations::*;
use super::settings;
use super::state::Lambda;
use crate::kernel::{OperationTable, Throttling};
use crate::wire::rest::{Kind, Route};
use crate::wire::{Protocol, Service, default_naming};

/// Lambda as the wire sees it.
pub static SERVICE: Service = Service {
    name: "lambda",
    signing_name: "lambda",
    target_prefix: None,
    namespace: "com.amazonaws.lambda",
    protocols: &[Protocol::RestJson1],
    query_version: None,
    xml_namespace: "",
    naming: default_naming,
    without_result: &[],
    every_operation: false,
    path_member: None,
    query_compatible: false,
    error_detail: false,
    crc32: false,
};

/// Source: API reference, the exceptions of each operation.
const THROTTLING: Throttling = Throttling {
    shape: "TooManyRequestsException",
    query_code: "TooManyRequestsException",
    status: 429,
};

/// The operations of Lambda.
pub fn table() -> OperationTable<Lambda> {
    invocations(functions(OperationTable::new("lambda", THROTTLING)))
}

fn invocations(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on_waiting("Invoke", invoke::run)
        .about("FunctionName")
        .action("InvokeFunction")
        .rest(
            Route::new(Method::POST, "/2015-03-31/functions/{FunctionName}/invocations")
                .query("Qualifier", "Qualifier", Kind::Text)
                .header("x-amz-client-context", "ClientContext")
                .header("x-amz-durable-execution-name", "DurableExecutionName")
                .header("x-amz-invocation-type", "InvocationType")
                .header("x-amz-log-type", "LogType")
                .header("x-amz-tenant-id", "TenantId")
                .payload("Payload")
                .answers_status("StatusCode")
                .answers_header("x-amz-durable-execution-arn", "DurableExecutionArn")
                .answers_header("x-amz-executed-version", "ExecutedVersion")
                .answers_header("x-amz-function-error", "FunctionError")
                .answers_header("x-amz-log-result", "LogResult")
                .answers_payload("Payload"),
        )
        .refuses(&["DurableExecutionName", "TenantId"])
        .on("InvokeAsync", invoke_async::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::POST, "/2014-11-13/functions/{FunctionName}/invoke-async")
                .payload("InvokeArgs")
                .status(202)
                .answers_status("Status"),
        )
}

fn functions(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("CreateFunction", create_function::run)
        .about("FunctionName")
        .rest(Route::new(Method::POST, "/2015-03-31/functions").status(201))
        .stores(&settings::STORED)
        .stores(&["CodeSigningConfigArn"])
        .forgets(&["SourceKMSKeyArn", "PublishTo"])
        .refuses(&["Code.S3Bucket"])
        .on("DeleteFunction", delete_function::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::DELETE, "/2015-03-31/functions/{FunctionName}")
                .query("Qualifier", "Qualifier", Kind::Text)
                .answers_status("StatusCode"),
        )
        .on("GetFunction", get_function::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2015-03-31/functions/{FunctionName}").query(
            "Qualifier",
            "Qualifier",
            Kind::Text,
        ))
        .on("GetFunctionConfiguration", get_function_configuration::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2015-03-31/functions/{FunctionName}/configuration").query(
            "Qualifier",
            "Qualifier",
            Kind::Text,
        ))
        .on("ListFunctions", list_functions::run)
        .about_nothing()
        .rest(
            Route::new(Method::GET, "/2015-03-31/functions")
                .query("FunctionVersion", "FunctionVersion", Kind::Text)
                .query("Marker", "Marker", Kind::Text)
                .query("MasterRegion", "MasterRegion", Kind::Text)
                .query("MaxItems", "MaxItems", Kind::Integer),
        )
}
