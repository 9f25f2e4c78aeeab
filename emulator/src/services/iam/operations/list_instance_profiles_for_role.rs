//! ListInstanceProfilesForRole: the instance profiles that a role is in.
//!
//! Errors: NoSuchEntity. Source: API reference "ListInstanceProfilesForRole".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::constraint::NAME_64;
use crate::services::iam::entity::key;
use crate::services::iam::error::IamError;
use crate::services::iam::paging::Page;
use crate::services::iam::shapes::InstanceProfile;
use crate::services::iam::state::Iam;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub marker: Option<String>,
    pub max_items: Option<i32>,
    pub role_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub instance_profiles: Option<Vec<InstanceProfile>>,
    pub is_truncated: Option<bool>,
    pub marker: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();
    check.name("roleName", request.role_name.as_ref(), NAME_64);
    check.done()?;
    let name = request.role_name.unwrap_or_default();
    iam.role(&name)?;
    let role = key(&name);
    let page = Page { max_items: request.max_items, marker: request.marker };
    let all = iam.profiles.iter().map(|(key, profile)| (key.as_str(), profile));
    let part = page.of(ctx, all.filter(|(_, it)| it.role.as_deref() == Some(&*role)))?;
    let shown = part.shown.into_iter().map(|profile| iam.listed_profile(profile));
    Ok(Response {
        instance_profiles: Some(shown.collect()),
        is_truncated: part.is_truncated,
        marker: part.marker,
    })
}
