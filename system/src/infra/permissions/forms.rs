//! What comes with a state machine that leads the saga, or with a function that notifies.

use serde_json::json;

use super::{Statement, allow, arn, queue, table};
use crate::config::Names;
use crate::role::Role;

/// Those of whoever makes, compares and removes the resources.
const OPERATE_MACHINES: [&str; 6] = [
    "states:CreateStateMachine",
    "states:DeleteStateMachine",
    "states:DescribeStateMachine",
    "states:ListTagsForResource",
    "states:TagResource",
    "states:UpdateStateMachine",
];
const OPERATE_FUNCTIONS: [&str; 7] = [
    "lambda:CreateFunction",
    "lambda:DeleteFunction",
    "lambda:GetFunctionConfiguration",
    "lambda:ListTags",
    "lambda:TagResource",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
];
const OPERATE_MAPPINGS: [&str; 3] = [
    "lambda:CreateEventSourceMapping",
    "lambda:DeleteEventSourceMapping",
    "lambda:UpdateEventSourceMapping",
];
const OPERATE_ROLES: [&str; 10] = [
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListRolePolicies",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
];

fn machine(names: &Names) -> String {
    arn("states", &format!("stateMachine:{}", names.machine()))
}

fn everything() -> [String; 1] {
    ["*".to_owned()]
}

/// To have done what the saga's coordinator asks for, and to tell it.
pub(super) fn of_participant(names: &Names, role: Role) -> Vec<Statement> {
    let keep = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Query"];
    let answer = ["states:SendTaskFailure", "states:SendTaskSuccess"];
    let mut all = vec![
        allow("MachinesAreThere", ["states:ListStateMachines"], everything()),
        allow("Tokens", keep, [table(&names.tokens_table())]),
        allow("Answer", answer, [machine(names)]),
    ];
    if role == Role::Orders {
        // The machine is found beside its queue.
        all.push(allow("WhereItIs", ["sqs:GetQueueAttributes"], [queue(&names.queue(role))]));
        all.push(allow("BeginSagas", ["states:StartExecution"], [machine(names)]));
    }
    all
}

/// To send participants what they have to do.
pub(super) fn of_machine(names: &Names) -> Vec<Statement> {
    let roles = Role::consumers().filter(|role| role.participant().is_some());
    let queues = roles.map(|role| names.intake(role).unwrap_or_else(|| names.queue(role)));
    vec![allow("Command", ["sqs:SendMessage"], queues.map(|name| queue(&name)))]
}

/// What a function writes besides what its role does; Lambda makes the group.
pub(super) fn log(names: &Names) -> Statement {
    let group = format!("log-group:/aws/lambda/{}", names.function());
    let write = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
    allow("Log", write, [group.clone(), format!("{group}:*")].map(|it| arn("logs", &it)))
}

pub(super) fn of_operator(names: &Names) -> Vec<Statement> {
    let iam =
        |name: String| format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}");
    let roles = || [names.machine(), names.function()].map(iam);
    let services = json!(["lambda.amazonaws.com", "states.amazonaws.com"]);
    let services = json!({"StringEquals": {"iam:PassedToService": services}});
    let functions = arn("lambda", &format!("function:{}", names.function()));
    vec![
        allow("Machines", OPERATE_MACHINES, [machine(names)]),
        allow("FindMachines", ["states:ListStateMachines"], everything()),
        allow("Functions", OPERATE_FUNCTIONS, [functions]),
        // AWS makes up their names.
        allow("Mappings", OPERATE_MAPPINGS, everything()),
        allow("FindMappings", ["lambda:ListEventSourceMappings"], everything()),
        allow("Roles", OPERATE_ROLES, roles()),
        Statement { condition: Some(services), ..allow("PassRoles", ["iam:PassRole"], roles()) },
    ]
}
