//! Removes everything, in the reverse order of its making.

use crate::config::Names;
use crate::failure::Failure;
use crate::infra::{bus, queues, tables, topic};

/// Removes what exists. Answers the names of what was removed.
pub async fn destroy(sdk: &aws_types::SdkConfig, names: &Names) -> Result<Vec<String>, Failure> {
    let mut removed = Vec::new();
    if topic::Topics::new(sdk).destroy(&names.topic()).await? {
        removed.push(names.topic());
    }
    removed.extend(bus::Buses::new(sdk).destroy(names).await?);
    removed.extend(queues::Queues::new(sdk).destroy(names).await?);
    removed.extend(tables::destroy(sdk, names).await?);
    Ok(removed)
}
