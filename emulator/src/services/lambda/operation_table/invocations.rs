//! Invocations.

use http::Method;

use crate::kernel::OperationTable;
use crate::services::lambda::operations::*;
use crate::services::lambda::state::Lambda;
use crate::wire::rest::{Kind, Route};

pub(super) fn rows(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
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
