//! The one description of a system, from which everything else is made: what `infra apply` makes,
//! `infra diff` compares and `infra destroy` removes, and the template.

use serde_json::{Value, json};

use super::policy::{Sender, Transport, of_queue};
use super::resource::{Kind, Resource, Tags, arn_of, id, reference_to};
use super::{archive, bus, function, machine, monitoring, queues, regions, review, tables};
use crate::app::subscribers::{Subscriber, defaults};
use crate::config::{Config, Names};
use crate::failure::Failure;
use crate::role::{Role, Saga};

/// In which a filter policy looks; SNS's standard, said explicitly.
pub(super) const FILTER_SCOPE: &str = "MessageAttributes";
/// The key that AWS has made for SNS in every account.
const KEY_OF_SNS: &str = "alias/aws/sns";

/// What others point to comes first.
///
/// # Errors
/// `GiveUp` when the configuration makes no sense.
pub fn describe(config: &Config, transport: Transport) -> Result<Vec<Resource>, Failure> {
    let names = &config.names;
    let mut all = tables::describe(names, config.saga);
    all.push(bus::describe(names));
    all.push(archive::describe(config));
    for role in Role::consumers() {
        all.extend(of_role(config, role, transport));
    }
    if config.saga == Saga::StepFunctions {
        all.extend(machine::describe(config));
    }
    if let Some(settings) = &config.function {
        all.extend(function::describe(config, settings));
    }
    all.extend(review::describe(config, transport)?);
    all.push(topic(names, names.topic(), Some(KEY_OF_SNS)));
    for subscriber in defaults() {
        all.extend(listening(config, &subscriber, transport));
    }
    all.extend(alerts(names, transport));
    all.extend(monitoring::describe(names, config.saga));
    if let Some(pair) = &config.pair {
        all = regions::of_pair(config, pair, all)?;
    }
    let tags = config.tags();
    for resource in all.iter_mut().filter(|it| it.kind.has_tags()) {
        resource.tags.clone_from(&tags);
    }
    Ok(all)
}

fn of_role(config: &Config, role: Role, transport: Transport) -> Vec<Resource> {
    let names = &config.names;
    let letters = queues::dead_letters(names, role);
    let queue = queues::of_role(config, role, &letters);
    let intake = queues::intake(config, role);
    let target = intake.as_ref().unwrap_or(&queue);
    let rules = bus::rules(names, config.saga, role, &arn_of(&target.id));
    let sources: Vec<_> = rules.iter().map(|rule| arn_of(&rule.id)).collect();
    let sender = Sender { service: "events.amazonaws.com", sources };
    let sender = (!rules.is_empty()).then_some(&sender);
    let mut policies =
        vec![policy(names, &letters, None, transport), policy(names, target, sender, transport)];
    if intake.is_some() {
        policies.push(policy(names, &queue, None, transport));
    }
    let mut all = vec![letters, queue];
    all.extend(intake);
    all.extend(rules);
    all.extend(policies.into_iter().flatten());
    all
}

/// A subscriber of the notifications with its queue.
fn listening(config: &Config, subscriber: &Subscriber, transport: Transport) -> Vec<Resource> {
    let names = &config.names;
    let queue = queues::plain(names, names.subscriber_queue(subscriber.name.as_str()));
    subscription(names, &names.topic(), queue, json!(subscriber.filter), transport)
}

/// CloudWatch cannot publish to a topic that is encrypted with the key of SNS, so that of the
/// alarms is not; it tells nothing of customers. Source: user guide, "Notify users on alarm
/// changes".
fn alerts(names: &Names, transport: Transport) -> Vec<Resource> {
    let name = names.alerts();
    let queue = queues::plain(names, name.clone());
    let mut all = vec![topic(names, name.clone(), None)];
    all.extend(subscription(names, &name, queue, Value::Null, transport));
    all
}

fn topic(names: &Names, name: String, key: Option<&str>) -> Resource {
    let properties = json!({ "TopicName": name, "KmsMasterKeyId": key });
    Resource::new(Kind::Topic, names, name, properties)
}

/// The queue, who may send to it, and that it listens to the topic.
fn subscription(
    names: &Names,
    topic: &str,
    queue: Resource,
    filter: Value,
    transport: Transport,
) -> Vec<Resource> {
    let topic = reference_to(&id(Kind::Topic, names, topic));
    let sender = Sender { service: "sns.amazonaws.com", sources: vec![topic.clone()] };
    let scope = if filter.is_null() { Value::Null } else { json!(FILTER_SCOPE) };
    let properties = json!({
        "TopicArn": topic,
        "Protocol": "sqs",
        "Endpoint": arn_of(&queue.id),
        "FilterPolicyScope": scope,
        "FilterPolicy": filter,
    });
    let listens = Resource::new(Kind::Subscription, names, queue.name.clone(), properties);
    let policy = policy(names, &queue, Some(&sender), transport);
    [queue].into_iter().chain(policy).chain([listens]).collect()
}

/// The policy of a queue, if it needs one.
pub(super) fn policy(
    names: &Names,
    queue: &Resource,
    sender: Option<&Sender>,
    transport: Transport,
) -> Option<Resource> {
    let document = of_queue(&arn_of(&queue.id), sender, transport)?;
    let properties = json!({ "Queues": [reference_to(&queue.id)], "PolicyDocument": document });
    Some(Resource::new(Kind::QueuePolicy, names, queue.name.clone(), properties))
}

/// As the services list them.
pub(super) fn tag_list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}
