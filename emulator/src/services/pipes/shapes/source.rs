//! Parameters of sources.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::common::{DeadLetterConfig, FilterCriteria};
use crate::wire::Timestamp;

/// What is set of the source, by its kind.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SourceParameters {
    #[serde(rename = "ActiveMQBrokerParameters")]
    pub active_mq_broker_parameters: Option<ActiveMQBrokerParameters>,
    #[serde(rename = "DynamoDBStreamParameters")]
    pub dynamo_db_stream_parameters: Option<DynamoDBStreamParameters>,
    pub filter_criteria: Option<FilterCriteria>,
    pub kinesis_stream_parameters: Option<KinesisStreamParameters>,
    pub managed_streaming_kafka_parameters: Option<ManagedStreamingKafkaParameters>,
    #[serde(rename = "RabbitMQBrokerParameters")]
    pub rabbit_mq_broker_parameters: Option<RabbitMQBrokerParameters>,
    pub self_managed_kafka_parameters: Option<SelfManagedKafkaParameters>,
    pub sqs_queue_parameters: Option<SqsQueueParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ActiveMQBrokerParameters {
    pub batch_size: Option<i32>,
    pub credentials: Option<BrokerCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub queue_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BrokerCredentials {
    pub basic_auth: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DynamoDBStreamParameters {
    pub batch_size: Option<i32>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub maximum_record_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
    pub on_partial_batch_item_failure: Option<String>,
    pub parallelization_factor: Option<i32>,
    pub starting_position: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KinesisStreamParameters {
    pub batch_size: Option<i32>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub maximum_record_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
    pub on_partial_batch_item_failure: Option<String>,
    pub parallelization_factor: Option<i32>,
    pub starting_position: Option<String>,
    pub starting_position_timestamp: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ManagedStreamingKafkaParameters {
    pub batch_size: Option<i32>,
    #[serde(rename = "ConsumerGroupID")]
    pub consumer_group_id: Option<String>,
    pub credentials: Option<MskCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub starting_position: Option<String>,
    pub topic_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MskCredentials {
    pub client_certificate_tls_auth: Option<String>,
    pub sasl_scram512_auth: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RabbitMQBrokerParameters {
    pub batch_size: Option<i32>,
    pub credentials: Option<BrokerCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub queue_name: Option<String>,
    pub virtual_host: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SelfManagedKafkaParameters {
    pub additional_bootstrap_servers: Option<Vec<String>>,
    pub batch_size: Option<i32>,
    #[serde(rename = "ConsumerGroupID")]
    pub consumer_group_id: Option<String>,
    pub credentials: Option<SelfManagedKafkaCredentials>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub server_root_ca_certificate: Option<String>,
    pub starting_position: Option<String>,
    pub topic_name: Option<String>,
    pub vpc: Option<SelfManagedKafkaVpc>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SelfManagedKafkaCredentials {
    pub basic_auth: Option<String>,
    pub client_certificate_tls_auth: Option<String>,
    pub sasl_scram256_auth: Option<String>,
    pub sasl_scram512_auth: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SelfManagedKafkaVpc {
    pub security_group: Option<Vec<String>>,
    pub subnets: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SqsQueueParameters {
    pub batch_size: Option<i32>,
    pub maximum_batching_window_in_seconds: Option<i32>,
}
