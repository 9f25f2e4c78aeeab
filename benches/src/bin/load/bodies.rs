//! The bodies of the requests, written into a buffer that is used again.

use super::message::Name;

/// Which queue the requests go to, and how messages are grouped there.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    /// The URL as JSON text, with its quotes.
    pub(crate) url_json: String,
    /// Of a FIFO queue: how many groups each sender uses in turn.
    pub(crate) groups: Option<u32>,
}

impl Queue {
    pub(crate) fn new(url: &str, groups: Option<u32>) -> Self {
        Self { url_json: serde_json::Value::from(url).to_string(), groups }
    }

    fn begin(&self, out: &mut Vec<u8>) {
        out.clear();
        put(out, &["{\"QueueUrl\":", &self.url_json]);
    }

    fn message(&self, out: &mut Vec<u8>, name: Name, body: &str) {
        put(out, &["\"MessageBody\":\"", body, "\""]);
        if let Some(groups) = self.groups {
            let group = format!("{}-{}", name.sender, name.number % groups);
            let id = &body[..16];
            put(out, &[",\"MessageGroupId\":\"", &group, "\",\"MessageDeduplicationId\":\"", id]);
            put(out, &["\""]);
        }
    }

    pub(crate) fn send(&self, out: &mut Vec<u8>, name: Name, body: &str) {
        self.begin(out);
        put(out, &[","]);
        self.message(out, name, body);
        put(out, &["}"]);
    }

    pub(crate) fn send_batch(&self, out: &mut Vec<u8>, messages: &[(Name, String)]) {
        self.begin(out);
        put(out, &[",\"Entries\":["]);
        for (index, (name, body)) in messages.iter().enumerate() {
            entry(out, index);
            self.message(out, *name, body);
            put(out, &["}"]);
        }
        put(out, &["]}"]);
    }

    pub(crate) fn receive(&self, out: &mut Vec<u8>, messages_max: usize, wait_seconds: u32) {
        self.begin(out);
        put(out, &[",\"MaxNumberOfMessages\":", &messages_max.to_string()]);
        if wait_seconds > 0 {
            put(out, &[",\"WaitTimeSeconds\":", &wait_seconds.to_string()]);
        }
        put(out, &["}"]);
    }

    pub(crate) fn delete(&self, out: &mut Vec<u8>, receipt_handle: &str) {
        self.begin(out);
        put(out, &[",\"ReceiptHandle\":\"", receipt_handle, "\"}"]);
    }

    pub(crate) fn delete_batch<'a>(
        &self,
        out: &mut Vec<u8>,
        receipt_handles: impl Iterator<Item = &'a str>,
    ) {
        self.begin(out);
        put(out, &[",\"Entries\":["]);
        for (index, handle) in receipt_handles.enumerate() {
            entry(out, index);
            put(out, &["\"ReceiptHandle\":\"", handle, "\"}"]);
        }
        put(out, &["]}"]);
    }
}

fn entry(out: &mut Vec<u8>, index: usize) {
    let comma = if index > 0 { "," } else { "" };
    put(out, &[comma, "{\"Id\":\"", &index.to_string(), "\","]);
}

fn put(out: &mut Vec<u8>, texts: &[&str]) {
    for text in texts {
        out.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(write: impl Fn(&Queue, &mut Vec<u8>), expected: Value) {
        let mut out = b"old".to_vec();
        write(&Queue::new("u\"", Some(2)), &mut out);
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), expected);
    }

    #[test]
    fn bodies_are_what_sqs_expects() {
        let name = Name { sender: 1, number: 5 };
        let body = name.body();
        let message = json!({"MessageBody": body, "MessageGroupId": "1-1",
            "MessageDeduplicationId": "0000000100000005"});
        let with = |more: Value| {
            let mut whole = message.clone();
            whole.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
            whole
        };
        check(|queue, out| queue.send(out, name, &body), with(json!({"QueueUrl": "u\""})));
        let two = [(name, body.clone()), (name, body.clone())];
        let entries = [with(json!({"Id": "0"})), with(json!({"Id": "1"}))];
        check(
            |queue, out| queue.send_batch(out, &two),
            json!({"QueueUrl": "u\"", "Entries": entries}),
        );
        check(
            |queue, out| queue.receive(out, 10, 20),
            json!({"QueueUrl": "u\"", "MaxNumberOfMessages": 10, "WaitTimeSeconds": 20}),
        );
        check(
            |queue, out| queue.delete(out, "r"),
            json!({"QueueUrl": "u\"", "ReceiptHandle": "r"}),
        );
        check(
            |queue, out| queue.delete_batch(out, ["r", "s"].into_iter()),
            json!({"QueueUrl": "u\"", "Entries":
                [{"Id": "0", "ReceiptHandle": "r"}, {"Id": "1", "ReceiptHandle": "s"}]}),
        );
    }
}
