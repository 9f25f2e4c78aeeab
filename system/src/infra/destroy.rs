//! Removes everything, in the reverse order of its making.

use crate::adapters::aws::Aws;
use crate::config::Names;
use crate::failure::Failure;
use crate::infra::monitoring::Monitoring;
use crate::infra::{archive, bus, function, machine, queues, subscribers, tables, topic};

/// Removes what exists. Answers the names of what was removed.
pub async fn destroy(aws: &Aws, names: &Names) -> Result<Vec<String>, Failure> {
    let mut removed = Monitoring::new(aws).destroy(names).await?;
    removed.extend(function::Functions::new(aws).destroy(names).await?);
    removed.extend(machine::Machines::new(aws).destroy(names).await?);
    // The topic knows who listens, so they go before it.
    removed.extend(subscribers::destroy(aws, names).await?);
    for topic in [names.alerts(), names.topic()] {
        if topic::Topics::new(aws).destroy(&topic).await? {
            removed.push(topic);
        }
    }
    // As long as a bus has an archive it cannot be deleted.
    if archive::Archives::new(aws).destroy(names).await? {
        removed.push(names.archive());
    }
    removed.extend(bus::Buses::new(aws).destroy(names).await?);
    removed.extend(queues::Queues::new(aws).destroy(names).await?);
    removed.extend(tables::destroy(aws, names).await?);
    Ok(removed)
}
