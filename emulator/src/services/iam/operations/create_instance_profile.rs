//! CreateInstanceProfile: an instance profile without a role.
//!
//! Limits: a name of 128 characters, 1,000 instance profiles, 50 tags. Errors:
//! EntityAlreadyExists, LimitExceeded, InvalidInput. Source: API reference
//! "CreateInstanceProfile".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::constraint::NAME_128;
use crate::services::iam::entity::Entity;
use crate::services::iam::entity::PROFILE;
use crate::services::iam::error::IamError;
use crate::services::iam::profile::Profile;
use crate::services::iam::shapes::InstanceProfile;
use crate::services::iam::shapes::Tag;
use crate::services::iam::state::Iam;
use crate::services::iam::tagging::Tags;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub instance_profile_name: Option<String>,
    pub path: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub instance_profile: Option<InstanceProfile>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();
    check.name("instanceProfileName", request.instance_profile_name.as_ref(), NAME_128);
    check.path("path", request.path.as_deref());
    check.tags(request.tags.as_deref());
    check.done()?;
    let name = request.instance_profile_name.unwrap_or_default();
    let tags = Tags::new(request.tags)?;
    iam.check_new_profile(&name)?;
    let entity = Entity::new(ctx, PROFILE, request.path.as_deref(), &name);
    let profile = Profile { entity, tags, role: None };
    let shown = iam.shown_profile(&profile);
    iam.insert_profile(profile);
    Ok(Response { instance_profile: Some(shown) })
}
