//! Whether a service of AWS answers: one cheap question about what this system has there, asked
//! once.

use aws_smithy_types::retry::RetryConfig;

use super::aws::Aws;
use crate::config::Names;
use crate::failure::{Dependency, Failure};

/// Asks SQS for a queue of the system, `Ok` when it is there.
pub async fn sqs(aws: &Aws, names: &Names) -> Result<(), Failure> {
    // That of alerts is there whatever the roles are.
    let once = aws_sdk_sqs::Config::builder().retry_config(RetryConfig::disabled());
    let asked = aws.sqs().get_queue_url().queue_name(names.alerts());
    let answer = asked.customize().config_override(once).send().await;
    answer.map(drop).map_err(|error| Failure::of_call(Dependency::Sqs, "GetQueueUrl", &error))
}

/// Asks SNS for its topics.
pub async fn sns(aws: &Aws) -> Result<(), Failure> {
    let once = aws_sdk_sns::Config::builder().retry_config(RetryConfig::disabled());
    let answer = aws.sns().list_topics().customize().config_override(once).send().await;
    answer.map(drop).map_err(|error| Failure::of_call(Dependency::Sns, "ListTopics", &error))
}

/// Asks EventBridge for the system's bus, `Ok` when it is there.
pub async fn eventbridge(aws: &Aws, names: &Names) -> Result<(), Failure> {
    let once = aws_sdk_eventbridge::Config::builder().retry_config(RetryConfig::disabled());
    let asked = aws.eventbridge().describe_event_bus().name(names.bus());
    let answer = asked.customize().config_override(once).send().await;
    answer
        .map(drop)
        .map_err(|error| Failure::of_call(Dependency::EventBridge, "DescribeEventBus", &error))
}

/// Asks DynamoDB for the event store's table, `Ok` when it is there.
pub async fn dynamodb(aws: &Aws, names: &Names) -> Result<(), Failure> {
    let once = aws_sdk_dynamodb::Config::builder().retry_config(RetryConfig::disabled());
    let asked = aws.dynamodb().describe_table().table_name(names.events_table());
    let answer = asked.customize().config_override(once).send().await;
    answer
        .map(drop)
        .map_err(|error| Failure::of_call(Dependency::DynamoDb, "DescribeTable", &error))
}

/// Asks Step Functions for one state machine.
pub async fn stepfunctions(aws: &Aws) -> Result<(), Failure> {
    let once = aws_sdk_sfn::Config::builder().retry_config(RetryConfig::disabled());
    let asked = aws.stepfunctions().list_state_machines().max_results(1);
    let answer = asked.customize().config_override(once).send().await;
    answer
        .map(drop)
        .map_err(|error| Failure::of_call(Dependency::StepFunctions, "ListStateMachines", &error))
}

/// Asks CloudWatch for one alarm.
pub async fn cloudwatch(aws: &Aws) -> Result<(), Failure> {
    let once = aws_sdk_cloudwatch::Config::builder().retry_config(RetryConfig::disabled());
    let asked = aws.cloudwatch().describe_alarms().max_records(1);
    let answer = asked.customize().config_override(once).send().await;
    answer
        .map(drop)
        .map_err(|error| Failure::of_call(Dependency::CloudWatch, "DescribeAlarms", &error))
}
