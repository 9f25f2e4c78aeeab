//! Parameters of targets.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::common::HttpParameters;
use super::elsewhere::{
    BatchJobParameters, EcsTaskParameters, RedshiftDataParameters, SageMakerPipelineParameters,
    TargetKinesisStreamParameters, TimestreamParameters,
};

/// What is set of the target, by its kind.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TargetParameters {
    pub batch_job_parameters: Option<BatchJobParameters>,
    pub cloud_watch_logs_parameters: Option<CloudWatchLogsParameters>,
    pub ecs_task_parameters: Option<EcsTaskParameters>,
    pub event_bridge_event_bus_parameters: Option<EventBridgeEventBusParameters>,
    pub http_parameters: Option<HttpParameters>,
    pub input_template: Option<String>,
    pub kinesis_stream_parameters: Option<TargetKinesisStreamParameters>,
    pub lambda_function_parameters: Option<LambdaFunctionParameters>,
    pub redshift_data_parameters: Option<RedshiftDataParameters>,
    pub sage_maker_pipeline_parameters: Option<SageMakerPipelineParameters>,
    pub sqs_queue_parameters: Option<TargetSqsQueueParameters>,
    pub step_function_state_machine_parameters: Option<StateMachineParameters>,
    pub timestream_parameters: Option<TimestreamParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CloudWatchLogsParameters {
    pub log_stream_name: Option<String>,
    pub timestamp: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EventBridgeEventBusParameters {
    pub detail_type: Option<String>,
    pub endpoint_id: Option<String>,
    pub resources: Option<Vec<String>>,
    pub source: Option<String>,
    pub time: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LambdaFunctionParameters {
    pub invocation_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TargetSqsQueueParameters {
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StateMachineParameters {
    pub invocation_type: Option<String>,
}
