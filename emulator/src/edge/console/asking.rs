//! Looking by AWS's own operations, for every service in one form: JSON in, JSON out. Only what
//! looks may be asked here, so a page changes nothing but as a client, with what clients meet.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cloud::DEFAULT_REGION;
use crate::edge::admin::{Admin, refusal};
use crate::kernel::{Account, Region, Scope};

/// How the names of operations begin that change nothing and answer at once.
const LOOKS: [&str; 11] = [
    "BatchGet", "Describe", "Filter", "Get", "List", "Query", "Scan", "Select", "Test", "Validate",
    "Export",
];
/// Those of that kind that do more: they take a task, wait, run for some time, or give secrets.
const BUT: [&str; 5] = [
    "GetActivityTask",
    "GetSessionToken",
    "GetFederationToken",
    "ExportTableToPointInTime",
    "TestState",
];

/// What `POST /_skyrig/ask` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// `sqs`, `events`, `dynamodb` and the like.
    service: String,
    operation: String,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    input: Value,
}

pub(super) fn scope(account: Option<&str>, region: Option<&str>) -> Scope {
    let account = Account::of_key(account.unwrap_or_default());
    Scope { account, region: Region(region.unwrap_or(DEFAULT_REGION).into()) }
}

fn looks(operation: &str) -> bool {
    LOOKS.iter().any(|begin| operation.starts_with(begin)) && !BUT.contains(&operation)
}

pub(super) async fn ask(State(admin): State<Admin>, body: String) -> Response {
    let asked: Question = match serde_json::from_str(&body) {
        Ok(asked) => asked,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let Question { service, operation, account, region, input } = asked;
    if !looks(&operation) {
        let text = format!("{operation} does not only look; ask for it as a client does");
        return refusal(StatusCode::BAD_REQUEST, text);
    }
    let scope = scope(account.as_deref(), region.as_deref());
    let input = if input.is_null() { json!({}) } else { input };
    match admin.host.ask((&service, &operation), scope, &input) {
        Ok(answer) => Json(answer).into_response(),
        Err(reason) => refusal(StatusCode::BAD_REQUEST, reason),
    }
}

#[cfg(test)]
mod tests {
    use super::looks;

    #[test]
    fn only_what_looks_is_asked() {
        for good in ["ListQueues", "GetQueueAttributes", "Scan", "Query", "TestEventPattern"] {
            assert!(looks(good), "{good}");
        }
        for bad in [
            "SendMessage",
            "ReceiveMessage",
            "PutEvents",
            "GetActivityTask",
            "GetSessionToken",
            "DeleteTable",
            "ExecuteStatement",
            "",
        ] {
            assert!(!looks(bad), "{bad}");
        }
    }
}
