//! Rows of what hangs on a function, a version or an alias.

use http::Method;

use crate::kernel::OperationTable;
use crate::services::lambda::operations::*;
use crate::services::lambda::state::Lambda;
use crate::wire::rest::{Kind, Route};

pub(super) fn rows(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    urls(permissions(aliases(table)))
}

fn aliases(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("CreateAlias", create_alias::run)
        .about("FunctionName")
        .rest(Route::new(Method::POST, "/2015-03-31/functions/{FunctionName}/aliases").status(201))
        .on("DeleteAlias", delete_alias::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::DELETE, "/2015-03-31/functions/{FunctionName}/aliases/{Name}")
                .status(204),
        )
        .on("GetAlias", get_alias::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2015-03-31/functions/{FunctionName}/aliases/{Name}"))
        .on("ListAliases", list_aliases::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::GET, "/2015-03-31/functions/{FunctionName}/aliases")
                .query("FunctionVersion", "FunctionVersion", Kind::Text)
                .query("Marker", "Marker", Kind::Text)
                .query("MaxItems", "MaxItems", Kind::Integer),
        )
        .on("UpdateAlias", update_alias::run)
        .about("FunctionName")
        .rest(Route::new(Method::PUT, "/2015-03-31/functions/{FunctionName}/aliases/{Name}"))
}

fn permissions(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("AddPermission", add_permission::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::POST, "/2015-03-31/functions/{FunctionName}/policy")
                .status(201)
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .on("GetPolicy", get_policy::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2015-03-31/functions/{FunctionName}/policy").query(
            "Qualifier",
            "Qualifier",
            Kind::Text,
        ))
        .on("RemovePermission", remove_permission::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::DELETE, "/2015-03-31/functions/{FunctionName}/policy/{StatementId}")
                .status(204)
                .query("Qualifier", "Qualifier", Kind::Text)
                .query("RevisionId", "RevisionId", Kind::Text),
        )
}

fn urls(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("CreateFunctionUrlConfig", create_function_url_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::POST, "/2021-10-31/functions/{FunctionName}/url").status(201).query(
                "Qualifier",
                "Qualifier",
                Kind::Text,
            ),
        )
        .stores(&["InvokeMode"])
        .on("DeleteFunctionUrlConfig", delete_function_url_config::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::DELETE, "/2021-10-31/functions/{FunctionName}/url")
                .status(204)
                .query("Qualifier", "Qualifier", Kind::Text),
        )
        .on("GetFunctionUrlConfig", get_function_url_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::GET, "/2021-10-31/functions/{FunctionName}/url").query(
            "Qualifier",
            "Qualifier",
            Kind::Text,
        ))
        .on("ListFunctionUrlConfigs", list_function_url_configs::run)
        .about("FunctionName")
        .rest(
            Route::new(Method::GET, "/2021-10-31/functions/{FunctionName}/urls")
                .query("Marker", "Marker", Kind::Text)
                .query("MaxItems", "MaxItems", Kind::Integer),
        )
        .on("UpdateFunctionUrlConfig", update_function_url_config::run)
        .about("FunctionName")
        .rest(Route::new(Method::PUT, "/2021-10-31/functions/{FunctionName}/url").query(
            "Qualifier",
            "Qualifier",
            Kind::Text,
        ))
        .stores(&["InvokeMode"])
}
