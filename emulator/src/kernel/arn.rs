//! Amazon resource names, and the account and region that everything belongs to.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A 12-digit account id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Account(pub Arc<str>);

/// A region's name, such as `us-east-1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Region(pub Arc<str>);

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The account and region that hold a resource. Each service keeps one state per scope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Scope {
    pub account: Account,
    pub region: Region,
}

impl Scope {
    pub fn new(account: &str, region: &str) -> Self {
        Self { account: Account(account.into()), region: Region(region.into()) }
    }

    /// The ARN of `resource` of `service` in this scope.
    pub fn arn(&self, service: &str, resource: impl Into<String>) -> Arn {
        Arn { service: service.into(), scope: self.clone(), resource: resource.into() }
    }
}

/// `arn:aws:<service>:<region>:<account>:<resource>`. Written as text on the wire and in state.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Arn {
    pub service: Arc<str>,
    pub scope: Scope,
    /// Everything after the account, colons included.
    pub resource: String,
}

/// The text is not an ARN; holds what was given.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an ARN: {0}")]
pub struct ArnError(pub String);

impl Arn {
    pub fn account(&self) -> &str {
        &self.scope.account.0
    }

    pub fn region(&self) -> &str {
        &self.scope.region.0
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, scope, resource } = self;
        write!(f, "arn:aws:{service}:{}:{}:{resource}", scope.region, scope.account)
    }
}

impl FromStr for Arn {
    type Err = ArnError;

    fn from_str(text: &str) -> Result<Self, ArnError> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().ok_or_else(|| ArnError(text.to_owned()));
        let (arn, partition) = (next()?, next()?);
        let (service, region, account, resource) = (next()?, next()?, next()?, next()?);
        if arn != "arn"
            || !partition.starts_with("aws")
            || service.is_empty()
            || resource.is_empty()
        {
            return Err(ArnError(text.to_owned()));
        }
        Ok(Scope::new(account, region).arn(service, resource))
    }
}

impl Serialize for Arn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Arn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints() {
        let text = "arn:aws:sns:eu-west-1:000000000000:orders:5d1c";
        let arn: Arn = text.parse().unwrap();
        assert_eq!((&*arn.service, arn.region()), ("sns", "eu-west-1"));
        assert_eq!((arn.account(), arn.resource.as_str()), ("000000000000", "orders:5d1c"));
        assert_eq!(arn.to_string(), text);
        for bad in ["", "arn", "arn:aws:sqs:r:a", "arn:aws:sqs:r:a:", "urn:aws:sqs:r:a:q"] {
            assert!(bad.parse::<Arn>().is_err(), "{bad}");
        }
    }
}
