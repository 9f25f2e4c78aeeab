//! Rows of layers and of the account.

use http::Method;

use crate::kernel::OperationTable;
use crate::services::lambda::operations::*;
use crate::services::lambda::package;
use crate::services::lambda::state::Lambda;
use crate::wire::rest::{Kind, Route};

pub(super) fn rows(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    lists(versions(table))
}

fn versions(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("AddLayerVersionPermission", add_layer_version_permission::run)
        .about("LayerName")
        .rest(
            Route::new(
                Method::POST,
                "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
            )
            .status(201)
            .query("RevisionId", "RevisionId", Kind::Text)
            .integer_label("VersionNumber"),
        )
        .on("DeleteLayerVersion", delete_layer_version::run)
        .about("LayerName")
        .rest(
            Route::new(Method::DELETE, "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}")
                .status(204)
                .integer_label("VersionNumber"),
        )
        .on("GetLayerVersion", get_layer_version::run)
        .about("LayerName")
        .rest(
            Route::new(Method::GET, "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}")
                .integer_label("VersionNumber"),
        )
        .on("GetLayerVersionByArn", get_layer_version_by_arn::run)
        .about("Arn")
        .action("GetLayerVersion")
        .rest(Route::new(Method::GET, "/2018-10-31/layers?find=LayerVersion").query(
            "Arn",
            "Arn",
            Kind::Text,
        ))
        .on("GetLayerVersionPolicy", get_layer_version_policy::run)
        .about("LayerName")
        .rest(
            Route::new(
                Method::GET,
                "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
            )
            .integer_label("VersionNumber"),
        )
}

fn lists(table: OperationTable<Lambda>) -> OperationTable<Lambda> {
    table
        .on("ListLayerVersions", list_layer_versions::run)
        .about("LayerName")
        .rest(
            Route::new(Method::GET, "/2018-10-31/layers/{LayerName}/versions")
                .query("CompatibleArchitecture", "CompatibleArchitecture", Kind::Text)
                .query("CompatibleRuntime", "CompatibleRuntime", Kind::Text)
                .query("Marker", "Marker", Kind::Text)
                .query("MaxItems", "MaxItems", Kind::Integer),
        )
        .on("ListLayers", list_layers::run)
        .about_nothing()
        .rest(
            Route::new(Method::GET, "/2018-10-31/layers")
                .query("CompatibleArchitecture", "CompatibleArchitecture", Kind::Text)
                .query("CompatibleRuntime", "CompatibleRuntime", Kind::Text)
                .query("Marker", "Marker", Kind::Text)
                .query("MaxItems", "MaxItems", Kind::Integer),
        )
        .on("PublishLayerVersion", publish_layer_version::run)
        .about("LayerName")
        .rest(
            Route::new(Method::POST, "/2018-10-31/layers/{LayerName}/versions")
                .takes(package::REQUEST_BYTES_MAX)
                .status(201),
        )
        .refuses(&["Content.S3Bucket"])
        .on("RemoveLayerVersionPermission", remove_layer_version_permission::run)
        .about("LayerName")
        .rest(
            Route::new(
                Method::DELETE,
                "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
            )
            .status(204)
            .query("RevisionId", "RevisionId", Kind::Text)
            .integer_label("VersionNumber"),
        )
        .on("GetAccountSettings", get_account_settings::run)
        .about_nothing()
        .rest(Route::new(Method::GET, "/2016-08-19/account-settings"))
}
