//! GetDataset, AssociateDatasetKmsKey, DisassociateDatasetKmsKey: the one data set of an account,
//! `default`. Nothing is encrypted here.
//!
//! Errors: `ValidationError`, `ResourceNotFoundException`.
//! Source: AWS's model.

use crate::kernel::Context;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;

/// The id of the only data set, of seven characters as in AWS's model.
const DEFAULT: &str = "default";

/// The ARN of the data set that is named by id or ARN.
fn found(ctx: &Context<'_>, identifier: Option<&String>) -> Result<String, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.required("datasetIdentifier", identifier);
    constraints.done()?;
    let arn = ctx.arn(format!("dataset/{DEFAULT}")).to_string();
    match identifier {
        Some(identifier) if identifier != DEFAULT && *identifier != arn => {
            Err(CloudWatchError::ResourceNotFound("dataset", identifier.clone()))
        }
        _ => Ok(arn),
    }
}

/// GetDataset.
pub mod get {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::{DEFAULT, found};
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub dataset_identifier: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub arn: Option<String>,
        pub dataset_id: Option<String>,
        pub kms_key_arn: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let arn = found(ctx, request.dataset_identifier.as_ref())?;
        Ok(Response {
            dataset_id: Some(DEFAULT.to_owned()),
            arn: Some(arn),
            kms_key_arn: cloudwatch.held.dataset.kms_key_arn.clone(),
        })
    }
}

/// AssociateDatasetKmsKey.
pub mod associate {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::found;
    use crate::kernel::Context;
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub dataset_identifier: Option<String>,
        pub kms_key_arn: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("kmsKeyArn", request.kms_key_arn.as_ref());
        constraints.length("kmsKeyArn", request.kms_key_arn.as_deref(), (20, 2048));
        constraints.done()?;
        found(ctx, request.dataset_identifier.as_ref())?;
        ctx.not_honoured("KmsKeyArn")?;
        cloudwatch.held.dataset.kms_key_arn = request.kms_key_arn;
        Ok(Response {})
    }
}

/// DisassociateDatasetKmsKey.
pub mod disassociate {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::found;
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub dataset_identifier: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        found(ctx, request.dataset_identifier.as_ref())?;
        cloudwatch.held.dataset.kms_key_arn = None;
        Ok(Response {})
    }
}
