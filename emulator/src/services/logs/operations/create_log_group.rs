//! CreateLogGroup: makes an empty group.
//!
//! Limits: names of 1 to 512 letters; 50 tags; a million groups.
//! Errors: `ResourceAlreadyExistsException`, `InvalidParameterException`,
//! `LimitExceededException`.
//! Source: API reference "CreateLogGroup"; recordings of 2026-02-05.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, KMS_KEY, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::group::LogGroup;
use crate::services::logs::state::Logs;
use crate::services::logs::tagging;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub deletion_protection_enabled: Option<bool>,
    pub kms_key_id: Option<String>,
    pub log_group_class: Option<String>,
    pub log_group_name: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let tags = request.tags.unwrap_or_default();
    let mut check = Constraints::default();
    let class = request.log_group_class.as_deref();
    check.one_of("logGroupClass", class, &CLASSES);
    KMS_KEY.check(&mut check, "kmsKeyId", request.kms_key_id.as_deref());
    constraint::tags(&mut check, &tags);
    check.done()?;
    if tags.len() > tagging::TAGS_MAX {
        return Err(LogsError::TooManyTags);
    }
    let name = given("logGroupName", request.log_group_name)?;
    if name.to_ascii_lowercase().starts_with("aws/") {
        return Err(LogsError::parameter("Log groups starting with AWS/ are reserved for AWS."));
    }
    if logs.groups.contains_key(name.as_str()) {
        return Err(LogsError::GroupExists);
    }
    if request.kms_key_id.is_some() {
        ctx.not_honoured("kmsKeyId")?;
    }
    if class.is_some_and(|class| class != CLASSES[0]) {
        ctx.not_honoured("logGroupClass")?;
    }
    let group = LogGroup::new(ctx, &name);
    logs.add_group(LogGroup {
        class: request.log_group_class.unwrap_or(group.class),
        kms_key_id: request.kms_key_id,
        deletion_protection: request.deletion_protection_enabled.unwrap_or_default(),
        tags,
        ..group
    })?;
    Ok(Response {})
}

/// Source: the model's enumeration.
pub(in crate::services::logs) const CLASSES: [&str; 4] =
    ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"];
