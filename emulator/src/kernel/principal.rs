//! Who acts: a service on its own behalf, as resource policies name it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What every service principal here ends with.
const DOMAIN: &str = ".amazonaws.com";

/// A service as policies name it: `sns.amazonaws.com`. Costs nothing to clone where it is one of
/// the services' own constants.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Principal(Cow<'static, str>);

impl Principal {
    /// The principal with this name, domain included.
    pub const fn of(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// `sns.amazonaws.com` and the like.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The service's name in ARNs: `sns`. A part of a service stands before its name:
    /// `lambda.alarms.cloudwatch.amazonaws.com` is CloudWatch's.
    pub fn service(&self) -> ServiceName {
        match &self.0 {
            Cow::Borrowed(text) => ServiceName::of(name_of(text)),
            Cow::Owned(text) => ServiceName(Cow::Owned(name_of(text).to_owned())),
        }
    }
}

fn name_of(principal: &str) -> &str {
    let whole = principal.strip_suffix(DOMAIN).unwrap_or(principal);
    whole.rsplit('.').next().unwrap_or(whole)
}

/// A service's name in ARNs and in this emulator: `sqs`, `events`. Costs nothing to clone where it
/// is one of the services' own constants.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceName(Cow<'static, str>);

impl ServiceName {
    pub const fn of(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl std::ops::Deref for ServiceName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_knows_its_service() {
        for (text, service) in [
            ("sns.amazonaws.com", "sns"),
            ("events.amazonaws.com", "events"),
            ("delivery.logs.amazonaws.com", "logs"),
            ("lambda.alarms.cloudwatch.amazonaws.com", "cloudwatch"),
            ("odd", "odd"),
        ] {
            assert_eq!(&*Principal::of(text).service(), service);
            let json = format!("\"{text}\"");
            let owned: Principal = serde_json::from_str(&json).unwrap();
            assert_eq!((&*owned.service(), &owned), (service, &Principal::of(text)));
        }
    }
}
