//! A pipe's source: what its parameters mean for the poller.

use std::time::Duration;

use serde_json::Value;

use super::error::PipesError;
use super::shapes::{
    DynamoDBStreamParameters, SourceParameters, SqsQueueParameters, UpdateSourceParameters,
};
use crate::kernel::Arn;
use crate::services::shared::constraint::Constraints;
use crate::services::shared::polling::{Filter, Settings, StartingPosition, StreamSettings};

const BATCH_SIZE: (i32, i32) = (1, 10_000);
const WINDOW_SECONDS: (i32, i32) = (0, 300);
const RETRIES: (i32, i32) = (-1, 10_000);
const AGE_SECONDS: (i32, i32) = (-1, 604_800);
const LANES: (i32, i32) = (1, 10);
const FILTERS: (usize, usize) = (0, 5);
const PATTERN_CHARACTERS: (usize, usize) = (0, 4096);
/// Batch sizes where none is given.
const BATCH_OF_QUEUE: usize = 10;
const BATCH_OF_STREAM: usize = 100;
/// Executions at the same time.
///
/// Source: user guide, "Amazon EventBridge Pipes quotas": 1,000 to 3,000, by region.
const CONCURRENCY: usize = 1_000;
const QUEUE: &str = "sourceParameters.sqsQueueParameters";
const STREAM: &str = "sourceParameters.dynamoDBStreamParameters";

/// The kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Queue,
    Stream,
    /// Kinesis, Amazon MQ, Kafka.
    Elsewhere,
}

impl Source {
    /// `None` for what can't be a source.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.starts_with("smk://") {
            return Some(Self::Elsewhere);
        }
        let arn: Arn = text.parse().ok()?;
        match &*arn.service {
            "sqs" => Some(Self::Queue),
            "dynamodb" if arn.resource.contains("/stream/") => Some(Self::Stream),
            "kinesis" | "mq" | "kafka" => Some(Self::Elsewhere),
            _ => None,
        }
    }
}

/// What the model says of the parameters.
pub(super) fn check(it: &mut Constraints, source: Source, parameters: &SourceParameters) {
    if let Some(queue) = &parameters.sqs_queue_parameters {
        it.range(&format!("{QUEUE}.batchSize"), queue.batch_size, BATCH_SIZE);
        let window = queue.maximum_batching_window_in_seconds;
        it.range(&format!("{QUEUE}.maximumBatchingWindowInSeconds"), window, WINDOW_SECONDS);
    }
    let stream = parameters.dynamo_db_stream_parameters.as_ref();
    if source == Source::Stream {
        it.required(STREAM, stream);
    }
    if let Some(stream) = stream {
        check_stream(it, stream);
    }
    let filters = parameters.filter_criteria.as_ref().and_then(|it| it.filters.as_ref());
    if let Some(filters) = filters {
        it.count("sourceParameters.filterCriteria.filters", " '[...]'", filters.len(), FILTERS);
        for (number, filter) in (1..).zip(filters.iter().take(FILTERS.1)) {
            let member = format!("sourceParameters.filterCriteria.filters.{number}.member.pattern");
            it.length(&member, filter.pattern.as_deref(), PATTERN_CHARACTERS);
        }
    }
}

fn check_stream(it: &mut Constraints, stream: &DynamoDBStreamParameters) {
    let member = |name: &str| format!("{STREAM}.{name}");
    it.required(&member("startingPosition"), stream.starting_position.as_ref());
    let positions = ["TRIM_HORIZON", "LATEST"];
    it.one_of(&member("startingPosition"), stream.starting_position.as_deref(), &positions);
    let partial = stream.on_partial_batch_item_failure.as_deref();
    it.one_of(&member("onPartialBatchItemFailure"), partial, &["AUTOMATIC_BISECT"]);
    for (name, value, range) in [
        ("batchSize", stream.batch_size, BATCH_SIZE),
        (
            "maximumBatchingWindowInSeconds",
            stream.maximum_batching_window_in_seconds,
            WINDOW_SECONDS,
        ),
        ("maximumRecordAgeInSeconds", stream.maximum_record_age_in_seconds, AGE_SECONDS),
        ("maximumRetryAttempts", stream.maximum_retry_attempts, RETRIES),
        ("parallelizationFactor", stream.parallelization_factor, LANES),
    ] {
        it.range(&member(name), value, range);
    }
}

/// Fills in what is not given; `batch_max` is the most that enrichment and target take.
pub(super) fn complete(source: Source, parameters: &mut SourceParameters, batch_max: usize) {
    let size = |usual: usize| i32::try_from(usual.min(batch_max)).ok();
    match source {
        Source::Queue => {
            let queue =
                parameters.sqs_queue_parameters.get_or_insert_with(SqsQueueParameters::default);
            queue.batch_size = queue.batch_size.or_else(|| size(BATCH_OF_QUEUE));
            queue.maximum_batching_window_in_seconds.get_or_insert(0);
        }
        Source::Stream => {
            let Some(stream) = &mut parameters.dynamo_db_stream_parameters else { return };
            stream.batch_size = stream.batch_size.or_else(|| size(BATCH_OF_STREAM));
            stream.maximum_batching_window_in_seconds.get_or_insert(0);
            stream.maximum_record_age_in_seconds.get_or_insert(-1);
            stream.maximum_retry_attempts.get_or_insert(-1);
            stream.parallelization_factor.get_or_insert(1);
        }
        Source::Elsewhere => {}
    }
}

/// The parameters with those that are to be changed; both have the same members.
pub(super) fn updated(old: &SourceParameters, new: &UpdateSourceParameters) -> SourceParameters {
    let (Ok(mut merged), Ok(Value::Object(new))) =
        (serde_json::to_value(old), serde_json::to_value(new))
    else {
        return old.clone();
    };
    for (kind, parameters) in new {
        match (&mut merged[&kind], parameters) {
            (Value::Object(known), Value::Object(changed)) if kind != "FilterCriteria" => {
                known.extend(changed);
            }
            (place, parameters) => *place = parameters,
        }
    }
    serde_json::from_value(merged).unwrap_or_else(|_| old.clone())
}

/// How the source is read; none for what is not here.
///
/// # Errors
/// `ValidationException`. Unverified: the texts.
pub(super) fn poller(
    text: &str,
    parameters: &SourceParameters,
    batch_max: usize,
) -> Result<Option<Settings>, PipesError> {
    let filters = filters(parameters)?;
    let (Some(source), Ok(arn)) = (Source::of(text), text.parse::<Arn>()) else { return Ok(None) };
    let seconds = |value: Option<i32>| u64::try_from(value.unwrap_or_default()).ok();
    let window = |value| Duration::from_secs(seconds(value).unwrap_or_default());
    let (batch_size, window, stream) = match source {
        Source::Elsewhere => return Ok(None),
        Source::Queue => {
            let queue = parameters.sqs_queue_parameters.clone().unwrap_or_default();
            (queue.batch_size, window(queue.maximum_batching_window_in_seconds), None)
        }
        Source::Stream => {
            let it = parameters.dynamo_db_stream_parameters.clone().unwrap_or_default();
            let window = window(it.maximum_batching_window_in_seconds);
            let age = it.maximum_record_age_in_seconds.filter(|age| *age >= 0);
            let stream = StreamSettings {
                from: match it.starting_position.as_deref() {
                    Some("LATEST") => StartingPosition::Latest,
                    _ => StartingPosition::TrimHorizon,
                },
                lanes: it.parallelization_factor.map_or(1, |lanes| lanes.unsigned_abs() as usize),
                bisects: it.on_partial_batch_item_failure.is_some(),
                retries_max: it.maximum_retry_attempts.and_then(|max| u32::try_from(max).ok()),
                age_max: age.and_then(|age| seconds(Some(age))).map(Duration::from_secs),
                tumbling: None,
            };
            (it.batch_size, window, Some(stream))
        }
    };
    let batch_size = batch_size.map_or(1, |size| size.unsigned_abs() as usize);
    if batch_size > batch_max {
        return Err(PipesError::Validation(format!(
            "The batch size of the source, {batch_size}, is larger than the enrichment and the \
             target support: {batch_max}."
        )));
    }
    Ok(Some(Settings {
        source: arn,
        batch_size,
        window,
        filters,
        concurrency: CONCURRENCY,
        stream,
    }))
}

fn filters(parameters: &SourceParameters) -> Result<Vec<Filter>, PipesError> {
    let criteria = parameters.filter_criteria.as_ref().and_then(|it| it.filters.as_deref());
    let mut filters = Vec::new();
    for filter in criteria.unwrap_or_default() {
        let text = filter.pattern.as_deref().unwrap_or_default();
        let filter = Filter::parse(text).map_err(|error| {
            PipesError::Validation(format!("Event pattern is not valid. Reason: {error}"))
        })?;
        filters.push(filter);
    }
    Ok(filters)
}
