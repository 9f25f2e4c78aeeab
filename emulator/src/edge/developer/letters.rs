//! What was sent to people and devices, as LocalStack shows it.
//!
//! Letters are part of the state, and `/_skyrig/outbox` shows all of them. A DELETE here lets these
//! pages forget those that there are, and changes nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::admin::{Admin, refusal, stopped};
use super::{scope, spaced};
use crate::cloud::Cloud;
use crate::kernel::{Letter, Scope};

/// Most filters by which somebody wants letters to be forgotten.
const FILTERS_MAX: usize = 1000;

/// A page's letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Page {
    Pushes,
    Texts,
    Mail,
}

impl Page {
    fn has(self, letter: &Letter) -> bool {
        match self {
            Self::Pushes => letter.protocol == "application",
            Self::Texts => letter.protocol == "sms",
            Self::Mail => letter.protocol.starts_with("email"),
        }
    }
}

/// Which letters a request is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Filter {
    account_id: Option<String>,
    region: Option<String>,
    endpoint_arn: Option<String>,
    phone_number: Option<String>,
    /// Of mail: a letter's id.
    id: Option<String>,
    /// Of mail: who sent it.
    email: Option<String>,
}

impl Filter {
    fn scope(&self) -> Scope {
        scope(self.account_id.as_deref(), self.region.as_deref())
    }

    /// Whether it is about the letter, of those of its page. Mail has no account.
    fn has(&self, page: Page, letter: &Letter) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        let here = || letter.scope == self.scope();
        page.has(letter)
            && match page {
                Page::Pushes => here() && is(&self.endpoint_arn, &letter.to),
                Page::Texts => here() && is(&self.phone_number, &letter.to),
                Page::Mail => is(&self.id, &id(letter)) && is(&self.email, &letter.from),
            }
    }
}

/// What these pages have forgotten.
#[derive(Debug, Default)]
pub(in crate::edge) struct Forgotten(Mutex<Known>);

/// All of it belongs to one life of the state.
#[derive(Debug, Default)]
struct Known {
    life: u64,
    /// Up to which letter, by page and filter.
    up_to: BTreeMap<(Page, Filter), u64>,
}

impl Forgotten {
    fn forget(&self, life: u64, about: (Page, Filter), number: u64) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.life != life {
            *known = Known { life, up_to: BTreeMap::new() };
        }
        let fits = known.up_to.len() < FILTERS_MAX || known.up_to.contains_key(&about);
        if fits {
            known.up_to.insert(about, number);
        }
        fits
    }

    fn has(&self, life: u64, page: Page, letter: &Letter) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.life == life
            && known.up_to.iter().any(|((of, filter), number)| {
                *of == page && letter.number <= *number && filter.has(page, letter)
            })
    }
}

/// The letters that a page shows; `None` after a panic.
fn shown(admin: &Admin, page: Page, filter: &Filter) -> Option<Vec<Letter>> {
    admin.host.with_cloud(|cloud| {
        let life = cloud.settings().resets;
        let wanted =
            |letter: &&Letter| filter.has(page, letter) && !admin.forgotten.has(life, page, letter);
        cloud.letters().iter().filter(wanted).cloned().collect()
    })
}

/// By whom they are for.
fn by_recipient(letters: &[Letter], show: impl Fn(&Letter) -> Value) -> Map<String, Value> {
    let mut shown = Map::new();
    for letter in letters {
        let list = shown.entry(letter.to.clone()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(show(letter));
        }
    }
    shown
}

/// The topic that a letter comes from, if one sent it.
fn topic(letter: &Letter) -> Option<&str> {
    let resource = letter.from.splitn(6, ':').nth(5)?;
    let is_topic = resource != "sms" && !resource.contains('/');
    is_topic.then_some(&*letter.from)
}

pub(super) async fn pushes(State(admin): State<Admin>, Query(filter): Query<Filter>) -> Response {
    let Some(letters) = shown(&admin, Page::Pushes, &filter) else { return stopped() };
    let shown = by_recipient(&letters, |letter| {
        json!({
            "TargetArn": letter.to,
            "TopicArn": topic(letter),
            "Message": letter.body,
            "MessageAttributes": null,
            "MessageStructure": null,
            "Subject": letter.subject,
            "MessageId": letter.message_id,
        })
    });
    let region = filter.scope().region.to_string();
    spaced(&json!({ "platform_endpoint_messages": shown, "region": region }))
}

pub(super) async fn texts(State(admin): State<Admin>, Query(filter): Query<Filter>) -> Response {
    let Some(letters) = shown(&admin, Page::Texts, &filter) else { return stopped() };
    let shown = by_recipient(&letters, |letter| {
        json!({
            "PhoneNumber": letter.to,
            "TopicArn": topic(letter),
            "SubscriptionArn": null,
            "MessageId": letter.message_id,
            "Message": letter.body,
            "MessageAttributes": {},
            "MessageStructure": null,
            "Subject": letter.subject,
        })
    });
    spaced(&json!({ "sms_messages": shown, "region": filter.scope().region.to_string() }))
}

/// What identifies a letter: what its publisher was told, or its number.
fn id(letter: &Letter) -> String {
    letter.message_id.clone().unwrap_or_else(|| letter.number.to_string())
}

/// The mail of SNS: there is no SES here.
pub(super) async fn mail(State(admin): State<Admin>, Query(filter): Query<Filter>) -> Response {
    let Some(letters) = shown(&admin, Page::Mail, &filter) else { return stopped() };
    let messages: Vec<Value> = letters
        .iter()
        .map(|letter| {
            json!({
                "Id": id(letter),
                "Region": letter.scope.region.to_string(),
                "Timestamp": letter.at.iso_millis(),
                "Source": letter.from,
                "Destination": { "ToAddresses": [letter.to] },
                "Subject": letter.subject,
                "Body": { "text_part": letter.body, "html_part": null },
            })
        })
        .collect();
    spaced(&json!({ "messages": messages }))
}

/// Lets a page forget the letters that a GET with the same filter would show.
pub(super) async fn forget(
    State(admin): State<Admin>,
    Query(filter): Query<Filter>,
    uri: Uri,
) -> Response {
    let page = match uri.path() {
        "/_aws/ses" => Page::Mail,
        "/_aws/sns/sms-messages" => Page::Texts,
        _ => Page::Pushes,
    };
    let latest = |cloud: &Cloud| {
        let last = cloud.letters().iter().next_back();
        (cloud.settings().resets, last.map_or(0, |letter| letter.number))
    };
    let Some((life, number)) = admin.host.with_cloud(latest) else { return stopped() };
    if admin.forgotten.forget(life, (page, filter), number) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let reason = format!("{FILTERS_MAX} filters are remembered at most; delete without one");
    refusal(StatusCode::BAD_REQUEST, reason)
}
