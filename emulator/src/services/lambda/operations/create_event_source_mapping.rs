//! CreateEventSourceMapping: lets a function be invoked with what a queue or a stream holds.
//!
//! Limits: batches of 10,000 records, windows of 300 seconds, 2 to 1,000 invocations of a queue at
//! the same time, ten filters.
//! Errors: `InvalidParameterValueException`, `ResourceConflictException`, `ResourceInUseException`,
//! `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "CreateEventSourceMapping".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::mapping::shapes::{
    DestinationConfig, DocumentDbConfig, EventSourceMappingConfiguration, FilterCriteria,
    ManagedKafkaConfig, MappingLoggingConfig, MappingMetricsConfig, ProvisionedPollerConfig,
    ScalingConfig, SelfManagedEventSource, SelfManagedKafkaConfig, SourceAccessConfiguration,
};
use crate::services::lambda::mapping::{Deed, Mapping};
use crate::services::lambda::state::Lambda;
use crate::services::lambda::tagging;
use crate::wire::Timestamp;

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
    pub event_source_arn: Option<String>,
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
    pub queues: Option<Vec<String>>,
    pub scaling_config: Option<ScalingConfig>,
    pub self_managed_event_source: Option<SelfManagedEventSource>,
    pub self_managed_kafka_event_source_config: Option<SelfManagedKafkaConfig>,
    pub source_access_configurations: Option<Vec<SourceAccessConfiguration>>,
    pub starting_position: Option<String>,
    pub starting_position_timestamp: Option<Timestamp>,
    pub tags: Option<BTreeMap<String, String>>,
    pub topics: Option<Vec<String>>,
    pub tumbling_window_in_seconds: Option<i32>,
}

pub type Response = EventSourceMappingConfiguration;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), None)?;
    lambda.function(ctx, &address)?.look(address.qualifier.as_deref())?;
    let tags = request.tags.clone().unwrap_or_default();
    tagging::check(&tags)?;
    let is_enabled = request.enabled.unwrap_or(true);
    let wire = configuration(request, address.arn(ctx).to_string());
    lambda.mappings.check_new(ctx, &wire)?;
    let mut mapping = Mapping::new(ctx, wire)?;
    mapping.tags = tags;
    mapping.is_enabled = is_enabled;
    let news = mapping.pass(ctx, Deed::Create);
    let (id, told) = (mapping.id.clone(), mapping.told(ctx));
    lambda.mappings.all.insert(id.clone(), mapping);
    lambda.deal(ctx, &id, news);
    Ok(told)
}

fn configuration(request: Request, function: String) -> EventSourceMappingConfiguration {
    EventSourceMappingConfiguration {
        amazon_managed_kafka_event_source_config: request.amazon_managed_kafka_event_source_config,
        batch_size: request.batch_size,
        bisect_batch_on_function_error: request.bisect_batch_on_function_error,
        destination_config: request.destination_config,
        document_db_event_source_config: request.document_db_event_source_config,
        event_source_arn: request.event_source_arn,
        filter_criteria: request.filter_criteria,
        function_response_types: request.function_response_types,
        kms_key_arn: request.kms_key_arn,
        logging_config: request.logging_config,
        maximum_batching_window_in_seconds: request.maximum_batching_window_in_seconds,
        maximum_record_age_in_seconds: request.maximum_record_age_in_seconds,
        maximum_retry_attempts: request.maximum_retry_attempts,
        metrics_config: request.metrics_config,
        parallelization_factor: request.parallelization_factor,
        provisioned_poller_config: request.provisioned_poller_config,
        queues: request.queues,
        scaling_config: request.scaling_config,
        self_managed_event_source: request.self_managed_event_source,
        self_managed_kafka_event_source_config: request.self_managed_kafka_event_source_config,
        source_access_configurations: request.source_access_configurations,
        starting_position: request.starting_position,
        starting_position_timestamp: request.starting_position_timestamp,
        topics: request.topics,
        tumbling_window_in_seconds: request.tumbling_window_in_seconds,
        function_arn: Some(function),
        ..EventSourceMappingConfiguration::default()
    }
}
