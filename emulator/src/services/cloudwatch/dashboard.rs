//! Dashboards: stored as they are sent, if their body is JSON of about the right shape.
//!
//! What widgets show is nobody's business here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

use super::error::CloudWatchError;
use crate::kernel::{Context, Scope};
use crate::wire::Timestamp;

/// Longest name, in characters.
///
/// Source for the limits: API reference "PutDashboard", user guide "CloudWatch service quotas".
const NAME_MAX: usize = 255;
/// Widgets lie in a grid of so many columns.
const COLUMNS: u64 = 24;
const WIDGETS_MAX: usize = 500;

/// What is to be said of a dashboard's body, and where.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DashboardValidationMessage {
    pub data_path: Option<String>,
    pub message: Option<String>,
}

impl DashboardValidationMessage {
    fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { data_path: Some(path.into()), message: Some(message.into()) }
    }
}

/// One dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Dashboard {
    /// JSON as it was sent.
    pub(super) body: String,
    pub(super) modified: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
}

/// All dashboards of one account.
// Differs from AWS: dashboards belong to the region in which they are put; on AWS all regions
// share them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Dashboards {
    pub(super) by_name: BTreeMap<String, Dashboard>,
}

/// A dashboard's ARN, which names no region.
pub(super) fn arn(ctx: &Context<'_>, name: &str) -> String {
    let scope = Scope::new(ctx.account(), "");
    scope.arn("cloudwatch", format!("dashboard/{name}")).to_string()
}

/// Unverified: the texts.
pub(super) fn check_name(name: Option<&str>) -> Result<&str, CloudWatchError> {
    let invalid = |text: String| Err(CloudWatchError::InvalidParameterValue(text));
    match name {
        None | Some("") => invalid("The parameter DashboardName is required.".to_owned()),
        Some(name) if name.chars().count() > NAME_MAX => {
            invalid(format!("DashboardName must not be longer than {NAME_MAX} characters."))
        }
        Some(name) if !name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c)) => {
            invalid(format!(
                "The value {name} for field DashboardName contains invalid characters. It can \
                 only contain alphanumerics, dash (-) and underscore (_)."
            ))
        }
        Some(name) => Ok(name),
    }
}

/// Checks a body: the outer form of it and of each widget.
///
/// # Errors
/// `InvalidParameterInput` with all that was found. What is inside of a widget is not looked at.
// Differs from AWS: the properties of widgets are not checked.
pub(super) fn check_body(body: Option<&str>) -> Result<(), CloudWatchError> {
    let body = body.filter(|body| !body.is_empty());
    let Some(body) = body else {
        // Unverified: the text.
        let text = "The parameter DashboardBody is required.".to_owned();
        return Err(CloudWatchError::InvalidParameterValue(text));
    };
    let mut found = Vec::new();
    match serde_json::from_str(body) {
        Ok(Value::Object(body)) => match body.get("widgets") {
            Some(Value::Array(widgets)) => check_widgets(widgets, &mut found),
            Some(_) => {
                found.push(DashboardValidationMessage::new("/widgets", "Should be array"));
            }
            None => found.push(DashboardValidationMessage::new(
                "",
                "Should have required property 'widgets'",
            )),
        },
        _ => found.push(DashboardValidationMessage {
            data_path: None,
            message: Some("The field DashboardBody must be a valid JSON object".to_owned()),
        }),
    }
    if found.is_empty() { Ok(()) } else { Err(CloudWatchError::DashboardInvalid(found)) }
}

fn check_widgets(widgets: &[Value], found: &mut Vec<DashboardValidationMessage>) {
    if widgets.len() > WIDGETS_MAX {
        let text = format!("Should NOT have more than {WIDGETS_MAX} items");
        found.push(DashboardValidationMessage::new("/widgets", text));
    }
    for (index, widget) in widgets.iter().enumerate() {
        let path = format!("/widgets/{index}");
        let Value::Object(members) = widget else {
            found.push(DashboardValidationMessage::new(path, "Should be object"));
            continue;
        };
        for required in ["type", "properties"] {
            if !members.contains_key(required) {
                let text = format!("Should have required property '{required}'");
                found.push(DashboardValidationMessage::new(path.clone(), text));
            }
        }
        if members.get("properties").is_some_and(|it| !it.is_object()) {
            let path = format!("{path}/properties");
            found.push(DashboardValidationMessage::new(path, "Should be object"));
        }
        let width = members.get("width").and_then(Value::as_u64);
        if width.is_some_and(|width| width > COLUMNS) {
            let path = format!("{path}/width");
            let text = format!("Should be <= {COLUMNS}");
            found.push(DashboardValidationMessage::new(path, text));
        }
    }
}
