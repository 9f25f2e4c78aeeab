//! Every service's error table against the exceptions of AWS's models.

use std::collections::BTreeMap;

use skyrig::registry;
use skyrig::services::{
    cloudwatch, dynamodb, eventbridge, iam, lambda, logs, pipes, scheduler, sns, sqs,
    stepfunctions, sts,
};
use skyrig::wire::{Fault, WireError};

use crate::model::Model;
use crate::repository;

/// The error tables: service, its folder, and the rows.
const TABLES: &[(&str, &str, ErrorRows)] = &[
    ("cloudwatch", "cloudwatch", cloudwatch::error_rows),
    ("dynamodb", "dynamodb", dynamodb::error_rows),
    ("dynamodbstreams", "dynamodb/streams", dynamodb::streams::error_rows),
    ("events", "eventbridge", eventbridge::error_rows),
    ("iam", "iam", iam::error_rows),
    ("lambda", "lambda", lambda::error_rows),
    ("logs", "logs", logs::error_rows),
    ("pipes", "pipes", pipes::error_rows),
    ("scheduler", "scheduler", scheduler::error_rows),
    ("sns", "sns", sns::error_rows),
    ("sqs", "sqs", sqs::error_rows),
    ("states", "stepfunctions", stepfunctions::error_rows),
    ("sts", "sts", sts::error_rows),
];

type ErrorRows = fn() -> Vec<WireError>;

/// SQS's model has no error traits; these come from the model that AWS publishes in Smithy
/// (api-models-aws, sqs-2012-11-05 of 2025): shape, query code, status.
const SQS: &[(&str, &str, u16)] = &[
    ("BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400),
    ("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", 400),
    ("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", 400),
    ("InvalidAddress", "InvalidAddress", 404),
    ("InvalidAttributeName", "InvalidAttributeName", 400),
    ("InvalidAttributeValue", "InvalidAttributeValue", 400),
    ("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", 400),
    ("InvalidIdFormat", "InvalidIdFormat", 400),
    ("InvalidMessageContents", "InvalidMessageContents", 400),
    ("InvalidSecurity", "InvalidSecurity", 403),
    ("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", 400),
    ("OverLimit", "OverLimit", 403),
    ("PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
    ("QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently", 400),
    ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400),
    ("QueueNameExists", "QueueAlreadyExists", 400),
    ("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 404),
    ("RequestThrottled", "RequestThrottled", 403),
    ("ResourceNotFoundException", "ResourceNotFoundException", 404),
    ("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400),
    ("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", 400),
];

/// Where AWS's answers differ from its models, which are then not to be believed: service, shape,
/// query code, status.
const RECORDED: &[(&str, &str, &str, u16)] = &[
    ("sns", "ValidationError", "ValidationError", 400),
    // Developer Guide, "Error handling with DynamoDB".
    ("dynamodb", "AccessDeniedException", "AccessDenied", 400),
];

/// Errors that AWS's front ends answer for every service; no model has them.
const OF_THE_FRAMEWORK: &[(&str, &str, u16)] = &[
    ("AccessDeniedException", "AccessDenied", 403),
    ("InvalidParameterValueException", "InvalidParameterValue", 400),
    ("MissingRequiredParameterException", "MissingParameter", 400),
    ("ValidationException", "ValidationError", 400),
];

/// The emulator's own refusal, in strict mode, of what AWS would take.
const OF_STRICT_MODE: &[(&str, &str, u16)] = &[("NotImplementedException", "NotImplemented", 400)];

/// What the wire says of an error: query code where the service has such codes, status, fault.
type Row = (Option<String>, u16, Fault);

#[test]
fn every_error_row_is_that_of_the_model() {
    let mut found = Vec::new();
    for service in registry().services() {
        let Some((_, _, rows)) = TABLES.iter().find(|table| table.0 == service.name) else {
            panic!("{}: show its error rows to this test (TABLES)", service.name);
        };
        found.extend(differences(service.name, &known(service.name), &rows()));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_variant_has_a_sample() {
    for (service, folder, _) in TABLES {
        let source = repository::read(&format!("emulator/src/services/{folder}/error.rs"));
        let unsampled = unsampled(&source);
        assert!(unsampled.is_empty(), "{service}: error_rows lacks {unsampled:?}");
    }
}

#[test]
fn a_wrong_row_is_found() {
    let wrong = [
        WireError::sender("QueueDoesNotExist", ""),
        WireError::sender("OverLimit", "").status(400),
        WireError::sender("NoSuchShape", ""),
        WireError::sender("InvalidAddress", "").status(404),
    ];
    let found = differences("sqs", &known("sqs"), &wrong);
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn a_variant_without_sample_is_found() {
    let source = "pub enum XError {\n    /// One.\n    #[error(\"a\")]\n    One,\n    Two(u8),\n}\n\
                  pub fn error_rows() -> Vec<WireError> {\n    [XError::One]\n}\n";
    assert_eq!(unsampled(source), ["Two"]);
}

/// The errors that a service may answer.
fn known(service: &str) -> BTreeMap<String, Row> {
    let model = Model::of(service);
    let metadata = &model.metadata;
    let has_codes = metadata.aws_query_compatible.is_some()
        || metadata.protocols.iter().any(|it| it == "query");
    let row = |code: &str, status, fault| (has_codes.then(|| code.to_owned()), status, fault);
    let mut known = BTreeMap::new();
    let tables = [OF_THE_FRAMEWORK, OF_STRICT_MODE].into_iter().flatten();
    for &(shape, code, status) in tables {
        known.insert(shape.to_owned(), row(code, status, Fault::Sender));
    }
    for (name, shape) in model.shapes.iter().filter(|(_, shape)| shape.exception) {
        // A model of JSON alone has no traits; then the shape's name is all there is.
        let fallback = row(name, 400, Fault::Sender);
        let row = shape.error.as_ref().map_or(fallback, |error| {
            let fault = if error.sender_fault { Fault::Sender } else { Fault::Receiver };
            let code = error.code.as_ref().unwrap_or(name);
            row(code, error.http_status_code.unwrap_or(400), fault)
        });
        known.insert(name.clone(), row);
    }
    let of_smithy = SQS.iter().filter(|_| service == "sqs").copied();
    let recorded = RECORDED.iter().filter(|row| row.0 == service);
    for (shape, code, status) in of_smithy.chain(recorded.map(|row| (row.1, row.2, row.3))) {
        known.insert(shape.to_owned(), row(code, status, Fault::Sender));
    }
    known
}

fn differences(service: &str, known: &BTreeMap<String, Row>, rows: &[WireError]) -> Vec<String> {
    let mut found = Vec::new();
    for error in rows {
        let Some(wanted) = known.get(&*error.shape) else {
            found.push(format!("{service}: AWS has no error {}", error.shape));
            continue;
        };
        let code = wanted.0.as_ref().map(|_| error.query_code.to_string());
        let row = (code, error.status, error.fault);
        if row != *wanted {
            found.push(format!("{service} {}: {row:?} is {wanted:?}", error.shape));
        }
    }
    found
}

/// The variants of the error enum in `source` that its function `error_rows` does not name.
fn unsampled(source: &str) -> Vec<String> {
    let body = |head: &str| {
        let rest = &source[source.find(head).unwrap_or_else(|| panic!("no {head}"))..];
        rest[..rest.find("\n}").expect("it ends")].to_owned()
    };
    let samples = body("fn error_rows()");
    let variants = body("pub enum ");
    let variants = variants.lines().filter_map(|line| {
        let line = line.strip_prefix("    ")?;
        line.starts_with(|first: char| first.is_ascii_uppercase())
            .then(|| line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(line))
    });
    let named = |variant: &str| {
        let mut words = samples.split(|c: char| !c.is_alphanumeric());
        words.any(|word| word == variant)
    };
    let unnamed = variants.filter(|variant| !named(variant));
    unnamed.map(str::to_owned).collect()
}
