//! ListGroupPolicies: the names of the inline policies of a group.
//!
//! Errors: NoSuchEntity. Source: API reference "ListGroupPolicies".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::entity::Kind;
use crate::services::iam::error::IamError;
use crate::services::iam::holding;
use crate::services::iam::holding::Holder;
use crate::services::iam::paging::Page;
use crate::services::iam::state::Iam;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub group_name: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub is_truncated: Option<bool>,
    pub marker: Option<String>,
    pub policy_names: Option<Vec<String>>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let holder = Holder { kind: Kind::Group, name: request.group_name };
    let page = Page { max_items: request.max_items, marker: request.marker };
    let part = holding::list(ctx, iam, holder, page)?;
    Ok(Response {
        policy_names: Some(part.shown),
        is_truncated: part.is_truncated,
        marker: part.marker,
    })
}
