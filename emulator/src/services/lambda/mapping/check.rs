//! What a mapping may be set to, and what that means for its poller.
//!
//! Source: API reference "CreateEventSourceMapping"; developer guide, each source's parameters.
//! The text on batch windows is from users' reports of AWS's answers. Unverified: the others.

use std::time::Duration;

use super::shapes::EventSourceMappingConfiguration;
use crate::kernel::{Arn, Context};
use crate::services::lambda::error::LambdaError;
use crate::services::shared::constraint::Constraints;
use crate::services::shared::polling::{Filter, Settings, StartingPosition, StreamSettings};

const BATCH_SIZE: (i32, i32) = (1, 10_000);
const WINDOW_SECONDS: (i32, i32) = (0, 300);
const RETRIES: (i32, i32) = (-1, 10_000);
const AGE_SECONDS: (i32, i32) = (-1, 604_800);
const LANES: (i32, i32) = (1, 10);
const CONCURRENCY: (i32, i32) = (2, 1000);
const TUMBLING_SECONDS: (i32, i32) = (0, 900);
const POSITIONS: [&str; 3] = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];
/// Batch sizes where none is given.
const BATCH_OF_QUEUE: i32 = 10;
const BATCH_OF_STREAM: i32 = 100;
/// Larger batches of a queue need a window, and FIFO queues take none.
const BATCH_WITHOUT_WINDOW: i32 = 10;
/// Invocations of one queue at the same time where no maximum is given.
///
/// Source: developer guide, "Configuring scaling behavior for SQS event source mappings".
const CONCURRENCY_MAX: usize = 1_250;
/// Source: developer guide, "Event filtering": five, ten when asked.
const FILTERS_MAX: usize = 10;

/// Members that are stored and have no effect.
pub(in crate::services::lambda) const STORED: [&str; 9] = [
    "AmazonManagedKafkaEventSourceConfig",
    "DocumentDBEventSourceConfig",
    "KMSKeyArn",
    "LoggingConfig",
    "MetricsConfig",
    "ProvisionedPollerConfig",
    "SelfManagedKafkaEventSourceConfig",
    "SourceAccessConfigurations",
    "ParallelizationFactor",
];

/// The kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::lambda) enum Source {
    Queue,
    Stream,
    /// Kinesis, Kafka, Amazon MQ, DocumentDB.
    // Differs from AWS: mappings of sources that are not here are stored and stay disabled, with
    // the reason in StateTransitionReason.
    Elsewhere,
}

impl Source {
    /// `None` for what can't be a source.
    pub(in crate::services::lambda) fn of(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok()?;
        match &*arn.service {
            "sqs" => Some(Self::Queue),
            "dynamodb" if arn.resource.contains("/stream/") => Some(Self::Stream),
            "kinesis" | "mq" | "kafka" | "rds" => Some(Self::Elsewhere),
            _ => None,
        }
    }
}

/// The source of a mapping.
pub(super) fn source(it: &EventSourceMappingConfiguration) -> Result<Source, LambdaError> {
    match &it.event_source_arn {
        Some(text) => {
            Source::of(text).ok_or_else(|| LambdaError::parameter("Unrecognized event source."))
        }
        None if it.self_managed_event_source.is_some() => Ok(Source::Elsewhere),
        None => Err(LambdaError::parameter("Event source ARN is required.")),
    }
}

/// Checks a mapping, fills in what is not given, and says how its source is read; none for what is
/// not here.
///
/// # Errors
/// `InvalidParameterValueException`, `ValidationException`, or what strict mode refuses.
pub(super) fn read(
    ctx: &mut Context<'_>,
    it: &mut EventSourceMappingConfiguration,
) -> Result<Option<Settings>, LambdaError> {
    let source = source(it)?;
    ranges(it)?;
    let filters = filters(it)?;
    let reports = it.function_response_types.iter().flatten();
    if let Some(other) = reports.into_iter().find(|kind| *kind != "ReportBatchItemFailures") {
        return Err(LambdaError::parameter(format!("Unknown function response type: {other}.")));
    }
    match source {
        Source::Queue => queue(it)?,
        Source::Stream => stream(it)?,
        Source::Elsewhere => {}
    }
    report(ctx, it, source)?;
    let arn = it.event_source_arn.as_deref().and_then(|text| text.parse::<Arn>().ok());
    let Some(arn) = arn.filter(|_| source != Source::Elsewhere) else { return Ok(None) };
    let seconds = |value: Option<i32>| value.and_then(|value| u64::try_from(value).ok());
    let most = it.scaling_config.as_ref().and_then(|scaling| scaling.maximum_concurrency);
    Ok(Some(Settings {
        source: arn,
        batch_size: it.batch_size.map_or(1, |size| size.unsigned_abs() as usize),
        window: seconds(it.maximum_batching_window_in_seconds)
            .map_or(Duration::ZERO, Duration::from_secs),
        filters,
        concurrency: most.map_or(CONCURRENCY_MAX, |most| most.unsigned_abs() as usize),
        stream: (source == Source::Stream).then(|| StreamSettings {
            from: match it.starting_position.as_deref() {
                Some("LATEST") => StartingPosition::Latest,
                _ => StartingPosition::TrimHorizon,
            },
            lanes: lanes(it),
            bisects: it.bisect_batch_on_function_error.unwrap_or_default(),
            retries_max: it.maximum_retry_attempts.and_then(|max| u32::try_from(max).ok()),
            age_max: seconds(it.maximum_record_age_in_seconds).map(Duration::from_secs),
            tumbling: seconds(it.tumbling_window_in_seconds)
                .filter(|seconds| *seconds > 0)
                .map(Duration::from_secs),
        }),
    }))
}

fn is_in_windows(it: &EventSourceMappingConfiguration) -> bool {
    it.tumbling_window_in_seconds.is_some_and(|seconds| seconds > 0)
}

/// How many batches of a shard are dealt with at the same time.
// Differs from AWS: a mapping with tumbling windows deals with one batch of a shard at a time.
fn lanes(it: &EventSourceMappingConfiguration) -> usize {
    let lanes = it.parallelization_factor.filter(|_| !is_in_windows(it));
    lanes.map_or(1, |lanes| lanes.unsigned_abs() as usize)
}

fn ranges(it: &EventSourceMappingConfiguration) -> Result<(), LambdaError> {
    let mut found = Constraints::default();
    let window = it.maximum_batching_window_in_seconds;
    for (member, value, range) in [
        ("batchSize", it.batch_size, BATCH_SIZE),
        ("maximumBatchingWindowInSeconds", window, WINDOW_SECONDS),
        ("maximumRecordAgeInSeconds", it.maximum_record_age_in_seconds, AGE_SECONDS),
        ("maximumRetryAttempts", it.maximum_retry_attempts, RETRIES),
        ("parallelizationFactor", it.parallelization_factor, LANES),
        ("tumblingWindowInSeconds", it.tumbling_window_in_seconds, TUMBLING_SECONDS),
        (
            "scalingConfig.maximumConcurrency",
            it.scaling_config.as_ref().and_then(|scaling| scaling.maximum_concurrency),
            CONCURRENCY,
        ),
    ] {
        found.range(member, value, range);
    }
    found.one_of("startingPosition", it.starting_position.as_deref(), &POSITIONS);
    found.done()?;
    // Source: API reference "CreateEventSourceMapping": -1, or a minute and more. Unverified: the
    // words.
    if it.maximum_record_age_in_seconds.is_some_and(|age| (0..60).contains(&age)) {
        return Err(LambdaError::parameter(
            "Maximum record age must be -1 or between 60 and 604800 seconds.",
        ));
    }
    Ok(())
}

fn filters(it: &EventSourceMappingConfiguration) -> Result<Vec<Filter>, LambdaError> {
    let given = it.filter_criteria.as_ref().and_then(|criteria| criteria.filters.as_deref());
    let given = given.unwrap_or_default();
    if given.len() > FILTERS_MAX {
        return Err(LambdaError::parameter(format!(
            "The number of filters exceeds the limit of {FILTERS_MAX}."
        )));
    }
    let parse = |text: &str| {
        Filter::parse(text)
            .map_err(|_| LambdaError::parameter("Invalid filter pattern definition."))
    };
    given.iter().map(|filter| parse(filter.pattern.as_deref().unwrap_or_default())).collect()
}

fn queue(it: &mut EventSourceMappingConfiguration) -> Result<(), LambdaError> {
    let is_fifo = it.event_source_arn.as_deref().is_some_and(|arn| arn.ends_with(".fifo"));
    let size = *it.batch_size.get_or_insert(BATCH_OF_QUEUE);
    let window = it.maximum_batching_window_in_seconds.get_or_insert(0);
    if is_fifo && *window > 0 {
        return Err(LambdaError::parameter("Batching window is not supported for FIFO queues."));
    }
    if size > BATCH_WITHOUT_WINDOW && is_fifo {
        return Err(LambdaError::parameter("Maximum batch size of a FIFO queue is 10."));
    }
    if size > BATCH_WITHOUT_WINDOW && *window == 0 {
        return Err(LambdaError::parameter(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is \
             greater than 10",
        ));
    }
    for (member, is_given) in [
        ("StartingPosition", it.starting_position.is_some()),
        ("ParallelizationFactor", it.parallelization_factor.is_some()),
        ("BisectBatchOnFunctionError", it.bisect_batch_on_function_error == Some(true)),
        ("TumblingWindowInSeconds", it.tumbling_window_in_seconds.is_some_and(|it| it > 0)),
    ] {
        if is_given {
            return Err(LambdaError::parameter(format!(
                "{member} is not valid for SQS event sources."
            )));
        }
    }
    Ok(())
}

fn stream(it: &mut EventSourceMappingConfiguration) -> Result<(), LambdaError> {
    let mut found = Constraints::default();
    found.required("startingPosition", it.starting_position.as_ref());
    found.done()?;
    if it.starting_position.as_deref() == Some("AT_TIMESTAMP") {
        return Err(LambdaError::parameter(
            "Unsupported starting position for DynamoDB streams: AT_TIMESTAMP.",
        ));
    }
    if it.scaling_config.is_some() {
        return Err(LambdaError::parameter(
            "ScalingConfig is not valid for DynamoDB event sources.",
        ));
    }
    it.batch_size.get_or_insert(BATCH_OF_STREAM);
    it.maximum_batching_window_in_seconds.get_or_insert(0);
    it.maximum_record_age_in_seconds.get_or_insert(-1);
    it.maximum_retry_attempts.get_or_insert(-1);
    it.parallelization_factor.get_or_insert(1);
    it.bisect_batch_on_function_error.get_or_insert(false);
    Ok(())
}

/// Reports what is stored without effect.
fn report(
    ctx: &mut Context<'_>,
    it: &EventSourceMappingConfiguration,
    source: Source,
) -> Result<(), LambdaError> {
    for (member, given) in [
        ("EventSourceArn", source == Source::Elsewhere),
        (
            "AmazonManagedKafkaEventSourceConfig",
            it.amazon_managed_kafka_event_source_config.is_some(),
        ),
        ("DocumentDBEventSourceConfig", it.document_db_event_source_config.is_some()),
        ("KMSKeyArn", it.kms_key_arn.is_some()),
        ("LoggingConfig", it.logging_config.is_some()),
        ("MetricsConfig", it.metrics_config.is_some()),
        ("ProvisionedPollerConfig", it.provisioned_poller_config.is_some()),
        ("SelfManagedKafkaEventSourceConfig", it.self_managed_kafka_event_source_config.is_some()),
        ("SourceAccessConfigurations", it.source_access_configurations.is_some()),
        ("ParallelizationFactor", is_in_windows(it) && it.parallelization_factor > Some(1)),
    ] {
        if given {
            ctx.not_honoured(member)?;
        }
    }
    Ok(())
}
