//! Rows of functions and their versions, beside those that make them.

use http::Method;

use crate::kernel::OperationTable;
use crate::services::lambda::operations::*;
use crate::services::lambda::package;
use crate::services::lambda::settings;
use crate::services::lambda::state::Lambda;
use crate::wire::rest::{Kind, Route};

pub(super) fn rows(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    rest(code(table))
}

fn code(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("UpdateFunctionCode", update_function_code::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::PUT, "/2015-03-31/functions/{FunctionName}/code")
                .takes(package::REQUEST_BYTES_MAX),
        )
        .stores(&["Architectures"])
        .forgets(&["SourceKMSKeyArn", "PublishTo"])
        .refuses(&["S3Bucket"])
        .on("UpdateFunctionConfiguration", update_function_configuration::run)
        .about("FunctionName")
        .rest(Route::new(Method::PUT, "/2015-03-31/functions/{FunctionName}/configuration"))
        .stores(&settings::STORED_LATER)
        .on("PublishVersion", publish_version::run)
        .about("FunctionName")
        .rest(Route::new(Method::POST, "/2015-03-31/functions/{FunctionName}/versions").status(201))
        .forgets(&["PublishTo"])
        .on("ListVersionsByFunction", list_versions_by_function::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::GET, "/2015-03-31/functions/{FunctionName}/versions")
                .query("Marker", "Marker", Kind::Text)
                .query("MaxItems", "MaxItems", Kind::Integer),
        )
}

fn rest(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("TagResource", tag_resource::run)
        .about("Resource")
        .rest(Route::new(Method::POST, "/2017-03-31/tags/{Resource}").status(204))
        .on("UntagResource", untag_resource::run)
        .about("Resource")
        .rest(Route::new(Method::DELETE, "/2017-03-31/tags/{Resource}").status(204).query(
            "tagKeys",
            "TagKeys",
            Kind::List,
        ))
        .on("ListTags", list_tags::run)
        .about("Resource")
        .rest(Route::new(Method::GET, "/2017-03-31/tags/{Resource}"))
        .on("PutFunctionCodeSigningConfig", put_function_code_signing_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::PUT, "/2020-06-30/functions/{FunctionName}/code-signing-config"))
        .stores(&["CodeSigningConfigArn"])
        .on("GetFunctionCodeSigningConfig", get_function_code_signing_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2020-06-30/functions/{FunctionName}/code-signing-config"))
        .on("DeleteFunctionCodeSigningConfig", delete_function_code_signing_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::DELETE, "/2020-06-30/functions/{FunctionName}/code-signing-config")
                .status(204),
        )
        .on("PutFunctionRecursionConfig", put_function_recursion_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::PUT, "/2024-08-31/functions/{FunctionName}/recursion-config"))
        .stores(&["RecursiveLoop"])
        .on("GetFunctionRecursionConfig", get_function_recursion_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2024-08-31/functions/{FunctionName}/recursion-config"))
}
