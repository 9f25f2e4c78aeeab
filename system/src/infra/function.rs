//! The Lambda function that notifies, and the mapping that brings it the messages of the queue.

use std::collections::HashMap;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{Environment, FunctionCode, FunctionResponseType, Runtime};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::machine::role_arn;
use crate::adapters::aws::Aws;
use crate::adapters::sqs::BATCH_MAX;
use crate::config::{Config, FunctionSettings, Names};
use crate::failure::{Dependency, Failure};

/// What the archive begins. Source: Lambda developer guide, "Building a custom runtime".
const HANDLER: &str = "bootstrap";

pub(super) struct Functions {
    client: Client,
}

impl Functions {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.lambda() }
    }

    /// Makes the function and its mapping, or sets them to what they should be. Answers its name.
    pub(super) async fn apply(
        &self,
        config: &Config,
        settings: &FunctionSettings,
        queue_arn: &str,
    ) -> Result<String, Failure> {
        let name = config.names.function();
        let role = match &settings.role {
            Some(role) => role.clone(),
            None => role_arn(queue_arn, &name)?,
        };
        if self.exists(&name).await? {
            self.change(config, settings, &name, role).await?;
        } else {
            self.create(config, settings, &name, role).await?;
        }
        self.map(&name, queue_arn).await?;
        Ok(name)
    }

    async fn exists(&self, name: &str) -> Result<bool, Failure> {
        match self.client.get_function_configuration().function_name(name).send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(failed("GetFunctionConfiguration", &error)),
        }
    }

    async fn create(
        &self,
        config: &Config,
        settings: &FunctionSettings,
        name: &str,
        role: String,
    ) -> Result<(), Failure> {
        let none = || Failure::GiveUp(format!("function {name:?} needs an archive with its code"));
        let zip = settings.zip.clone().ok_or_else(none)?;
        let made = self
            .client
            .create_function()
            .function_name(name)
            .runtime(Runtime::Providedal2023)
            .handler(HANDLER)
            .role(role)
            .timeout(timeout(config))
            .environment(environment(config))
            .code(FunctionCode::builder().zip_file(Blob::new(zip)).build())
            .send()
            .await;
        made.map(drop).map_err(|error| failed("CreateFunction", &error))
    }

    async fn change(
        &self,
        config: &Config,
        settings: &FunctionSettings,
        name: &str,
        role: String,
    ) -> Result<(), Failure> {
        if let Some(zip) = &settings.zip {
            let changed = self.client.update_function_code().function_name(name);
            let changed = changed.zip_file(Blob::new(zip.clone())).send().await;
            changed.map_err(|error| failed("UpdateFunctionCode", &error))?;
        }
        let changed = self
            .client
            .update_function_configuration()
            .function_name(name)
            .role(role)
            .timeout(timeout(config))
            .environment(environment(config))
            .send()
            .await;
        changed.map(drop).map_err(|error| failed("UpdateFunctionConfiguration", &error))
    }

    async fn map(&self, name: &str, queue_arn: &str) -> Result<(), Failure> {
        let most = i32::try_from(BATCH_MAX).unwrap_or(i32::MAX);
        let partial = FunctionResponseType::ReportBatchItemFailures;
        if let Some(known) = self.mappings(name, Some(queue_arn)).await?.into_iter().next() {
            let changed = self.client.update_event_source_mapping().uuid(known).batch_size(most);
            let changed = changed.function_response_types(partial).enabled(true).send().await;
            return changed.map(drop).map_err(|error| failed("UpdateEventSourceMapping", &error));
        }
        let made = self.client.create_event_source_mapping().function_name(name);
        let made = made.event_source_arn(queue_arn).batch_size(most);
        let made = made.function_response_types(partial).send().await;
        made.map(drop).map_err(|error| failed("CreateEventSourceMapping", &error))
    }

    /// The identifiers of the function's mappings.
    async fn mappings(&self, name: &str, queue_arn: Option<&str>) -> Result<Vec<String>, Failure> {
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let page = self.client.list_event_source_mappings().function_name(name);
            let page = page.set_event_source_arn(queue_arn.map(str::to_owned)).set_marker(next);
            let page = page.send().await;
            let page = page.map_err(|error| failed("ListEventSourceMappings", &error))?;
            let all = page.event_source_mappings().iter();
            found.extend(all.filter_map(|it| it.uuid().map(str::to_owned)));
            next = page.next_marker;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    /// Removes the function with its mappings. Answers its name if there was one.
    pub(super) async fn destroy(&self, names: &Names) -> Result<Option<String>, Failure> {
        let name = names.function();
        if !self.exists(&name).await? {
            return Ok(None);
        }
        for uuid in self.mappings(&name, None).await? {
            let deleted = self.client.delete_event_source_mapping().uuid(uuid).send().await;
            deleted.map_err(|error| failed("DeleteEventSourceMapping", &error))?;
        }
        let deleted = self.client.delete_function().function_name(&name).send().await;
        deleted.map_err(|error| failed("DeleteFunction", &error))?;
        Ok(Some(name))
    }
}

/// No longer than a message is hidden, as Lambda demands.
fn timeout(config: &Config) -> i32 {
    i32::try_from(config.timing.visibility.as_secs()).unwrap_or(i32::MAX)
}

fn environment(config: &Config) -> Environment {
    let prefix = config.names.prefix().to_owned();
    let variables = HashMap::from([("ORDERFLOW_PREFIX".to_owned(), prefix)]);
    Environment::builder().set_variables(Some(variables)).build()
}

fn failed<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    Failure::of_call(Dependency::Lambda, operation, error)
}
