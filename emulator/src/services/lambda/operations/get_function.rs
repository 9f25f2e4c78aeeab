//! GetFunction: a function's configuration, where its code is, its tags and concurrency.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
//! Source: API reference "GetFunction".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::shapes::FunctionConfiguration;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub qualifier: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub code: Option<FunctionCodeLocation>,
    pub concurrency: Option<Concurrency>,
    pub configuration: Option<FunctionConfiguration>,
    pub tags: Option<BTreeMap<String, String>>,
    pub tags_error: Option<TagsError>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FunctionCodeLocation {
    pub error: Option<FunctionCodeLocationError>,
    pub image_uri: Option<String>,
    pub location: Option<String>,
    pub repository_type: Option<String>,
    pub resolved_image_uri: Option<String>,
    pub resolved_s3_object: Option<ResolvedS3Object>,
    #[serde(rename = "SourceKMSKeyArn")]
    pub source_kms_key_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FunctionCodeLocationError {
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResolvedS3Object {
    pub s3_bucket: Option<String>,
    pub s3_key: Option<String>,
    pub s3_object_version: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Concurrency {
    pub reserved_concurrent_executions: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TagsError {
    pub error_code: Option<String>,
    pub message: Option<String>,
}

// Differs from AWS: GetFunction gives no URL from which the code can be had.
pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    let qualifier = address.qualifier.as_deref();
    let version = function.look(qualifier)?;
    let code = FunctionCodeLocation {
        repository_type: Some(if version.settings.is_image { "ECR" } else { "S3" }.to_owned()),
        resolved_image_uri: version.image_uri.clone(),
        image_uri: version.image_uri.clone(),
        ..FunctionCodeLocation::default()
    };
    let concurrency = function.reserved_concurrency.map(|reserved| Concurrency {
        reserved_concurrent_executions: i32::try_from(reserved).ok(),
    });
    Ok(Response {
        configuration: Some(version.configuration(ctx, &function.qualified(qualifier))),
        code: Some(code),
        concurrency,
        tags: Some(function.tags.clone()).filter(|tags| !tags.is_empty()),
        tags_error: None,
    })
}
