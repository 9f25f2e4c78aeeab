//! The IAM roles as which the state machine and the function act, as IAM has them.

use std::time::Duration;

use aws_sdk_iam::Client;
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_iam::types::{Role, Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::{Value, json};

use super::permissions::{Principal, Statement, permissions, policy_document};
use super::resource::{Found, Identity, Kind, Resource, Tags, arn_of};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::config::Config;
use crate::failure::{Dependency, Failure};

/// What uses a new role is refused until all of IAM has heard of it, some seconds later. Source:
/// IAM user guide, "Changes that I make are not always immediately visible".
const HEARD_OF_PAUSE: Duration = Duration::from_secs(3);
const HEARD_OF_ATTEMPTS: u32 = 10;

pub(super) struct IamRoles {
    client: Client,
}

/// A role of its own for what has this name, unless it is given one; and its ARN.
pub(super) fn describe(
    config: &Config,
    principal: Principal,
    name: &str,
    given: Option<&String>,
) -> (Option<Resource>, Value) {
    if let Some(arn) = given {
        return (None, json!(arn));
    }
    let (service, about) = match principal {
        Principal::Machine => ("states.amazonaws.com", "Leads orders through their saga"),
        _ => ("lambda.amazonaws.com", "Notifies"),
    };
    let properties = json!({
        "RoleName": name,
        "Description": about,
        "AssumeRolePolicyDocument": trust(service),
        "Policies": policies(name, &permissions(config, principal)),
    });
    let role = Resource::new(Kind::IamRole, &config.names, name.to_owned(), properties);
    let arn = arn_of(&role.id);
    (Some(role), arn)
}

/// Lets a service of AWS act as the role, for this account only.
pub(super) fn trust(service: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": "sts:AssumeRole",
            "Condition": { "StringEquals": {
                "aws:SourceAccount": { "Ref": "AWS::AccountId" },
            }},
        }],
    })
}

/// One inline policy with this name.
pub(super) fn policies(name: &str, statements: &[Statement]) -> Value {
    let arn = |arn: &str| match arn.contains("${") {
        true => json!({ "Fn::Sub": arn }),
        false => json!(arn),
    };
    json!([{ "PolicyName": name, "PolicyDocument": policy_document(statements, arn) }])
}

/// Makes what acts as a role, and again while IAM says that nobody can.
pub(super) async fn once_heard_of<T>(
    make: impl AsyncFn() -> Result<T, Failure>,
) -> Result<T, Failure> {
    for _ in 1..HEARD_OF_ATTEMPTS {
        match make().await {
            Err(failure) if failure.to_string().contains("assume") => {
                tracing::debug!(%failure, "IAM has not heard of the role yet");
                tokio::time::sleep(HEARD_OF_PAUSE).await;
            }
            done => return done,
        }
    }
    make().await
}

impl IamRoles {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.iam() }
    }

    /// Policies under other names than those described are somebody's own.
    pub(super) async fn read(&self, wanted: &Resource) -> Result<Option<Found>, Failure> {
        let Some(role) = self.find(&wanted.name).await? else {
            return Ok(None);
        };
        let mut policies = Vec::new();
        for policy in described(wanted) {
            let name = text(&policy["PolicyName"]);
            if let Some(document) = self.policy(&wanted.name, name).await? {
                policies.push(json!({ "PolicyName": name, "PolicyDocument": document }));
            }
        }
        let trust = role.assume_role_policy_document().map(decoded);
        let properties = json!({
            "RoleName": role.role_name(),
            "Description": role.description(),
            "AssumeRolePolicyDocument": trust,
            "Policies": policies,
        });
        let pair = |tag: &Tag| (tag.key().to_owned(), tag.value().to_owned());
        Ok(Some(Found {
            properties: object(properties),
            tags: role.tags().iter().map(pair).collect(),
            identity: Identity { arn: role.arn, reference: wanted.name.clone() },
        }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = &wanted.properties;
        let made = self
            .client
            .create_role()
            .role_name(&wanted.name)
            .description(text(&of["Description"]))
            .assume_role_policy_document(of["AssumeRolePolicyDocument"].to_string())
            .set_tags(Some(sdk_tags(&wanted.tags)))
            .send()
            .await
            .map_err(|error| failed("CreateRole", &error))?;
        self.put_policies(wanted).await?;
        let arn = made.role.map(|role| role.arn).unwrap_or_default();
        Ok(Identity { arn, reference: wanted.name.clone() })
    }

    pub(super) async fn change(
        &self,
        wanted: &Resource,
        differing: &[&str],
    ) -> Result<(), Failure> {
        let of = &wanted.properties;
        if differing.contains(&"Description") {
            let changed = self.client.update_role().role_name(&wanted.name);
            let changed = changed.description(text(&of["Description"])).send().await;
            changed.map_err(|error| failed("UpdateRole", &error))?;
        }
        if differing.contains(&"AssumeRolePolicyDocument") {
            let changed = self.client.update_assume_role_policy().role_name(&wanted.name);
            let document = of["AssumeRolePolicyDocument"].to_string();
            let changed = changed.policy_document(document).send().await;
            changed.map_err(|error| failed("UpdateAssumeRolePolicy", &error))?;
        }
        if differing.contains(&"Policies") {
            self.put_policies(wanted).await?;
        }
        Ok(())
    }

    async fn put_policies(&self, wanted: &Resource) -> Result<(), Failure> {
        for policy in described(wanted) {
            let put = self
                .client
                .put_role_policy()
                .role_name(&wanted.name)
                .policy_name(text(&policy["PolicyName"]))
                .policy_document(policy["PolicyDocument"].to_string());
            put.send().await.map_err(|error| failed("PutRolePolicy", &error))?;
        }
        Ok(())
    }

    pub(super) async fn tag(&self, name: &str, tags: &Tags) -> Result<(), Failure> {
        let tagged = self.client.tag_role().role_name(name).set_tags(Some(sdk_tags(tags)));
        tagged.send().await.map_err(|error| failed("TagRole", &error))?;
        Ok(())
    }

    /// With its inline policies, of which a role must be free. `false` when there is no such role.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        if self.find(name).await?.is_none() {
            return Ok(false);
        }
        for policy in self.policy_names(name).await? {
            let deleted = self.client.delete_role_policy().role_name(name).policy_name(policy);
            deleted.send().await.map_err(|error| failed("DeleteRolePolicy", &error))?;
        }
        let deleted = self.client.delete_role().role_name(name).send().await;
        deleted.map_err(|error| failed("DeleteRole", &error))?;
        Ok(true)
    }

    async fn find(&self, name: &str) -> Result<Option<Role>, Failure> {
        match self.client.get_role().role_name(name).send().await {
            Ok(found) => Ok(found.role),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_no_such_entity_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(failed("GetRole", &error)),
        }
    }

    async fn policy(&self, role: &str, name: &str) -> Result<Option<Value>, Failure> {
        match self.client.get_role_policy().role_name(role).policy_name(name).send().await {
            Ok(found) => Ok(Some(decoded(found.policy_document()))),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_no_such_entity_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(failed("GetRolePolicy", &error)),
        }
    }

    async fn policy_names(&self, role: &str) -> Result<Vec<String>, Failure> {
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let page = self.client.list_role_policies().role_name(role).set_marker(next);
            let page = page.send().await.map_err(|error| failed("ListRolePolicies", &error))?;
            all.extend(page.policy_names().iter().cloned());
            next = page.marker;
            if next.is_none() {
                return Ok(all);
            }
        }
    }
}

fn described(wanted: &Resource) -> impl Iterator<Item = &Value> {
    wanted.properties["Policies"].as_array().into_iter().flatten()
}

/// A policy comes as the JSON of a URL. `null` where it is none.
fn decoded(document: &str) -> Value {
    let mut bytes = Vec::with_capacity(document.len());
    let mut rest = document.as_bytes();
    while let [first, more @ ..] = rest {
        let digits = more.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn sdk_tags(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| {
        Tag::builder().key(key).value(value).build().expect("key and value are given")
    };
    tags.iter().map(tag).collect()
}

fn failed<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    Failure::of_call(Dependency::Iam, operation, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_from_its_url() {
        let document = "%7B%22a%22%3A%5B%22x%20%25%22%5D%7D";
        assert_eq!(decoded(document), json!({"a": ["x %"]}));
        assert_eq!(decoded(r#"{"a": 1}"#), json!({"a": 1}));
        assert_eq!(decoded("%zz"), Value::Null);
    }

    #[tokio::test(start_paused = true)]
    async fn what_acts_as_a_new_role_is_made_once_iam_has_heard_of_it() {
        let refused = || Failure::GiveUp("nobody can assume the role".into());
        for (heard_of, made) in [(3, true), (HEARD_OF_ATTEMPTS + 1, false)] {
            let asked = std::cell::Cell::new(0);
            let done = once_heard_of(async || {
                asked.set(asked.get() + 1);
                if asked.get() < heard_of { Err(refused()) } else { Ok(()) }
            });
            assert_eq!(done.await.is_ok(), made);
        }
        let other = once_heard_of(async || Err::<(), _>(Failure::GiveUp("no".into())));
        assert_eq!(other.await, Err(Failure::GiveUp("no".into())));
    }
}
