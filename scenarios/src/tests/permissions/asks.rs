//! What IAM would be asked about a request of the system.

use crate::asked::{inflated, tree};
use serde_json::Value;

/// An action of IAM and the ARN that it is about.
pub(super) type Ask = (String, String);

pub(super) fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:us-east-1:000000000000:{resource}")
}

/// What IAM would be asked about a request.
pub(super) fn asks(method: &str, target: &str, uri: &str, body: &[u8]) -> Vec<Ask> {
    let json = || serde_json::from_slice(body).expect("JSON");
    let (service, operation) = target.split_once('.').unwrap_or_default();
    match service {
        "AmazonSQS" => of_sqs(operation, &json()),
        "AWSEvents" => of_events(operation, &json()),
        "DynamoDB_20120810" => of_dynamodb(operation, &json()),
        "AWSStepFunctions" => of_step_functions(operation, &json()),
        _ if uri.contains("/2015-03-31/") || uri.contains("/2017-03-31/") => {
            of_lambda(method, uri, body)
        }
        _ => match uri.rsplit_once("/operation/") {
            Some((_, operation)) => {
                let body = inflated(body);
                let body = skyrig::wire::cbor::from_slice(&body).expect("CBOR");
                of_cloudwatch(operation, &body)
            }
            None => {
                let form = Value::Object(tree(body));
                if text(&form["Version"]) == "2010-05-08" { of_iam(&form) } else { of_sns(&form) }
            }
        },
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn of_sqs(operation: &str, request: &Value) -> Vec<Ask> {
    // A batch is its entries.
    let action = match operation.strip_suffix("Batch").unwrap_or(operation) {
        "ListQueues" => return vec![("sqs:ListQueues".into(), arn("sqs", &prefix(request)))],
        action => format!("sqs:{action}"),
    };
    let queue = match &request["QueueName"] {
        Value::String(name) => name,
        _ => text(&request["QueueUrl"]).rsplit('/').next().unwrap_or_default(),
    };
    let mut asks = vec![(action, arn("sqs", queue))];
    if request["tags"].is_object() {
        asks.push(("sqs:TagQueue".into(), arn("sqs", queue)));
    }
    asks
}

fn prefix(request: &Value) -> String {
    format!("{}x", text(&request["QueueNamePrefix"]))
}

fn of_events(operation: &str, request: &Value) -> Vec<Ask> {
    let bus = |name: &Value| arn("events", &format!("event-bus/{}", text(name)));
    let of = |name: &str| &request[name];
    let resource = match operation {
        "PutEvents" => {
            let entries = of("Entries").as_array().into_iter().flatten();
            let each = entries.map(|it| ("events:PutEvents".into(), bus(&it["EventBusName"])));
            return each.collect();
        }
        "CreateEventBus" | "DeleteEventBus" | "DescribeEventBus" => bus(of("Name")),
        "CreateArchive" | "DeleteArchive" | "DescribeArchive" | "UpdateArchive" => {
            arn("events", &format!("archive/{}", text(of("ArchiveName"))))
        }
        "TagResource" | "ListTagsForResource" => text(of("ResourceARN")).to_owned(),
        "ListRules" => arn("events", &format!("rule/{}/x", text(of("EventBusName")))),
        _ => {
            let rule = if of("Rule").is_null() { of("Name") } else { of("Rule") };
            arn("events", &format!("rule/{}/{}", text(of("EventBusName")), text(rule)))
        }
    };
    let mut asks = vec![(format!("events:{operation}"), resource.clone())];
    if of("Tags").is_array() {
        asks.push(("events:TagResource".into(), resource));
    }
    asks
}

fn of_dynamodb(operation: &str, request: &Value) -> Vec<Ask> {
    let table = |name: &Value| arn("dynamodb", &format!("table/{}", text(name)));
    if operation == "TransactWriteItems" {
        let items = request["TransactItems"].as_array().into_iter().flatten();
        let parts = items.flat_map(|item| item.as_object().into_iter().flatten());
        let asks = parts.map(|(kind, part)| {
            let action = match kind.as_str() {
                "ConditionCheck" => "dynamodb:ConditionCheckItem".to_owned(),
                kind => format!("dynamodb:{kind}Item"),
            };
            (action, table(&part["TableName"]))
        });
        return asks.collect();
    }
    if let "BatchGetItem" | "BatchWriteItem" = operation {
        let tables = request["RequestItems"].as_object().into_iter().flatten();
        let own = |(name, _): (&String, _)| arn("dynamodb", &format!("table/{name}"));
        return tables.map(|it| (format!("dynamodb:{operation}"), own(it))).collect();
    }
    if operation == "BatchExecuteStatement" {
        let statements = request["Statements"].as_array().into_iter().flatten();
        return statements.map(|it| of_statement(text(&it["Statement"]))).collect();
    }
    assert!(!operation.starts_with("Batch") && !operation.contains("Transact"), "{operation}");
    let arn = match (&request["ResourceArn"], &request["IndexName"]) {
        (Value::String(arn), _) => arn.clone(),
        (_, Value::String(index)) => format!("{}/index/{index}", table(&request["TableName"])),
        _ => table(&request["TableName"]),
    };
    let mut asks = vec![(format!("dynamodb:{operation}"), arn.clone())];
    if operation == "CreateTable" && request["Tags"].is_array() {
        asks.push(("dynamodb:TagResource".into(), arn));
    }
    asks
}

/// Of PartiQL.
fn of_statement(statement: &str) -> Ask {
    let action = match statement.split(' ').next() {
        Some("INSERT") => "dynamodb:PartiQLInsert",
        Some("UPDATE") => "dynamodb:PartiQLUpdate",
        other => panic!("a statement that this test does not know: {other:?}"),
    };
    let table = statement.split('"').nth(1).expect("a table's name in quotes");
    (action.to_owned(), arn("dynamodb", &format!("table/{table}")))
}

fn of_sns(form: &Value) -> Vec<Ask> {
    let operation = match text(&form["Action"]) {
        "PublishBatch" => "Publish",
        operation => operation,
    };
    let topic = |arn: &str| arn.split(':').take(6).collect::<Vec<_>>().join(":");
    let arns = ["TopicArn", "SubscriptionArn", "ResourceArn"].map(|name| text(&form[name]));
    let resource = match arns.iter().find(|it| !it.is_empty()) {
        Some(found) => topic(found),
        None if operation == "ListTopics" => "*".to_owned(),
        None => arn("sns", text(&form["Name"])),
    };
    let mut asks = vec![(format!("sns:{operation}"), resource.clone())];
    if operation == "CreateTopic" && form.get("Tags").is_some() {
        asks.push(("sns:TagResource".into(), resource));
    }
    asks
}

fn of_cloudwatch(operation: &str, request: &Value) -> Vec<Ask> {
    let alarm = |name: &Value| arn("cloudwatch", &format!("alarm:{}", text(name)));
    let dashboard =
        |name: &Value| format!("arn:aws:cloudwatch::000000000000:dashboard/{}", text(name));
    let resource = match operation {
        "PutMetricData" => "*".to_owned(),
        "PutMetricAlarm" | "PutCompositeAlarm" => alarm(&request["AlarmName"]),
        "DescribeAlarms" | "DeleteAlarms" => alarm(&request["AlarmNames"][0]),
        "PutDashboard" | "GetDashboard" => dashboard(&request["DashboardName"]),
        "DeleteDashboards" => dashboard(&request["DashboardNames"][0]),
        _ => text(&request["ResourceARN"]).to_owned(),
    };
    let mut asks = vec![(format!("cloudwatch:{operation}"), resource.clone())];
    if operation.starts_with("Put") && request["Tags"].is_array() {
        asks.push(("cloudwatch:TagResource".into(), resource));
    }
    asks
}

fn of_step_functions(operation: &str, request: &Value) -> Vec<Ask> {
    let machine = |name: &str| arn("states", &format!("stateMachine:{name}"));
    let of = |name: &str| text(&request[name]);
    let resource = match operation {
        "ListStateMachines" => "*".to_owned(),
        "CreateStateMachine" => machine(of("name")),
        "TagResource" | "ListTagsForResource" => of("resourceArn").to_owned(),
        // The token knows whose it is.
        "SendTaskSuccess" | "SendTaskFailure" => machine("shop-order-saga"),
        _ => of("stateMachineArn").to_owned(),
    };
    let mut asks = vec![(format!("states:{operation}"), resource.clone())];
    if request["tags"].is_array() {
        asks.push(("states:TagResource".into(), resource));
    }
    if !request["roleArn"].is_null() {
        asks.push(("iam:PassRole".into(), of("roleArn").to_owned()));
    }
    asks
}

fn of_lambda(method: &str, uri: &str, body: &[u8]) -> Vec<Ask> {
    let path = uri.split('?').next().unwrap_or_default();
    let parts: Vec<_> = path.split('/').skip_while(|it| !it.ends_with("-03-31")).skip(1).collect();
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let function = |name: &str| arn("lambda", &format!("function:{name}"));
    let (operation, resource) = match (method, &parts[..]) {
        ("POST", ["functions"]) => ("CreateFunction", function(text(&request["FunctionName"]))),
        ("DELETE", ["functions", name]) => ("DeleteFunction", function(name)),
        ("GET", ["functions", name, "configuration"]) => {
            ("GetFunctionConfiguration", function(name))
        }
        ("PUT", ["functions", name, "configuration"]) => {
            ("UpdateFunctionConfiguration", function(name))
        }
        ("PUT", ["functions", name, "code"]) => ("UpdateFunctionCode", function(name)),
        (_, ["tags", arn]) => {
            let operation = if method == "GET" { "ListTags" } else { "TagResource" };
            (operation, arn.replace("%3A", ":"))
        }
        ("GET", ["event-source-mappings", ..]) => ("ListEventSourceMappings", "*".to_owned()),
        ("POST", ["event-source-mappings", ..]) => ("CreateEventSourceMapping", "*".to_owned()),
        ("PUT", ["event-source-mappings", ..]) => ("UpdateEventSourceMapping", "*".to_owned()),
        ("DELETE", ["event-source-mappings", ..]) => ("DeleteEventSourceMapping", "*".to_owned()),
        other => panic!("an operation of Lambda that this test does not know: {other:?}"),
    };
    let mut asks = vec![(format!("lambda:{operation}"), resource.clone())];
    if request["Tags"].is_object() {
        asks.push(("lambda:TagResource".into(), resource));
    }
    if let Some(role) = request["Role"].as_str() {
        asks.push(("iam:PassRole".into(), role.to_owned()));
    }
    asks
}

fn of_iam(form: &Value) -> Vec<Ask> {
    let role = format!("arn:aws:iam::000000000000:role/{}", text(&form["RoleName"]));
    let operation = text(&form["Action"]);
    let mut asks = vec![(format!("iam:{operation}"), role.clone())];
    if form.get("Tags").is_some() {
        asks.push(("iam:TagRole".into(), role));
    }
    asks
}
