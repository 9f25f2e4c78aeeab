//! Removes everything, in the reverse order of its making.

use super::description::describe;
use super::live::{Live, transport};
use super::{queues, subscribers};
use crate::adapters::aws::Aws;
use crate::config::{Config, FunctionSettings, Names, QueueKind, TimingProfile};
use crate::failure::Failure;
use crate::infra::resource::Kind;
use crate::role::Saga;

/// Removes what exists. Answers the names of what was removed.
pub async fn destroy(aws: &Aws, names: &Names) -> Result<Vec<String>, Failure> {
    let live = Live::new(aws, None);
    // The topic knows who listens, so they go before it.
    let mut removed = subscribers::destroy(aws, names).await?;
    // A bus with rules cannot be deleted; an older system may have others than those described.
    let own = format!("{}-", names.prefix());
    for rule in live.rules().list(&names.bus()).await? {
        if rule.starts_with(&own) {
            live.rules().remove(&names.bus(), &rule).await?;
            if names.is_copying(&rule) && live.remove(Kind::IamRole, &rule).await? {
                removed.push(rule.clone());
            }
            removed.push(rule);
        }
    }
    let mut resources = Vec::new();
    // Whichever kind its queues are of, or were.
    for queues in [QueueKind::Standard, QueueKind::Fifo] {
        // Names are all that counts.
        let config = Config::new(names.clone().with_queues(queues), TimingProfile::Standard);
        // With all that a system can have.
        let function = Some(FunctionSettings::default());
        let config = Config { saga: Saga::StepFunctions, function, ..config };
        resources.extend(describe(&config, transport(aws))?);
    }
    // What uses a queue goes before it, and dead letters after the queue they come from.
    resources.reverse();
    resources.sort_by_key(|it| it.kind == Kind::Table);
    for resource in resources {
        if live.remove(resource.kind, &resource.name).await? {
            removed.push(resource.name);
        }
    }
    removed.extend(queues::Queues::new(aws).remove_reply_queues(names).await?);
    Ok(removed)
}
