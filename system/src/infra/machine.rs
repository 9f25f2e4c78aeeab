//! The state machine of the saga, as Step Functions has it.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sfn::types::{StateMachineStatus, StateMachineType, Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::{Value, json};

use super::iam_roles::{self, once_heard_of};
use super::live::unchangeable;
use super::machine_definition::{Queues, definition};
use super::permissions::Principal;
use super::resource::{Found, Identity, Kind, Resource, Tags, id, reference_to};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::config::Config;
use crate::failure::{Dependency, Failure};
use crate::role::Role;

pub(super) struct Machines {
    client: Client,
}

/// The machine and the role as which it acts, unless it has been given one.
pub(super) fn describe(config: &Config) -> Vec<Resource> {
    let (names, name) = (&config.names, config.names.machine());
    let url = |role| {
        let queue = names.intake(role).unwrap_or_else(|| names.queue(role));
        reference_to(&id(Kind::Queue, names, &queue))
    };
    let participants = Role::consumers().filter_map(|role| Some((role.participant()?, url(role))));
    let queues: Queues = participants.collect();
    let given = config.machine_role.as_ref();
    let (role, role_arn) = iam_roles::describe(config, Principal::Machine, &name, given);
    let properties = json!({
        "StateMachineName": name,
        "StateMachineType": StateMachineType::Standard.as_str(),
        "RoleArn": role_arn,
        "DefinitionString": definition(&config.timing, &queues),
    });
    let machine = Resource::new(Kind::Machine, names, name, properties);
    role.into_iter().chain([machine]).collect()
}

impl Machines {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.stepfunctions() }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let Some(arn) = self.find(name).await? else {
            return Ok(None);
        };
        let found = self.client.describe_state_machine().state_machine_arn(&arn).send().await;
        let found = found.map_err(|error| failed("DescribeStateMachine", &error))?;
        if found.status() == Some(&StateMachineStatus::Deleting) {
            return Ok(None);
        }
        let definition: Value = serde_json::from_str(found.definition()).unwrap_or_default();
        let listed = self.client.list_tags_for_resource().resource_arn(&arn).send().await;
        let listed = listed.map_err(|error| failed("ListTagsForResource", &error))?;
        let pair = |tag: &Tag| {
            let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
            (text(tag.key()), text(tag.value()))
        };
        let properties = json!({
            "StateMachineName": name,
            "StateMachineType": found.r#type().as_str(),
            "RoleArn": found.role_arn(),
            "DefinitionString": definition,
        });
        Ok(Some(Found {
            properties: object(properties),
            tags: listed.tags().iter().map(pair).collect(),
            identity: Identity { arn: arn.clone(), reference: arn },
        }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = &wanted.properties;
        let make = async || {
            let made = self.client.create_state_machine().name(&wanted.name);
            let made = made
                .definition(of["DefinitionString"].to_string())
                .role_arn(text(&of["RoleArn"]))
                .r#type(StateMachineType::from(text(&of["StateMachineType"])))
                .set_tags(Some(sdk_tags(&wanted.tags)));
            made.send().await.map_err(|error| failed("CreateStateMachine", &error))
        };
        let arn = once_heard_of(make).await?.state_machine_arn;
        Ok(Identity { arn: arn.clone(), reference: arn })
    }

    /// Orders under way go on as they began.
    pub(super) async fn change(
        &self,
        wanted: &Resource,
        found: &Found,
        differing: &[&str],
    ) -> Result<(), Failure> {
        if differing.contains(&"StateMachineType") {
            return Err(unchangeable(wanted, &["StateMachineType"]));
        }
        let of = &wanted.properties;
        once_heard_of(async || {
            let changed = self.client.update_state_machine();
            let changed = changed.state_machine_arn(&found.identity.arn);
            let changed = changed.definition(of["DefinitionString"].to_string());
            let changed = changed.role_arn(text(&of["RoleArn"])).send().await;
            changed.map(drop).map_err(|error| failed("UpdateStateMachine", &error))
        })
        .await
    }

    pub(super) async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), Failure> {
        let tagged = self.client.tag_resource().resource_arn(arn).set_tags(Some(sdk_tags(tags)));
        tagged.send().await.map_err(|error| failed("TagResource", &error))?;
        Ok(())
    }

    /// Its executions end soon. `false` when there is no such machine.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        let Some(arn) = self.find(name).await? else {
            return Ok(false);
        };
        let deleted = self.client.delete_state_machine().state_machine_arn(arn).send().await;
        deleted.map_err(|error| failed("DeleteStateMachine", &error))?;
        Ok(true)
    }

    /// The ARN of the machine of that name, if there is one.
    async fn find(&self, name: &str) -> Result<Option<String>, Failure> {
        let mut next = None;
        loop {
            let page = self.client.list_state_machines().set_next_token(next).send().await;
            let page = page.map_err(|error| failed("ListStateMachines", &error))?;
            if let Some(found) = page.state_machines().iter().find(|it| it.name() == name) {
                return Ok(Some(found.state_machine_arn().to_owned()));
            }
            next = page.next_token;
            if next.is_none() {
                return Ok(None);
            }
        }
    }
}

fn sdk_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn failed<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    Failure::of_call(Dependency::StepFunctions, operation, error)
}
