//! AddPermission and RemovePermission: what they make of the queue's policy.

use serde_json::{Value, json};

use super::{QUEUE, world};
use crate::cloud::testing::World;

const ARN: &str = "arn:aws:sqs:us-east-1:000000000000:q";
const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";

fn add(world: &mut World, label: &str, accounts: &[&str], actions: &[&str]) {
    let request = json!({
        "QueueUrl": QUEUE, "Label": label, "AWSAccountIds": accounts, "Actions": actions
    });
    assert_eq!(world.ok("AmazonSQS.AddPermission", request), json!({}));
}

fn remove(world: &mut World, label: &str) {
    let request = json!({"QueueUrl": QUEUE, "Label": label});
    assert_eq!(world.ok("AmazonSQS.RemovePermission", request), json!({}));
}

/// The policy as text; empty when there is none.
fn policy(world: &mut World) -> String {
    let request = json!({"QueueUrl": QUEUE, "AttributeNames": ["Policy"]});
    let answer = world.ok("AmazonSQS.GetQueueAttributes", request);
    answer["Attributes"]["Policy"].as_str().unwrap_or_default().to_owned()
}

fn set_policy(world: &mut World, policy: &str) {
    let request = json!({"QueueUrl": QUEUE, "Attributes": {"Policy": policy}});
    world.ok("AmazonSQS.SetQueueAttributes", request);
}

/// As recorded on AWS on 2024-04-30 (`test_sqs_permission_lifecycle`).
#[test]
fn permissions_come_and_go_with_their_labels() {
    let mut world = world();
    let document = |statements: &[String]| {
        format!(
            r#"{{"Version":"2008-10-17","Id":"{ARN}/SQSDefaultPolicy","Statement":[{}]}}"#,
            statements.join(",")
        )
    };
    let statement = |sid: &str, principals: &str| {
        format!(
            r#"{{"Sid":"{sid}","Effect":"Allow","Principal":{{"AWS":{principals}}},{}}}"#,
            format_args!(r#""Action":"SQS:ReceiveMessage","Resource":"{ARN}""#)
        )
    };
    let both = r#"["arn:aws:iam::668614515564:root","arn:aws:iam::111111111111:root"]"#;
    let one = r#""arn:aws:iam::111111111111:root""#;

    add(&mut world, "cross", &["668614515564", "111111111111"], &["ReceiveMessage"]);
    assert_eq!(policy(&mut world), document(&[statement("cross", both)]));
    remove(&mut world, "cross");
    assert_eq!(policy(&mut world), "");
    add(&mut world, "cross", &["111111111111"], &["ReceiveMessage"]);
    add(&mut world, "cross2", &["111111111111"], &["ReceiveMessage"]);
    let two = [statement("cross", one), statement("cross2", one)];
    assert_eq!(policy(&mut world), document(&two));
    remove(&mut world, "cross");
    assert_eq!(policy(&mut world), document(&[statement("cross2", one)]));
    remove(&mut world, "cross2");
    assert_eq!(policy(&mut world), "");
}

#[test]
fn what_a_policy_said_before_stays_and_still_decides() {
    let mut world = world();
    let own = format!(
        r#"{{"Statement":{{"Condition":{{"ArnEquals":{{"aws:SourceArn":"{TOPIC}"}}}},{}}}}}"#,
        r#""Action":"sqs:SendMessage","Principal":{"Service":"sns.amazonaws.com"},"Effect":"Allow""#
    );
    set_policy(&mut world, &own);
    add(&mut world, "extra", &["111111111111"], &["SendMessage", "*"]);
    let source = format!(r#"{{"ArnEquals":{{"aws:SourceArn":"{TOPIC}"}}}}"#);
    let service = r#"{"Service":"sns.amazonaws.com"}"#;
    let root = r#"{"AWS":"arn:aws:iam::111111111111:root"}"#;
    let expected = [
        r#"{"Statement":[{"Effect":"Allow","#,
        &format!(r#""Principal":{service},"Action":"sqs:SendMessage","Condition":{source}}},"#),
        &format!(r#"{{"Sid":"extra","Effect":"Allow","Principal":{root},"#),
        &format!(r#""Action":["SQS:SendMessage","SQS:*"],"Resource":"{ARN}"}}]}}"#),
    ]
    .concat();
    assert_eq!(policy(&mut world), expected);

    let created = format!("Action=CreateTopic&Version=2010-03-31&Name={}", "t");
    assert_eq!(world.query("sns", &created).0, 200);
    let subscribe =
        format!("Action=Subscribe&Version=2010-03-31&TopicArn={TOPIC}&Protocol=sqs&Endpoint={ARN}");
    assert_eq!(world.query("sns", &subscribe).0, 200);
    let publish = format!("Action=Publish&Version=2010-03-31&TopicArn={TOPIC}&Message=hello");
    assert_eq!(world.query("sns", &publish).0, 200);
    assert_eq!(super::receive(&mut world, QUEUE, 1).len(), 1);
}

#[test]
fn permissions_speak_query() {
    let mut world = world();
    let (status, answer) = world.query(
        "sqs",
        "Action=AddPermission&Version=2012-11-05&QueueUrl=q&Label=l&AWSAccountId.1=111111111111\
         &ActionName.1=SendMessage&ActionName.2=GetQueueUrl",
    );
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("<AddPermissionResponse xmlns="), "{answer}");
    assert!(!answer.contains("AddPermissionResult"), "{answer}");
    let policy: Value = serde_json::from_str(&policy(&mut world)).unwrap();
    let actions = &policy["Statement"][0]["Action"];
    assert_eq!(*actions, json!(["SQS:SendMessage", "SQS:GetQueueUrl"]));
    let form = "Action=RemovePermission&Version=2012-11-05&QueueUrl=q&Label=";
    assert_eq!(world.query("sqs", &format!("{form}l")).0, 200);
    let (status, answer) = world.query("sqs", &format!("{form}l"));
    assert_eq!(status, 400);
    for part in [
        "<Code>InvalidParameterValue</Code>",
        "Value l for parameter Label is invalid. Reason: can",
        "find label.",
    ] {
        assert!(answer.contains(part), "{part} is not in {answer}");
    }
}

/// One line a case: what is changed in a good request, shape, message.
#[test]
fn bad_permissions_get_the_errors_of_aws() {
    let mut world = world();
    add(&mut world, "taken", &["111111111111"], &["SendMessage"]);
    let value = "InvalidParameterValueException";
    let missing = "MissingRequiredParameterException";
    let of_eight = json!(["*", "*", "*", "*", "*", "*", "*", "*"]);
    let cases = [
        ("QueueUrl", json!("none"), "QueueDoesNotExist", "The specified queue does not exist."),
        (
            "Label",
            json!("taken"),
            value,
            "Value taken for parameter Label is invalid. Reason: Already exists.",
        ),
        ("Label", json!(""), missing, "The request must contain the parameter Label."),
        ("Label", Value::Null, missing, "The request must contain the parameter Label."),
        (
            "Label",
            json!("no spaces"),
            value,
            "Value no spaces for parameter Label is invalid. Reason: Can only include",
        ),
        ("Label", json!("l".repeat(81)), value, "Value llll"),
        (
            "AWSAccountIds",
            json!([]),
            missing,
            "The request must contain the parameter AWSAccountIds.",
        ),
        (
            "AWSAccountIds",
            json!(["arn:aws:iam::111111111111:user/ann"]),
            value,
            "Value arn:aws:iam::111111111111:user/ann for parameter PrincipalId is invalid. \
             Reason: Unable to verify principal.",
        ),
        ("Actions", json!([]), missing, "The request must contain the parameter Actions."),
        (
            "Actions",
            json!(["SendMessageBatch"]),
            value,
            "Value SQS:SendMessageBatch for parameter ActionName is invalid. Reason: Please refer \
             to the appropriate WSDL for a list of valid actions.",
        ),
        (
            "Actions",
            json!(["AddPermission"]),
            value,
            "Value SQS:AddPermission for parameter ActionName is invalid. Reason: Only the queue \
             owner is allowed to invoke this action.",
        ),
        (
            "Actions",
            of_eight,
            "OverLimit",
            "8 actions were found in a statement from the submitted policy, max allowed is 7",
        ),
    ];
    for (member, bad, shape, message) in cases {
        let mut request = json!({
            "QueueUrl": QUEUE, "Label": "l", "AWSAccountIds": ["111111111111"],
            "Actions": ["SendMessage"],
        });
        request[member] = bad;
        let refused = world.err("AmazonSQS.AddPermission", request);
        assert_eq!(refused.shape, shape, "{member}: {}", refused.message);
        assert!(refused.message.starts_with(message), "{}", refused.message);
    }
    for number in 1..20 {
        add(&mut world, &format!("l{number}"), &["111111111111"], &["SendMessage"]);
    }
    let request = json!({
        "QueueUrl": QUEUE, "Label": "l20", "AWSAccountIds": ["111111111111"], "Actions": ["*"]
    });
    assert_eq!(world.err("AmazonSQS.AddPermission", request).shape, "OverLimit");
}
