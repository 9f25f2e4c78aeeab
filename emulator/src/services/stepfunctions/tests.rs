//! Behaviour of Step Functions in virtual time: one file a theme. Cases are tables.

mod children;
mod executions;
mod http;
mod machines;
mod samples;
mod tasks;
mod trials;

use serde_json::{Value, json};

use crate::cloud::testing::World;
use crate::kernel::CallId;

const ROLE: &str = "arn:aws:iam::000000000000:role/r";

struct States {
    world: World,
}

impl States {
    fn new() -> Self {
        Self { world: World::new() }
    }

    fn ok(&mut self, operation: &str, input: Value) -> Value {
        self.world.ok(&format!("AWSStepFunctions.{operation}"), input)
    }

    /// The shape and message of an error.
    fn err(&mut self, operation: &str, input: Value) -> (String, String) {
        let refused = self.world.err(&format!("AWSStepFunctions.{operation}"), input);
        (refused.shape, refused.message)
    }

    /// Calls an operation that waits.
    fn waits(&mut self, operation: &str, input: Value) -> CallId {
        let started = self.world.start(&format!("AWSStepFunctions.{operation}"), input);
        started.expect_err("it waits")
    }

    fn answer(&mut self, call: CallId) -> Option<Value> {
        self.world.answer(call).map(|answer| answer.expect("a success"))
    }

    /// Calls an operation that parks although it may answer within the same step.
    fn soon(&mut self, operation: &str, input: Value) -> Value {
        match self.world.start(&format!("AWSStepFunctions.{operation}"), input) {
            Ok(response) => serde_json::from_slice(response.body()).expect("JSON"),
            Err(call) => self.answer(call).expect("it has ended"),
        }
    }

    /// Makes a machine of these states; the first begins. Gives its ARN.
    fn machine(&mut self, name: &str, start: &str, states: Value) -> String {
        let definition = json!({"StartAt": start, "States": states}).to_string();
        let made = self.ok(
            "CreateStateMachine",
            json!({"name": name, "definition": definition, "roleArn": ROLE}),
        );
        made["stateMachineArn"].as_str().expect("an ARN").to_owned()
    }

    fn express(&mut self, name: &str, start: &str, states: Value) -> String {
        let definition = json!({"StartAt": start, "States": states}).to_string();
        let machine = json!({
            "name": name, "definition": definition, "roleArn": ROLE, "type": "EXPRESS",
        });
        let made = self.ok("CreateStateMachine", machine);
        made["stateMachineArn"].as_str().expect("an ARN").to_owned()
    }

    /// Starts an execution; gives its ARN.
    fn start(&mut self, machine: &str, input: &Value) -> String {
        let input = json!({"stateMachineArn": machine, "input": input.to_string()});
        let started = self.ok("StartExecution", input);
        started["executionArn"].as_str().expect("an ARN").to_owned()
    }

    fn describe(&mut self, execution: &str) -> Value {
        self.ok("DescribeExecution", json!({"executionArn": execution}))
    }

    fn status(&mut self, execution: &str) -> String {
        self.describe(execution)["status"].as_str().expect("a status").to_owned()
    }

    /// The output of an execution that has succeeded.
    fn output(&mut self, execution: &str) -> Value {
        let described = self.describe(execution);
        let output = described["output"].as_str();
        let output = output.unwrap_or_else(|| panic!("no output: {described}"));
        serde_json::from_str(output).expect("JSON")
    }

    /// The types of an execution's events.
    fn events(&mut self, execution: &str) -> Vec<String> {
        let asked = json!({"executionArn": execution, "maxResults": 1000});
        let history = self.ok("GetExecutionHistory", asked);
        let events = history["events"].as_array().expect("events").iter();
        events.map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
    }

    fn queue(&mut self, name: &str) -> String {
        let statement = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage",
                               "Resource": "*"});
        let policy = json!({"Statement": [statement]}).to_string();
        let queue = json!({"QueueName": name, "Attributes": {"Policy": policy}});
        let made = self.world.ok("AmazonSQS.CreateQueue", queue);
        made["QueueUrl"].as_str().expect("a URL").to_owned()
    }

    /// The body of the next message in a queue.
    fn message(&mut self, url: &str) -> Option<Value> {
        let received = self.world.ok("AmazonSQS.ReceiveMessage", json!({"QueueUrl": url}));
        let body = received["Messages"][0]["Body"].as_str()?.to_owned();
        Some(serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }
}
