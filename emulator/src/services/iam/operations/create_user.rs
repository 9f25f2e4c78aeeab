//! CreateUser: a user without keys.
//!
//! Limits: a name of 64 characters, 5,000 users, 50 tags. Errors: EntityAlreadyExists,
//! LimitExceeded, InvalidInput, NoSuchEntity (the boundary). Source: API reference "CreateUser".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::constraint::NAME_64;
use crate::services::iam::entity::Entity;
use crate::services::iam::entity::USER;
use crate::services::iam::error::IamError;
use crate::services::iam::shapes::Tag;
use crate::services::iam::shapes::User;
use crate::services::iam::state::Iam;
use crate::services::iam::tagging::Tags;
use crate::services::iam::user::User as NewUser;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub path: Option<String>,
    pub permissions_boundary: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub user_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub user: Option<User>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();
    check.name("userName", request.user_name.as_ref(), NAME_64);
    check.path("path", request.path.as_deref());
    check.arn("permissionsBoundary", request.permissions_boundary.as_deref());
    check.tags(request.tags.as_deref());
    check.done()?;
    let name = request.user_name.unwrap_or_default();
    let tags = Tags::new(request.tags)?;
    iam.check_boundary(request.permissions_boundary.as_deref())?;
    iam.check_free_user(&name)?;
    iam.check_user_quota()?;
    let entity = Entity::new(ctx, USER, request.path.as_deref(), &name);
    let mut user = NewUser::new(entity);
    user.tags = tags;
    user.held.boundary = request.permissions_boundary;
    let shown = user.shown();
    iam.insert_user(user);
    Ok(Response { user: Some(shown) })
}
