//! The order in which resources are made: what others point to comes first.

use crate::adapters::aws::Aws;
use crate::config::Config;
use crate::failure::Failure;
use crate::infra::monitoring::Monitoring;
use crate::infra::{bus, queues, review, tables, topic};
use crate::roles::Role;

/// Creates what is missing and sets every attribute to what it should be. Answers the names of
/// the resources.
pub async fn apply(aws: &Aws, config: &Config) -> Result<Vec<String>, Failure> {
    let Config { names, timing, .. } = config;
    let mut made = Vec::new();
    let queues = queues::Queues::new(aws);
    let buses = bus::Buses::new(aws);
    let topics = topic::Topics::new(aws);

    made.extend(tables::apply(aws, names).await?);
    let bus = names.bus();
    buses.create(&bus).await?;
    made.push(bus.clone());
    for role in Role::consumers() {
        let dead_letters = queues.dead_letter_queue(&names.dead_letter_queue(role)).await?;
        let queue = queues.role_queue(&names.queue(role), &dead_letters, timing).await?;
        let rules = buses.rules(&bus, names, role).await?;
        if !rules.is_empty() {
            queues.let_in(&queue, "events.amazonaws.com", &rules.arns()).await?;
        }
        buses.route(&bus, &rules, &queue.arn).await?;
        made.extend([dead_letters.name, queue.name]);
        made.extend(rules.names());
    }
    made.extend(review::apply(&queues, &buses, config).await?);
    let topic_name = names.topic();
    let topic_arn = topics.create(&topic_name).await?;
    made.push(topic_name);
    for subscriber in topic::SUBSCRIBERS {
        let queue = queues.plain_queue(&names.subscriber_queue(subscriber.name)).await?;
        queues.let_in(&queue, "sns.amazonaws.com", std::slice::from_ref(&topic_arn)).await?;
        topics.subscribe(&topic_arn, &queue.arn, subscriber.filter_policy).await?;
        made.push(queue.name);
    }
    let alerts = names.alerts();
    let topic_arn = topics.create(&alerts).await?;
    let queue = queues.plain_queue(&alerts).await?;
    queues.let_in(&queue, "sns.amazonaws.com", std::slice::from_ref(&topic_arn)).await?;
    topics.subscribe(&topic_arn, &queue.arn, "{}").await?;
    made.push(alerts);
    let region = aws.sdk().region().map_or("", AsRef::as_ref);
    made.extend(Monitoring::new(aws).apply(names, region, &topic_arn).await?);
    Ok(made)
}
