//! One system in two regions, of which one works and the other one stands by.
//!
//! Tables have replicas in both. Events of the bus go to the other region's bus, whose archive
//! keeps them; its rules to roles are disabled, so nothing waits in queues that nobody reads. To
//! fail over, the other region is made the active one, its roles are started, and what happened
//! lately is replayed there: roles know again what the replicas say was done.
//!
//! Source: EventBridge user guide, "Sending and receiving events between AWS Regions".

use serde_json::json;

use super::bus;
use super::description::describe;
use super::iam_roles::{policies, trust};
use super::live::transport;
use super::permissions::Statement;
use super::resource::{Kind, Resource, arn_of};
use super::tables::Tables;
use crate::adapters::aws::Aws;
use crate::config::{Config, Pair, Part};
use crate::failure::Failure;
use crate::role::Saga;

/// What `all` is in one region of two.
///
/// # Errors
/// `GiveUp` for what the regions of an account would have to share.
pub(super) fn of_pair(
    config: &Config,
    pair: &Pair,
    mut all: Vec<Resource>,
) -> Result<Vec<Resource>, Failure> {
    if config.saga != Saga::Choreography || config.function.is_some() {
        let why = "two regions cannot share the IAM roles of a state machine or a function";
        return Err(Failure::GiveUp(why.to_owned()));
    }
    if pair.part == Part::Standby {
        // Dashboards are the account's, and nobody is to be woken for a region that stands by.
        let kept = |kind| !matches!(kind, Kind::Dashboard | Kind::Alarm | Kind::CompositeAlarm);
        all.retain(|it| kept(it.kind));
        for rule in all.iter_mut().filter(|it| it.kind == Kind::Rule) {
            rule.properties.insert("State".to_owned(), json!("DISABLED"));
        }
    }
    all.extend(copies(config, &pair.other));
    Ok(all)
}

/// The rule that sends on what happens in this region, and as whom it does so. What came from the
/// other one keeps that region's name, and so never goes back.
fn copies(config: &Config, other: &str) -> [Resource; 2] {
    let names = &config.names;
    let (name, bus) = (names.copies_to(other), names.bus());
    let bus = format!("arn:${{AWS::Partition}}:events:{other}:${{AWS::AccountId}}:event-bus/{bus}");
    let send = Statement {
        sid: "Copy",
        allow: true,
        actions: vec!["events:PutEvents"],
        resources: vec![bus.clone()],
        condition: None,
    };
    let properties = json!({
        "RoleName": name,
        "Description": format!("Sends events on to {other}"),
        "AssumeRolePolicyDocument": trust("events.amazonaws.com"),
        "Policies": policies(&name, &[send]),
    });
    let role = Resource::new(Kind::IamRole, names, name.clone(), properties);
    let target = json!({ "Arn": { "Fn::Sub": bus }, "RoleArn": arn_of(&role.id) });
    let pattern = json!({ "region": [{ "Ref": "AWS::Region" }] });
    let about = format!("All events, for {other}");
    let rule = bus::rule(names, name, &about, pattern, target);
    [role, rule]
}

/// Gives every table a replica in another region. Answers the names of those that had none.
///
/// # Errors
/// When a call fails, or a replica is not there in time: it can be done again.
pub async fn replicate(aws: &Aws, config: &Config, region: &str) -> Result<Vec<String>, Failure> {
    let tables = Tables::new(aws);
    let mut made = Vec::new();
    for resource in describe(config, transport(aws))? {
        if resource.kind == Kind::Table && tables.replicate(&resource.name, region).await? {
            made.push(resource.name);
        }
    }
    Ok(made)
}
