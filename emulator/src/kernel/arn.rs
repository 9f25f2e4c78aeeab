//! Amazon resource names, and the account and region that everything belongs to.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A 12-digit account id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Account(pub Arc<str>);

/// A region's name, such as `us-east-1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Region(pub Arc<str>);

/// The account of callers whose access key id is not an account id.
const DEFAULT_ACCOUNT: &str = "000000000000";

impl Account {
    /// The account that an access key id says: itself where it is twelve digits, alone or behind
    /// the name of a world (`WORLD-123456789012`).
    pub fn of_key(access_key_id: &str) -> Self {
        Self(Self::in_key(access_key_id).unwrap_or(DEFAULT_ACCOUNT).into())
    }

    /// The twelve digits in an access key id that says whose it is.
    pub fn in_key(access_key_id: &str) -> Option<&str> {
        let digits =
            access_key_id.rsplit_once('-').map_or(access_key_id, |(_world, digits)| digits);
        Some(digits).filter(|digits| Self::is_number(digits))
    }

    /// Whether a text is the twelve digits of an account.
    pub fn is_number(text: &str) -> bool {
        text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

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

    /// The ARN of `resource` of `service` in this scope, in the region's partition.
    pub fn arn(&self, service: &str, resource: impl Into<String>) -> Arn {
        let partition = Cow::Borrowed(self.region.partition());
        Arn::new(partition, service, self.clone(), resource.into())
    }
}

/// What regions outside of the partition `aws` begin with, and their partitions.
///
/// Source: "AWS Partitions" and the SDKs' partition metadata.
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
];

impl Region {
    /// The partition that the region belongs to: `aws`, `aws-cn` and the like.
    pub fn partition(&self) -> &'static str {
        let row = PARTITIONS.iter().find(|(prefix, _)| self.0.starts_with(prefix));
        row.map_or("aws", |(_, partition)| partition)
    }

    /// The region that holds what all regions of the partition share.
    ///
    /// Source: "AWS Partitions": the first region of each.
    pub fn home(&self) -> Self {
        let home = match self.partition() {
            "aws" => "us-east-1",
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            // The other partitions have one region that matters.
            _ => return self.clone(),
        };
        Self(home.into())
    }

    /// The ARN of an account's root user in the region's partition. IAM is global: its ARNs have
    /// no region.
    pub fn root_arn(&self, account: &str) -> String {
        format!("arn:{}:iam::{account}:root", self.partition())
    }

    /// The ARN of the IAM user that everybody is who calls with an account's own keys.
    pub fn user_arn(&self, account: &str) -> String {
        format!("arn:{}:iam::{account}:user/skyrig", self.partition())
    }
}

/// `arn:<partition>:<service>:<region>:<account>:<resource>`. Written as text on the wire and in
/// state. A clone shares it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Arn(Arc<ArnParts>);

/// What an [`Arn`] says.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ArnParts {
    /// `aws`, `aws-cn` and the like, as it was written.
    pub partition: Cow<'static, str>,
    pub service: Arc<str>,
    pub scope: Scope,
    /// Everything after the account, colons included.
    pub resource: String,
    text: Box<str>,
}

impl Deref for Arn {
    type Target = ArnParts;

    fn deref(&self) -> &ArnParts {
        &self.0
    }
}

/// The text is not an ARN; holds what was given.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an ARN: {0}")]
pub struct ArnError(pub String);

impl Arn {
    fn new(partition: Cow<'static, str>, service: &str, scope: Scope, resource: String) -> Self {
        let Scope { region, account } = &scope;
        let text = format!("arn:{partition}:{service}:{region}:{account}:{resource}").into();
        Self(Arc::new(ArnParts { partition, service: service.into(), scope, resource, text }))
    }

    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    pub fn account(&self) -> &str {
        &self.scope.account.0
    }

    pub fn region(&self) -> &str {
        &self.scope.region.0
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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
        let scope = Scope::new(account, region);
        let known = scope.region.partition();
        let partition = match partition {
            same if same == known => Cow::Borrowed(known),
            other => Cow::Owned(other.to_owned()),
        };
        Ok(Self::new(partition, service, scope, resource.to_owned()))
    }
}

impl Serialize for Arn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
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
        for (partition, region) in [
            ("aws", "eu-west-1"),
            ("aws-cn", "cn-north-1"),
            ("aws-us-gov", "us-gov-west-1"),
            // As it was written, also where the partition has no such region.
            ("aws-cn", "eu-west-1"),
            ("aws", "cn-north-1"),
            ("aws-new", "xx-new-1"),
        ] {
            let text = format!("arn:{partition}:sns:{region}:000000000000:orders:5d1c");
            let arn: Arn = text.parse().unwrap();
            assert_eq!((&*arn.service, arn.region()), ("sns", region));
            assert_eq!((arn.account(), arn.resource.as_str()), ("000000000000", "orders:5d1c"));
            assert_eq!(arn.to_string(), text);
        }
        for bad in ["", "arn", "arn:aws:sqs:r:a", "arn:aws:sqs:r:a:", "urn:aws:sqs:r:a:q"] {
            assert!(bad.parse::<Arn>().is_err(), "{bad}");
        }
    }

    #[test]
    fn resources_have_the_partition_of_their_region() {
        for (region, arn) in [
            ("us-east-1", "arn:aws:sqs:us-east-1:1:q"),
            ("cn-north-1", "arn:aws-cn:sqs:cn-north-1:1:q"),
            ("us-gov-east-1", "arn:aws-us-gov:sqs:us-gov-east-1:1:q"),
            ("us-iso-east-1", "arn:aws-iso:sqs:us-iso-east-1:1:q"),
            ("us-isob-east-1", "arn:aws-iso-b:sqs:us-isob-east-1:1:q"),
            ("eusc-de-east-1", "arn:aws-eusc:sqs:eusc-de-east-1:1:q"),
        ] {
            assert_eq!(Scope::new("1", region).arn("sqs", "q").to_string(), arn);
        }
    }
}
