//! The same system as a CloudFormation template: the resources of the description, and an IAM role
//! for each role.

use serde_json::{Map, Value, json};

use super::description::{describe, tag_list};
use super::permissions::{Principal, permissions};
use super::policy::Transport;
use super::resource::{Kind, Resource};
use super::{function, iam_roles};
use crate::config::Config;
use crate::failure::Failure;
use crate::role::Role;

/// A template in JSON. What `infra apply` makes, it makes too; the other way round it has IAM
/// roles besides, for tasks of ECS, whose ARNs and names it exports.
///
/// # Errors
/// `GiveUp` when the configuration makes no sense.
pub fn template(config: &Config) -> Result<Value, Failure> {
    let mut resources = Map::new();
    for resource in describe(config, Transport::TlsOnly)? {
        resources.insert(resource.id.clone(), shown(&resource));
    }
    let mut outputs = Map::new();
    for role in Role::ALL {
        let id = format!("{}TaskRole", capital(role.as_str()));
        resources.insert(id.clone(), task_role(config, role));
        for (what, value) in
            [("arn", json!({ "Fn::GetAtt": [id, "Arn"] })), ("name", json!({ "Ref": id }))]
        {
            let export = format!("{}-{role}-role-{what}", config.names.prefix());
            let output = json!({ "Value": value, "Export": { "Name": export } });
            outputs.insert(format!("{id}{}", capital(what)), output);
        }
    }
    let mut template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description":
            "The messaging of an order system. Made by `orderflow infra template`; do not edit.",
        "Resources": resources,
        "Outputs": outputs,
    });
    if config.function.is_some() {
        template["Parameters"] = function::parameters();
    }
    Ok(template)
}

fn shown(resource: &Resource) -> Value {
    let mut properties: Map<String, Value> = resource
        .properties
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !resource.tags.is_empty() {
        properties.insert("Tags".into(), tag_list(&resource.tags));
    }
    for name in ["DashboardBody", "DefinitionString"] {
        if let Some(body) = properties.get_mut(name) {
            *body = json!({ "Fn::Sub": with_placeholders(body).to_string() });
        }
    }
    if resource.kind == Kind::Function {
        properties.remove(function::CODE);
        properties.insert("Code".into(), function::code_of_template());
    }
    let mut shown = json!({ "Type": resource.kind.type_name() });
    let recovers = resource.properties.get("PointInTimeRecoverySpecification");
    let recovers = recovers.is_some_and(|it| it["PointInTimeRecoveryEnabled"] == json!(true));
    if resource.kind == Kind::Table && recovers {
        // Nobody loses the histories by deleting a stack.
        shown["DeletionPolicy"] = json!("Retain");
        shown["UpdateReplacePolicy"] = json!("Retain");
    }
    shown["Properties"] = Value::Object(properties);
    shown
}

/// For `Fn::Sub`.
fn with_placeholders(value: &Value) -> Value {
    match value {
        Value::Object(members) => match members.iter().next() {
            Some((name, Value::String(id))) if name == "Ref" => json!(format!("${{{id}}}")),
            _ => {
                let each =
                    |(name, value): (&String, &Value)| (name.clone(), with_placeholders(value));
                Value::Object(members.iter().map(each).collect())
            }
        },
        Value::Array(entries) => entries.iter().map(with_placeholders).collect(),
        other => other.clone(),
    }
}

fn task_role(config: &Config, role: Role) -> Value {
    let name = format!("{}-{role}", config.names.prefix());
    let statements = permissions(config, Principal::Role(role));
    json!({
        "Type": "AWS::IAM::Role",
        "Properties": {
            "Description": format!("{role}: {}", role.about()),
            "AssumeRolePolicyDocument": iam_roles::trust("ecs-tasks.amazonaws.com"),
            "Policies": iam_roles::policies(&name, &statements),
            "Tags": tag_list(&config.tags()),
        },
    })
}

fn capital(word: &str) -> String {
    word[..1].to_ascii_uppercase() + &word[1..]
}
