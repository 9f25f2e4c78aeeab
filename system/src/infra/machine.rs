//! The state machine of the saga, and its name.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::StateMachineType;

use super::machine_definition::{Queues, definition};
use crate::adapters::aws::Aws;
use crate::config::{Config, Names};
use crate::domain::saga::Participant;
use crate::failure::{Dependency, Failure};

pub(super) struct Machines {
    client: Client,
}

impl Machines {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.stepfunctions() }
    }

    /// Makes the machine, or sets it to what it should be: orders under way go on as they began.
    /// Answers its name. `participants`: who takes part, with URL and ARN of the queue.
    pub(super) async fn apply(
        &self,
        config: &Config,
        participants: &[(Participant, String, String)],
    ) -> Result<String, Failure> {
        let name = config.names.machine();
        let queues: Queues = participants.iter().map(|(who, url, _)| (*who, url.clone())).collect();
        let definition = definition(&config.timing, &queues).to_string();
        let role = match &config.machine_role {
            Some(role) => role.clone(),
            None => role_arn(&participants[0].2, &name)?,
        };
        if let Some(arn) = self.find(&name).await? {
            let changed = self.client.update_state_machine().state_machine_arn(arn);
            let changed = changed.definition(definition).role_arn(role).send().await;
            changed.map_err(|error| {
                Failure::of_call(Dependency::StepFunctions, "UpdateStateMachine", &error)
            })?;
            return Ok(name);
        }
        let made = self
            .client
            .create_state_machine()
            .name(&name)
            .definition(definition)
            .role_arn(role)
            .r#type(StateMachineType::Standard)
            .send()
            .await;
        made.map_err(|error| {
            Failure::of_call(Dependency::StepFunctions, "CreateStateMachine", &error)
        })?;
        Ok(name)
    }

    /// Removes the machine; its executions end soon. Answers its name if there was one.
    pub(super) async fn destroy(&self, names: &Names) -> Result<Option<String>, Failure> {
        let name = names.machine();
        let Some(arn) = self.find(&name).await? else { return Ok(None) };
        let deleted = self.client.delete_state_machine().state_machine_arn(arn).send().await;
        deleted.map_err(|error| {
            Failure::of_call(Dependency::StepFunctions, "DeleteStateMachine", &error)
        })?;
        Ok(Some(name))
    }

    /// The ARN of the machine of that name, if there is one.
    async fn find(&self, name: &str) -> Result<Option<String>, Failure> {
        let mut next = None;
        loop {
            let page = self.client.list_state_machines().set_next_token(next).send().await;
            let page = page.map_err(|error| {
                Failure::of_call(Dependency::StepFunctions, "ListStateMachines", &error)
            })?;
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

/// The ARN of an IAM role in the account of a queue.
pub(super) fn role_arn(queue_arn: &str, name: &str) -> Result<String, Failure> {
    let parts: Vec<_> = queue_arn.split(':').collect();
    match parts[..] {
        ["arn", partition, _, _, account, _] => {
            Ok(format!("arn:{partition}:iam::{account}:role/{name}"))
        }
        _ => Err(Failure::GiveUp(format!("not a queue's ARN: {queue_arn:?}"))),
    }
}
