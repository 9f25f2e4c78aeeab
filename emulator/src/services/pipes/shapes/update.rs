//! What UpdatePipe can change of a source.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::common::{DeadLetterConfig, FilterCriteria};
use super::source::{
    BrokerCredentials, MskCredentials, SelfManagedKafkaCredentials, SelfManagedKafkaVpc,
};

/// What of a source can be changed.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateSourceParameters {
    #[serde(rename = "ActiveMQBrokerParameters")]
    pub active_mq_broker_parameters: Option<UpdateActiveMQBrokerParameters>,
    #[serde(rename = "DynamoDBStreamParameters")]
    pub dynamo_db_stream_parameters: Option<UpdateDynamoDBStreamParameters>,
    pub filter_criteria: Option<FilterCriteria>,
    pub kinesis_stream_parameters: Option<UpdateKinesisStreamParameters>,
    pub managed_streaming_kafka_parameters: Option<UpdateManagedStreamingKafkaParameters>,
    #[serde(rename = "RabbitMQBrokerParameters")]
    pub rabbit_mq_broker_parameters: Option<UpdateRabbitMQBrokerParameters>,
    pub self_managed_kafka_parameters: Option<UpdateSelfManagedKafkaParameters>,
    pub sqs_queue_parameters: Option<UpdateSqsQueueParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateActiveMQBrokerParameters {
    pub batch_size: Option<i32>,
    pub credentials: Option<BrokerCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateDynamoDBStreamParameters {
    pub batch_size: Option<i32>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub maximum_record_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
    pub on_partial_batch_item_failure: Option<String>,
    pub parallelization_factor: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateKinesisStreamParameters {
    pub batch_size: Option<i32>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub maximum_record_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
    pub on_partial_batch_item_failure: Option<String>,
    pub parallelization_factor: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateManagedStreamingKafkaParameters {
    pub batch_size: Option<i32>,
    pub credentials: Option<MskCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateRabbitMQBrokerParameters {
    pub batch_size: Option<i32>,
    pub credentials: Option<BrokerCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateSelfManagedKafkaParameters {
    pub batch_size: Option<i32>,
    pub credentials: Option<SelfManagedKafkaCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub server_root_ca_certificate: Option<String>,
    pub vpc: Option<SelfManagedKafkaVpc>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UpdateSqsQueueParameters {
    pub batch_size: Option<i32>,
    pub maximum_batching_window_in_seconds: Option<i32>,
}
