//! Machines of AWS's own sample projects, and one that puts functions, callbacks and nested
//! executions together.
//!
//! Source: developer guide, "Sample projects and tutorials": "Create a callback pattern example",
//! "Poll for job status", "Transfer data records".

use serde_json::{Value, json};

use super::{ROLE, States};
use crate::cloud::Input;
use crate::kernel::{FunctionEnd, FunctionRun, OutsideRequest};

impl States {
    /// Makes a function; gives its ARN.
    fn function(&mut self, name: &str) -> String {
        let image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/f:1";
        let body = json!({"FunctionName": name, "Role": ROLE, "PackageType": "Image",
                          "Code": {"ImageUri": image}});
        let at = ("POST", "/2015-03-31/functions");
        let request = crate::cloud::request::rest("lambda", at, body.to_string());
        let made = self.world.send(request).expect("it answers at once");
        assert_eq!(made.status(), 201);
        format!("arn:aws:lambda:us-east-1:000000000000:function:{name}")
    }

    /// Runs every function that was invoked, and those that are because of it.
    fn run_functions(&mut self, mut code: impl FnMut(&str, &Value) -> Value) {
        loop {
            let asked = self.world.take_asked();
            if asked.is_empty() {
                return;
            }
            for call in asked {
                let OutsideRequest::Function(invocation) = call.request else {
                    panic!("a function")
                };
                let event = serde_json::from_slice(&invocation.payload).expect("JSON");
                let payload = code(&invocation.version.name, &event).to_string().into();
                let run = FunctionRun::of(FunctionEnd::Returned { payload });
                self.world.feed(Input::FunctionDone(call.id, Ok(run))).expect("it is taken");
            }
        }
    }

    /// A topic whose messages come to a queue; its ARN.
    fn topic(&mut self, name: &str, queue: &str) -> String {
        let topic = format!("arn:aws:sns:us-east-1:000000000000:{name}");
        let queue = format!("arn:aws:sqs:us-east-1:000000000000:{queue}");
        for form in [
            format!("Action=CreateTopic&Name={name}"),
            format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={queue}"),
        ] {
            assert_eq!(self.world.query("sns", &form).0, 200);
        }
        topic
    }
}

#[test]
fn the_callback_sample_waits_for_its_token() {
    for good in [true, false] {
        let mut states = States::new();
        let (queue, told) = (states.queue("tasks"), states.queue("told"));
        let topic = states.topic("results", "told");
        let notify = |message: &str| {
            json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
                   "Parameters": {"Message": message, "TopicArn": topic}})
        };
        let machine = states.machine(
            "callback",
            "Start Task And Wait For Callback",
            json!({
                "Start Task And Wait For Callback": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                    "Parameters": {
                        "QueueUrl": queue,
                        "MessageBody": {
                            "MessageTitle": "Task started by Step Functions.",
                            "TaskToken.$": "$$.Task.Token",
                        },
                    },
                    "Next": "Notify Success",
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Notify Failure"}],
                },
                "Notify Success": notify("Callback received."),
                "Notify Failure": notify("Task started by Step Functions failed."),
            }),
        );
        let execution = states.start(&machine, &json!({}));
        let message = states.message(&queue).expect("a task");
        assert_eq!(message["MessageTitle"], "Task started by Step Functions.");
        states.world.advance_seconds(86_400);
        assert_eq!(states.status(&execution), "RUNNING");
        let token = &message["TaskToken"];
        match good {
            true => states.ok("SendTaskSuccess", json!({"taskToken": token, "output": "{}"})),
            false => states.ok("SendTaskFailure", json!({"taskToken": token, "error": "Failed"})),
        };
        assert_eq!(states.status(&execution), "SUCCEEDED");
        let told = states.message(&told).expect("a notification");
        let wanted =
            if good { "Callback received." } else { "Task started by Step Functions failed." };
        assert_eq!(told["Message"], wanted);
    }
}

#[test]
fn the_job_poller_sample_looks_again_until_the_job_is_over() {
    for (last, status) in [("SUCCEEDED", "SUCCEEDED"), ("FAILED", "FAILED")] {
        let mut states = States::new();
        let submit = states.function("SubmitJob");
        let check = states.function("CheckJob");
        let retry = json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 3,
                            "BackoffRate": 2}]);
        let is = |value: &str, next: &str| {
            let variable = "$.status";
            json!({"Variable": variable, "StringEquals": value, "Next": next})
        };
        let machine = states.machine(
            "poller",
            "Submit Job",
            json!({
                "Submit Job": {"Type": "Task", "Resource": submit, "ResultPath": "$.guid",
                               "Next": "Wait X Seconds", "Retry": retry},
                "Wait X Seconds": {"Type": "Wait", "SecondsPath": "$.wait_time",
                                   "Next": "Get Job Status"},
                "Get Job Status": {"Type": "Task", "Resource": check, "Next": "Job Complete?",
                                   "InputPath": "$.guid", "ResultPath": "$.status",
                                   "Retry": retry},
                "Job Complete?": {
                    "Type": "Choice", "Default": "Wait X Seconds",
                    "Choices": [is("FAILED", "Job Failed"),
                                is("SUCCEEDED", "Get Final Job Status")],
                },
                "Job Failed": {"Type": "Fail", "Cause": "AWS Batch Job Failed",
                               "Error": "DescribeJob returned FAILED"},
                "Get Final Job Status": {"Type": "Task", "Resource": check, "End": true,
                                         "InputPath": "$.guid", "Retry": retry},
            }),
        );
        let execution = states.start(&machine, &json!({"wait_time": 60}));
        let mut looked = 0;
        for _ in 0..5 {
            states.run_functions(|name, event| match name {
                "SubmitJob" => json!("job-1"),
                _ => {
                    assert_eq!(event, "job-1");
                    looked += 1;
                    json!(if looked < 3 { "RUNNING" } else { last })
                }
            });
            states.world.advance_seconds(60);
        }
        assert_eq!(states.status(&execution), status);
        // Once more for the final status.
        assert_eq!(looked, if status == "SUCCEEDED" { 4 } else { 3 });
    }
}

#[test]
fn the_transfer_sample_sends_every_record() {
    let mut states = States::new();
    let queue = states.queue("records");
    let seed = states.function("Seed");
    let table = json!({
        "TableName": "records", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "MessageId", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "MessageId", "KeyType": "HASH"}],
    });
    states.world.ok("DynamoDB_20120810.CreateTable", table);
    let machine = states.machine(
        "transfer",
        "Seed the DynamoDB Table",
        json!({
            "Seed the DynamoDB Table": {"Type": "Task", "Resource": seed, "ResultPath": "$.List",
                                        "Next": "For Loop Condition"},
            "For Loop Condition": {
                "Type": "Choice", "Default": "Succeed",
                "Choices": [{"Not": {"Variable": "$.List[0]", "StringEquals": "DONE"},
                             "Next": "Read Next Message from DynamoDB"}],
            },
            "Read Next Message from DynamoDB": {
                "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
                "Parameters": {"TableName": "records",
                               "Key": {"MessageId": {"S.$": "$.List[0]"}}},
                "ResultPath": "$.DynamoDB", "Next": "Send Message to SQS",
            },
            "Send Message to SQS": {
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"MessageBody.$": "$.DynamoDB.Item.Message.S", "QueueUrl": queue},
                "ResultPath": "$.SQS", "Next": "Pop Element from List",
            },
            "Pop Element from List": {"Type": "Pass", "Parameters": {"List.$": "$.List[1:]"},
                                      "Next": "For Loop Condition"},
            "Succeed": {"Type": "Succeed"},
        }),
    );
    for number in 0..3 {
        let item = json!({"MessageId": {"S": format!("MessageNo{number}")},
                          "Message": {"S": format!("Hello {number}")}});
        let put = json!({"TableName": "records", "Item": item});
        states.world.ok("DynamoDB_20120810.PutItem", put);
    }
    let execution = states.start(&machine, &json!({}));
    states.run_functions(|_, _| json!(["MessageNo0", "MessageNo1", "MessageNo2", "DONE"]));
    assert_eq!(states.status(&execution), "SUCCEEDED");
    for number in 0..3 {
        assert_eq!(states.message(&queue), Some(json!(format!("Hello {number}"))));
    }
    assert_eq!(states.message(&queue), None);
}

#[test]
fn functions_callbacks_and_nested_executions_go_together() {
    let mut states = States::new();
    let queue = states.queue("approvals");
    states.function("price");
    let inner = states.machine(
        "approve",
        "Ask",
        json!({"Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "HeartbeatSeconds": 600, "End": true,
            "Parameters": {"QueueUrl": queue, "MessageBody": {
                "token.$": "$$.Task.Token", "total.$": "$.total"}},
        }}),
    );
    let machine = states.machine(
        "order",
        "Price",
        json!({
            "Price": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                      "Parameters": {"FunctionName": "price", "Payload.$": "$"},
                      "ResultSelector": {"total.$": "$.Payload.total"}, "Next": "Approve"},
            "Approve": {"Type": "Task", "End": true,
                        "Resource": "arn:aws:states:::states:startExecution.sync:2",
                        "Parameters": {"StateMachineArn": inner, "Input": {
                            "total.$": "$.total",
                            "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}},
                        "OutputPath": "$.Output"},
        }),
    );
    let execution = states.start(&machine, &json!({"items": [1, 2]}));
    states.run_functions(|_, event| json!({"total": event["items"].as_array().map(Vec::len)}));
    let message = states.message(&queue).expect("somebody is asked");
    assert_eq!(message["total"], 2);
    states.world.advance_seconds(500);
    states.ok("SendTaskHeartbeat", json!({"taskToken": message["token"]}));
    states.world.advance_seconds(500);
    // A restart in between loses nothing.
    states.world.restart();
    let output = json!({"approved": true}).to_string();
    states.ok("SendTaskSuccess", json!({"taskToken": message["token"], "output": output}));
    assert_eq!(states.output(&execution), json!({"approved": true}));

    // Whoever is asked and dies is noticed by the heartbeat, and so is the execution above.
    let execution = states.start(&machine, &json!({"items": []}));
    states.run_functions(|_, _| json!({"total": 0}));
    states.world.advance_seconds(600);
    let described = states.describe(&execution);
    assert_eq!(
        (&described["status"], &described["error"]),
        (&json!("FAILED"), &json!("States.TaskFailed"))
    );
}
