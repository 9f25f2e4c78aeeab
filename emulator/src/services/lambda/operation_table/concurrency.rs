//! Rows of how many invocations run, and of those that nobody waits for.

use http::Method;

use crate::kernel::OperationTable;
use crate::services::lambda::operations::*;
use crate::services::lambda::state::Lambda;
use crate::wire::rest::{Kind, Route};

/// Destinations that are not here.
const S3_AND_KAFKA: &str = "of S3 and Kafka";

pub(super) fn rows(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    events(bounds(table))
}

fn bounds(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("DeleteFunctionConcurrency", delete_function_concurrency::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::DELETE, "/2017-10-31/functions/{FunctionName}/concurrency")
                .status(204),
        )
        .on("GetFunctionConcurrency", get_function_concurrency::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2019-09-30/functions/{FunctionName}/concurrency"))
        .on("PutFunctionConcurrency", put_function_concurrency::run)
        .about("FunctionName")
        .rest(Route::new(Method::PUT, "/2017-10-31/functions/{FunctionName}/concurrency"))
        .on("DeleteProvisionedConcurrencyConfig", delete_provisioned_concurrency_config::run)
        .about("FunctionName")
        .rest(
            Route::new(
                Method::DELETE,
                "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
            )
            .status(204)
            .query("Qualifier", "Qualifier", Kind::Text),
        )
        .on("GetProvisionedConcurrencyConfig", get_provisioned_concurrency_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::GET, "/2019-09-30/functions/{FunctionName}/provisioned-concurrency")
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .on("ListProvisionedConcurrencyConfigs", list_provisioned_concurrency_configs::run)
        .about("FunctionName")
        .rest(
            Route::new(
                Method::GET,
                "/2019-09-30/functions/{FunctionName}/provisioned-concurrency?List=ALL",
            )
            .query("Marker", "Marker", Kind::Text)
            .query("MaxItems", "MaxItems", Kind::Integer),
        )
        .on("PutProvisionedConcurrencyConfig", put_provisioned_concurrency_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::PUT, "/2019-09-30/functions/{FunctionName}/provisioned-concurrency")
                .status(202)
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .stores(&["ProvisionedConcurrentExecutions"])
}

fn events(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("DeleteFunctionEventInvokeConfig", delete_function_event_invoke_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::DELETE, "/2019-09-25/functions/{FunctionName}/event-invoke-config")
                .status(204)
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .on("GetFunctionEventInvokeConfig", get_function_event_invoke_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::GET, "/2019-09-25/functions/{FunctionName}/event-invoke-config")
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .on("ListFunctionEventInvokeConfigs", list_function_event_invoke_configs::run)
        .about("FunctionName")
        .rest(
            Route::new(
                Method::GET,
                "/2019-09-25/functions/{FunctionName}/event-invoke-config/list",
            )
            .query("Marker", "Marker", Kind::Text)
            .query("MaxItems", "MaxItems", Kind::Integer),
        )
        .on("PutFunctionEventInvokeConfig", put_function_event_invoke_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::PUT, "/2019-09-25/functions/{FunctionName}/event-invoke-config")
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .refuses_values("DestinationConfig.OnFailure.Destination", S3_AND_KAFKA, "Destination")
        .refuses_values("DestinationConfig.OnSuccess.Destination", S3_AND_KAFKA, "Destination")
        .on("UpdateFunctionEventInvokeConfig", update_function_event_invoke_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::POST, "/2019-09-25/functions/{FunctionName}/event-invoke-config")
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .refuses_values("DestinationConfig.OnFailure.Destination", S3_AND_KAFKA, "Destination")
        .refuses_values("DestinationConfig.OnSuccess.Destination", S3_AND_KAFKA, "Destination")
}
