//! The pages below `/_aws/` and `/moto-api/`, as tests made for LocalStack and moto ask them.

use serde_json::{Value, json};

use crate::process::{Skyrig, read, read_all};

const QUEUE: &str = "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/q";
const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";

/// Four messages: one in flight, one delayed, two that can be received.
fn filled() -> Skyrig {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let send = |body: &str, delay: u32| {
        let colour = json!({"colour": {"DataType": "String", "StringValue": "blue"}});
        let message = json!({
            "QueueUrl": "q", "MessageBody": body, "DelaySeconds": delay,
            "MessageAttributes": colour,
        });
        assert_eq!(skyrig.sqs("SendMessage", message).0, 200);
    };
    send("taken", 0);
    let taken = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"})).1;
    assert_eq!(taken["Messages"][0]["Body"], "taken");
    send("<first>", 0);
    send("second", 0);
    send("later", 900);
    skyrig
}

fn get_json(skyrig: &Skyrig, path: &str) -> Value {
    let head = format!("GET {path} HTTP/1.1\r\naccept: application/json");
    let (status, body) = skyrig.request(&head, b"");
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

fn bodies(answer: &Value) -> Vec<String> {
    let messages = &answer["ReceiveMessageResponse"]["ReceiveMessageResult"]["Message"];
    let body = |it: &Value| it["Body"].as_str().unwrap().to_owned();
    messages.as_array().unwrap().iter().map(body).collect()
}

#[test]
fn a_queue_is_looked_at_without_taking() {
    let skyrig = filled();
    let page = format!("/_aws/sqs/messages?QueueUrl={QUEUE}");
    for path in [page.as_str(), "/_aws/sqs/messages/us-east-1/000000000000/q"] {
        for _ in 0..2 {
            assert_eq!(bodies(&get_json(&skyrig, path)), ["<first>", "second"], "{path}");
        }
    }
    let all = get_json(&skyrig, &format!("{page}&ShowInvisible=true&ShowDelayed=True"));
    assert_eq!(bodies(&all), ["taken", "<first>", "second", "later"]);
    let messages = &all["ReceiveMessageResponse"]["ReceiveMessageResult"]["Message"];
    let attribute = |message: usize, name: &str| {
        let all = messages[message]["Attribute"].as_array().unwrap();
        let found = all.iter().find(|it| it["Name"] == name);
        found.unwrap()["Value"].as_str().unwrap().to_owned()
    };
    for (message, visible, delayed, count) in
        [(0, "false", "false", "1"), (1, "true", "false", "0"), (3, "true", "true", "0")]
    {
        assert_eq!(attribute(message, "IsVisible"), visible, "{message}");
        assert_eq!(attribute(message, "IsDelayed"), delayed, "{message}");
        assert_eq!(attribute(message, "ApproximateReceiveCount"), count, "{message}");
    }
    assert_eq!(messages[1]["MessageAttribute"][0]["Value"]["StringValue"], "blue");
    let (status, xml) = skyrig.request(&format!("GET {page} HTTP/1.1"), b"");
    assert_eq!(status, 200);
    let start = "<ReceiveMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">";
    assert!(xml.contains(start), "{xml}");
    assert!(xml.contains("<Body>&lt;first&gt;</Body>"), "{xml}");
    assert!(xml.contains("<Attribute><Name>SenderId</Name>"), "{xml}");
    // Nothing of it was a receive.
    let taken = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"})).1;
    assert_eq!(taken["Messages"][0]["Body"], "<first>");
    assert_eq!(bodies(&get_json(&skyrig, &page)), ["second"]);
}

#[test]
fn an_aws_client_can_look_too() {
    let skyrig = filled();
    let head = "POST /_aws/sqs/messages HTTP/1.1\r\nx-amz-target: AmazonSQS.";
    let ask = |operation: &str, input: Value| {
        let (status, body) =
            skyrig.request(&format!("{head}{operation}"), input.to_string().as_bytes());
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let (status, answer) = ask("ReceiveMessage", json!({"QueueUrl": QUEUE}));
    assert_eq!((status, &answer["Messages"][1]["Body"]), (200, &json!("second")));
    assert_eq!(answer["Messages"][1]["ReceiptHandle"], "SQS/BACKDOOR/ACCESS");
    assert_eq!(answer["Messages"][1]["Attributes"]["SenderId"].as_str().map(str::len), Some(12));
    let (status, answer) = ask("ReceiveMessage", json!({"QueueUrl": "none"}));
    assert_eq!((status, &answer["__type"]), (400, &json!("com.amazonaws.sqs#QueueDoesNotExist")));
    let (status, answer) = ask("PurgeQueue", json!({"QueueUrl": QUEUE}));
    assert_eq!((status, answer["error"].is_string()), (400, true));
    let form = b"Action=ReceiveMessage&Version=2012-11-05&QueueUrl=q";
    let kind = "content-type: application/x-www-form-urlencoded";
    let (status, xml) =
        skyrig.request(&format!("POST /_aws/sqs/messages/ HTTP/1.1\r\n{kind}"), form);
    assert!(status == 200 && xml.contains("<Body>second</Body>"), "{xml}");
    // An empty queue, no queue, and no word of a queue.
    skyrig.sqs("CreateQueue", json!({"QueueName": "empty"}));
    let empty = get_json(&skyrig, "/_aws/sqs/messages?QueueUrl=empty");
    assert_eq!(bodies(&empty).len(), 0);
    assert_eq!(skyrig.get("/_aws/sqs/messages").0, 400);
    let missing = "GET /_aws/sqs/messages?QueueUrl=none HTTP/1.1";
    let (status, xml) = skyrig.request(missing, b"");
    assert!(status == 400 && xml.contains("NonExistentQueue"), "{status} {xml}");
    let (status, _) = skyrig.request(&format!("{missing}\r\naccept: application/json"), b"");
    assert_eq!(status, 404);
}

#[test]
fn what_was_sent_to_people_is_shown_and_forgotten() {
    let skyrig = Skyrig::start(&[]);
    let form = |text: &str| {
        let (status, body) = skyrig.form(&format!("Version=2010-03-31&{text}"));
        assert_eq!(status, 200, "{body}");
        body
    };
    form("Action=Publish&PhoneNumber=%2B15551234567&Message=one");
    form("Action=CreateTopic&Name=t");
    form(&format!("Action=Subscribe&TopicArn={TOPIC}&Protocol=sms&Endpoint=%2B15557654321"));
    form(&format!("Action=Publish&TopicArn={TOPIC}&Message=two"));
    let texts = |filter: &str| skyrig.get(&format!("/_aws/sns/sms-messages{filter}")).1;
    let shown = texts("");
    assert_eq!(shown["region"], "us-east-1");
    let first = &shown["sms_messages"]["+15551234567"][0];
    assert_eq!((&first["Message"], &first["TopicArn"]), (&json!("one"), &Value::Null));
    let second = &shown["sms_messages"]["+15557654321"][0];
    assert_eq!((&second["Message"], &second["TopicArn"]), (&json!("two"), &json!(TOPIC)));
    let one = texts("?phoneNumber=%2B15551234567")["sms_messages"].clone();
    assert_eq!(one.as_object().unwrap().len(), 1);
    for other in ["?region=eu-west-1", "?accountId=111122223333"] {
        assert_eq!(texts(other)["sms_messages"], json!({}), "{other}");
    }
    let forget = |filter: &str| {
        let head = format!("DELETE /_aws/sns/sms-messages{filter} HTTP/1.1");
        assert_eq!(skyrig.request(&head, b"").0, 204);
    };
    forget("?phoneNumber=%2B15551234567");
    assert_eq!(texts("")["sms_messages"].as_object().unwrap().len(), 1);
    forget("");
    assert_eq!(texts("")["sms_messages"], json!({}));
    let kept = skyrig.get("/_skyrig/outbox?protocol=sms").1;
    assert_eq!(kept["letters"].as_array().unwrap().len(), 2, "they are part of the state");
    form("Action=Publish&PhoneNumber=%2B15551234567&Message=three");
    assert_eq!(texts("")["sms_messages"]["+15551234567"][0]["Message"], "three");
    // After a reset numbers begin anew, and nothing is forgotten.
    assert_eq!(skyrig.post("/moto-api/reset", json!({})), (200, json!({"status": "ok"})));
    form("Action=Publish&PhoneNumber=%2B15551234567&Message=four");
    assert_eq!(texts("")["sms_messages"]["+15551234567"][0]["Message"], "four");
}

#[test]
fn devices_mail_and_tokens_are_shown() {
    let skyrig = Skyrig::start(&[]);
    let form = |text: &str| skyrig.form(&format!("Version=2010-03-31&{text}")).1;
    form(
        "Action=CreatePlatformApplication&Name=app&Platform=APNS\
         &Attributes.entry.1.key=PlatformCredential&Attributes.entry.1.value=x\
         &Attributes.entry.2.key=PlatformPrincipal&Attributes.entry.2.value=y",
    );
    let made = form(
        "Action=CreatePlatformEndpoint&Token=token\
         &PlatformApplicationArn=arn:aws:sns:us-east-1:000000000000:app/APNS/app",
    );
    let device = made.split("<EndpointArn>").nth(1).unwrap().split('<').next().unwrap();
    form(&format!("Action=Publish&TargetArn={device}&Message=hello"));
    let (_, shown) = skyrig.get("/_aws/sns/platform-endpoint-messages");
    let message = &shown["platform_endpoint_messages"][device][0];
    assert_eq!((&message["Message"], &message["TargetArn"]), (&json!("hello"), &json!(device)));
    form("Action=CreateTopic&Name=t");
    let made = form(&format!(
        "Action=Subscribe&TopicArn={TOPIC}&Protocol=email&Endpoint=a%40b.example\
         &ReturnSubscriptionArn=true"
    ));
    let arn = made.split("<SubscriptionArn>").nth(1).unwrap().split('<').next().unwrap();
    let (status, token) = skyrig.get(&format!("/_aws/sns/subscription-tokens/{arn}"));
    assert_eq!((status, &token["subscription_arn"]), (200, &json!(arn)));
    let token = token["subscription_token"].as_str().unwrap();
    form(&format!("Action=ConfirmSubscription&TopicArn={TOPIC}&Token={token}"));
    let attributes = form(&format!("Action=GetSubscriptionAttributes&SubscriptionArn={arn}"));
    let confirmed = "<key>PendingConfirmation</key><value>false</value>";
    assert!(attributes.contains(confirmed), "{attributes}");
    assert_eq!(skyrig.get(&format!("/_aws/sns/subscription-tokens/{TOPIC}:none")).0, 404);
    assert_eq!(skyrig.get("/_aws/sns/subscription-tokens/none").0, 400);
    form(&format!("Action=Publish&TopicArn={TOPIC}&Message=by%20mail&Subject=s"));
    let (_, mail) = skyrig.get(&format!("/_aws/ses?email={TOPIC}"));
    let last = mail["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(last["Destination"]["ToAddresses"], json!(["a@b.example"]));
    assert_eq!(last["Subject"], "s");
    let id = last["Id"].as_str().unwrap();
    let (_, one) = skyrig.get(&format!("/_aws/ses?id={id}"));
    assert_eq!(one["messages"].as_array().unwrap().len(), 1);
    assert_eq!(skyrig.request("DELETE /_aws/ses HTTP/1.1", b"").0, 204);
    assert_eq!(skyrig.get("/_aws/ses").1, json!({"messages": []}));
}

#[test]
fn a_phone_opts_out() {
    let skyrig = Skyrig::start(&[]);
    let phone = json!({"phoneNumber": "+15551234567", "accountId": "000000000000"});
    assert_eq!(skyrig.post("/_aws/sns/phone-opt-outs", phone).0, 200);
    let (_, listed) = skyrig.form("Version=2010-03-31&Action=ListPhoneNumbersOptedOut");
    assert!(listed.contains("<member>+15551234567</member>"), "{listed}");
    assert_eq!(skyrig.post("/_aws/sns/phone-opt-outs", json!({"phoneNumber": "x"})).0, 400);
    assert_eq!(skyrig.post("/_aws/sns/phone-opt-outs", json!({})).0, 400);
}

#[test]
fn a_schedule_rings_at_once() {
    let skyrig = Skyrig::start(&["--clock", "manual", "--policies", "warn"]);
    let events = |operation: &str, input: Value| {
        let target = format!("AWSEvents.{operation}");
        let (status, body) = read(skyrig.start_json(&target, &input));
        assert_eq!(status, 200, "{body}");
    };
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let queue = "arn:aws:sqs:us-east-1:000000000000:q";
    let rule = |name: &str, rest: Value| {
        let mut input = rest;
        input["Name"] = json!(name);
        events("PutRule", input);
        let targets = json!({"Rule": name, "Targets": [{"Id": "1", "Arn": queue}]});
        events("PutTargets", targets);
    };
    rule("hourly", json!({"ScheduleExpression": "rate(1 hour)"}));
    rule("off", json!({"ScheduleExpression": "rate(1 hour)", "State": "DISABLED"}));
    rule("pattern", json!({"EventPattern": r#"{"source":["a"]}"#}));
    let arn = "arn:aws:events:us-east-1:000000000000:rule";
    let trigger = |arn: &str| skyrig.get(&format!("/_aws/events/rules/{arn}/trigger")).0;
    assert_eq!(trigger(&format!("{arn}/hourly")), 200);
    let found = get_json(&skyrig, "/_aws/sqs/messages?QueueUrl=q");
    let bodies = bodies(&found);
    assert_eq!(bodies.len(), 1);
    let event: Value = serde_json::from_str(&bodies[0]).unwrap();
    assert_eq!(event["detail-type"], "Scheduled Event");
    assert_eq!(event["resources"], json!([format!("{arn}/hourly")]));
    for (rule, status) in [("off", 404), ("pattern", 404), ("none", 404), ("bus/x", 400)] {
        assert_eq!(trigger(&format!("{arn}/{rule}")), status, "{rule}");
    }
    assert_eq!(trigger(queue), 400);
    assert_eq!(skyrig.get("/_aws/events/rules/x").0, 404);
    // When it rings next has not changed.
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 3600}));
    let found = get_json(&skyrig, "/_aws/sqs/messages?QueueUrl=q");
    assert_eq!(self::bodies(&found).len(), 2);
}

#[test]
fn every_sample_of_every_metric_is_shown() {
    let skyrig = Skyrig::start(&[]);
    skyrig.form(
        "Version=2010-08-01&Action=PutMetricData&Namespace=n\
         &MetricData.member.1.MetricName=m&MetricData.member.1.Values.member.1=1.5\
         &MetricData.member.1.Values.member.2=-2&MetricData.member.1.Counts.member.1=2\
         &MetricData.member.1.Counts.member.2=1\
         &MetricData.member.1.Dimensions.member.1.Name=d\
         &MetricData.member.1.Dimensions.member.1.Value=v",
    );
    let (status, shown) = skyrig.get("/_aws/cloudwatch/metrics/raw");
    assert_eq!(status, 200);
    let samples = shown["metrics"].as_array().unwrap();
    assert_eq!(samples.len(), 3, "{shown}");
    for sample in samples {
        assert_eq!((&sample["ns"], &sample["n"]), (&json!("n"), &json!("m")));
        assert_eq!(sample["d"], json!([{"n": "d", "v": "v"}]));
        assert_eq!(sample["account"], "000000000000");
    }
    let sum: f64 = samples.iter().map(|it| it["v"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{shown}");
}

#[test]
fn what_localstack_can_be_told_is_done_or_refused() {
    let skyrig = Skyrig::start(&[]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let health = "/_localstack/health";
    for (action, status) in [("kill", 501), ("dance", 400), ("restart", 200)] {
        assert_eq!(skyrig.post(health, json!({"action": action})).0, status, "{action}");
    }
    assert_eq!(skyrig.sqs("GetQueueUrl", json!({"QueueName": "q"})).0, 400, "it was reset");
    let (status, told) = skyrig.get("/_localstack/diagnose");
    assert_eq!((status, &told["config"]["resets"]), (200, &json!(1)));
    assert!(skyrig.get("/_localstack/info").1["uptime"].is_u64());
    let (head, _) = read_all(skyrig.send("HEAD /_localstack/health HTTP/1.1", b""));
    assert!(head.starts_with("http/1.1 200"), "{head}");
    for path in ["/moto-api", "/moto-api/data.json", "/_localstack/config", "/_aws/lambda/init"] {
        assert_eq!(skyrig.get(path).0, 404, "{path}");
    }
}

#[test]
fn addresses_of_queues_follow_the_environment() {
    let set = [("SQS_ENDPOINT_STRATEGY", "path"), ("LOCALSTACK_HOST", "stack.example:4566")];
    let skyrig = Skyrig::with_log(&[], &set);
    let url = skyrig.sqs("CreateQueue", json!({"QueueName": "q"})).1["QueueUrl"].clone();
    assert_eq!(url, "http://stack.example:4566/queue/us-east-1/000000000000/q");
    let sent = skyrig.sqs("SendMessage", json!({"QueueUrl": url, "MessageBody": "b"}));
    assert_eq!(sent.0, 200);
    let browser = "GET /_localstack/health HTTP/1.1\r\nsec-fetch-site: none";
    for (host, status) in [("sqs.stack.example:4566", 200), ("other.example:4566", 403)] {
        assert_eq!(read(skyrig.send_to_host(host, browser, b"")).0, status, "{host}");
    }
}
