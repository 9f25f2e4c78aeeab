//! The Lambda function that notifies, as Lambda has it.

use std::time::Duration;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{Environment, FunctionCode, LastUpdateStatus, Runtime, State};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::iam_roles::{self, once_heard_of};
use super::mappings;
use super::permissions::Principal;
use super::resource::{Found, Identity, Kind, Resource, Tags};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::config::{Config, FunctionSettings};
use crate::failure::{Dependency, Failure};

/// What the archive begins. Source: Lambda developer guide, "Building a custom runtime".
const HANDLER: &str = "bootstrap";
const READY_PAUSE: Duration = Duration::from_secs(1);
const READY_ATTEMPTS: u32 = 60;

/// The archive's hash. CloudFormation has the archive's place instead.
pub(super) const CODE: &str = "CodeSha256";

pub(super) struct Functions {
    client: Client,
    /// The archive, if there is a new one.
    code: Option<Blob>,
}

/// The function, the role as which it acts unless it has been given one, and what brings it the
/// messages of the queue.
pub(super) fn describe(config: &Config, settings: &FunctionSettings) -> Vec<Resource> {
    let (names, name) = (&config.names, config.names.function());
    let given = settings.role.as_ref();
    let (role, role_arn) = iam_roles::describe(config, Principal::Function, &name, given);
    let mut properties = json!({
        "FunctionName": name,
        "Runtime": Runtime::Providedal2023.as_str(),
        "Handler": HANDLER,
        "Role": role_arn,
        // No longer than a message is hidden, as Lambda demands.
        "Timeout": config.timing.visibility.as_secs(),
        "Environment": { "Variables": { "ORDERFLOW_PREFIX": names.prefix() } },
    });
    if let Some(zip) = &settings.zip {
        properties[CODE] = json!(aws_smithy_types::base64::encode(Sha256::digest(zip)));
    }
    let function = Resource::new(Kind::Function, names, name, properties);
    let mapping = mappings::describe(config, &function);
    role.into_iter().chain([function, mapping]).collect()
}

/// Where CloudFormation finds the archive.
pub(super) fn code_of_template() -> Value {
    json!({ "S3Bucket": { "Ref": "FunctionBucket" }, "S3Key": { "Ref": "FunctionKey" } })
}

/// What whoever uses the template has to say for it.
pub(super) fn parameters() -> Value {
    let parameter = |about: &str| json!({ "Type": "String", "Description": about });
    json!({
        "FunctionBucket": parameter("The bucket with the archive of the function that notifies."),
        "FunctionKey": parameter("The archive's key there."),
    })
}

impl Functions {
    pub(super) fn new(aws: &Aws, settings: Option<&FunctionSettings>) -> Self {
        let zip = settings.and_then(|it| it.zip.clone());
        Self { client: aws.lambda(), code: zip.map(Blob::new) }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let Some(found) = self.find(name).await? else {
            return Ok(None);
        };
        let arn = found.function_arn.clone().unwrap_or_default();
        let listed = self.client.list_tags().resource(&arn).send().await;
        let listed = listed.map_err(|error| failed("ListTags", &error))?;
        let variables = found.environment().and_then(|it| it.variables());
        let properties = json!({
            "FunctionName": name,
            "Runtime": found.runtime().map(Runtime::as_str),
            "Handler": found.handler(),
            "Role": found.role(),
            "Timeout": found.timeout(),
            "Environment": { "Variables": variables },
            CODE: found.code_sha256(),
        });
        Ok(Some(Found {
            properties: object(properties),
            tags: listed.tags.unwrap_or_default().into_iter().collect(),
            identity: Identity { arn, reference: name.to_owned() },
        }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let name = &wanted.name;
        let none = || Failure::GiveUp(format!("function {name:?} needs an archive with its code"));
        let code = self.code.clone().ok_or_else(none)?;
        let of = &wanted.properties;
        let make = async || {
            let made = self.client.create_function().function_name(name);
            let made = made
                .runtime(Runtime::from(text(&of["Runtime"])))
                .handler(text(&of["Handler"]))
                .role(text(&of["Role"]))
                .set_timeout(timeout(wanted))
                .environment(environment(wanted))
                .set_tags(Some(wanted.tags.clone().into_iter().collect()))
                .code(FunctionCode::builder().zip_file(code.clone()).build());
            made.send().await.map_err(|error| failed("CreateFunction", &error))
        };
        let arn = once_heard_of(make).await?.function_arn.unwrap_or_default();
        self.wait_until_ready(name).await?;
        Ok(Identity { arn, reference: name.clone() })
    }

    pub(super) async fn change(
        &self,
        wanted: &Resource,
        differing: &[&str],
    ) -> Result<(), Failure> {
        let name = &wanted.name;
        if let (true, Some(code)) = (differing.contains(&CODE), &self.code) {
            let changed = self.client.update_function_code().function_name(name);
            let changed = changed.zip_file(code.clone()).send().await;
            changed.map_err(|error| failed("UpdateFunctionCode", &error))?;
            self.wait_until_ready(name).await?;
        }
        if differing.iter().any(|property| *property != CODE) {
            let of = &wanted.properties;
            once_heard_of(async || {
                let changed = self.client.update_function_configuration().function_name(name);
                let changed = changed
                    .runtime(Runtime::from(text(&of["Runtime"])))
                    .handler(text(&of["Handler"]))
                    .role(text(&of["Role"]))
                    .set_timeout(timeout(wanted))
                    .environment(environment(wanted));
                let changed = changed.send().await;
                changed.map(drop).map_err(|error| failed("UpdateFunctionConfiguration", &error))
            })
            .await?;
            self.wait_until_ready(name).await?;
        }
        Ok(())
    }

    pub(super) async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), Failure> {
        let tags = tags.clone().into_iter().collect();
        let tagged = self.client.tag_resource().resource(arn).set_tags(Some(tags)).send().await;
        tagged.map_err(|error| failed("TagResource", &error))?;
        Ok(())
    }

    /// `false` when there is no such function.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        if self.find(name).await?.is_none() {
            return Ok(false);
        }
        let deleted = self.client.delete_function().function_name(name).send().await;
        deleted.map_err(|error| failed("DeleteFunction", &error))?;
        Ok(true)
    }

    async fn find(&self, name: &str) -> Result<Option<GetFunctionConfigurationOutput>, Failure> {
        match self.client.get_function_configuration().function_name(name).send().await {
            Ok(found) => Ok(Some(found)),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                Ok(None)
            }
            Err(error) => Err(failed("GetFunctionConfiguration", &error)),
        }
    }

    /// Until then it takes no other change.
    async fn wait_until_ready(&self, name: &str) -> Result<(), Failure> {
        for _ in 0..READY_ATTEMPTS {
            let found = self.find(name).await?;
            let changes = |it: &GetFunctionConfigurationOutput| {
                it.state() == Some(&State::Pending)
                    || it.last_update_status() == Some(&LastUpdateStatus::InProgress)
            };
            if found.is_some_and(|found| !changes(&found)) {
                return Ok(());
            }
            tokio::time::sleep(READY_PAUSE).await;
        }
        Err(Failure::Retry(format!("function {name} is not ready yet")))
    }
}

fn timeout(wanted: &Resource) -> Option<i32> {
    wanted.properties["Timeout"].as_i64().and_then(|seconds| seconds.try_into().ok())
}

fn environment(wanted: &Resource) -> Environment {
    let variables = wanted.properties["Environment"]["Variables"].as_object();
    let variables = variables.into_iter().flatten();
    let variables = variables.map(|(name, value)| (name.clone(), text(value).to_owned()));
    Environment::builder().set_variables(Some(variables.collect())).build()
}

pub(super) fn failed<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    Failure::of_call(Dependency::Lambda, operation, error)
}
