//! What is true of an operation whoever calls it: it stands in the operation's row.
//!
//! Fault rules ask here what a request is about, which of its entries may fail and how its service
//! slows clients down.

use serde_json::Value;

use crate::wire::{MemberName, Naming, WireError};

/// The facts of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationFacts {
    /// The members that name what a request is about.
    pub resources: Vec<ResourceMember>,
    /// It is about no single resource, such as a list of all of them.
    pub about_nothing: bool,
    /// The IAM action that permits it: `sqs:SendMessage`.
    pub action: String,
    /// The member whose entries succeed or fail each by itself.
    pub entries: Option<&'static str>,
    /// AWS takes requests for it that nobody has signed.
    pub unsigned: bool,
    /// All regions share what it is about, so it runs in the account's home region.
    pub global: bool,
    /// How the service slows its clients down.
    pub throttling: Throttling,
    /// What its error says then of each resource, where the service says why.
    pub throttling_reason: Option<ThrottlingReason>,
    /// Members that are stored and can be read back, but have no effect here
    /// ([`super::Context::not_honoured`]); `*` stands for any text.
    pub stored: Vec<&'static str>,
    /// Members that are taken and neither have an effect here nor can be read back.
    pub forgotten: Vec<&'static str>,
    /// What is refused as not implemented.
    pub refused: Vec<Refusal>,
}

/// A use of an operation that is refused as not implemented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The member, from the outside in: `RequestItems.AttributesToGet`.
    pub member: &'static str,
    /// Which of its values, in words; `None` for each.
    pub values: Option<&'static str>,
    /// A part of the error's text.
    pub told: &'static str,
}

/// A member that names a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceMember {
    /// Members from the outside in, parted by points; `[]` stands for every element of a list,
    /// `{}` for every key of a map: `Entries[].EventBusName`, `RequestItems{}`.
    pub path: &'static str,
    /// The IAM action for this resource where it is not the operation's (transactions).
    pub action: Option<String>,
}

/// The error with which a service slows its clients down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttling {
    pub shape: &'static str,
    pub query_code: &'static str,
    pub status: u16,
}

/// Why requests for a resource are slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottlingReason {
    /// The member of the error that holds the reasons.
    pub member: &'static str,
    /// The service's word.
    pub reason: &'static str,
    /// What stands before the resource's name in its ARN.
    pub before: &'static str,
}

impl From<Throttling> for WireError {
    fn from(throttling: Throttling) -> Self {
        let Throttling { shape, query_code, status } = throttling;
        Self::sender(shape, "Rate exceeded").status(status).query_code(query_code)
    }
}

impl OperationFacts {
    /// Whether `member` is declared as stored without effect.
    pub fn stores(&self, member: &str) -> bool {
        self.stored.iter().any(|declared| match declared.split_once('*') {
            Some((before, after)) => member.starts_with(before) && member.ends_with(after),
            None => *declared == member,
        })
    }

    /// Whether `member` is declared as taken and forgotten.
    pub fn forgets(&self, member: &str) -> bool {
        self.forgotten.contains(&member)
    }

    /// Whether an error with this text is declared as a refusal of what is not implemented.
    pub fn refuses(&self, text: &str) -> bool {
        self.refused.iter().any(|refusal| text.contains(refusal.told))
    }

    /// The names of the resources that a request is about. `input` holds its members, in JSON's
    /// form or in that of [`crate::wire::form::document`]; `spell` says how the latter spells them.
    pub fn resources_of(&self, input: &Value, spell: impl Fn(&str) -> MemberName) -> Vec<String> {
        let mut found = Vec::new();
        for member in &self.resources {
            collect(input, member.path, &spell, &mut found);
        }
        found
    }
}

/// How JSON and CBOR spell members: as they are.
pub(crate) fn as_they_are(_member: &str) -> MemberName {
    MemberName::DEFAULT
}

/// How the forms of `operation` spell members.
pub(crate) fn in_forms(naming: Naming, operation: &str) -> impl Fn(&str) -> MemberName {
    move |member| naming(operation, member)
}

fn collect(
    value: &Value,
    path: &str,
    spell: &impl Fn(&str) -> MemberName,
    found: &mut Vec<String>,
) {
    if path.is_empty() {
        found.extend(value.as_str().map(|text| resource_name(text).to_owned()));
        return;
    }
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let member = step.trim_end_matches("[]").trim_end_matches("{}");
    let spelt = spell(member).name.unwrap_or(member);
    let Some(inner) = value.get(spelt) else {
        return;
    };
    if step.ends_with("{}") {
        let keys = inner.as_object().into_iter().flat_map(|map| map.keys());
        found.extend(keys.map(|key| resource_name(key).to_owned()));
    } else if step.ends_with("[]") {
        elements(inner).for_each(|element| collect(element, rest, spell, found));
    } else {
        collect(inner, rest, spell, found);
    }
}

/// The elements of a list, of JSON or of a form (`member.1`, or `1` where it is flattened).
fn elements(list: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match list {
        Value::Array(elements) => Box::new(elements.iter()),
        Value::Object(members) => match members.get("member") {
            Some(inner) => elements(inner),
            None => Box::new(members.values()),
        },
        _ => Box::new(std::iter::empty()),
    }
}

/// What rules call a resource: what stands after the last slash or colon of its URL or ARN. A
/// table's stream goes by the table's name, and a subscription by its topic's.
pub fn resource_name(text: &str) -> &str {
    let text = text.split_once("/stream/").map_or(text, |(table, _)| table);
    let mut parts = text.rsplit(['/', ':']);
    let last = parts.next().unwrap_or(text);
    match parts.next() {
        Some(topic) if text.starts_with("arn:aws") && is_uuid(last) => topic,
        _ => last,
    }
}

fn is_uuid(text: &str) -> bool {
    let hyphen = |place: usize| matches!(place, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match hyphen(place) {
            true => byte == b'-',
            false => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::{default_naming, form};

    fn facts(paths: &[&'static str]) -> OperationFacts {
        let member = |path: &&'static str| ResourceMember { path, action: None };
        OperationFacts {
            resources: paths.iter().map(member).collect(),
            about_nothing: false,
            action: String::new(),
            entries: None,
            unsigned: false,
            global: false,
            throttling: Throttling { shape: "", query_code: "", status: 400 },
            throttling_reason: None,
            stored: Vec::new(),
            forgotten: Vec::new(),
            refused: Vec::new(),
        }
    }

    #[test]
    fn resources_are_found_along_their_paths() {
        let check = |paths: &[&'static str], input: Value, expected: &[&str]| {
            assert_eq!(facts(paths).resources_of(&input, as_they_are), expected, "{paths:?}");
        };
        check(&["QueueUrl"], json!({"QueueUrl": "http://h/1/q"}), &["q"]);
        check(&["QueueUrl"], json!({"Other": "q"}), &[]);
        check(&["QueueUrl"], json!({"QueueUrl": 7}), &[]);
        let entries = json!({"Entries": [{"Bus": "a"}, {}, {"Bus": "arn:aws:events:r:1:bus/b"}]});
        check(&["Entries[].Bus"], entries, &["a", "b"]);
        check(&["RequestItems{}"], json!({"RequestItems": {"t": [], "u": []}}), &["t", "u"]);
        let items = json!({"Items": [{"Put": {"T": "a"}}, {"Get": {"T": "b"}}]});
        check(&["Items[].Put.T", "Items[].Get.T"], items, &["a", "b"]);
        check(&["Names[]"], json!({"Names": ["x", "y"]}), &["x", "y"]);
    }

    #[test]
    fn forms_are_asked_like_json() {
        let check = |paths: &[&'static str], body: &str, expected: &[&str]| {
            let document = form::document(body.as_bytes());
            let found = facts(paths).resources_of(&document, in_forms(default_naming, "X"));
            assert_eq!(found, expected, "{body}");
        };
        check(&["TopicArn"], "TopicArn=arn%3Aaws%3Asns%3Ar%3A1%3At", &["t"]);
        check(&["Names[]"], "Names.member.1=x&Names.member.2=y", &["x", "y"]);
        check(&["Names[]"], "Names.1=x", &["x"]);
        check(&["Entries[].Id"], "Entries.member.1.Id=x&Entries.member.1.B=y", &["x"]);
        check(&["Names[]"], "Names=x", &[]);
        check(&["Names[].Deep"], "Names.member.1=x", &[]);
    }

    #[test]
    fn names_are_what_people_call_things() {
        for (text, name) in [
            ("q", "q"),
            ("http://localhost:4566/000000000000/q", "q"),
            ("arn:aws:sns:us-east-1:1:t", "t"),
            ("arn:aws:sns:us-east-1:1:t:8d2d1e8a-3f0a-4b8e-9a52-0d6f1a2b3c4d", "t"),
            ("arn:aws:events:us-east-1:1:rule/bus/r", "r"),
            ("arn:aws:dynamodb:us-east-1:1:table/t/stream/2026-01-01T00:00:00.000", "t"),
            ("arn:aws:cloudwatch:us-east-1:1:alarm:a", "a"),
        ] {
            assert_eq!(resource_name(text), name, "{text}");
        }
    }
}
