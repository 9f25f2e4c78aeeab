//! Alarms that fire by themselves: once all is set up nobody calls anything until it is over.

use std::time::Duration;

use serde_json::{Value, json};
use skyrig::cloud::Driver;

use crate::world;

const ACCOUNT: &str = "us-east-1:000000000000";
const CLOUDWATCH: &str = "GraniteServiceVersion20100801";

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{ACCOUNT}:{resource}")
}

fn ok(driver: &mut Driver, target: &str, body: &Value) -> Value {
    let answer = driver.send(world::json(target, body)).unwrap();
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert_eq!(answer.status(), 200, "{target}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

fn policy(service: &str, action: &str, resource: &str) -> String {
    let statement = json!({
        "Effect": "Allow", "Principal": {"Service": service}, "Action": action,
        "Resource": resource,
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn queue(driver: &mut Driver, name: &str, sender: &str) -> String {
    let policy = policy(sender, "sqs:SendMessage", &arn("sqs", name));
    let made = json!({"QueueName": name, "Attributes": {"Policy": policy}});
    let made = ok(driver, "AmazonSQS.CreateQueue", &made);
    made["QueueUrl"].as_str().unwrap().to_owned()
}

/// A rule rings each minute. What it says is counted in a log group; and a target that is not there
/// leaves dead letters.
fn ring_each_minute(driver: &mut Driver) {
    ok(driver, "Logs_20140328.CreateLogGroup", &json!({"logGroupName": "jobs"}));
    let group = arn("logs", "log-group:jobs");
    let permitted = policy("events.amazonaws.com", "logs:*", &format!("{group}:*"));
    let permitted = json!({"policyName": "p", "policyDocument": permitted});
    ok(driver, "Logs_20140328.PutResourcePolicy", &permitted);
    let counted = json!({"metricName": "rings", "metricNamespace": "jobs", "metricValue": "1"});
    let filter = json!({
        "logGroupName": "jobs", "filterName": "f", "metricTransformations": [counted],
        "filterPattern": "{ $.source = \"aws.events\" }",
    });
    ok(driver, "Logs_20140328.PutMetricFilter", &filter);
    let rule = json!({"Name": "r", "ScheduleExpression": "rate(1 minute)"});
    ok(driver, "AWSEvents.PutRule", &rule);
    let dead = json!({"Arn": arn("sqs", "letters")});
    let targets = json!([
        {"Id": "logs", "Arn": group},
        {"Id": "gone", "Arn": arn("sqs", "gone"), "DeadLetterConfig": dead},
    ]);
    ok(driver, "AWSEvents.PutTargets", &json!({"Rule": "r", "Targets": targets}));
}

fn put_alarm(driver: &mut Driver, name: &str, watched: Value) {
    let mut alarm = json!({
        "AlarmName": name, "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    });
    alarm.as_object_mut().unwrap().extend(watched.as_object().unwrap().clone());
    ok(driver, &format!("{CLOUDWATCH}.PutMetricAlarm"), &alarm);
}

#[test]
fn one_on_logs_and_one_on_dead_letters_tell_a_queue_together() {
    let mut driver = world::of_seed(1);
    queue(&mut driver, "letters", "events.amazonaws.com");
    let told = queue(&mut driver, "told", "sns.amazonaws.com");
    let (topic, to_queue) = (arn("sns", "staff"), arn("sqs", "told"));
    let form = "Action=CreateTopic&Version=2010-03-31&Name=staff";
    assert_eq!(driver.send(world::query("sns", form)).unwrap().status(), 200);
    let form = format!(
        "Action=Subscribe&Version=2010-03-31&TopicArn={topic}&Protocol=sqs&Endpoint={to_queue}"
    );
    assert_eq!(driver.send(world::query("sns", &form)).unwrap().status(), 200);
    let logged = json!({"Namespace": "jobs", "MetricName": "rings", "Statistic": "Sum"});
    put_alarm(&mut driver, "logged", logged);
    let dead = json!({
        "Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible",
        "Statistic": "Maximum", "Dimensions": [{"Name": "QueueName", "Value": "letters"}],
    });
    put_alarm(&mut driver, "dead", dead);
    let both = json!({
        "AlarmName": "both", "AlarmRule": "ALARM(logged) AND ALARM(dead)", "AlarmActions": [topic],
    });
    ok(&mut driver, &format!("{CLOUDWATCH}.PutCompositeAlarm"), &both);
    let receive = json!({"QueueUrl": told});
    driver.advance(Duration::from_secs(600));
    let silent = ok(&mut driver, "AmazonSQS.ReceiveMessage", &receive);
    assert!(silent.get("Messages").is_none(), "nothing rang yet: {silent}");

    ring_each_minute(&mut driver);
    driver.advance(Duration::from_secs(600));
    let received = ok(&mut driver, "AmazonSQS.ReceiveMessage", &receive);
    let body = received["Messages"][0]["Body"].as_str().expect("somebody was told");
    let envelope: Value = serde_json::from_str(body).unwrap();
    let message: Value = serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&message["AlarmName"], &message["NewStateValue"]),
        (&json!("both"), &json!("ALARM"))
    );
    let alarms = json!({"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]});
    let alarms = ok(&mut driver, &format!("{CLOUDWATCH}.DescribeAlarms"), &alarms);
    for alarm in alarms["MetricAlarms"].as_array().unwrap() {
        assert_eq!(alarm["StateValue"], "ALARM", "{alarm}");
    }
    assert_eq!(alarms["CompositeAlarms"][0]["StateValue"], "ALARM");
}
