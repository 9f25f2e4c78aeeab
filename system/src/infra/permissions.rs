//! What each role may do at AWS, and no more, and what whoever makes the resources may do. The
//! policies of the template are made from it.

mod forms;

use serde_json::{Value, json};

use crate::adapters::order_table::INDEX_BY_CUSTOMER;
use crate::config::{Config, METRIC_NAMESPACE, Names};
use crate::failure::Dependency;
use crate::role::{Input, Role, Saga};

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    Role(Role),
    /// The state machine that leads orders through their saga.
    Machine,
    /// The Lambda function that notifies.
    Function,
    /// `orderflow infra`.
    Operator,
}

/// One statement of an IAM policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub sid: &'static str,
    pub allow: bool,
    pub actions: Vec<&'static str>,
    /// ARNs in which `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}` stand for what
    /// they say.
    pub resources: Vec<String>,
    pub condition: Option<Value>,
}

/// The actions of a queue's consumer.
const CONSUME: [&str; 4] =
    ["sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"];

/// Of the inbox, by a role that does at most once what it is told.
const TELL_ONCE: [&str; 2] = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"];

/// Those of whoever makes, compares and removes the resources.
const OPERATE_QUEUES: [&str; 8] = [
    "sqs:CreateQueue",
    "sqs:DeleteQueue",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ListQueueTags",
    "sqs:ListQueues",
    "sqs:SetQueueAttributes",
    "sqs:TagQueue",
];
const OPERATE_TOPICS: [&str; 11] = [
    "sns:CreateTopic",
    "sns:DeleteTopic",
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:ListTagsForResource",
    "sns:SetSubscriptionAttributes",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
    "sns:TagResource",
    "sns:Unsubscribe",
];
const OPERATE_EVENTS: [&str; 16] = [
    "events:CreateArchive",
    "events:CreateEventBus",
    "events:DeleteArchive",
    "events:DeleteEventBus",
    "events:DeleteRule",
    "events:DescribeArchive",
    "events:DescribeEventBus",
    "events:DescribeRule",
    "events:ListRules",
    "events:ListTagsForResource",
    "events:ListTargetsByRule",
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "events:TagResource",
    "events:UpdateArchive",
];
const OPERATE_TABLES: [&str; 8] = [
    "dynamodb:CreateTable",
    "dynamodb:DeleteTable",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:ListTagsOfResource",
    "dynamodb:TagResource",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateTable",
];

/// All that it does.
pub fn permissions(config: &Config, principal: Principal) -> Vec<Statement> {
    let Config { names, saga, .. } = config;
    match principal {
        Principal::Role(role) => of_role(names, *saga, role),
        Principal::Machine => forms::of_machine(names),
        Principal::Function => {
            let role = of_role(names, *saga, Role::Notifications);
            role.into_iter().chain([forms::log(names)]).collect()
        }
        Principal::Operator => of_operator(names),
    }
}

/// As IAM has it; `resource` makes of an ARN what stands in the policy.
pub fn policy_document(statements: &[Statement], resource: impl Fn(&str) -> Value) -> Value {
    let statement = |it: &Statement| {
        let resources: Vec<_> = it.resources.iter().map(|arn| resource(arn)).collect();
        let mut shown = json!({
            "Sid": it.sid,
            "Effect": if it.allow { "Allow" } else { "Deny" },
            "Action": it.actions,
            "Resource": resources,
        });
        if let Some(condition) = &it.condition {
            shown["Condition"] = condition.clone();
        }
        shown
    };
    let statements: Vec<_> = statements.iter().map(statement).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn arn(service: &str, resource: &str) -> String {
    format!("arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")
}

fn queue(name: &str) -> String {
    arn("sqs", name)
}

fn table(name: &str) -> String {
    arn("dynamodb", &format!("table/{name}"))
}

fn bus(names: &Names) -> String {
    arn("events", &format!("event-bus/{}", names.bus()))
}

fn allow<const N: usize>(
    sid: &'static str,
    actions: [&'static str; N],
    resources: impl IntoIterator<Item = String>,
) -> Statement {
    let resources = resources.into_iter().collect();
    Statement { sid, allow: true, actions: actions.to_vec(), resources, condition: None }
}

fn of_role(names: &Names, saga: Saga, role: Role) -> Vec<Statement> {
    let everything = || ["*".to_owned()];
    // CloudWatch knows no resources here, but namespaces.
    let figures = allow("Figures", ["cloudwatch:PutMetricData"], everything());
    let namespace = json!({"StringEquals": {"cloudwatch:namespace": METRIC_NAMESPACE}});
    let mut all = vec![Statement { condition: Some(namespace), ..figures }];
    all.extend(health(names, role));
    if matches!(role.input(), Input::Queue(_)) {
        let (own, letters) = (names.queue(role), names.dead_letter_queue(role));
        let intake = names.intake(role);
        if intake.is_some() {
            all.push(allow("InOrder", ["sqs:SendMessage"], [queue(&own)]));
        }
        let read = [own].into_iter().chain(intake);
        all.push(allow("Consume", CONSUME, read.map(|name| queue(&name))));
        all.push(allow("Bury", ["sqs:GetQueueUrl", "sqs:SendMessage"], [queue(&letters)]));
        let notes = table(&names.failures_table());
        all.push(allow("Failures", ["dynamodb:UpdateItem"], [notes]));
    }
    if !role.sources().is_empty() {
        all.extend(recording(names));
    }
    all.extend(own(names, role));
    if saga == Saga::StepFunctions && role.participant().is_some() {
        all.extend(forms::of_participant(names, role));
    }
    all
}

/// What `/health` and the breakers ask of whatever the role needs.
fn health(names: &Names, role: Role) -> Vec<Statement> {
    let mut all = Vec::new();
    let needs = role.dependencies();
    if needs.contains(&Dependency::DynamoDb) {
        let store = table(&names.events_table());
        all.push(allow("TablesAreThere", ["dynamodb:DescribeTable"], [store]));
    }
    if needs.contains(&Dependency::Sqs) || matches!(role.input(), Input::Queue(_)) {
        all.push(allow("QueuesAreThere", ["sqs:GetQueueUrl"], [queue(&names.alerts())]));
    }
    if needs.contains(&Dependency::Sns) {
        all.push(allow("TopicsAreThere", ["sns:ListTopics"], ["*".to_owned()]));
    }
    if !role.sources().is_empty() {
        all.push(allow("BusIsThere", ["events:DescribeEventBus"], [bus(names)]));
    }
    all
}

/// Histories, and their way to the bus.
fn recording(names: &Names) -> Vec<Statement> {
    let [store, outbox, inbox] =
        [names.events_table(), names.outbox_table(), names.inbox_table()].map(|it| table(&it));
    let history = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"];
    let relay =
        ["dynamodb:PutItem", "dynamodb:Query", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"];
    vec![
        allow("Histories", history, [store]),
        allow("Outbox", relay, [outbox]),
        allow("Inbox", ["dynamodb:GetItem", "dynamodb:PutItem"], [inbox]),
        allow("Publish", ["events:PutEvents"], [bus(names)]),
    ]
}

/// What one role does and no other, or some.
fn own(names: &Names, role: Role) -> Vec<Statement> {
    let gateway = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];
    match role {
        Role::Api => of_api(names),
        Role::Orders | Role::Fulfilment => {
            let own = names.intake(role).unwrap_or_else(|| names.queue(role));
            vec![allow("Timers", ["sqs:SendMessage"], [queue(&own)])]
        }
        Role::Inventory => Vec::new(),
        Role::Payments => vec![allow("Gateway", gateway, [table(&names.gateway_table())])],
        Role::Notifications => vec![
            allow("Histories", ["dynamodb:Query"], [table(&names.events_table())]),
            allow("Inbox", TELL_ONCE, [table(&names.inbox_table())]),
            // Its topic is found beside its queue.
            allow("WhereItIs", ["sqs:GetQueueAttributes"], [queue(&names.queue(role))]),
            allow("Tell", ["sns:Publish"], [arn("sns", &names.topic())]),
        ],
        Role::Projector => {
            let keep = ["dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:UpdateItem"];
            vec![allow("ReadSide", keep, [table(&names.orders_table())])]
        }
        Role::Audit => {
            let keep = ["dynamodb:PartiQLInsert"];
            vec![allow("Trail", keep, [table(&names.audit_table())])]
        }
        Role::Carrier => {
            let replies = queue(&format!("{}*", names.reply_queue_prefix()));
            vec![allow("Reply", ["sqs:SendMessage"], [replies])]
        }
        Role::Bridge => Vec::new(),
        Role::Analytics => {
            let figures =
                ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"];
            let find = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"];
            vec![
                allow("Analytics", figures, [table(&names.analytics_table())]),
                // The topic of alerts is found beside the queue of that name.
                allow("WhereItIs", find, [queue(&names.alerts())]),
                allow("Tell", ["sns:Publish"], [arn("sns", &names.alerts())]),
            ]
        }
    }
}

fn of_api(names: &Names) -> Vec<Statement> {
    let (orders, index) = (names.orders_table(), INDEX_BY_CUSTOMER);
    let shown = [
        table(&orders),
        table(&format!("{orders}/index/{index}")),
        table(&names.audit_table()),
        table(&names.analytics_table()),
    ];
    let replies = queue(&format!("{}*", names.reply_queue_prefix()));
    let subscribers = [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ListQueueTags",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
    ];
    let listen = [
        "sns:GetSubscriptionAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:SetSubscriptionAttributes",
        "sns:Subscribe",
        "sns:Unsubscribe",
    ];
    // A subscriber has the name that he likes, so what is not his is named.
    let of_roles = Role::consumers()
        .flat_map(|role| {
            let both = [names.queue(role), names.dead_letter_queue(role)];
            both.into_iter().chain(names.intake(role))
        })
        .chain([names.staff_review_queue(), names.alerts()]);
    let kept = allow(
        "NotOfOthers",
        ["sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue"],
        of_roles.map(|name| queue(&name)),
    );
    let gateway = ["dynamodb:GetItem", "dynamodb:PutItem"];
    vec![
        allow("Show", ["dynamodb:GetItem", "dynamodb:Query"], shown),
        allow("Gateway", gateway, [table(&names.gateway_table())]),
        allow(
            "AskForQuotes",
            ["sqs:GetQueueUrl", "sqs:SendMessage"],
            [queue(&names.queue(Role::Carrier))],
        ),
        allow("Replies", ["sqs:DeleteMessage", "sqs:ReceiveMessage"], [replies]),
        allow("Subscribers", subscribers, [queue(&format!("{}-*", names.prefix()))]),
        Statement { allow: false, ..kept },
        allow("Subscriptions", listen, [arn("sns", &names.topic())]),
        allow("FindTopic", ["sns:ListTopics"], ["*".to_owned()]),
    ]
}

fn of_operator(names: &Names) -> Vec<Statement> {
    let (own, bus_name) = (format!("{}-*", names.prefix()), names.bus());
    let global = |resource: String| {
        format!("arn:${{AWS::Partition}}:cloudwatch::${{AWS::AccountId}}:{resource}")
    };
    let of_events = [
        format!("event-bus/{bus_name}"),
        format!("rule/{bus_name}/*"),
        format!("archive/{}", names.archive()),
    ];
    let alarms = [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:PutCompositeAlarm",
        "cloudwatch:TagResource",
    ];
    let dashboards =
        ["cloudwatch:DeleteDashboards", "cloudwatch:GetDashboard", "cloudwatch:PutDashboard"];
    vec![
        allow("Queues", OPERATE_QUEUES, [queue(&own)]),
        allow("Topics", OPERATE_TOPICS, [arn("sns", &own)]),
        allow("FindTopics", ["sns:ListTopics"], ["*".to_owned()]),
        allow("Events", OPERATE_EVENTS, of_events.map(|it| arn("events", &it))),
        allow("Tables", OPERATE_TABLES, [table(&own)]),
        allow("Alarms", alarms, [arn("cloudwatch", &format!("alarm:{own}"))]),
        allow("Dashboards", dashboards, [global(format!("dashboard/{}", names.dashboard()))]),
    ]
    .into_iter()
    .chain(forms::of_operator(names))
    .collect()
}
