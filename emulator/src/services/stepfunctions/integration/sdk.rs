//! The services as the SDKs name them, in tasks and in errors.
//!
//! Source: developer guide, "Learning to use AWS service SDK integrations"; names in errors
//! recorded on AWS.

/// A service of `aws-sdk:NAME:operation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SdkService {
    pub(super) name: &'static str,
    /// In ARNs, and here.
    pub(super) service: &'static str,
    /// What errors begin with.
    pub(super) prefix: &'static str,
    /// Its members begin with small letters on the wire; in tasks they never do.
    pub(super) camel: bool,
}

const fn row(
    name: &'static str,
    service: &'static str,
    prefix: &'static str,
    camel: bool,
) -> SdkService {
    SdkService { name, service, prefix, camel }
}

/// The services that are called otherwise here, or whose errors are.
const SERVICES: [SdkService; 11] = [
    row("cloudwatch", "cloudwatch", "CloudWatch", false),
    row("cloudwatchlogs", "logs", "CloudWatchLogs", true),
    row("dynamodb", "dynamodb", "DynamoDb", false),
    row("dynamodbstreams", "dynamodbstreams", "DynamoDbStreams", false),
    row("eventbridge", "events", "EventBridge", false),
    row("lambda", "lambda", "Lambda", false),
    row("scheduler", "scheduler", "Scheduler", false),
    row("sfn", "states", "Sfn", true),
    row("sns", "sns", "Sns", false),
    row("sqs", "sqs", "Sqs", false),
    row("sts", "sts", "Sts", false),
];

impl SdkService {
    /// The service that an SDK calls by that name.
    pub(super) fn of(name: &str) -> Option<Self> {
        SERVICES.into_iter().find(|row| row.name == name)
    }
}

/// A service of an optimised integration: its name in errors, and two of the first Java SDK's.
pub(super) struct Optimised {
    pub(super) prefix: &'static str,
    pub(super) client: &'static str,
    pub(super) generic: &'static str,
}

/// How the errors of an optimised integration are called.
pub(super) fn optimised(service: &str) -> Optimised {
    let (prefix, client, generic) = match service {
        "dynamodb" => ("DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"),
        "events" => ("EventBridge", "AmazonEventBridge", "AmazonEventBridgeException"),
        "lambda" => ("Lambda", "AWSLambda", "AWSLambdaException"),
        "sns" => ("SNS", "AmazonSNS", "AmazonSNSException"),
        "sqs" => ("SQS", "AmazonSQS", "AmazonSQSException"),
        "states" => ("StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"),
        _ => ("States", "AWS", "TaskFailed"),
    };
    Optimised { prefix, client, generic }
}

/// Errors that services have without saying so in their models: SDKs have no class for them.
const UNMODELLED: [&str; 12] = [
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "NotImplementedException",
    "SerializationException",
    "Throttling",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationError",
];

/// The class that an SDK has for an error; none if it has none of its own.
pub(super) fn class(service: &str, shape: &str) -> Option<String> {
    let of_dynamodb = shape == "ValidationException" && service == "dynamodb";
    if UNMODELLED.contains(&shape) || of_dynamodb {
        return None;
    }
    Some(match shape.ends_with("Exception") {
        true => shape.to_owned(),
        false => format!("{shape}Exception"),
    })
}
