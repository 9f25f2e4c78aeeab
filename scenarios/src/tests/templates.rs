//! `system/infra`: the templates are those of the code.

use super::repository;
use orderflow::config::QueueKind;
use orderflow::infra::{self, Transport};
use orderflow::{Config, Names, Role, TimingProfile};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The committed templates, with which queues.
const TEMPLATES: [(&str, QueueKind); 2] = [
    ("system/infra/messaging.json", QueueKind::Standard),
    ("system/infra/messaging-fifo.json", QueueKind::Fifo),
];

fn config(queues: QueueKind) -> Config {
    let names = Names::parse("orderflow").expect("a prefix").with_queues(queues);
    Config::new(names, TimingProfile::Standard)
}

#[test]
fn the_templates_are_what_infra_apply_makes() {
    for (path, queues) in TEMPLATES {
        let config = config(queues);
        let template = infra::template(&config).expect("a template");
        repository::is_fresh(path, &format!("{template:#}\n"), "templates");
        for resource in infra::describe(&config, Transport::TlsOnly).expect("a description") {
            let shown = &template["Resources"][&resource.id];
            assert_eq!(shown["Type"], resource.kind.type_name(), "{}", resource.id);
            for (name, value) in resource.properties.iter().filter(|(_, it)| !it.is_null()) {
                let of = &shown["Properties"][name];
                let dashboard = name == "DashboardBody" && of["Fn::Sub"].is_string();
                assert!(dashboard || of == value, "{} {name}: {of}", resource.id);
            }
            let tags = resource.tags.iter().map(|(k, v)| json!({ "Key": k, "Value": v }));
            let tags: Vec<_> = tags.collect();
            let shown = shown["Properties"]["Tags"].as_array().cloned().unwrap_or_default();
            assert_eq!(shown, tags, "{}", resource.id);
        }
    }
}

/// CloudFormation's bound on resources, and on what a template in a bucket may have in bytes.
#[test]
fn the_templates_fit_and_name_nothing_that_they_lack() {
    for (path, _) in TEMPLATES {
        let text = repository::read(path);
        assert!(text.len() < 1_000_000, "{path}: {}", text.len());
        let template: Value = serde_json::from_str(&text).expect("JSON");
        let resources = template["Resources"].as_object().expect("resources");
        assert!(resources.len() <= 500, "{path}: {}", resources.len());
        let mut named = BTreeSet::new();
        references(&template, &mut named);
        let missing: Vec<_> = named
            .iter()
            .filter(|it| !it.starts_with("AWS::") && !resources.contains_key(*it))
            .collect();
        assert!(missing.is_empty(), "{path}: {missing:?}");
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("Ref", Value::String(id)) => found.insert(id.clone()),
                    ("Fn::GetAtt", _) => {
                        found.insert(value[0].as_str().unwrap_or_default().to_owned())
                    }
                    _ => {
                        references(value, found);
                        false
                    }
                };
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| references(entry, found)),
        _ => {}
    }
}

/// Every role has a service, with a role of IAM that the other template exports.
#[test]
fn every_role_runs_somewhere() {
    let platform = repository::read("system/infra/platform.yaml");
    let exports = repository::read("system/infra/messaging.json");
    for role in Role::ALL {
        let listed = |line: &str| {
            let list = line.trim().strip_prefix("- [").and_then(|it| it.strip_suffix(']'));
            list.is_some_and(|list| list.split(", ").any(|it| it == role.as_str()))
        };
        let alone = format!("--roles, {role},");
        let runs = platform.contains(&alone) || platform.lines().any(listed);
        assert!(runs, "{role} has no service in platform.yaml");
        let export = format!("\"orderflow-{role}-role-arn\"");
        assert!(exports.contains(&export), "{role} has no role of IAM");
    }
}
