//! Rows of code signing configurations.

use http::Method;

use crate::kernel::OperationTable;
use crate::services::lambda::operations::*;
use crate::services::lambda::state::Lambda;
use crate::wire::rest::{Kind, Route};

const ALL: &str = "/2020-04-22/code-signing-configs";
const ONE: &str = "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}";
const FUNCTIONS: &str = "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions";

pub(super) fn rows(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("CreateCodeSigningConfig", create_code_signing_config::run)
        .about_nothing()
        .rest(Route::new(Method::POST, ALL).status(201))
        .stores(&["AllowedPublishers"])
        .on("DeleteCodeSigningConfig", delete_code_signing_config::run)
        .about("CodeSigningConfigArn")
        .rest(Route::new(Method::DELETE, ONE).status(204))
        .on("GetCodeSigningConfig", get_code_signing_config::run)
        .about("CodeSigningConfigArn")
        .rest(Route::new(Method::GET, ONE))
        .on("ListCodeSigningConfigs", list_code_signing_configs::run)
        .about_nothing()
        .rest(Route::new(Method::GET, ALL).query("Marker", "Marker", Kind::Text).query(
            "MaxItems",
            "MaxItems",
            Kind::Integer,
        ))
        .on("ListFunctionsByCodeSigningConfig", list_functions_by_code_signing_config::run)
        .about("CodeSigningConfigArn")
        .rest(Route::new(Method::GET, FUNCTIONS).query("Marker", "Marker", Kind::Text).query(
            "MaxItems",
            "MaxItems",
            Kind::Integer,
        ))
        .on("UpdateCodeSigningConfig", update_code_signing_config::run)
        .about("CodeSigningConfigArn")
        .rest(Route::new(Method::PUT, ONE))
        .stores(&["AllowedPublishers"])
}

/// When runtimes are updated.
pub(super) fn runtimes(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    const RUNTIME: &str = "/2021-07-20/functions/{FunctionName}/runtime-management-config";
    table
        .on("GetRuntimeManagementConfig", get_runtime_management_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, RUNTIME).query("Qualifier", "Qualifier", Kind::Text))
        .on("PutRuntimeManagementConfig", put_runtime_management_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::PUT, RUNTIME).query("Qualifier", "Qualifier", Kind::Text))
        .stores(&["UpdateRuntimeOn"])
}
