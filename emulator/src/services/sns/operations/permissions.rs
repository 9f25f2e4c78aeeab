//! AddPermission, RemovePermission: statements of a topic's policy by their label.
//!
//! Limits: the actions of SNS that a policy may grant; 30 KiB a policy.
//! Errors: `InvalidParameter`, `NotFound`, `AuthorizationError`.
//! Source: API reference of each; recordings of 2025-12-11.
//! Unverified: the words for a label that is there already, and for unknown actions.

/// AddPermission: lets accounts do some actions.
pub mod add_permission {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::shared::policy::Grant;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::permission;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub topic_arn: Option<String>,
        pub label: Option<String>,
        #[serde(rename = "AWSAccountId")]
        pub aws_account_id: Option<Vec<String>>,
        pub action_name: Option<Vec<String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
        let label = permission::label(request.label)?;
        let accounts = permission::accounts(request.aws_account_id)?;
        let actions = permission::actions(request.action_name)?;
        let arn = topic.arn.to_string();
        let policy = permission::policy(topic);
        if policy.has_statement(&label) {
            return Err(SnsError::parameter("Statement already exists"));
        }
        let grant = Grant { sid: &label, accounts: &accounts, actions: &actions, resource: &arn };
        permission::set(topic, policy.with(&grant))?;
        Ok(Response {})
    }
}

/// RemovePermission: takes the statement of a label out; none is no error.
pub mod remove_permission {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::permission;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub topic_arn: Option<String>,
        pub label: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
        let label = permission::label(request.label)?;
        let policy = permission::policy(topic).without(&label);
        permission::set(topic, policy)?;
        Ok(Response {})
    }
}
