//! Lambda on the wire: names, protocol, and the operation table.

mod code_signing;
mod concurrency;
mod functions;
mod invocations;
mod layers;
mod mappings;
mod qualified;

use http::Method;

use super::constraint::MODEL;
use super::operations::*;
use super::package;
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
pub(super) const THROTTLING: Throttling = Throttling {
    shape: "TooManyRequestsException",
    query_code: "TooManyRequestsException",
    status: 429,
};

/// The operations of Lambda.
pub fn table() -> OperationTable<Lambda> {
    let table = made(OperationTable::new("lambda", THROTTLING).modelled(&MODEL));
    let table = code_signing::runtimes(code_signing::rows(table));
    let table = concurrency::rows(qualified::rows(functions::rows(table)));
    mappings::rows(invocations::rows(layers::rows(table)))
}

/// Functions as such.
fn made(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("CreateFunction", create_function::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::POST, "/2015-03-31/functions")
                .takes(package::REQUEST_BYTES_MAX)
                .status(201),
        )
        .stores(&settings::STORED)
        .stores(&["Architectures", "CodeSigningConfigArn"])
        .forgets(&["Code.SourceKMSKeyArn", "PublishTo"])
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
