//! CreateGroup: a group without users.
//!
//! Limits: a name of 128 characters, 300 groups. Errors: EntityAlreadyExists, LimitExceeded.
//! Source: API reference "CreateGroup".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::constraint::NAME_128;
use crate::services::iam::entity::Entity;
use crate::services::iam::entity::GROUP;
use crate::services::iam::error::IamError;
use crate::services::iam::group::Group as NewGroup;
use crate::services::iam::held::Held;
use crate::services::iam::shapes::Group;
use crate::services::iam::state::Iam;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub group_name: Option<String>,
    pub path: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub group: Option<Group>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();
    check.name("groupName", request.group_name.as_ref(), NAME_128);
    check.path("path", request.path.as_deref());
    check.done()?;
    let name = request.group_name.unwrap_or_default();
    iam.check_free_group(&name)?;
    iam.check_group_quota()?;
    let entity = Entity::new(ctx, GROUP, request.path.as_deref(), &name);
    let group = NewGroup { entity, held: Held::default() };
    let shown = group.shown();
    iam.insert_group(group);
    Ok(Response { group: Some(shown) })
}
