//! The parameters of a recorded step, with references filled in (`tests/recordings/README.md`).

use serde_json::Value;

/// The account and the region that everything is in.
pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const REGION: &str = "us-east-1";

/// A parameter that is a text: as it stands, or the text of a JSON document.
pub(crate) fn text(value: &Value, steps: &[Value]) -> String {
    match value {
        Value::String(text) => filled(text, steps),
        other => match other.get("$json") {
            Some(document) => filled(&spaced(document), steps),
            None => spaced(other),
        },
    }
}

/// JSON with `, ` and `: `, as Python writes it.
pub(crate) fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), spaced(value))
            };
            let members: Vec<String> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// Fills in `${3.QueueUrl}` and the like. What other services answered may be any well-formed
/// value.
fn filled(text: &str, steps: &[Value]) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        whole.push_str(&rest[..start]);
        let inside = &rest[start + 2..];
        let end = inside.find('}').expect("a reference ends");
        whole.push_str(&referred(&inside[..end], steps));
        rest = &inside[end + 1..];
    }
    whole + rest
}

fn referred(reference: &str, steps: &[Value]) -> String {
    if reference == "account" {
        return ACCOUNT.to_owned();
    }
    let Some((number, path)) = reference.split_once('.') else {
        return format!("value-of-{reference}");
    };
    let step = number.parse().ok().and_then(|number: usize| steps.get(number.wrapping_sub(1)));
    let params = step.map_or(&Value::Null, |step| &step["params"]);
    let name = |field: &str| params[field].as_str().unwrap_or("name").to_owned();
    match path {
        "FunctionArn" => {
            format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", name("FunctionName"))
        }
        "activityArn" => format!("arn:aws:states:{REGION}:{ACCOUNT}:activity:{}", name("name")),
        "stateMachineArn" => machine_arn(&name("name")),
        "Role.Arn" => format!("arn:aws:iam::{ACCOUNT}:role/{}", name("RoleName")),
        "TopicArn" => format!("arn:aws:sns:{REGION}:{ACCOUNT}:{}", name("Name")),
        _ => format!("value-of-{number}-{path}"),
    }
}

pub(crate) fn machine_arn(name: &str) -> String {
    format!("arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}")
}
