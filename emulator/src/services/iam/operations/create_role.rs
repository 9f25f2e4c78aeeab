//! CreateRole: a role, and who may assume it.
//!
//! Limits: a name of 64 characters, 1,000 roles, a trust policy of 2,048 characters without white
//! space, sessions of 3,600 to 43,200 s, 50 tags. Errors: EntityAlreadyExists, LimitExceeded,
//! MalformedPolicyDocument, InvalidInput, NoSuchEntity (the boundary). Source: API reference
//! "CreateRole"; answers recorded on AWS, 2025-04-10.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::constraint::NAME_64;
use crate::services::iam::document::Document;
use crate::services::iam::entity::Entity;
use crate::services::iam::entity::ROLE;
use crate::services::iam::error::IamError;
use crate::services::iam::role::Role as NewRole;
use crate::services::iam::shapes::Role;
use crate::services::iam::shapes::Tag;
use crate::services::iam::state::Iam;
use crate::services::iam::tagging::Tags;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub assume_role_policy_document: Option<String>,
    pub description: Option<String>,
    pub max_session_duration: Option<i32>,
    pub max_signin_session_duration: Option<i32>,
    pub path: Option<String>,
    pub permissions_boundary: Option<String>,
    pub role_name: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub role: Option<Role>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();

    check.name("roleName", request.role_name.as_ref(), NAME_64);
    check.path("path", request.path.as_deref());
    check.document("assumeRolePolicyDocument", request.assume_role_policy_document.as_ref());
    check.description(request.description.as_deref());
    check.session_seconds(request.max_session_duration);
    check.signin_seconds(request.max_signin_session_duration);
    check.arn("permissionsBoundary", request.permissions_boundary.as_deref());
    check.tags(request.tags.as_deref());
    check.done()?;
    let name = request.role_name.unwrap_or_default();
    let trust = Document::of_trust(request.assume_role_policy_document.unwrap_or_default())?;
    let tags = Tags::new(request.tags)?;
    iam.check_boundary(request.permissions_boundary.as_deref())?;
    iam.check_new_role(&name)?;
    if request.max_signin_session_duration.is_some() {
        ctx.not_honoured("MaxSigninSessionDuration")?;
    }
    let entity = Entity::new(ctx, ROLE, request.path.as_deref(), &name);
    let mut role = NewRole::new(entity, trust);
    role.description = request.description;
    role.session_seconds_max = request.max_session_duration.unwrap_or(role.session_seconds_max);
    role.signin_seconds_max = request.max_signin_session_duration;
    role.tags = tags;
    role.held.boundary = request.permissions_boundary;
    let shown = Role {
        max_session_duration: request.max_session_duration,
        role_last_used: None,
        ..role.shown()
    };
    iam.insert_role(ctx, role);
    Ok(Response { role: Some(shown) })
}
