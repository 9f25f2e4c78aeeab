//! The page `/_skyrig/status`: what there is, by account and region.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::admin::{Admin, stopped};
use crate::host::Clock as _;
use crate::kernel::Scope;

/// Most accounts and regions that are shown.
const SCOPES_MAX: usize = 50;
/// Most pages of a list that are asked for.
const PAGES_MAX: usize = 20;

/// A list that an operation gives, and what is shown of each entry.
struct Asked {
    /// What the list is called in the answer of this page.
    shown_as: &'static str,
    service: &'static str,
    operation: &'static str,
    /// The member of the operation's answer that is the list.
    list: &'static str,
    /// Of an entry: its members here, and there.
    members: &'static [(&'static str, &'static str)],
    /// The members that a page is asked for with, and that names the next one.
    next: (&'static str, &'static str),
}

const LISTS: &[Asked] = &[
    Asked {
        shown_as: "topics",
        service: "sns",
        operation: "ListTopics",
        list: "Topics",
        members: &[("name", "TopicArn")],
        next: ("NextToken", "NextToken"),
    },
    Asked {
        shown_as: "buses",
        service: "events",
        operation: "ListEventBuses",
        list: "EventBuses",
        members: &[("name", "Name")],
        next: ("NextToken", "NextToken"),
    },
    Asked {
        shown_as: "functions",
        service: "lambda",
        operation: "ListFunctions",
        list: "Functions",
        members: &[("name", "FunctionName"), ("runtime", "Runtime")],
        next: ("Marker", "NextMarker"),
    },
    Asked {
        shown_as: "state_machines",
        service: "states",
        operation: "ListStateMachines",
        list: "stateMachines",
        members: &[("name", "name"), ("arn", "stateMachineArn")],
        next: ("nextToken", "nextToken"),
    },
    Asked {
        shown_as: "schedules",
        service: "scheduler",
        operation: "ListSchedules",
        list: "Schedules",
        members: &[("name", "Name"), ("state", "State")],
        next: ("NextToken", "NextToken"),
    },
    Asked {
        shown_as: "pipes",
        service: "pipes",
        operation: "ListPipes",
        list: "Pipes",
        members: &[("name", "Name"), ("state", "CurrentState")],
        next: ("NextToken", "NextToken"),
    },
    Asked {
        shown_as: "log_groups",
        service: "logs",
        operation: "DescribeLogGroups",
        list: "logGroups",
        members: &[("name", "logGroupName"), ("bytes", "storedBytes")],
        next: ("nextToken", "nextToken"),
    },
];

pub(super) fn router() -> Router<Admin> {
    Router::new().route("/_skyrig/status", get(status))
}

async fn status(State(admin): State<Admin>) -> Response {
    admin.host.advance();
    let looked = admin.host.with_cloud(|cloud| (cloud.used(), cloud.queue_depths()));
    let Some((used, depths)) = looked else { return stopped() };
    let left_out = used.len().saturating_sub(SCOPES_MAX);
    let mut shown = Vec::new();
    for (scope, services) in used.into_iter().take(SCOPES_MAX) {
        let mut place = Map::new();
        place.insert("account".to_owned(), json!(scope.account.to_string()));
        place.insert("region".to_owned(), json!(scope.region.to_string()));
        let begins = scope.arn("sqs", "").to_string();
        let queues = depths.iter().filter_map(|depth| {
            let name = depth.queue.strip_prefix(&begins)?;
            let (visible, in_flight, delayed) = (depth.visible, depth.in_flight, depth.delayed);
            Some(json!({
                "name": name, "visible": visible, "in_flight": in_flight, "delayed": delayed,
            }))
        });
        add(&mut place, "queues", queues.collect());
        let tables = admin.host.with_cloud(|cloud| cloud.table_sizes(&scope)).unwrap_or_default();
        let table = |(name, items): (String, usize)| json!({ "name": name, "items": items });
        add(&mut place, "tables", tables.into_iter().map(table).collect());
        // To ask a service that was never used would use it.
        for asked in LISTS.iter().filter(|asked| services.contains(&asked.service)) {
            let mut list = asked.all(&admin, &scope, json!({}));
            for entry in &mut list {
                refine(&admin, &scope, asked.shown_as, entry);
            }
            add(&mut place, asked.shown_as, list);
            // Others have their turn.
            tokio::task::yield_now().await;
        }
        shown.push(Value::Object(place));
    }
    let now = admin.clock.now().iso_millis();
    Json(json!({ "now": now, "places": shown, "left_out": left_out })).into_response()
}

fn add(place: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        place.insert(name.to_owned(), list.into());
    }
}

impl Asked {
    /// The entries; none of a service that refuses.
    fn all(&self, admin: &Admin, scope: &Scope, input: Value) -> Vec<Value> {
        let (mut found, mut input) = (Vec::new(), input);
        for _ in 0..PAGES_MAX {
            let asked = (self.service, self.operation);
            let Ok(mut answer) = admin.host.ask(asked, scope.clone(), &input) else { break };
            let entries = answer[self.list].as_array_mut().map(std::mem::take);
            found.extend(entries.into_iter().flatten().map(|entry| self.shown(&entry)));
            let next = answer[self.next.1].take();
            if next.is_null() {
                break;
            }
            input[self.next.0] = next;
        }
        found
    }

    fn shown(&self, entry: &Value) -> Value {
        let member = |(ours, theirs): &(&str, &str)| ((*ours).to_owned(), entry[*theirs].clone());
        Value::Object(self.members.iter().map(member).collect())
    }
}

/// Adds what another operation knows of an entry.
fn refine(admin: &Admin, scope: &Scope, kind: &str, entry: &mut Value) {
    let ask = |service: &str, operation: &str, input: Value| {
        admin.host.ask((service, operation), scope.clone(), &input).unwrap_or_default()
    };
    match kind {
        "topics" => {
            let arn = entry["name"].as_str().unwrap_or_default().to_owned();
            let answer = ask("sns", "GetTopicAttributes", json!({ "TopicArn": arn }));
            let confirmed = answer["Attributes"]["SubscriptionsConfirmed"].as_str();
            let count = confirmed.and_then(|count| count.parse::<u64>().ok());
            entry["name"] = json!(arn.rsplit(':').next());
            entry["subscriptions"] = json!(count);
        }
        "buses" => {
            let answer = ask("events", "ListRules", json!({ "EventBusName": entry["name"] }));
            let rules = answer["Rules"].as_array().into_iter().flatten();
            let shown = rules.map(|rule| json!({ "name": rule["Name"], "state": rule["State"] }));
            entry["rules"] = shown.collect::<Vec<_>>().into();
        }
        "state_machines" => {
            let executions = Asked {
                shown_as: "executions",
                service: "states",
                operation: "ListExecutions",
                list: "executions",
                members: &[("state", "status")],
                next: ("nextToken", "nextToken"),
            };
            let input = json!({ "stateMachineArn": entry["arn"], "maxResults": 1000 });
            let all = executions.all(admin, scope, input);
            let mut counts = Map::new();
            for execution in &all {
                let state = execution["state"].as_str().unwrap_or("UNKNOWN").to_owned();
                let count = counts.get(&state).and_then(Value::as_u64).unwrap_or(0);
                counts.insert(state, json!(count + 1));
            }
            entry["executions"] = counts.into();
            if let Some(entry) = entry.as_object_mut() {
                entry.remove("arn");
            }
        }
        _ => {}
    }
}
