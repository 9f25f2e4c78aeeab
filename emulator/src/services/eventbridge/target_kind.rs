//! What a target's ARN says about it.

use super::target_parameters::Target;
use crate::kernel::Arn;

/// The kinds of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TargetKind {
    /// A queue, a topic, a bus, a log group, a function or a state machine.
    Message,
    ApiDestination,
    /// A resource of a service that is not here.
    // Differs from AWS: targets of services that are not here (Kinesis, ECS and the rest) are
    // stored, and each event for them is given up at once, with the reason.
    Elsewhere,
}

/// The other services whose resources may be targets, and whether AWS wants a role for them.
///
/// Source: user guide "Amazon EventBridge targets"; the role by its "Permissions" page and AWS's
/// refusals that users report.
const ELSEWHERE: [(&str, bool); 17] = [
    ("appsync", true),
    ("automation", false),
    ("batch", true),
    ("codebuild", true),
    ("codepipeline", true),
    ("ec2", false),
    ("ecs", true),
    ("execute-api", false),
    ("firehose", true),
    ("inspector", true),
    ("kinesis", true),
    ("redshift", true),
    ("redshift-serverless", true),
    ("sagemaker", true),
    ("ssm", true),
    ("ssm-incidents", true),
    ("swf", true),
];

impl TargetKind {
    /// `None` for what can't be a target.
    pub(super) fn of(arn: &Arn) -> Option<Self> {
        match &*arn.service {
            "sqs" | "sns" => Some(Self::Message),
            "lambda" => arn.resource.starts_with("function:").then_some(Self::Message),
            "states" => arn.resource.starts_with("stateMachine:").then_some(Self::Message),
            "logs" => arn.resource.starts_with("log-group:").then_some(Self::Message),
            "events" if is_api_destination(arn) => Some(Self::ApiDestination),
            "events" => arn.resource.starts_with("event-bus/").then_some(Self::Message),
            service => {
                let is_known = ELSEWHERE.iter().any(|(name, _)| *name == service);
                is_known.then_some(Self::Elsewhere)
            }
        }
    }

    /// The members that are set and change nothing here.
    // Differs from AWS: the role of a target is not looked at: IAM's policies decide nothing here,
    // so everything is allowed that no resource policy denies.
    pub(super) fn without_effect(self, target: &Target) -> Vec<&'static str> {
        let is_http = self == Self::ApiDestination;
        let members = [
            ("AppSyncParameters", target.app_sync_parameters.is_some()),
            ("BatchParameters", target.batch_parameters.is_some()),
            ("EcsParameters", target.ecs_parameters.is_some()),
            ("HttpParameters", target.http_parameters.is_some() && !is_http),
            ("KinesisParameters", target.kinesis_parameters.is_some()),
            ("RedshiftDataParameters", target.redshift_data_parameters.is_some()),
            ("RoleArn", target.role_arn.is_some() && !is_http),
            ("RunCommandParameters", target.run_command_parameters.is_some()),
            ("SageMakerPipelineParameters", target.sage_maker_pipeline_parameters.is_some()),
        ];
        members.into_iter().filter(|(_, given)| *given).map(|(member, _)| member).collect()
    }
}

/// Whether AWS refuses the target without a role.
pub(super) fn needs_role(arn: &Arn) -> bool {
    let is_machine = &*arn.service == "states";
    is_machine
        || is_api_destination(arn)
        || ELSEWHERE.iter().any(|(name, role)| *role && *name == &*arn.service)
}

/// Whether this is the ARN of an API destination.
pub(super) fn is_api_destination(arn: &Arn) -> bool {
    &*arn.service == "events" && arn.resource.starts_with("api-destination/")
}
