//! The optimised service integrations: which actions there are, and what each can wait for.
//!
//! Source: AWS, "Integrating services with Step Functions".

/// Every action; `S` after it, if it can be run as a job (`.sync`), `T`, if it can wait for its
/// token.
const ACTIONS: &[(&str, &[(&str, &str)])] = &[
    ("apigateway", &[("invoke", "T")]),
    (
        "athena",
        &[
            ("startQueryExecution", "S"),
            ("stopQueryExecution", ""),
            ("getQueryExecution", ""),
            ("getQueryResults", ""),
        ],
    ),
    ("batch", &[("submitJob", "S")]),
    ("bedrock", &[("invokeModel", ""), ("createModelCustomizationJob", "S")]),
    (
        "codebuild",
        &[
            ("startBuild", "S"),
            ("stopBuild", ""),
            ("batchDeleteBuilds", ""),
            ("batchGetReports", ""),
            ("startBuildBatch", "S"),
            ("stopBuildBatch", ""),
            ("retryBuildBatch", "S"),
            ("deleteBuildBatch", ""),
        ],
    ),
    ("databrew", &[("startJobRun", "S")]),
    ("dynamodb", &[("getItem", ""), ("putItem", ""), ("deleteItem", ""), ("updateItem", "")]),
    ("ecs", &[("runTask", "ST")]),
    (
        "eks",
        &[
            ("createCluster", "S"),
            ("deleteCluster", "S"),
            ("createNodegroup", "S"),
            ("deleteNodegroup", "S"),
            ("createFargateProfile", "S"),
            ("deleteFargateProfile", "S"),
            ("call", ""),
            ("runJob", "S"),
        ],
    ),
    (
        "elasticmapreduce",
        &[
            ("createCluster", "S"),
            ("terminateCluster", "S"),
            ("addStep", "S"),
            ("cancelStep", ""),
            ("setClusterTerminationProtection", ""),
            ("modifyInstanceFleetByName", ""),
            ("modifyInstanceGroupByName", ""),
        ],
    ),
    (
        "emr-containers",
        &[("createVirtualCluster", ""), ("deleteVirtualCluster", "S"), ("startJobRun", "S")],
    ),
    (
        "emr-serverless",
        &[
            ("createApplication", "S"),
            ("startApplication", "S"),
            ("stopApplication", "S"),
            ("deleteApplication", "S"),
            ("startJobRun", "S"),
            ("cancelJobRun", "S"),
        ],
    ),
    ("events", &[("putEvents", "T")]),
    ("glue", &[("startJobRun", "S")]),
    ("http", &[("invoke", "")]),
    ("lambda", &[("invoke", "T")]),
    ("mediaconvert", &[("createJob", "S")]),
    (
        "sagemaker",
        &[
            ("createEndpoint", ""),
            ("createEndpointConfig", ""),
            ("createHyperParameterTuningJob", "S"),
            ("createLabelingJob", "S"),
            ("createModel", ""),
            ("createProcessingJob", "S"),
            ("createTrainingJob", "S"),
            ("createTransformJob", "S"),
            ("updateEndpoint", ""),
        ],
    ),
    ("sns", &[("publish", "T")]),
    ("sqs", &[("sendMessage", "T")]),
    ("states", &[("startExecution", "ST")]),
];

/// Whether there is such an integration. Which operations the SDK integrations have, the service
/// knows.
pub(super) fn exists(service: &str, action: &str) -> bool {
    let (name, pattern) = action.split_once('.').unwrap_or((action, ""));
    if service.starts_with("aws-sdk:") {
        return matches!(pattern, "" | "waitForTaskToken");
    }
    let row = ACTIONS.iter().find(|row| row.0 == service);
    let waits = row.and_then(|row| row.1.iter().find(|it| it.0 == name)).map(|it| it.1);
    waits.is_some_and(|waits| match pattern {
        "" => true,
        "sync" => waits.contains('S'),
        "sync:2" => service == "states",
        _ => waits.contains('T'),
    })
}
