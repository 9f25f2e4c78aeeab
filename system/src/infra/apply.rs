//! The order in which resources are made: what others point to comes first.

use crate::adapters::aws::Aws;
use crate::app::subscribers::defaults;
use crate::config::Config;
use crate::failure::Failure;
use crate::infra::monitoring::Monitoring;
use crate::infra::{archive, bus, function, machine, queues, review, subscribers, tables, topic};
use crate::role::{Role, Saga};

/// Creates what is missing and sets every attribute to what it should be. Answers the names of
/// the resources.
pub async fn apply(aws: &Aws, config: &Config) -> Result<Vec<String>, Failure> {
    let Config { names, timing, .. } = config;
    let mut made = Vec::new();
    let queues = queues::Queues::new(aws);
    let buses = bus::Buses::new(aws);
    let topics = topic::Topics::new(aws);

    made.extend(tables::apply(aws, config).await?);
    let bus = names.bus();
    buses.create(&bus).await?;
    made.push(bus.clone());
    made.push(archive::Archives::new(aws).apply(&buses, config).await?);
    let mut participants = Vec::new();
    for role in Role::consumers() {
        let dead_letters = queues.dead_letter_queue(&names.dead_letter_queue(role)).await?;
        let queue = queues.role_queue(&names.queue(role), role, &dead_letters, timing).await?;
        let rules = buses.rules(&bus, names, role, config.saga).await?;
        if !rules.is_empty() {
            queues.let_in(&queue, "events.amazonaws.com", &rules.arns()).await?;
        }
        buses.route(&bus, &rules, &queue.arn).await?;
        if let (Role::Notifications, Some(settings)) = (role, &config.function) {
            let functions = function::Functions::new(aws);
            made.push(functions.apply(config, settings, &queue.arn).await?);
        }
        participants.extend(role.participant().map(|it| (it, queue.url.clone(), queue.arn)));
        made.extend([dead_letters.name, queue.name]);
        made.extend(rules.names());
    }
    if config.saga == Saga::StepFunctions {
        made.push(machine::Machines::new(aws).apply(config, &participants).await?);
    }
    made.extend(review::apply(&queues, &buses, config).await?);
    let topic_name = names.topic();
    let topic_arn = topics.create(&topic_name).await?;
    made.push(topic_name);
    for subscriber in defaults() {
        let wiring = subscribers::Wiring { queues: &queues, topics: &topics, names };
        wiring.put(&topic_arn, &subscriber).await?;
        made.push(names.subscriber_queue(subscriber.name.as_str()));
    }
    let alerts = names.alerts();
    let topic_arn = topics.create(&alerts).await?;
    let queue = queues.plain_queue(&alerts).await?;
    queues.let_in(&queue, "sns.amazonaws.com", std::slice::from_ref(&topic_arn)).await?;
    if !topics.subscribe(&topic_arn, &queue.arn, None).await? {
        let text = format!("queue {alerts:?} is subscribed to its topic with a filter");
        return Err(Failure::GiveUp(text));
    }
    made.push(alerts);
    let region = aws.sdk().region().map_or("", AsRef::as_ref);
    made.extend(Monitoring::new(aws).apply(names, region, &topic_arn).await?);
    Ok(made)
}
