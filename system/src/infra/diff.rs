//! Says what of a system is not as its description says. Changes nothing.

use std::fmt;

use serde_json::Value;

use super::description::describe;
use super::live::{Live, transport};
use super::machine;
use super::resource::{Kind, Known, Resource};
use crate::adapters::aws::Aws;
use crate::config::Config;
use crate::failure::Failure;
use crate::role::Saga;

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub kind: Kind,
    pub name: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Missing,
    /// A rule of the bus that the system has no need of, or a machine, with its role.
    Surplus,
    Property {
        name: String,
        found: Value,
        wanted: Value,
    },
    Tag {
        name: String,
        found: Option<String>,
        wanted: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, what } = self;
        match what {
            What::Missing => write!(f, "missing\t{kind} {name}"),
            What::Surplus => write!(f, "surplus\t{kind} {name}"),
            What::Property { name: property, found, wanted } => {
                write!(f, "differs\t{kind} {name}\t{property} is {found}, should be {wanted}")
            }
            What::Tag { name: tag, found, wanted } => {
                let found = found.as_ref().map_or("missing".to_owned(), |it| format!("{it:?}"));
                write!(f, "differs\t{kind} {name}\ttag {tag} is {found}, should be {wanted:?}")
            }
        }
    }
}

/// Compares each resource with its description.
pub async fn diff(aws: &Aws, config: &Config) -> Result<Vec<Difference>, Failure> {
    let live = Live::new(aws, config.function.as_ref());
    let resources = describe(config, transport(aws))?;
    let mut known = Known::of_region(live.region());
    let mut all = Vec::new();
    for resource in &resources {
        let wanted = known.resolve(resource);
        let of = |what| Difference { kind: wanted.kind, name: wanted.name.clone(), what };
        let Some(found) = live.read(&wanted).await? else {
            all.push(of(What::Missing));
            continue;
        };
        for name in found.differing(&wanted) {
            let property = |of: &serde_json::Map<String, Value>| of.get(name).cloned();
            let is = property(&found.properties).unwrap_or_default();
            let wanted = property(&wanted.properties).unwrap_or_default();
            all.push(of(What::Property { name: name.to_owned(), found: is, wanted }));
        }
        for (name, wanted) in found.differing_tags(&wanted) {
            let found = found.tags.get(&name).cloned();
            all.push(of(What::Tag { name, found, wanted }));
        }
        known.learn(&wanted.id, found.identity);
    }
    let surplus = surplus(&live, config, &resources).await?.into_iter();
    all.extend(surplus.map(|(kind, name)| Difference { kind, name, what: What::Surplus }));
    Ok(all)
}

/// Rules of the system's bus under its names that are not described: an older system had them, or
/// one whose saga has its other form. The rules that a bus has for itself, as for archives, and
/// those under other names stay. Then the machine that led the saga, if it does no longer, and its
/// role. Whatever may still have something in it stays.
pub(super) async fn surplus(
    live: &Live,
    config: &Config,
    resources: &[Resource],
) -> Result<Vec<(Kind, String)>, Failure> {
    let names = &config.names;
    let described =
        |name: &String| resources.iter().any(|it| it.kind == Kind::Rule && it.name == *name);
    let rules = live.rules().list(&names.bus()).await?.into_iter();
    let own = format!("{}-", names.prefix());
    let rules = rules.filter(|name| name.starts_with(&own) && !described(name));
    let mut all = Vec::new();
    for name in rules {
        // With the IAM role as which it sent.
        let role = names.is_copying(&name).then(|| (Kind::IamRole, name.clone()));
        all.extend([(Kind::Rule, name)].into_iter().chain(role));
    }
    if config.saga == Saga::Choreography {
        // What uses the role goes before it.
        for other in machine::describe(config).into_iter().rev() {
            if live.read(&other).await?.is_none() {
                break;
            }
            all.push((other.kind, other.name));
        }
    }
    Ok(all)
}
