//! What a function is set to, and how a request sets it.

use serde::{Deserialize, Serialize};

use super::constraint::Choice;
use super::environment;
use super::error::LambdaError;
use super::runtime;
use super::shapes::*;
use super::state::Lambda;
use crate::kernel::{Context, FunctionVersion};
use crate::services::shared::constraint::Constraints;

/// Source: "Lambda quotas".
const TIMEOUT_SECONDS: (i32, i32) = (1, 900);
const MEMORY_MEGABYTES: (i32, i32) = (128, 10_240);
const STORAGE_MEGABYTES: (i32, i32) = (512, 10_240);
const DESCRIPTION_CHARACTERS: (usize, usize) = (0, 256);
const HANDLER_CHARACTERS: (usize, usize) = (0, 128);
const LOG_GROUP_CHARACTERS: (usize, usize) = (1, 512);
const ROLE: &str = "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+";
const TARGET: &str = "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()";

/// The settings of a version, but for those that whoever runs it is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) role: String,
    pub(super) description: String,
    pub(super) is_image: bool,
    pub(super) architectures: Vec<String>,
    /// The ARN of a queue or a topic.
    pub(super) dead_letter: Option<String>,
    /// Its format and levels; the group is the version's.
    pub(super) logging: LoggingConfig,
    pub(super) layers: Vec<LayerUse>,
    /// Bytes of its own code when it is unpacked.
    pub(super) unpacked: u64,
    pub(super) tracing_mode: String,
    pub(super) snap_start: String,
    pub(super) kms_key_arn: Option<String>,
    pub(super) vpc_config: Option<VpcConfig>,
    pub(super) file_system_configs: Option<Vec<FileSystemConfig>>,
    pub(super) image_config: Option<ImageConfig>,
    pub(super) durable_config: Option<DurableConfig>,
    pub(super) tenancy_config: Option<TenancyConfig>,
    pub(super) accelerator_config: Option<AcceleratorConfig>,
    pub(super) capacity_provider_config: Option<CapacityProviderConfig>,
    pub(super) runtime_config: Option<FunctionRuntimeConfig>,
}

/// A layer that a function uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct LayerUse {
    /// With the version.
    pub(super) arn: String,
    /// Bytes of its archive.
    pub(super) size: u64,
    /// Bytes when it is unpacked.
    pub(super) unpacked: u64,
}

impl Settings {
    pub(super) fn package_type(&self) -> &'static str {
        if self.is_image { "Image" } else { "Zip" }
    }
}

/// The members that make and change a function's settings; what is not there stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) description: Option<String>,
    pub(super) role: Option<String>,
    pub(super) runtime: Option<String>,
    pub(super) handler: Option<String>,
    pub(super) timeout: Option<i32>,
    pub(super) memory_size: Option<i32>,
    pub(super) ephemeral_storage: Option<EphemeralStorage>,
    pub(super) environment: Option<Environment>,
    pub(super) dead_letter_config: Option<DeadLetterConfig>,
    pub(super) layers: Option<Vec<String>>,
    pub(super) logging_config: Option<LoggingConfig>,
    pub(super) tracing_config: Option<TracingConfig>,
    pub(super) snap_start: Option<SnapStart>,
    pub(super) kms_key_arn: Option<String>,
    pub(super) vpc_config: Option<VpcConfig>,
    pub(super) file_system_configs: Option<Vec<FileSystemConfig>>,
    pub(super) image_config: Option<ImageConfig>,
    pub(super) durable_config: Option<DurableConfig>,
    pub(super) tenancy_config: Option<TenancyConfig>,
    pub(super) accelerator_config: Option<AcceleratorConfig>,
    pub(super) capacity_provider_config: Option<CapacityProviderConfig>,
    pub(super) runtime_config: Option<FunctionRuntimeConfig>,
}

/// Members that are stored and have no effect here.
pub(super) const STORED: [&str; 11] = [
    "AcceleratorConfig",
    "CapacityProviderConfig",
    "DurableConfig",
    "FileSystemConfigs",
    "ImageConfig",
    "KMSKeyArn",
    "RuntimeConfig",
    "SnapStart",
    "TenancyConfig",
    "TracingConfig",
    "VpcConfig",
];

/// Those of them that can be changed later.
pub(super) const STORED_LATER: [&str; 10] = [
    "AcceleratorConfig",
    "CapacityProviderConfig",
    "DurableConfig",
    "FileSystemConfigs",
    "ImageConfig",
    "KMSKeyArn",
    "RuntimeConfig",
    "SnapStart",
    "TracingConfig",
    "VpcConfig",
];

impl Wanted {
    /// Checks each member by itself.
    ///
    /// # Errors
    /// `ValidationException`, `InvalidParameterValueException`, or what strict mode refuses.
    pub(super) fn check(&self, ctx: &mut Context<'_>) -> Result<(), LambdaError> {
        self.check_model()?;
        if let Some(megabytes) = self.memory_size.filter(|it| *it > MEMORY_MEGABYTES.1) {
            return Err(LambdaError::Parameter(format!(
                "'MemorySize' value failed to satisfy constraint: Member must have value less \
                 than or equal to {} (it is {megabytes})",
                MEMORY_MEGABYTES.1
            )));
        }
        if let Some(runtime) = &self.runtime {
            runtime::check(runtime)?;
        }
        if let Some(variables) = self.environment.as_ref().and_then(|it| it.variables.as_ref()) {
            environment::check(variables)?;
        }
        self.check_log_levels()?;
        self.check_dead_letter()?;
        self.report(ctx)
    }

    fn check_model(&self) -> Result<(), LambdaError> {
        let mut it = Constraints::default();
        if let Some(role) = self.role.as_deref().filter(|role| !is_role(role)) {
            it.not_of_pattern("role", role, ROLE);
        }
        it.length("description", self.description.as_deref(), DESCRIPTION_CHARACTERS);
        it.length("handler", self.handler.as_deref(), HANDLER_CHARACTERS);
        if let Some(handler) = self.handler.as_deref().filter(|it| it.contains(char::is_whitespace))
        {
            it.not_of_pattern("handler", handler, "[^\\s]+");
        }
        let timeout = match self.capacity_provider_config {
            Some(_) => (TIMEOUT_SECONDS.0, 5_400),
            None => TIMEOUT_SECONDS,
        };
        it.range("timeout", self.timeout, timeout);
        it.range("memorySize", self.memory_size, (MEMORY_MEGABYTES.0, i32::MAX));
        if let Some(storage) = &self.ephemeral_storage {
            it.required("ephemeralStorage.size", storage.size.as_ref());
            it.range("ephemeralStorage.size", storage.size, STORAGE_MEGABYTES);
        }
        if let Some(variables) = self.environment.as_ref().and_then(|it| it.variables.as_ref()) {
            environment::constrain(&mut it, variables);
        }
        let target = self.dead_letter_config.as_ref().and_then(|it| it.target_arn.as_deref());
        if let Some(target) = target.filter(|it| !it.is_empty() && !it.starts_with("arn:")) {
            it.not_of_pattern("deadLetterConfig.targetArn", target, TARGET);
        }
        it.choice(Choice::TRACING, self.tracing_config.as_ref().and_then(|it| it.mode.as_deref()));
        it.choice(
            Choice::SNAP_START,
            self.snap_start.as_ref().and_then(|it| it.apply_on.as_deref()),
        );
        if let Some(logging) = &self.logging_config {
            it.choice(Choice::LOG_FORMAT, logging.log_format.as_deref());
            it.choice(Choice::APPLICATION_LEVEL, logging.application_log_level.as_deref());
            it.choice(Choice::SYSTEM_LEVEL, logging.system_log_level.as_deref());
            let group = logging.log_group.as_deref();
            it.length("loggingConfig.logGroup", group, LOG_GROUP_CHARACTERS);
        }
        Ok(it.done()?)
    }

    // Unverified: the text.
    fn check_log_levels(&self) -> Result<(), LambdaError> {
        let Some(logging) = &self.logging_config else { return Ok(()) };
        let has_levels =
            logging.application_log_level.is_some() || logging.system_log_level.is_some();
        if has_levels && logging.log_format.as_deref() == Some("Text") {
            return Err(LambdaError::parameter(
                "To set a log level, the log format has to be JSON.",
            ));
        }
        Ok(())
    }

    // Unverified: the text.
    fn check_dead_letter(&self) -> Result<(), LambdaError> {
        let target = self.dead_letter_config.as_ref().and_then(|it| it.target_arn.as_deref());
        let service = target.and_then(|arn| arn.split(':').nth(2));
        match service {
            None | Some("sqs" | "sns") => Ok(()),
            Some(_) => Err(LambdaError::parameter(
                "The provided target ARN is not that of an SQS queue or an SNS topic.",
            )),
        }
    }

    /// What is stored, and has no effect here.
    fn report(&self, ctx: &mut Context<'_>) -> Result<(), LambdaError> {
        let vpc = self.vpc_config.as_ref().and_then(|it| it.subnet_ids.as_ref());
        let traced = self.tracing_config.as_ref().and_then(|it| it.mode.as_deref());
        let snapped = self.snap_start.as_ref().and_then(|it| it.apply_on.as_deref());
        let files = self.file_system_configs.as_ref();
        for (member, is_said) in [
            ("AcceleratorConfig", self.accelerator_config.is_some()),
            ("CapacityProviderConfig", self.capacity_provider_config.is_some()),
            ("DurableConfig", self.durable_config.is_some()),
            ("FileSystemConfigs", files.is_some_and(|it| !it.is_empty())),
            ("ImageConfig", self.image_config.is_some()),
            ("KMSKeyArn", self.kms_key_arn.as_ref().is_some_and(|it| !it.is_empty())),
            ("RuntimeConfig", self.runtime_config.is_some()),
            ("SnapStart", snapped == Some("PublishedVersions")),
            ("TenancyConfig", self.tenancy_config.is_some()),
            ("TracingConfig", traced == Some("Active")),
            ("VpcConfig", vpc.is_some_and(|it| !it.is_empty())),
        ] {
            if is_said {
                ctx.not_honoured(member)?;
            }
        }
        Ok(())
    }

    /// Changes a version's settings; everything is checked.
    ///
    /// # Errors
    /// `InvalidParameterValueException` for layers that are not there or are too many.
    pub(super) fn apply(
        self,
        ctx: &mut Context<'_>,
        lambda: &Lambda,
        run: &mut FunctionVersion,
        settings: &mut Settings,
    ) -> Result<(), LambdaError> {
        if let Some(layers) = self.layers {
            let (uses, packages) = lambda.layers_of(ctx, &layers)?;
            settings.layers = uses;
            run.layers = packages;
        }
        let number = |it: Option<i32>, was: u32| it.map_or(was, i32::unsigned_abs);
        run.runtime = self.runtime.map(Into::into).or(run.runtime.take());
        run.handler = self.handler.map(Into::into).or(run.handler.take());
        run.timeout_seconds = number(self.timeout, run.timeout_seconds);
        run.memory_megabytes = number(self.memory_size, run.memory_megabytes);
        let storage = self.ephemeral_storage.and_then(|it| it.size);
        run.ephemeral_storage_megabytes = number(storage, run.ephemeral_storage_megabytes);
        if let Some(environment) = self.environment {
            run.environment = environment.variables.unwrap_or_default();
        }
        if let Some(logging) = self.logging_config {
            settings.set_logging(run, logging);
        }
        let filled = |new: Option<String>, was: &mut String| {
            if let Some(new) = new {
                *was = new;
            }
        };
        filled(self.description, &mut settings.description);
        filled(self.role, &mut settings.role);
        filled(self.tracing_config.and_then(|it| it.mode), &mut settings.tracing_mode);
        filled(self.snap_start.and_then(|it| it.apply_on), &mut settings.snap_start);
        // An empty text takes these away.
        let text = |new: Option<String>, was: &mut Option<String>| {
            if let Some(new) = new {
                *was = Some(new).filter(|it| !it.is_empty());
            }
        };
        let target = self.dead_letter_config.map(|it| it.target_arn.unwrap_or_default());
        text(target, &mut settings.dead_letter);
        text(self.kms_key_arn, &mut settings.kms_key_arn);
        settings.vpc_config = self.vpc_config.or(settings.vpc_config.take());
        let files = self.file_system_configs;
        settings.file_system_configs = files.or(settings.file_system_configs.take());
        settings.image_config = self.image_config.or(settings.image_config.take());
        settings.durable_config = self.durable_config.or(settings.durable_config.take());
        settings.tenancy_config = self.tenancy_config.or(settings.tenancy_config.take());
        let accelerator = self.accelerator_config;
        settings.accelerator_config = accelerator.or(settings.accelerator_config.take());
        let provider = self.capacity_provider_config;
        settings.capacity_provider_config = provider.or(settings.capacity_provider_config.take());
        settings.runtime_config = self.runtime_config.or(settings.runtime_config.take());
        Ok(())
    }
}

impl Settings {
    fn set_logging(&mut self, run: &mut FunctionVersion, logging: LoggingConfig) {
        if let Some(group) = logging.log_group {
            run.log_group = group.into();
        }
        let format = logging.log_format.or(self.logging.log_format.take());
        let is_json = format.as_deref() == Some("JSON");
        // Source: developer guide "Configuring advanced logging controls": the levels of JSON.
        let level = |new: Option<String>, was: Option<String>| {
            is_json.then(|| new.or(was).unwrap_or_else(|| "INFO".to_owned()))
        };
        self.logging = LoggingConfig {
            application_log_level: level(
                logging.application_log_level,
                self.logging.application_log_level.take(),
            ),
            system_log_level: level(logging.system_log_level, self.logging.system_log_level.take()),
            log_format: format,
            log_group: None,
        };
    }
}

fn is_role(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut is = |wanted: &dyn Fn(&str) -> bool| parts.next().is_some_and(wanted);
    is(&|it| it == "arn")
        && is(&|it| it.is_empty() || it.starts_with("aws"))
        && is(&|it| it == "iam")
        && is(&str::is_empty)
        && is(&|it| crate::kernel::Account::is_number(it))
        && is(&|it| it.strip_prefix("role").is_some_and(|name| name.len() > 1))
}
