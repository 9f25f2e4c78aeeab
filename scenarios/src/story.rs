//! Tells the story of the messages, from what crosses the border between the system and AWS.
//!
//! It reads requests and answers and changes nothing. What it can't read it leaves out.

use harness::Timeline;
use harness::record::Exchange;
use orderflow::Role;
use serde_json::Value;
use std::collections::BTreeMap;

/// What was received, by receipt handle, so that giving it back can be told.
#[derive(Debug)]
pub(crate) struct Story {
    timeline: Timeline,
    prefix: String,
    in_hand: BTreeMap<String, Held>,
}

/// A message between its receipt and its end.
#[derive(Debug)]
struct Held {
    id: String,
    what: String,
}

impl Story {
    /// `prefix` is taken off the names of resources.
    pub(crate) fn new(timeline: Timeline, prefix: &str) -> Self {
        Self { timeline, prefix: format!("{prefix}-"), in_hand: BTreeMap::new() }
    }

    pub(crate) fn tell(&mut self, exchange: Exchange<'_>) {
        if exchange.status == 0 {
            let what = format!("the answer to {} is lost", operation(&exchange));
            self.timeline.note("aws", what);
            return;
        }
        if exchange.status != 200 {
            let target = exchange.target.rsplit('.').next().unwrap_or_default();
            if !exchange.target.is_empty() && !is_expected(exchange.reply) {
                let what = format!("{target} fails with status {}", exchange.status);
                self.timeline.note("aws", what);
            }
            return;
        }
        let request = json(exchange.request);
        match exchange.target {
            "AWSEvents.PutEvents" => self.put_events(&request, &json(exchange.reply)),
            "AmazonSQS.ReceiveMessage" => self.received(&request, &json(exchange.reply)),
            "AmazonSQS.ChangeMessageVisibility" => self.given_back(&request),
            "AmazonSQS.DeleteMessageBatch" => self.deleted(&request),
            "DynamoDB_20120810.UpdateItem" => self.noted(&request),
            "AmazonSQS.SendMessage" => self.buried(&request),
            // SNS speaks forms and names its operation inside.
            "" => self.published(exchange.request, exchange.reply),
            _ => {}
        }
    }

    fn put_events(&self, request: &Value, reply: &Value) {
        let results = reply["Entries"].as_array().into_iter().flatten();
        let entries = request["Entries"].as_array().into_iter().flatten();
        for (entry, result) in entries.zip(results) {
            let source = entry["Source"].as_str().unwrap_or_default();
            let actor = source.rsplit('.').next().unwrap_or(source);
            let detail = json(entry["Detail"].as_str().unwrap_or_default().as_bytes());
            let event = named(entry["DetailType"].as_str().unwrap_or("event"), &detail);
            let what = match result["ErrorCode"].as_str() {
                None => format!("publishes {event}"),
                Some(code) => format!("could not publish {event}: {code}"),
            };
            match result["EventId"].as_str() {
                Some(id) => self.timeline.note_about(id, actor, what),
                None => self.timeline.note(actor, what),
            }
        }
    }

    fn received(&mut self, request: &Value, reply: &Value) {
        let role = self.queue(request);
        for message in reply["Messages"].as_array().into_iter().flatten() {
            let what = message_name(message["Body"].as_str().unwrap_or_default());
            let count = message["Attributes"]["ApproximateReceiveCount"].as_str().unwrap_or("1");
            let again = if count == "1" { String::new() } else { format!(", time {count}") };
            let id = message["MessageId"].as_str().unwrap_or_default();
            self.timeline.note_about(id, &role, format!("receives {what}{again}"));
            if let Some(handle) = message["ReceiptHandle"].as_str() {
                self.in_hand.insert(handle.to_owned(), Held { id: id.to_owned(), what });
            }
        }
    }

    fn given_back(&mut self, request: &Value) {
        let handle = request["ReceiptHandle"].as_str().unwrap_or_default();
        let Some(Held { id, what }) = self.in_hand.remove(handle) else {
            return;
        };
        let seconds = request["VisibilityTimeout"].as_i64().unwrap_or_default();
        let told = match seconds {
            0 => format!("gives {what} back at once"),
            _ => format!("gives {what} back for {seconds} s"),
        };
        self.timeline.note_about(&id, self.queue(request), told);
    }

    fn deleted(&mut self, request: &Value) {
        for entry in request["Entries"].as_array().into_iter().flatten() {
            self.in_hand.remove(entry["ReceiptHandle"].as_str().unwrap_or_default());
        }
    }

    /// The system notes why it failed to handle a message.
    fn noted(&self, request: &Value) {
        if !request["TableName"].as_str().is_some_and(|table| table.ends_with("-failures")) {
            return;
        }
        let said = |name: &str| {
            request["ExpressionAttributeValues"][name]["S"].as_str().unwrap_or_default()
        };
        let id = request["Key"]["message_id"]["S"].as_str().unwrap_or_default();
        self.timeline.note_about(id, said(":role"), format!("fails: {}", said(":reason")));
    }

    /// Copies of messages that were given up go to the dead-letter queue, with the reason.
    fn buried(&self, request: &Value) {
        let said = |name: &str| {
            request["MessageAttributes"][name]["StringValue"].as_str().unwrap_or_default()
        };
        let id = said("failure.message_id");
        if !id.is_empty() {
            let what = message_name(request["MessageBody"].as_str().unwrap_or_default());
            let reason = said("failure.reason");
            let told = format!("gives {what} up: {reason}");
            self.timeline.note_about(id, said("failure.role"), told);
        }
    }

    fn published(&self, form: &[u8], reply: &[u8]) {
        let form = String::from_utf8_lossy(form);
        let fields: BTreeMap<&str, String> = form
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key, unescaped(value)))
            .collect();
        let reply = String::from_utf8_lossy(reply);
        match fields.get("Action").map(String::as_str) {
            Some("Publish") => self.said(fields.get("Message"), between(&reply, "MessageId")),
            Some("PublishBatch") => {
                for number in 1.. {
                    let field = |name: &str| {
                        let key = format!("PublishBatchRequestEntries.member.{number}.{name}");
                        fields.get(&*key)
                    };
                    let Some(entry) = field("Id") else { return };
                    let own = |one: &&str| between(one, "Id") == Some(entry);
                    let taken = reply.split("<member>").find(own);
                    let message_id = taken.and_then(|one| between(one, "MessageId"));
                    if message_id.is_some() {
                        self.said(field("Message"), message_id);
                    }
                }
            }
            _ => {}
        }
    }

    /// A message of SNS. Alerts are JSON for their readers, mails are plain text.
    fn said(&self, message: Option<&String>, id: Option<&str>) {
        let message = message.map_or("", String::as_str);
        let alert = json(message.as_bytes());
        let (role, told) = match (alert["kind"].as_str(), alert["text"].as_str()) {
            (Some(kind), Some(text)) => ("analytics", format!("warns: {kind}: {text}")),
            _ => ("notifications", format!("tells: {message}")),
        };
        self.timeline.note_about(id.unwrap_or_default(), role, told);
    }

    /// The name of the role that reads the queue; else the queue's name without the prefix.
    fn queue(&self, request: &Value) -> String {
        let url = request["QueueUrl"].as_str().unwrap_or_default();
        let name = url.rsplit('/').next().unwrap_or(url);
        let name = name.strip_prefix(&self.prefix).unwrap_or(name);
        if name.starts_with("quote-replies-") {
            return Role::Api.to_string();
        }
        let name = name.strip_suffix(".fifo").unwrap_or(name);
        let role = Role::consumers().find(|role| role.queue() == name);
        role.map_or_else(|| name.to_owned(), |role| role.to_string())
    }
}

/// The operation that a call was for. SNS names it in the form, CloudWatch in the path.
fn operation(exchange: &Exchange<'_>) -> String {
    let form = String::from_utf8_lossy(exchange.request);
    let action = form.split('&').find_map(|pair| pair.strip_prefix("Action="));
    let named = exchange.target.rsplit('.').next().filter(|name| !name.is_empty());
    let path = exchange.uri.rsplit('/').next().filter(|name| !name.is_empty());
    named.or(action).or(path).unwrap_or("a call").to_owned()
}

/// An optimistic lock that was lost, or an item that is there already, is part of normal life.
fn is_expected(reply: &[u8]) -> bool {
    let kind = json(reply)["__type"].as_str().unwrap_or_default().to_owned();
    ["ConditionalCheckFailedException", "TransactionCanceledException"]
        .iter()
        .any(|expected| kind.ends_with(expected))
}

/// What a role's queue holds: an event from the bus, a timer, a coordinator's task, or a request or
/// its reply.
fn message_name(body: &str) -> String {
    let body = json(body.as_bytes());
    if body["quote_request"].is_object() {
        return named("a quote request", &body["quote_request"]);
    }
    if body["outcome"].is_object() {
        return "the carrier's reply".to_owned();
    }
    if let Some(task) = body["task"].as_str() {
        return named(&format!("the task {task}"), &body);
    }
    match (body["detail-type"].as_str(), body["timer"].as_str()) {
        (Some(name), _) => named(name, &body["detail"]),
        (None, Some(timer)) => named(&format!("the {timer} timer"), &body),
        (None, None) => "a message".to_owned(),
    }
}

/// With the beginning of the order's id, which tells orders apart in one story.
fn named(name: &str, detail: &Value) -> String {
    match detail["order_id"].as_str() {
        Some(id) => format!("{name} ({})", id.get(..8).unwrap_or(id)),
        None => name.to_owned(),
    }
}

/// The text of the first element of that name.
fn between<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split('<').next()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_default()
}

/// A form's value without its escapes.
pub(crate) fn unescaped(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|digit| digit.map(char::from));
                let nibble = |digit: Option<char>| digit.and_then(|digit| digit.to_digit(16));
                let code = nibble(digits[0]).zip(nibble(digits[1]));
                bytes.extend(code.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Story;
    use harness::Timeline;
    use harness::record::Exchange;

    fn check(target: &str, request: &str, reply: &str, wanted: &[&str]) {
        let timeline = Timeline::new();
        let (request, reply) = (request.as_bytes(), reply.as_bytes());
        Story::new(timeline.clone(), "shop").tell(Exchange {
            target,
            uri: "/",
            request,
            status: 200,
            reply,
        });
        let told = timeline.entries();
        let told: Vec<_> = told.iter().map(|it| format!("{} {}", it.actor, it.what)).collect();
        assert_eq!(told, wanted);
    }

    #[tokio::test]
    async fn messages_are_told() {
        let detail = r#"{\"order_id\":\"0123456789\"}"#;
        check(
            "AWSEvents.PutEvents",
            &format!(
                r#"{{"Entries":[{{"Source":"ecommerce.orders","DetailType":"Order Placed",
                "Detail":"{detail}"}}]}}"#
            ),
            r#"{"Entries":[{"EventId":"e"}],"FailedEntryCount":0}"#,
            &["orders publishes Order Placed (01234567)"],
        );
        check(
            "AmazonSQS.ReceiveMessage",
            r#"{"QueueUrl":"http://localhost:4566/000000000000/shop-payments"}"#,
            r#"{"Messages":[{"ReceiptHandle":"h","Attributes":{"ApproximateReceiveCount":"3"},
            "Body":"{\"timer\":\"packing\",\"order_id\":\"o-1\"}"}]}"#,
            &["payments receives the packing timer (o-1), time 3"],
        );
        for (queue, body, told) in [
            ("quote-requests", r#"{\"quote_request\":{}}"#, "carrier receives a quote request"),
            ("quote-replies-0a", r#"{\"outcome\":{}}"#, "api receives the carrier's reply"),
        ] {
            check(
                "AmazonSQS.ReceiveMessage",
                &format!(r#"{{"QueueUrl":"http://localhost:4566/0/shop-{queue}"}}"#),
                &format!(r#"{{"Messages":[{{"Body":"{body}"}}]}}"#),
                &[told],
            );
        }
        check(
            "",
            "Action=Publish&Message=Order+5+is+%C3%BCber%21&Version=1",
            "",
            &["notifications tells: Order 5 is \u{fc}ber!"],
        );
        check(
            "",
            "Action=Publish&Message=%7B%22kind%22%3A%22anomaly%22%2C%22text%22%3A%22orders%22%7D",
            "",
            &["analytics warns: anomaly: orders"],
        );
        check(
            "",
            "Action=PublishBatch&PublishBatchRequestEntries.member.1.Id=0\
             &PublishBatchRequestEntries.member.1.Message=one\
             &PublishBatchRequestEntries.member.2.Id=1\
             &PublishBatchRequestEntries.member.2.Message=two",
            "<Successful><member><Id>1</Id><MessageId>m</MessageId></member></Successful>",
            &["notifications tells: two"],
        );
        check("AmazonSQS.ReceiveMessage", "not JSON", "{}", &[]);
    }
}
