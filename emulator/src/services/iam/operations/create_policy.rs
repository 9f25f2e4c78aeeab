//! CreatePolicy: a managed policy, in its version v1.
//!
//! Limits: a name of 128 characters, 1,500 policies, 6,144 characters without white space, 50
//! tags. Errors: EntityAlreadyExists, LimitExceeded, MalformedPolicyDocument, InvalidInput.
//! Source: API reference "CreatePolicy".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::iam::constraint::Check;
use crate::services::iam::constraint::NAME_128;
use crate::services::iam::document::Document;
use crate::services::iam::entity::Entity;
use crate::services::iam::entity::POLICY;
use crate::services::iam::entity::key;
use crate::services::iam::error::IamError;
use crate::services::iam::policy::{Policy as Managed, Usage};
use crate::services::iam::shapes::Policy;
use crate::services::iam::shapes::Tag;
use crate::services::iam::state::Iam;
use crate::services::iam::tagging::Tags;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub description: Option<String>,
    pub path: Option<String>,
    pub policy_document: Option<String>,
    pub policy_name: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub policy: Option<Policy>,
}

pub fn run(ctx: &mut Context<'_>, iam: &mut Iam, request: Request) -> Result<Response, IamError> {
    let mut check = Check::default();
    check.name("policyName", request.policy_name.as_ref(), NAME_128);
    check.path("path", request.path.as_deref());
    check.document("policyDocument", request.policy_document.as_ref());
    check.description(request.description.as_deref());
    check.tags(request.tags.as_deref());
    check.done()?;
    let name = request.policy_name.unwrap_or_default();
    let document = Document::managed(request.policy_document.unwrap_or_default())?;
    let tags = Tags::new(request.tags)?;
    iam.check_new_policy(&name)?;
    let entity = Entity::new(ctx, POLICY, request.path.as_deref(), &name);
    let mut policy = Managed::new(entity, document, tags);
    policy.description = request.description;
    let shown = Policy { description: None, ..policy.shown(Usage::default()) };
    iam.policies.insert(key(&name).into_owned(), policy);
    Ok(Response { policy: Some(shown) })
}
