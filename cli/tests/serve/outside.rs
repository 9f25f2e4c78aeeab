//! Servers outside, over real sockets: they receive, fail and recover.

use serde_json::{Value, json};

use crate::process::{Skyrig, read};
use crate::server::Server;

const ACCOUNT: &str = "000000000000";
const QUEUE_POLICY: &str =
    r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}"#;

impl Skyrig {
    pub(crate) fn sns(&self, action: &str, parameters: &[(&str, &str)]) -> String {
        let mut form = format!("Action={action}&Version=2010-03-31");
        for (name, value) in parameters {
            form.push_str(&format!("&{name}={}", encoded(value)));
        }
        let (status, body) = self.form(&form);
        assert_eq!(status, 200, "{body}");
        body
    }

    fn events(&self, operation: &str, body: Value) -> Value {
        let (status, body) = read(self.start_json(&format!("AWSEvents.{operation}"), &body));
        assert_eq!(status, 200, "{operation}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    fn open_queue(&self, name: &str) -> String {
        let attributes = json!({"Policy": QUEUE_POLICY, "VisibilityTimeout": "0"});
        self.sqs("CreateQueue", json!({"QueueName": name, "Attributes": attributes}));
        format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}")
    }

    fn received(&self, queue: &str) -> Vec<Value> {
        let wanted = json!({
            "QueueUrl": queue, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"],
        });
        let (_, answer) = self.sqs("ReceiveMessage", wanted);
        answer["Messages"].as_array().cloned().unwrap_or_default()
    }

    /// Waits until a message is in the queue.
    fn message(&self, queue: &str) -> Value {
        let mut received = (0..5_000).map(|_| self.received(queue));
        let found = received.find(|messages| !messages.is_empty());
        found.unwrap_or_else(|| panic!("nothing came to {queue}")).remove(0)
    }

    fn advance(&self, seconds: u32) {
        assert_eq!(self.post("/_skyrig/clock", json!({"advance_seconds": seconds})).0, 200);
    }
}

fn encoded(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

fn topic() -> String {
    format!("arn:aws:sns:us-east-1:{ACCOUNT}:t")
}

/// Waits until the lineage tells of `reason`.
pub(crate) fn told(skyrig: &Skyrig, reason: &str) {
    let mut stories = (0..5_000).map(|_| skyrig.get("/_skyrig/lineage").1.to_string());
    assert!(
        stories.any(|story| story.contains(reason)),
        "{reason}: {}",
        skyrig.get("/_skyrig/lineage").1
    );
}

/// A topic with an HTTP subscription that sends what fails to the queue `dlq`.
pub(crate) fn subscribe(skyrig: &Skyrig, endpoint: &str, more: &[(&str, &str)]) -> String {
    let dlq = skyrig.open_queue("dlq");
    skyrig.sns("CreateTopic", &[("Name", "t")]);
    let redrive = json!({"deadLetterTargetArn": dlq}).to_string();
    let topic = topic();
    let mut form = vec![
        ("TopicArn", topic.as_str()),
        ("Protocol", endpoint.split(':').next().unwrap()),
        ("Endpoint", endpoint),
        ("ReturnSubscriptionArn", "true"),
        ("Attributes.entry.1.key", "RedrivePolicy"),
        ("Attributes.entry.1.value", &redrive),
    ];
    form.extend_from_slice(more);
    let answer = skyrig.sns("Subscribe", &form);
    let (_, rest) = answer.split_once("<SubscriptionArn>").unwrap();
    rest.split_once("</SubscriptionArn>").unwrap().0.to_owned()
}

/// Follows a link as it stands in a message.
fn follow(skyrig: &Skyrig, url: &str) -> (u16, String) {
    let path = url.strip_prefix("http://localhost").unwrap_or_else(|| panic!("{url}"));
    skyrig.request(&format!("GET {path} HTTP/1.1"), b"")
}

#[test]
fn a_subscriber_confirms_receives_fails_and_recovers() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    let server = Server::start();
    let policy = json!({"healthyRetryPolicy": {
        "numRetries": 3, "numNoDelayRetries": 1, "minDelayTarget": 20, "maxDelayTarget": 20,
    }});
    let policy = [
        ("Attributes.entry.2.key", "DeliveryPolicy"),
        ("Attributes.entry.2.value", &policy.to_string()),
    ];
    let subscription = subscribe(&skyrig, &server.url("/in?x=1"), &policy);
    let asked = server.asked(1);
    assert_eq!(asked.line, "POST /in?x=1");
    assert_eq!(asked.header("host"), Some(&*server.address));
    assert_eq!(asked.header("x-amz-sns-message-type"), Some("SubscriptionConfirmation"));
    assert_eq!(follow(&skyrig, asked.json()["SubscribeURL"].as_str().unwrap()).0, 200);

    // One that is taken.
    skyrig.sns("Publish", &[("TopicArn", &topic()), ("Message", "one")]);
    let asked = server.asked(2);
    let message = asked.json();
    assert_eq!((&message["Message"], &message["Type"]), (&json!("one"), &json!("Notification")));
    assert_eq!(asked.header("x-amz-sns-subscription-arn"), Some(&*subscription));
    assert_eq!(message["Signature"].as_str().unwrap().len(), 172);
    let (status, pem) = follow(&skyrig, message["SigningCertURL"].as_str().unwrap());
    assert!(status == 200 && pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");

    // One that fails at once, and twice more as virtual time goes on; a redirect is a failure too.
    server.answers(&["503 Busy\n\n", "302 Found\nlocation: /elsewhere\n\n", "500 Broken\n\n"]);
    skyrig.sns("Publish", &[("TopicArn", &topic()), ("Message", "two")]);
    server.asked(4);
    // Both retries happen on the way, each so long after the failure before it.
    skyrig.advance(41);
    assert_eq!(server.asked(6).json()["Message"], "two");
    assert_eq!(skyrig.received("dlq"), Vec::<Value>::new());

    // One that the server will never take.
    server.answers(&["403 No\n\n"]);
    skyrig.sns("Publish", &[("TopicArn", &topic()), ("Message", "three")]);
    server.asked(7);
    let dead: Value =
        serde_json::from_str(skyrig.message("dlq")["Body"].as_str().unwrap()).unwrap();
    assert_eq!(dead["Message"], "three");
}

#[test]
fn what_may_not_be_called_is_refused_with_the_reason() {
    let skyrig = Skyrig::start(&[]);
    let own = format!("http://{}/_skyrig/reset", skyrig.address());
    for (endpoint, reason) in [
        (&*own, "is skyrig's own port"),
        ("http://192.0.2.1/in", "--allow-outbound 192.0.2.1 lets it"),
        ("http://0.0.0.0:1/in", "--allow-outbound 0.0.0.0 lets it"),
    ] {
        subscribe(&skyrig, endpoint, &[]);
        told(&skyrig, reason);
    }
    // The topic is still there: nobody has reset anything.
    skyrig.sns("GetTopicAttributes", &[("TopicArn", &topic())]);
}

#[test]
fn what_was_asked_before_a_reset_is_answered_to_nobody() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    let server = Server::start();
    subscribe(&skyrig, &server.url("/before"), &[]);
    assert_eq!(skyrig.post("/_skyrig/reset", json!({})).0, 200);
    subscribe(&skyrig, &server.url("/after"), &[]);
    skyrig.advance(0);
    skyrig.assert_works();
}

#[test]
fn an_api_destination_gets_events_with_a_token() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    let server = Server::start();
    server.answers(&["200 OK\n\n{\"access_token\":\"first\",\"expires_in\":3600}"]);
    let connection = skyrig.events(
        "CreateConnection",
        json!({
            "Name": "c", "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
            "AuthParameters": {"OAuthParameters": {
                "AuthorizationEndpoint": server.url("/token"), "HttpMethod": "POST",
                "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"},
            }},
        }),
    );
    let asked = server.asked(1);
    assert_eq!(asked.line, "POST /token");
    assert!(asked.body.contains("grant_type=client_credentials"), "{}", asked.body);
    let state = || skyrig.events("DescribeConnection", json!({"Name": "c"}));
    assert!((0..5_000).any(|_| state()["ConnectionState"] == "AUTHORIZED"), "{}", state());
    let destination = skyrig.events(
        "CreateApiDestination",
        json!({
            "Name": "d", "ConnectionArn": connection["ConnectionArn"], "HttpMethod": "PUT",
            "InvocationEndpoint": server.url("/orders/*"),
        }),
    );
    let dlq = skyrig.open_queue("dlq");
    skyrig.events("PutRule", json!({"Name": "r", "EventPattern": r#"{"source":["shop"]}"#}));
    skyrig.events(
        "PutTargets",
        json!({"Rule": "r", "Targets": [{
            "Id": "t", "Arn": destination["ApiDestinationArn"],
            "RoleArn": "arn:aws:iam::000000000000:role/r",
            "HttpParameters": {"PathParameterValues": ["$.detail.id"]},
            "DeadLetterConfig": {"Arn": dlq},
        }]}),
    );
    let put = |id: &str| {
        let detail = json!({"id": id}).to_string();
        let entry = json!({"Source": "shop", "DetailType": "Placed", "Detail": detail});
        skyrig.events("PutEvents", json!({"Entries": [entry]}));
    };
    put("o 1");
    let asked = server.asked(2);
    assert_eq!(asked.line, "PUT /orders/o%201");
    assert_eq!(asked.header("authorization"), Some("Bearer first"));
    // The token is refused: another one is fetched, and then the event is taken.
    server.answers(&[
        "401 Who\n\n",
        "200 OK\n\n{\"access_token\":\"second\"}",
        "503 Busy\nretry-after: 5\n\n",
    ]);
    put("o2");
    skyrig.advance(300);
    let asked = server.asked(6);
    assert_eq!(asked.header("authorization"), Some("Bearer second"));
    assert_eq!(asked.json()["detail"]["id"], "o2");
    server.answers(&["400 No\n\n"]);
    put("o3");
    skyrig.advance(1);
    let dead = skyrig.message("dlq");
    assert_eq!(
        dead["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"],
        "the server answered 400"
    );
}
