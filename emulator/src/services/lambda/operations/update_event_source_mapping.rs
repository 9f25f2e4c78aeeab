//! UpdateEventSourceMapping: changes a mapping, or lets it rest or go on.
//!
//! Limits: batches of 10,000 records, windows of 300 seconds, 2 to 1,000 invocations of a queue at
//! the same time, ten filters.
//! Errors: `InvalidParameterValueException`, `ResourceConflictException`, `ResourceInUseException`,
//! `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UpdateEventSourceMapping".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::mapping::Deed;
use crate::services::lambda::mapping::shapes::{
    DestinationConfig, DocumentDbConfig, EventSourceMappingConfiguration, FilterCriteria,
    ManagedKafkaConfig, MappingLoggingConfig, MappingMetricsConfig, ProvisionedPollerConfig,
    ScalingConfig, SelfManagedKafkaConfig, SourceAccessConfiguration,
};
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub amazon_managed_kafka_event_source_config: Option<ManagedKafkaConfig>,
    pub batch_size: Option<i32>,
    pub bisect_batch_on_function_error: Option<bool>,
    pub destination_config: Option<DestinationConfig>,
    #[serde(rename = "DocumentDBEventSourceConfig")]
    pub document_db_event_source_config: Option<DocumentDbConfig>,
    pub enabled: Option<bool>,
    pub filter_criteria: Option<FilterCriteria>,
    pub function_name: Option<String>,
    pub function_response_types: Option<Vec<String>>,
    #[serde(rename = "KMSKeyArn")]
    pub kms_key_arn: Option<String>,
    pub logging_config: Option<MappingLoggingConfig>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub maximum_record_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
    pub metrics_config: Option<MappingMetricsConfig>,
    pub parallelization_factor: Option<i32>,
    pub provisioned_poller_config: Option<ProvisionedPollerConfig>,
    pub scaling_config: Option<ScalingConfig>,
    pub self_managed_kafka_event_source_config: Option<SelfManagedKafkaConfig>,
    pub source_access_configurations: Option<Vec<SourceAccessConfiguration>>,
    pub tumbling_window_in_seconds: Option<i32>,
    #[serde(rename = "UUID")]
    pub uuid: Option<String>,
}

pub type Response = EventSourceMappingConfiguration;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let id = request.uuid.clone();
    let mut function = None;
    if let Some(name) = &request.function_name {
        let address = Address::read(Some(name), None)?;
        lambda.function(ctx, &address)?.look(address.qualifier.as_deref())?;
        function = Some(address.arn(ctx).to_string());
    }
    let mapping = lambda.mappings.get(ctx, id.as_deref())?;
    mapping.check_not_busy(ctx)?;
    let deed = match request.enabled {
        Some(true) if !mapping.is_enabled => Deed::Enable,
        Some(false) if mapping.is_enabled => Deed::Disable,
        _ => Deed::Update,
    };
    let is_enabled = request.enabled.unwrap_or(mapping.is_enabled);
    let wire = changed(mapping.wire.clone(), request, function);
    let changed = mapping.change(ctx, wire)?;
    mapping.is_enabled = is_enabled;
    let news = mapping.pass(ctx, deed);
    let (id, told) = (mapping.id.clone(), mapping.told(ctx));
    lambda.deal(ctx, &id, changed);
    lambda.deal(ctx, &id, news);
    Ok(told)
}

fn changed(
    old: EventSourceMappingConfiguration,
    request: Request,
    function: Option<String>,
) -> EventSourceMappingConfiguration {
    EventSourceMappingConfiguration {
        amazon_managed_kafka_event_source_config: request
            .amazon_managed_kafka_event_source_config
            .or(old.amazon_managed_kafka_event_source_config),
        batch_size: request.batch_size.or(old.batch_size),
        bisect_batch_on_function_error: request
            .bisect_batch_on_function_error
            .or(old.bisect_batch_on_function_error),
        destination_config: request.destination_config.or(old.destination_config),
        document_db_event_source_config: request
            .document_db_event_source_config
            .or(old.document_db_event_source_config),
        filter_criteria: request.filter_criteria.or(old.filter_criteria),
        function_response_types: request.function_response_types.or(old.function_response_types),
        kms_key_arn: request.kms_key_arn.or(old.kms_key_arn),
        logging_config: request.logging_config.or(old.logging_config),
        maximum_batching_window_in_seconds: request
            .maximum_batching_window_in_seconds
            .or(old.maximum_batching_window_in_seconds),
        maximum_record_age_in_seconds: request
            .maximum_record_age_in_seconds
            .or(old.maximum_record_age_in_seconds),
        maximum_retry_attempts: request.maximum_retry_attempts.or(old.maximum_retry_attempts),
        metrics_config: request.metrics_config.or(old.metrics_config),
        parallelization_factor: request.parallelization_factor.or(old.parallelization_factor),
        provisioned_poller_config: request
            .provisioned_poller_config
            .or(old.provisioned_poller_config),
        scaling_config: request.scaling_config.or(old.scaling_config),
        self_managed_kafka_event_source_config: request
            .self_managed_kafka_event_source_config
            .or(old.self_managed_kafka_event_source_config),
        source_access_configurations: request
            .source_access_configurations
            .or(old.source_access_configurations),
        tumbling_window_in_seconds: request
            .tumbling_window_in_seconds
            .or(old.tumbling_window_in_seconds),
        function_arn: function.or(old.function_arn),
        ..old
    }
}
