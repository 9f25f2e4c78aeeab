//! ListEntitiesForPolicy: who has a managed policy, attached or as boundary.
//!
//! Errors: NoSuchEntity, InvalidInput. Source: API reference "ListEntitiesForPolicy".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::entity::Kind;
use crate::services::iam::error::IamError;
use crate::services::iam::paging::Page;
use crate::services::iam::policy_list::Users;
use crate::services::iam::shapes::PolicyGroup;
use crate::services::iam::shapes::PolicyRole;
use crate::services::iam::shapes::PolicyUser;
use crate::services::iam::state::Iam;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub entity_filter: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
    pub path_prefix: Option<String>,
    pub policy_arn: Option<String>,
    pub policy_usage_filter: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub is_truncated: Option<bool>,
    pub marker: Option<String>,
    pub policy_groups: Option<Vec<PolicyGroup>>,
    pub policy_roles: Option<Vec<PolicyRole>>,
    pub policy_users: Option<Vec<PolicyUser>>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();
    check.required_arn("policyArn", request.policy_arn.as_ref());
    let kinds = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];
    check.one_of("entityFilter", request.entity_filter.as_deref(), &kinds);
    let usages = ["PermissionsPolicy", "PermissionsBoundary"];
    check.one_of("policyUsageFilter", request.policy_usage_filter.as_deref(), &usages);
    check.path_prefix(request.path_prefix.as_deref());
    check.done()?;
    let arn = request.policy_arn.unwrap_or_default();
    iam.check_known(&arn)?;
    let wanted = Users {
        arn: &arn,
        kind: request.entity_filter.as_deref(),
        usage: request.policy_usage_filter.as_deref(),
        prefix: request.path_prefix.as_deref().unwrap_or_default(),
    };
    let all = wanted.of(iam);
    let page = Page { max_items: request.max_items, marker: request.marker };
    let part = page.of(ctx, all.iter().map(|(key, who)| (key.as_str(), who)))?;
    let mut answer = Response {
        policy_groups: Some(Vec::new()),
        policy_roles: Some(Vec::new()),
        policy_users: Some(Vec::new()),
        is_truncated: part.is_truncated,
        marker: part.marker,
    };
    for user in part.shown {
        let (name, id) = (Some(user.name.clone()), Some(user.id.clone()));
        match user.kind {
            Kind::Group => answer
                .policy_groups
                .get_or_insert_default()
                .push(PolicyGroup { group_name: name, group_id: id }),
            Kind::Role => answer
                .policy_roles
                .get_or_insert_default()
                .push(PolicyRole { role_name: name, role_id: id }),
            Kind::User => answer
                .policy_users
                .get_or_insert_default()
                .push(PolicyUser { user_name: name, user_id: id }),
        }
    }
    Ok(answer)
}
