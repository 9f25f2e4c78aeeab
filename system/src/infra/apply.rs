//! Makes of a system what its description says.

use super::description::describe;
use super::diff::surplus;
use super::live::{Live, transport};
use super::resource::{Kind, Known};
use crate::adapters::aws::Aws;
use crate::config::Config;
use crate::failure::Failure;

/// What was done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Done {
    Created,
    Changed,
    /// It was as it should be.
    Nothing,
    Removed,
}

/// One resource after `apply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub kind: Kind,
    pub name: String,
    pub done: Done,
}

impl Done {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Nothing => "ready",
            Self::Removed => "removed",
        }
    }
}

/// Creates what is missing, changes what is not as it should be, and removes rules that route to a
/// role what it is no longer told, and the machine of a saga that nobody leads any more. Done
/// twice, it changes nothing.
pub async fn apply(aws: &Aws, config: &Config) -> Result<Vec<Applied>, Failure> {
    let live = Live::new(aws, config.function.as_ref());
    let resources = describe(config, transport(aws))?;
    let mut known = Known::of_region(live.region());
    let mut all = Vec::new();
    for resource in &resources {
        let wanted = known.resolve(resource);
        let (identity, done) = match live.read(&wanted).await? {
            None => (live.create(&wanted).await?, Done::Created),
            Some(found) => {
                let (differing, tags) = (found.differing(&wanted), found.differing_tags(&wanted));
                let same = differing.is_empty() && tags.is_empty();
                if !differing.is_empty() {
                    live.change(&wanted, &found, &differing).await?;
                }
                if !tags.is_empty() {
                    live.tag(wanted.kind, &found.identity, &tags).await?;
                }
                (found.identity, if same { Done::Nothing } else { Done::Changed })
            }
        };
        known.learn(&wanted.id, identity);
        all.push(Applied { kind: wanted.kind, name: wanted.name, done });
    }
    for (kind, name) in surplus(&live, config, &resources).await? {
        match kind {
            Kind::Rule => live.rules().remove(&config.names.bus(), &name).await?,
            kind => drop(live.remove(kind, &name).await?),
        }
        all.push(Applied { kind, name, done: Done::Removed });
    }
    Ok(all)
}
