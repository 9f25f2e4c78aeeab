//! Servers outside that answer anything at all: no message is lost or doubled because of it.
//!
//! An SNS subscription and an EventBridge rule with an API destination each send messages to a
//! server. Each line of the input is one answer, a letter first: a status from a table, no answer
//! at all, or time that passes; the rest is `name: value`, then a body behind a bar.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use skyrig::cloud::{Driver, Input, Waiting, request};
use skyrig::kernel::{HttpAnswer, OutsideCall, OutsideRequest};
use skyrig::{Cloud, Settings, SigningMode};

/// Statuses in the order of their letters, from `A`; corpora depend on it.
const STATUSES: [u16; 16] =
    [200, 201, 204, 299, 301, 307, 400, 401, 404, 407, 409, 429, 500, 503, 599, 0];
const STEPS_MAX: usize = 64;
const MESSAGES: usize = 3;
const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";
const TOKENS: &str = "http://server.example/token";

#[derive(Clone)]
struct World {
    driver: Driver,
    asked: Vec<OutsideCall>,
    /// How many messages servers have taken.
    taken: usize,
}

impl World {
    fn made() -> Self {
        thread_local!(static WORLD: World = World::make());
        WORLD.with(World::clone)
    }

    fn make() -> Self {
        let settings = Settings { signing: SigningMode::On, ..Settings::default() };
        let mut world = Self { driver: Driver::new(settings), asked: Vec::new(), taken: 0 };
        let policy = json!({"Statement": {
            "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*",
        }});
        let attributes = json!({"Policy": policy.to_string(), "VisibilityTimeout": "0"});
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "dlq", "Attributes": attributes}));
        let dlq = "arn:aws:sqs:us-east-1:000000000000:dlq";
        world.sns("Action=CreateTopic&Name=t");
        let redrive = json!({"deadLetterTargetArn": dlq}).to_string().replace('"', "%22");
        world.sns(&format!(
            "Action=Subscribe&TopicArn={TOPIC}&Protocol=http&Endpoint=http://server.example/in\
             &Attributes.entry.1.key=RedrivePolicy&Attributes.entry.1.value={redrive}"
        ));
        let OutsideRequest::Http { body, .. } = world.take_asked().remove(0).request else {
            panic!("a server is asked");
        };
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        let token = body["Token"].as_str().expect("a token");
        world.sns(&format!("Action=ConfirmSubscription&TopicArn={TOPIC}&Token={token}"));
        let connection = json!({
            "Name": "c", "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
            "AuthParameters": {"OAuthParameters": {
                "AuthorizationEndpoint": TOKENS, "HttpMethod": "POST",
                "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"},
            }},
        });
        let connection = world.ok("AWSEvents.CreateConnection", connection);
        let destination = json!({
            "Name": "d", "ConnectionArn": connection["ConnectionArn"], "HttpMethod": "POST",
            "InvocationEndpoint": "http://server.example/events",
        });
        let destination = world.ok("AWSEvents.CreateApiDestination", destination);
        let pattern = json!({"source": ["s"]}).to_string();
        world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
        let target = json!({
            "Id": "t", "Arn": destination["ApiDestinationArn"], "DeadLetterConfig": {"Arn": dlq},
            "RoleArn": "arn:aws:iam::000000000000:role/r",
        });
        world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": [target]}));
        let entry = json!({"Source": "s", "DetailType": "d", "Detail": "{}"});
        for _ in 0..MESSAGES {
            world.sns(&format!("Action=Publish&TopicArn={TOPIC}&Message=m"));
            world.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
        }
        world.collect();
        world
    }

    fn send(&mut self, request: Request<Bytes>) -> Bytes {
        let response = self.driver.send(request).expect("it is answered at once");
        assert_eq!(response.status(), 200, "{}", response.body().escape_ascii());
        response.into_body()
    }

    fn ok(&mut self, target: &str, body: Value) -> Value {
        let answer = self.send(request::json(target, body.to_string()));
        serde_json::from_slice(&answer).unwrap_or_default()
    }

    fn sns(&mut self, form: &str) {
        self.send(request::query("sns", format!("{form}&Version=2010-03-31")));
    }

    fn take_asked(&mut self) -> Vec<OutsideCall> {
        self.driver.take_asked()
    }

    fn collect(&mut self) {
        let asked = self.take_asked();
        self.asked.extend(asked);
    }

    /// Answers what was asked first.
    fn answer(&mut self, answer: Result<HttpAnswer, String>) {
        if self.asked.is_empty() {
            return self.advance(1);
        }
        let OutsideCall { id, request } = self.asked.remove(0);
        let OutsideRequest::Http { target, .. } = request else { panic!("a server is asked") };
        let is_taken = answer.as_ref().is_ok_and(|it| (200..300).contains(&it.status));
        self.taken += usize::from(is_taken && target.url != TOKENS);
        let fed = self.driver.feed(Input::Answered(id, answer));
        assert!(fed.is_ok(), "an answer is taken");
        self.collect();
    }

    fn advance(&mut self, seconds: u64) {
        self.driver.advance(Duration::from_secs(seconds));
        self.collect();
    }

    fn dead(&mut self) -> usize {
        let counts = json!({
            "QueueUrl": "dlq", "AttributeNames": ["ApproximateNumberOfMessages"],
        });
        let answer = self.ok("AmazonSQS.GetQueueAttributes", counts);
        let count = answer["Attributes"]["ApproximateNumberOfMessages"].as_str();
        count.expect("a count").parse().expect("a number")
    }
}

pub(crate) fn run(input: &[u8]) {
    let mut world = World::made();
    for line in input.split(|byte| *byte == b'\n').take(STEPS_MAX) {
        let Some((letter, rest)) = line.split_first() else { continue };
        if letter.is_ascii_digit() {
            world.advance(1 << u64::from(letter - b'0'));
        } else {
            world.answer(answer(*letter, rest));
        }
    }
    let snapshot = world.driver.cloud.snapshot();
    let restored = Cloud::restore(&snapshot, Waiting::Kept).expect("its own snapshot");
    assert!(restored.snapshot() == snapshot, "a snapshot of what it restores differs");
    // From now on every server is well, so each message is taken or given up in a day.
    for _ in 0..3_000 {
        let answer = match world.asked.is_empty() {
            true if world.taken + world.dead() == 2 * MESSAGES => return,
            true => {
                world.advance(60);
                continue;
            }
            false => br#"A|{"access_token":"t"}"#,
        };
        world.answer(self::answer(answer[0], &answer[1..]));
    }
    let dead = world.dead();
    panic!("{} taken, {dead} dead of {}", world.taken, 2 * MESSAGES);
}

fn answer(letter: u8, rest: &[u8]) -> Result<HttpAnswer, String> {
    let text = String::from_utf8_lossy(rest).into_owned();
    let status = STATUSES[usize::from(letter.wrapping_sub(b'A')) % STATUSES.len()];
    if status == 0 {
        return Err(text);
    }
    let (head, body) = text.split_once('|').unwrap_or((&text, ""));
    let header =
        head.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    let body = Bytes::copy_from_slice(body.as_bytes());
    Ok(HttpAnswer { status, headers: header.into_iter().collect(), body })
}
