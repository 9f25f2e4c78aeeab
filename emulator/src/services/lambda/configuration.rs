//! A version as everybody sees it.

use super::shapes::{
    DeadLetterConfig, EnvironmentResponse, EphemeralStorage, FunctionConfiguration,
    ImageConfigResponse, Layer, LoggingConfig, SnapStartResponse, TracingConfigResponse,
    VpcConfigResponse,
};
use super::version::Version;
use crate::kernel::{Arn, Context};

impl Version {
    /// Its configuration under the ARN by which it was asked for.
    pub(super) fn configuration(&self, ctx: &Context<'_>, arn: &Arn) -> FunctionConfiguration {
        let (run, settings) = (&self.run, &self.settings);
        let text = |it: &str| Some(it.to_owned());
        let mut shown = FunctionConfiguration {
            accelerator_config: settings.accelerator_config.clone(),
            architectures: Some(settings.architectures.clone()),
            capacity_provider_config: settings.capacity_provider_config.clone(),
            code_sha256: Some(self.code_sha256.clone()),
            code_size: i64::try_from(self.code_size).ok(),
            dead_letter_config: settings
                .dead_letter
                .clone()
                .map(|arn| DeadLetterConfig { target_arn: Some(arn) }),
            description: Some(settings.description.clone()),
            durable_config: settings.durable_config.clone(),
            ephemeral_storage: Some(EphemeralStorage {
                size: i32::try_from(run.ephemeral_storage_megabytes).ok(),
            }),
            file_system_configs: settings.file_system_configs.clone(),
            function_arn: Some(arn.to_string()),
            function_name: text(&run.name),
            handler: run.handler.as_deref().map(str::to_owned),
            kms_key_arn: settings.kms_key_arn.clone(),
            last_modified: Some(self.modified.iso_offset()),
            memory_size: i32::try_from(run.memory_megabytes).ok(),
            package_type: text(settings.package_type()),
            revision_id: text(self.revision()),
            role: Some(settings.role.clone()),
            runtime: run.runtime.as_deref().map(str::to_owned),
            runtime_config: settings.runtime_config.clone(),
            tenancy_config: settings.tenancy_config.clone(),
            timeout: i32::try_from(run.timeout_seconds).ok(),
            tracing_config: Some(TracingConfigResponse { mode: text(&settings.tracing_mode) }),
            version: text(self.number()),
            ..FunctionConfiguration::default()
        };
        self.show_parts(&mut shown);
        self.show_states(ctx, &mut shown);
        shown
    }

    fn show_parts(&self, shown: &mut FunctionConfiguration) {
        let (run, settings) = (&self.run, &self.settings);
        if !run.environment.is_empty() {
            let variables = Some(run.environment.clone());
            shown.environment = Some(EnvironmentResponse { error: None, variables });
        }
        shown.image_config_response = settings
            .image_config
            .clone()
            .map(|it| ImageConfigResponse { error: None, image_config: Some(it) });
        let layers = settings.layers.iter().map(|layer| Layer {
            arn: Some(layer.arn.clone()),
            code_size: i64::try_from(layer.size).ok(),
            ..Layer::default()
        });
        shown.layers = Some(layers.collect()).filter(|all: &Vec<_>| !all.is_empty());
        shown.logging_config = Some(LoggingConfig {
            log_group: Some(run.log_group.to_string()),
            ..settings.logging.clone()
        });
        let published = self.number() != super::address::LATEST;
        let optimized = published && settings.snap_start == "PublishedVersions";
        shown.snap_start = Some(SnapStartResponse {
            apply_on: Some(settings.snap_start.clone()),
            optimization_status: Some(if optimized { "On" } else { "Off" }.to_owned()),
        });
        shown.vpc_config = settings.vpc_config.clone().map(|it| VpcConfigResponse {
            ipv6_allowed_for_dual_stack: Some(it.ipv6_allowed_for_dual_stack.unwrap_or(false)),
            security_group_ids: Some(it.security_group_ids.unwrap_or_default()),
            subnet_ids: Some(it.subnet_ids.unwrap_or_default()),
            vpc_id: Some(String::new()),
        });
    }

    fn show_states(&self, ctx: &Context<'_>, shown: &mut FunctionConfiguration) {
        const REASON: &str = "The function is being created.";
        let (state, update) = (self.state(ctx), self.update_status(ctx));
        if state == "Pending" {
            shown.state_reason = Some(REASON.to_owned());
            shown.state_reason_code = Some("Creating".to_owned());
        } else {
            shown.last_update_status = Some(update.to_owned());
        }
        if update == "InProgress" {
            shown.last_update_status_reason = Some(REASON.to_owned());
            shown.last_update_status_reason_code = Some("Creating".to_owned());
        }
        shown.state = Some(state.to_owned());
    }
}
