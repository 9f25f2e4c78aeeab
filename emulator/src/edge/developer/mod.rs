//! The pages below `/_aws/` that tests ask which were made for LocalStack: what is in a queue, what
//! was sent to people, the token of a subscription, a schedule that rings at once, every sample of
//! every metric.
//!
//! They look without changing anything, but for the schedule and the phone that opts out, which are
//! inputs like others.
//!
//! Source: docs.localstack.cloud, "Simple Queue Service (SQS)", "Simple Notification Service
//! (SNS)", "Simple Email Service (SES)", and the document of its REST API.

mod letters;
mod queues;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::admin::{Admin, refusal, stopped};
use super::localstack::spaced;
use crate::cloud::DEFAULT_REGION;
use crate::kernel::{Account, Arn, Region, Scope};

pub(super) use letters::Forgotten;

/// The end of the path at which a schedule rings.
const TRIGGER: &str = "/trigger";
const RULES: &str = "/_aws/events/rules/";

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_aws/sqs/messages", get(queues::by_url).post(queues::by_client))
        .route("/_aws/sqs/messages/", get(queues::by_url).post(queues::by_client))
        .route("/_aws/sqs/messages/{region}/{account}/{name}", get(queues::by_name))
        .route("/_aws/sns/platform-endpoint-messages", get(letters::pushes).delete(letters::forget))
        .route("/_aws/sns/sms-messages", get(letters::texts).delete(letters::forget))
        .route("/_aws/ses", get(letters::mail).delete(letters::forget))
        .route("/_aws/sns/subscription-tokens/{arn}", get(subscription_token))
        .route("/_aws/sns/phone-opt-outs", post(opt_out))
        .route("/_aws/events/rules/{*rule}", get(trigger).post(trigger))
        .route("/_aws/cloudwatch/metrics/raw", get(raw_metrics))
}

/// Whether even a GET of the path changes something.
pub(super) fn acts(path: &str) -> bool {
    path.starts_with(RULES)
}

/// An account and a region, as pages take them; those of LocalStack's callers unless it is said.
fn scope(account: Option<&str>, region: Option<&str>) -> Scope {
    let account = Account::of_key(account.unwrap_or_default());
    Scope { account, region: Region(region.unwrap_or(DEFAULT_REGION).into()) }
}

async fn subscription_token(State(admin): State<Admin>, Path(arn): Path<String>) -> Response {
    let refused = |status, reason: String| {
        let document = json!({ "error": reason, "subscription_arn": arn });
        (status, axum::Json(document)).into_response()
    };
    let Ok(parsed) = arn.parse::<Arn>() else {
        return refused(StatusCode::BAD_REQUEST, format!("{arn} is no ARN of a subscription"));
    };
    let found = admin.host.with_cloud(|cloud| cloud.subscription_token(&parsed.scope, &arn));
    match found {
        None => stopped(),
        Some(None) => {
            let reason = format!("there is no subscription {arn} that somebody was asked about");
            refused(StatusCode::NOT_FOUND, reason)
        }
        Some(Some(token)) => {
            spaced(&json!({ "subscription_token": token, "subscription_arn": arn }))
        }
    }
}

/// What `POST /_aws/sns/phone-opt-outs` takes, in its query or body.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Phone {
    phone_number: Option<String>,
    account_id: Option<String>,
}

async fn opt_out(State(admin): State<Admin>, Query(query): Query<Phone>, body: String) -> Response {
    let phone = match body.trim() {
        "" => query,
        body => match serde_json::from_str(body) {
            Ok(phone) => phone,
            Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
        },
    };
    let asked = ("sns", "OptOutPhoneNumber");
    let scope = scope(phone.account_id.as_deref(), None);
    match admin.host.ask(asked, scope, &json!({ "PhoneNumber": phone.phone_number })) {
        Ok(_) => spaced(&json!({ "phoneNumber": phone.phone_number })),
        Err(reason) => refusal(StatusCode::BAD_REQUEST, reason),
    }
}

async fn trigger(State(admin): State<Admin>, Path(rule): Path<String>) -> Response {
    let Some(arn) = format!("/{rule}").strip_suffix(TRIGGER).map(|it| it[1..].to_owned()) else {
        let reason = format!("{RULES}{rule} is no page; {RULES}ARN{TRIGGER} is");
        return refusal(StatusCode::NOT_FOUND, reason);
    };
    let parsed = arn.parse::<Arn>().ok();
    let named = parsed.as_ref().and_then(|arn| Some((arn, arn.resource.strip_prefix("rule/")?)));
    let Some((rule, name)) = named else {
        return refusal(StatusCode::BAD_REQUEST, format!("{arn} is no ARN of a rule"));
    };
    let name = name.strip_prefix("default/").unwrap_or(name);
    if name.contains('/') {
        let reason = "rules of other buses than the default one have no schedule";
        return refusal(StatusCode::BAD_REQUEST, reason);
    }
    let asked = ("events", "TriggerRule");
    match admin.host.ask(asked, rule.scope.clone(), &json!({ "Name": name })) {
        Ok(_) => spaced(&json!({ "RuleArn": arn })),
        Err(reason) => refusal(StatusCode::NOT_FOUND, reason),
    }
}

async fn raw_metrics(State(admin): State<Admin>) -> Response {
    match admin.host.with_cloud(|cloud| cloud.raw_metrics()) {
        None => stopped(),
        Some(metrics) => spaced(&Value::from_iter([("metrics", Value::Array(metrics))])),
    }
}
