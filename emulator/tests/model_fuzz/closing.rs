//! The end of a cloud: nothing waits for ever, what is listed can be described, the same inputs
//! lead to the same state, and when all is deleted and long past, nothing is left of it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Input, Recorded};
use skyrig::kernel::{CallId, FaultRules};
use skyrig::wire::{Blob, Protocol, cbor};

use crate::encode::Tree;
use crate::kinds::{KINDS, Kind};
use crate::model::{Target, targets};
use crate::request::{Caller, request};
use crate::subject::{Broken, Subject};

/// No call waits longer: a synchronous execution takes five minutes at most.
const WAIT_MAX: Duration = Duration::from_secs(301);
/// Longer than anything is kept: metrics go after 455 days.
const LONG: Duration = Duration::from_secs(800 * 86_400);
/// Pages of one list, and turns of states that pass by themselves.
const TURNS_MAX: usize = 40;
/// More than half of the bytes of events that a bus remembers to explain them, so that the last one
/// is all that it remembers.
const REMEMBERED_BYTES: usize = 200_000;
/// Bytes that may stay: counters of a service, and settings of an account that nothing removes.
const COUNTERS_BYTES: usize = 64;
const SETTINGS_BYTES: [(&str, usize); 7] = [
    ("cloudwatch", 65_536),
    ("dynamodb", 65_536),
    // The latest minute of what an account and its default bus have done, until somebody looks.
    ("events", 4096),
    // What is held cannot be removed before what holds it, which takes many steps.
    ("iam", 65_536),
    // Layers, whose numbers are given out once.
    ("lambda", 65_536),
    ("logs", 65_536),
    ("sns", 4096),
];

/// The accounts and regions that requests are drawn for.
const SCOPES: [(&str, &str); 4] = [
    ("000000000000", "us-east-1"),
    ("000000000000", "eu-west-1"),
    ("111111111111", "us-east-1"),
    ("111111111111", "eu-west-1"),
];

/// Closes a cloud that lived through `inputs`.
pub(crate) fn close(
    subject: &mut Subject,
    inputs: &[Recorded],
    settings: &Settings,
    replays: bool,
) -> Result<(), Broken> {
    subject.check_state()?;
    if replays && again(inputs, settings)? != subject.driver.cloud.snapshot() {
        return Err("the same inputs led to another state".to_owned());
    }
    feed(subject, Duration::ZERO, Input::Faults(FaultRules::default()))?;
    feed(subject, WAIT_MAX, Input::Time)?;
    let open: Vec<CallId> = subject.open.iter().copied().collect();
    for call in open {
        if !subject.driver.is_stream(call) {
            return Err(format!("{call:?} waits longer than any call may"));
        }
        feed(subject, Duration::ZERO, Input::ClientGone(call))?;
    }
    for scope in SCOPES {
        for kind in &KINDS {
            let listed = names(subject, scope, kind)?;
            for name in &listed {
                must(subject, scope, kind.service, kind.describe.0, kind.describe.1, name)?;
            }
        }
    }
    for scope in SCOPES {
        remove_rules(subject, scope)?;
        KINDS.iter().try_for_each(|kind| remove(subject, scope, kind))?;
    }
    rest(subject)?;
    let mut fresh = Subject::new(settings.clone());
    rest(&mut fresh)?;
    let (left, never) = (sizes(subject)?, sizes(&mut fresh)?);
    for (service, bytes) in left {
        let before = never.get(&service).copied().unwrap_or_default();
        let settings = SETTINGS_BYTES.iter().find(|(of, _)| *of == service);
        if bytes > before + settings.map_or(COUNTERS_BYTES, |(_, bytes)| *bytes) {
            return Err(format!("{service} keeps {bytes} bytes of nothing; new: {before}"));
        }
    }
    Ok(())
}

/// The state after the same inputs in a new cloud.
fn again(inputs: &[Recorded], settings: &Settings) -> Result<Vec<u8>, Broken> {
    let mut driver = skyrig::cloud::Driver::new(settings.clone());
    for input in inputs {
        let _turned_away = driver.replay(input);
    }
    Ok(driver.cloud.snapshot())
}

fn feed(subject: &mut Subject, after: Duration, input: Input) -> Result<(), Broken> {
    let at = subject.driver.cloud.now() + after;
    subject.feed(&Recorded { at, input }).map(|_| ())
}

/// Long after; whatever forgets when somebody looks is looked at.
fn rest(subject: &mut Subject) -> Result<(), Broken> {
    for after in [LONG, LONG] {
        feed(subject, after, Input::Time)?;
        for scope in SCOPES {
            for kind in &KINDS {
                ask(subject, scope, kind.service, kind.list, &json!({}))?;
            }
            ask(subject, scope, "cloudwatch", "ListMetrics", &json!({}))?;
            ask(subject, scope, "cloudwatch", "DescribeAlarmHistory", &json!({}))?;
            ask(subject, scope, "dynamodbstreams", "ListStreams", &json!({}))?;
            ask(subject, scope, "sts", "GetCallerIdentity", &json!({}))?;
            last_of_names(subject, scope)?;
            let detail = format!("{{\"a\":\"{}\"}}", "x".repeat(REMEMBERED_BYTES));
            let last = json!({"Source": "last", "DetailType": "last", "Detail": detail});
            ask(subject, scope, "events", "PutEvents", &json!({"Entries": [last]}))?;
        }
    }
    Ok(())
}

/// Names and tokens are forgotten when the next one of their kind is used.
fn last_of_names(subject: &mut Subject, scope: (&str, &'static str)) -> Result<(), Broken> {
    let table = json!({
        "TableName": "last", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    });
    let put = json!({"Put": {"TableName": "last", "Item": {"pk": {"S": "1"}}}});
    let named = json!({"TableName": "last"});
    for (service, operation, members) in [
        ("sqs", "CreateQueue", json!({"QueueName": "last"})),
        ("sqs", "DeleteQueue", json!({"QueueUrl": "last"})),
        ("dynamodb", "CreateTable", table),
        ("dynamodb", "DescribeTable", named.clone()),
        (
            "dynamodb",
            "TransactWriteItems",
            json!({"TransactItems": [put], "ClientRequestToken": "t"}),
        ),
        ("dynamodb", "DeleteTable", named.clone()),
        ("dynamodb", "DescribeTable", named),
    ] {
        feed(subject, Duration::from_secs(60), Input::Time)?;
        ask(subject, scope, service, operation, &members)?;
    }
    feed(subject, Duration::from_secs(60), Input::Time)
}

/// The bytes of each service's state.
fn sizes(subject: &mut Subject) -> Result<BTreeMap<String, usize>, Broken> {
    #[derive(Deserialize)]
    struct Snapshot {
        services: BTreeMap<String, Blob>,
    }
    let snapshot = subject.driver.cloud.snapshot();
    let read: Snapshot = cbor::from_slice(&snapshot).map_err(|error| error.to_string())?;
    Ok(read.services.into_iter().map(|(name, Blob(bytes))| (name, bytes.len())).collect())
}

fn names(
    subject: &mut Subject,
    scope: (&str, &'static str),
    kind: &Kind,
) -> Result<Vec<String>, Broken> {
    let (_, answer) = ask(subject, scope, kind.service, kind.list, &json!({}))?;
    let mut found = Vec::new();
    collect(&answer, kind.named, &mut found);
    found.retain(|name| kind.named != "SubscriptionArn" || name.starts_with("arn:"));
    Ok(found)
}

fn remove(subject: &mut Subject, scope: (&str, &'static str), kind: &Kind) -> Result<(), Broken> {
    for _ in 0..TURNS_MAX {
        let listed = names(subject, scope, kind)?;
        for name in &listed {
            for (operation, members) in kind.remove {
                ask(subject, scope, kind.service, operation, &named(members, name))?;
            }
        }
        // The default bus stays, and replays go with time.
        if listed.iter().all(|name| name == "default") || kind.list == "ListReplays" {
            return Ok(());
        }
        feed(subject, Duration::from_secs(60), Input::Time)?;
    }
    Err(format!("{} lists what cannot be removed", kind.list))
}

/// Removes the rules of every bus, and what the default one keeps otherwise.
fn remove_rules(subject: &mut Subject, scope: (&str, &'static str)) -> Result<(), Broken> {
    let (account, region) = scope;
    let arn = format!("arn:aws:events:{region}:{account}:event-bus/default");
    let tags = json!({"ResourceARN": arn});
    let (_, tags) = ask(subject, scope, "events", "ListTagsForResource", &tags)?;
    let mut keys = Vec::new();
    collect(&tags, "Key", &mut keys);
    let untag = json!({"ResourceARN": arn, "TagKeys": keys});
    ask(subject, scope, "events", "UntagResource", &untag)?;
    let buses = KINDS.iter().find(|kind| kind.list == "ListEventBuses").expect("a kind");
    for bus in names(subject, scope, buses)? {
        let (_, rules) = ask(subject, scope, "events", "ListRules", &json!({"EventBusName": bus}))?;
        let mut found = Vec::new();
        collect(&rules, "Name", &mut found);
        for rule in found {
            let of_rule = json!({"Rule": rule, "EventBusName": bus});
            let (_, targets) = ask(subject, scope, "events", "ListTargetsByRule", &of_rule)?;
            let mut ids = Vec::new();
            collect(&targets, "Id", &mut ids);
            let members = json!({"Rule": rule, "EventBusName": bus, "Ids": ids, "Force": true});
            ask(subject, scope, "events", "RemoveTargets", &members)?;
            let members = json!({"Name": rule, "EventBusName": bus, "Force": true});
            ask(subject, scope, "events", "DeleteRule", &members)?;
        }
    }
    Ok(())
}

fn named(members: &str, name: &str) -> Value {
    let quoted = serde_json::to_string(name).expect("a text");
    serde_json::from_str(&members.replace("\"ID\"", &quoted)).expect("JSON")
}

fn must(
    subject: &mut Subject,
    scope: (&str, &'static str),
    service: &str,
    operation: &str,
    members: &str,
    name: &str,
) -> Result<(), Broken> {
    let (status, answer) = ask(subject, scope, service, operation, &named(members, name))?;
    if status == 200 {
        return Ok(());
    }
    Err(format!("{operation} of {name}, which is listed: {status} {answer}"))
}

/// Calls an operation that is answered at once.
fn ask(
    subject: &mut Subject,
    (account, region): (&str, &'static str),
    service: &str,
    operation: &str,
    members: &Value,
) -> Result<(u16, Value), Broken> {
    let mut all = targets().iter();
    let is_it = |it: &&Target| it.service.wire.name == service && it.operation == operation;
    let target = *all.find(is_it).expect("an operation that is here");
    let caller = Caller { access_key: account.to_owned(), token: None, region };
    // XML has no form for every name.
    let protocols = target.service.wire.protocols;
    let speaks_json = |it: &&Protocol| {
        matches!(it, Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1)
    };
    let protocol = *protocols.iter().find(speaks_json).unwrap_or(&Protocol::AwsQuery);
    let http = request(target, protocol, &caller, &tree(members));
    let at = subject.driver.cloud.now();
    let answers = subject.feed(&Recorded { at, input: Input::Request(http.into()) })?;
    let response = answers.own().ok_or(format!("{operation} waits"))?;
    let body = response.body();
    let answer = match serde_json::from_slice(body) {
        Ok(json) => json,
        Err(_) => of_xml(&String::from_utf8_lossy(body)),
    };
    Ok((response.status().as_u16(), answer))
}

fn tree(value: &Value) -> Tree {
    match value {
        Value::Object(members) => {
            Tree::Structure(members.iter().map(|(name, it)| (name.clone(), tree(it))).collect())
        }
        Value::Array(items) => Tree::List(items.iter().map(tree).collect()),
        Value::String(text) => Tree::Text(text.clone()),
        Value::Bool(value) => Tree::Bool(*value),
        other => panic!("{other} is in no request here"),
    }
}

/// The texts of an XML answer, each under the name of its element.
fn of_xml(text: &str) -> Value {
    let elements = text.split('<').filter_map(|part| part.split_once('>'));
    let elements = elements.filter(|(tag, content)| !tag.starts_with('/') && !content.is_empty());
    let unescaped = |text: &str| text.replace("&quot;", "\"").replace("&amp;", "&");
    elements.map(|(tag, content)| json!({tag: unescaped(content)})).collect()
}

/// All texts under a name.
fn collect(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                match value {
                    Value::String(text) if member == name => found.push(text.clone()),
                    Value::Array(items) if member == name => {
                        found.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    other => collect(other, name, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, found)),
        _ => {}
    }
}
