//! Whether the order system uses AWS's API as AWS's models have it: every request of every
//! scenario, and of some drawn cases, is read against the models in `tests/models`.

use crate::form::Form;
use crate::stages::{self, Extras};
use crate::story::unescaped;
use crate::{exploring, library};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Prefix of `x-amz-target`, or what a URI ends with, and the model's name.
const SERVICES: [(&str, &str); 4] = [
    ("AmazonSQS.", "sqs"),
    ("AWSEvents.", "events"),
    ("DynamoDB_20120810.", "dynamodb"),
    ("AWSStepFunctions.", "states"),
];
/// The version of IAM's form.
const IAM: &str = "2010-05-08";
/// With which what is compressed begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// With which the paths of Lambda's operations begin; some of them have no body.
const LAMBDA: &str = "/2015-03-31/";
const CLOUDWATCH: &str = "/service/GraniteServiceVersion20100801/operation/";

struct Model(Value);

/// What was asked of AWS, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) operations: BTreeMap<String, u64>,
    pub(crate) wrong: BTreeSet<String>,
}

pub(crate) struct Reader {
    models: BTreeMap<&'static str, Model>,
    found: Arc<Mutex<Findings>>,
}

impl Model {
    fn load(service: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
        let path = root.join(format!("tests/models/{service}.json"));
        let text = std::fs::read_to_string(&path).expect("the model");
        Self(serde_json::from_str(&text).expect("JSON"))
    }

    /// Whether some operation of a REST service has this path.
    fn has_path(&self, path: &str) -> bool {
        let parts = |path: &str| -> Vec<String> {
            path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let asked = parts(path);
        let operations = self.0["operations"].as_object().into_iter().flat_map(Map::values);
        operations.filter_map(|operation| operation["http"]["requestUri"].as_str()).any(|known| {
            let known = parts(known.split('?').next().unwrap_or_default());
            let same =
                |(known, asked): (&String, &String)| known.starts_with('{') || known == asked;
            known.len() == asked.len() && known.iter().zip(&asked).all(same)
        })
    }

    fn shape(&self, name: &Value) -> &Value {
        &self.0["shapes"][name.as_str().expect("a shape's name")]
    }

    /// Complains about everything in `value` that is not as the shape `name` wants it.
    fn check(&self, name: &Value, value: &Value, at: &str, wrong: &mut BTreeSet<String>) {
        let shape = self.shape(name);
        let mut complain = |what: String| {
            wrong.insert(format!("{at}: {what}"));
        };
        let size = match (shape["type"].as_str().expect("a type"), value) {
            ("structure", Value::Object(members)) => {
                let known = &shape["members"];
                for name in shape["required"].as_array().into_iter().flatten() {
                    if !members.contains_key(name.as_str().expect("a name")) {
                        complain(format!("{name} is required"));
                    }
                }
                for (name, value) in members {
                    match known.get(name) {
                        Some(member) => {
                            self.check(&member["shape"], value, &format!("{at}.{name}"), wrong);
                        }
                        None => {
                            wrong.insert(format!("{at}: there is no member {name}"));
                        }
                    }
                }
                return;
            }
            ("list", Value::Array(entries)) => {
                for entry in entries {
                    self.check(&shape["member"]["shape"], entry, &format!("{at}[]"), wrong);
                }
                entries.len() as f64
            }
            ("map", Value::Object(entries)) => {
                for (key, value) in entries {
                    self.check(&shape["key"]["shape"], &json!(key), &format!("{at} key"), wrong);
                    self.check(&shape["value"]["shape"], value, &format!("{at}{{}}"), wrong);
                }
                entries.len() as f64
            }
            ("string", Value::String(text)) => {
                let listed = shape["enum"].as_array();
                if listed.is_some_and(|listed| !listed.contains(value)) {
                    complain(format!("{text} is none of its values"));
                }
                text.chars().count() as f64
            }
            ("blob", Value::String(_)) | ("boolean", Value::Bool(_)) => return,
            ("timestamp", Value::String(_) | Value::Number(_)) => return,
            ("integer" | "long", Value::Number(number)) if !number.is_f64() => {
                number.as_f64().unwrap_or(f64::NAN)
            }
            ("double" | "float", Value::Number(number)) => number.as_f64().unwrap_or(f64::NAN),
            (kind, other) => return complain(format!("{other} is no {kind}")),
        };
        let (least, most) = (shape["min"].as_f64(), shape["max"].as_f64());
        if least.is_some_and(|least| size < least) || most.is_some_and(|most| size > most) {
            let text: String = value.to_string().chars().take(80).collect();
            wrong.insert(format!("{at}: {text} is outside of {least:?} to {most:?}"));
        }
    }

    /// A form of the query protocol as the value that it stands for.
    fn of_form(&self, name: &Value, node: &Value) -> Value {
        let shape = self.shape(name);
        let text = node.as_str().unwrap_or_default();
        let parsed = || serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        match shape["type"].as_str().expect("a type") {
            "structure" => {
                let members = node.as_object().into_iter().flatten().map(|(name, node)| {
                    let member = &shape["members"][name]["shape"];
                    let value =
                        if member.is_null() { node.clone() } else { self.of_form(member, node) };
                    (name.clone(), value)
                });
                Value::Object(members.collect())
            }
            "list" => {
                let entries = node["member"].as_object().into_iter().flatten();
                entries.map(|(_, entry)| self.of_form(&shape["member"]["shape"], entry)).collect()
            }
            "map" => {
                let part =
                    |what: &str| shape[what]["locationName"].as_str().unwrap_or(what).to_owned();
                let (key, value) = (part("key"), part("value"));
                let entries = node["entry"].as_object().into_iter().flatten().map(|(_, entry)| {
                    let name = entry[&key].as_str().unwrap_or_default().to_owned();
                    (name, self.of_form(&shape["value"]["shape"], &entry[&value]))
                });
                Value::Object(entries.collect())
            }
            "string" | "blob" | "timestamp" => json!(text),
            _ => parsed(),
        }
    }
}

impl Reader {
    pub(crate) fn new(found: Arc<Mutex<Findings>>) -> Self {
        let names = ["sqs", "events", "dynamodb", "sns", "cloudwatch", "states", "iam", "lambda"];
        Self { models: names.map(|name| (name, Model::load(name))).into(), found }
    }

    pub(crate) fn read(&self, target: &str, uri: &str, body: &[u8]) {
        let mut found = self.found.lock().expect("nobody panics with it");
        let json = || serde_json::from_slice(body).expect("JSON");
        for (prefix, service) in SERVICES {
            if let Some(operation) = target.strip_prefix(prefix) {
                return self.judge(service, operation, &json(), &mut found);
            }
        }
        if let Some((_, operation)) = uri.split_once(CLOUDWATCH) {
            let input = skyrig::wire::cbor::from_slice(&inflated(body)).expect("CBOR");
            return self.judge("cloudwatch", operation, &input, &mut found);
        }
        if let Some(at) = uri.find(LAMBDA) {
            let path = uri[at..].split('?').next().unwrap_or_default();
            if !self.models["lambda"].has_path(path) {
                found.wrong.insert(format!("lambda: there is no {path}"));
            }
            *found.operations.entry("lambda".to_owned()).or_default() += 1;
            return;
        }
        let mut form = tree(body);
        let operation = form.remove("Action").expect("an action");
        let version = form.remove("Version").unwrap_or_default();
        let service = if version == IAM { "iam" } else { "sns" };
        let operation = operation.as_str().expect("a name");
        let model = &self.models[service];
        let input = &model.0["operations"][operation]["input"];
        let value = model.of_form(input, &Value::Object(form));
        self.judge(service, operation, &value, &mut found);
    }

    fn judge(&self, service: &str, operation: &str, input: &Value, found: &mut Findings) {
        let at = format!("{service} {operation}");
        let model = &self.models[service];
        match &model.0["operations"][operation]["input"] {
            Value::Null => {
                found.wrong.insert(format!("{at}: there is no such operation"));
            }
            shape => model.check(shape, input, &at, &mut found.wrong),
        }
        *found.operations.entry(at).or_default() += 1;
    }
}

/// The SDK compresses requests with much data.
pub(crate) fn inflated(body: &[u8]) -> Vec<u8> {
    if !body.starts_with(&GZIP) {
        return body.to_vec();
    }
    let mut inflated = Vec::new();
    let read = flate2::read::GzDecoder::new(body).read_to_end(&mut inflated);
    read.expect("gzip");
    inflated
}

/// `a.b=c` as `{a: {b: c}}`.
pub(crate) fn tree(form: &[u8]) -> Map<String, Value> {
    let text = std::str::from_utf8(form).expect("a form");
    let mut root = json!({});
    for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
        let mut node = &mut root;
        for part in name.split('.') {
            if !node.is_object() {
                *node = json!({});
            }
            node = &mut node[part];
        }
        *node = json!(unescaped(value));
    }
    std::mem::take(root.as_object_mut().expect("an object"))
}

#[test]
fn every_request_is_as_awss_models_have_it() {
    let found = Arc::new(Mutex::new(Findings::default()));
    let scripts = library::sample().expect("good scripts").into_iter();
    let cases = scripts.map(|script| (script, 1, Form::default()));
    let drawn = (1..=4).map(|seed| {
        let form = if seed % 2 == 0 { Form::LED } else { Form::default() };
        (exploring::plain(seed, 6, form), seed, form)
    });
    for (script, seed, form) in cases.chain(drawn) {
        let reader = Reader::new(Arc::clone(&found));
        let watcher = Box::new(move |it: harness::record::Exchange<'_>| {
            reader.read(it.target, it.uri, it.request);
        });
        let extras = Extras { watcher: Some(watcher), form, ..Extras::default() };
        let run = stages::play_with(&script, seed, extras).expect("a world");
        assert!(run.passed, "{}", run.text("-"));
    }
    let found = found.lock().expect("nobody panics with it");
    assert!(found.wrong.is_empty(), "{:#?}", found.wrong);
    // That the reader sees what is asked, in each of the protocols.
    for operation in ["sqs ReceiveMessage", "events PutEvents", "dynamodb TransactWriteItems"] {
        assert!(found.operations[operation] > 10, "{operation}: {:?}", found.operations);
    }
    for operation in [
        "sns PublishBatch",
        "sns Subscribe",
        "dynamodb BatchExecuteStatement",
        "dynamodb BatchGetItem",
        "sqs SendMessageBatch",
        "cloudwatch PutMetricData",
        "states SendTaskSuccess",
        "iam CreateRole",
    ] {
        assert!(found.operations[operation] > 1, "{operation}: {:?}", found.operations);
    }
}

#[test]
fn what_is_not_in_the_model_is_noticed() {
    let check = |target: &str, body: Value, complaint: &str| {
        let found = Arc::new(Mutex::new(Findings::default()));
        Reader::new(Arc::clone(&found)).read(target, "/", body.to_string().as_bytes());
        let wrong = &found.lock().expect("nobody panics with it").wrong;
        assert!(wrong.iter().any(|it| it.contains(complaint)), "{wrong:?}");
    };
    check("AmazonSQS.SendMessages", json!({}), "there is no such operation");
    check("AmazonSQS.SendMessage", json!({ "QueueUrl": "q" }), "\"MessageBody\" is required");
    let with = json!({ "QueueUrl": "q", "MessageBody": "b", "Delay": 1 });
    check("AmazonSQS.SendMessage", with, "there is no member Delay");
    let with = json!({ "QueueUrl": "q", "MessageBody": 7 });
    check("AmazonSQS.SendMessage", with, "7 is no string");
    let with = json!({ "QueueUrl": "q", "AttributeNames": ["Colour"] });
    check("AmazonSQS.GetQueueAttributes", with, "Colour is none of its values");
    check("AWSEvents.PutEvents", json!({ "Entries": [] }), "is outside of");
    let found = Arc::new(Mutex::new(Findings::default()));
    let form = b"Action=Publish&Version=1&Message=a%20b&Colour=x&MessageAttributes.entry.1.Name=n\
                 &MessageAttributes.entry.1.Value.DataType=String";
    Reader::new(Arc::clone(&found)).read("", "/", form);
    let wrong = found.lock().expect("nobody panics with it").wrong.clone();
    assert_eq!(wrong, ["sns Publish: there is no member Colour".to_owned()].into());
}
