//! Queues by name and URL, their lists and their tags.

use serde_json::{Map, Value, json};

use super::{QUEUE, world};
use crate::cloud::request;
use crate::cloud::testing::World;
use crate::kernel::Settings;

const INVALID: &str = "InvalidParameterValueException";

#[test]
fn queue_names_have_rules() {
    let standard =
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    let fifo = "The name of a FIFO queue can only include alphanumeric characters, hyphens, or \
                underscores, must end with .fifo suffix and be 1 to 80 in length.";
    let long = |characters: usize| "q".repeat(characters);
    let cases = [
        ("a-b_C9".to_owned(), false, ""),
        (long(80), false, ""),
        (long(81), false, standard),
        ("a b".to_owned(), false, standard),
        ("ü".to_owned(), false, standard),
        ("a.fifo".to_owned(), false, standard),
        ("a.fifo".to_owned(), true, ""),
        (format!("{}.fifo", long(75)), true, ""),
        (format!("{}.fifo", long(76)), true, standard),
        (".fifo".to_owned(), true, standard),
        ("a".to_owned(), true, fifo),
    ];
    for (name, is_fifo, message) in cases {
        let attributes = if is_fifo { json!({"FifoQueue": "true"}) } else { json!({}) };
        let request = json!({"QueueName": name, "Attributes": attributes});
        match World::new().call("AmazonSQS.CreateQueue", request) {
            Ok(_) => assert_eq!(message, "", "{name}"),
            Err(error) => assert_eq!((&*error.shape, &*error.message), (INVALID, message)),
        }
    }
    for operation in ["CreateQueue", "GetQueueUrl"] {
        let error = World::new().err(&format!("AmazonSQS.{operation}"), json!({"QueueName": ""}));
        assert_eq!(error.message, "The request must contain the parameter QueueName.");
    }
}

#[test]
fn a_queue_is_found_in_its_own_account_and_region_only() {
    let mut world = world();
    let url = |owner: &str| json!({"QueueName": "q", "QueueOwnerAWSAccountId": owner});
    assert_eq!(world.ok("AmazonSQS.GetQueueUrl", url("000000000000"))["QueueUrl"], QUEUE);
    assert_eq!(world.err("AmazonSQS.GetQueueUrl", url("111111111111")).shape, "QueueDoesNotExist");
    let send = |url: &str| json!({"QueueUrl": url, "MessageBody": "b"});
    for url in ["http://elsewhere/000000000000/q", "http://localhost:4566/000000000000/q/", "q"] {
        world.ok("AmazonSQS.SendMessage", send(url));
    }
    for url in ["http://localhost:4566/111111111111/q", "http://localhost:4566/000000000000/r", "/"]
    {
        let error = world.err("AmazonSQS.SendMessage", send(url));
        assert_eq!(error.shape, "QueueDoesNotExist", "{url}");
    }
    let error = world.err("AmazonSQS.SendMessage", send(""));
    assert_eq!(error.message, "The request must contain the parameter QueueUrl.");
    let scope = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/sqs/aws4_request";
    let request = http::Request::post("/")
        .header("authorization", scope)
        .header("x-amz-target", "AmazonSQS.SendMessage")
        .body(bytes::Bytes::from(send(QUEUE).to_string()))
        .unwrap();
    assert_eq!(world.send(request).unwrap().status(), 400);
}

#[test]
fn the_path_of_a_query_request_names_its_queue() {
    let mut world = world();
    for (path, form, part) in [
        ("/000000000000/q", "Action=SendMessage&MessageBody=b", "<MessageId>"),
        ("/000000000000/q/", "Action=ReceiveMessage", "<Body>b</Body>"),
        ("/000000000000/q", "Action=SendMessage&MessageBody=b&QueueUrl=none", "NonExistentQueue"),
        ("/000000000000/r", "Action=SendMessage&MessageBody=b", "NonExistentQueue"),
        ("/", "Action=SendMessage&MessageBody=b", "the parameter QueueUrl."),
        ("/000000000000/q", "Action=SendMessage", "the parameter MessageBody."),
    ] {
        let form = format!("{form}&Version=2012-11-05");
        let kind = "application/x-www-form-urlencoded";
        let post = http::Request::post(path).header("content-type", kind);
        let post = post.body(bytes::Bytes::from(form)).unwrap();
        let response = world.send(post).unwrap();
        let body = std::str::from_utf8(response.body()).unwrap();
        assert!(body.contains(part), "{path}: {body}");
    }
    let get = "/000000000000/q?Action=GetQueueAttributes&AttributeName.1=All&Version=2012-11-05";
    let response = world.send(http::Request::get(get).body(bytes::Bytes::new()).unwrap()).unwrap();
    assert_eq!(response.status(), 200);
}

#[test]
fn queues_are_listed_by_prefix_and_in_pages() {
    let mut world = World::new();
    for name in ["a1", "a2", "a3", "b1"] {
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": name}));
    }
    let mut names = |request: Value| {
        let answer = world.ok("AmazonSQS.ListQueues", request);
        let urls = answer["QueueUrls"].as_array().cloned().unwrap_or_default();
        let name = |url: &Value| url.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (urls.iter().map(name).collect::<Vec<_>>(), answer["NextToken"].clone())
    };
    assert_eq!(names(json!({})), (["a1", "a2", "a3", "b1"].map(str::to_owned).into(), Value::Null));
    assert_eq!(names(json!({"QueueNamePrefix": "A"})).0, Vec::<String>::new());
    let (first, token) = names(json!({"QueueNamePrefix": "a", "MaxResults": 2}));
    assert_eq!(first, ["a1", "a2"]);
    let rest = json!({"QueueNamePrefix": "a", "MaxResults": 2, "NextToken": token});
    assert_eq!(names(rest), (vec!["a3".to_owned()], Value::Null));
    for page in [0, 1001, -1] {
        let error = world.err("AmazonSQS.ListQueues", json!({"MaxResults": page}));
        let start = format!("Value {page} for parameter MaxResults is invalid. Reason: ");
        assert!(error.message.starts_with(&start), "{}", error.message);
    }
}

#[test]
fn tags_have_rules() {
    let tag = |key: &str, value: &str| Map::from_iter([(key.to_owned(), Value::from(value))]);
    let many = |count: usize| (0..count).map(|n| (n.to_string(), Value::from("v"))).collect();
    let key_length = "Tag keys must be between 1 and 128 characters in length.";
    let value_length = "Tag values must be between 0 and 256 characters in length.";
    let reserved = "Tag keys and values must not begin with the reserved prefix aws:";
    let characters = "Tag keys and values can only contain Unicode letters, digits, white space, \
                      and the symbols _ . : / = + - @";
    let cases: [(Map<String, Value>, &str); 11] = [
        (tag("Grüße _.:/=+-@", ""), ""),
        (tag(&"k".repeat(128), &"v".repeat(256)), ""),
        (many(50), ""),
        (tag("", "v"), key_length),
        (tag(&"k".repeat(129), "v"), key_length),
        (tag("k", &"v".repeat(257)), value_length),
        (tag("aws:k", "v"), reserved),
        (tag("k", "AWS:v"), reserved),
        (tag("k*", "v"), characters),
        (tag("k", "v!"), characters),
        (many(51), "Too many tags added for queue q."),
    ];
    for (tags, message) in cases {
        let add = json!({"QueueUrl": QUEUE, "Tags": tags});
        let answers = [
            world().call("AmazonSQS.TagQueue", add),
            World::new().call("AmazonSQS.CreateQueue", json!({"QueueName": "q", "tags": tags})),
        ];
        for answer in answers {
            match answer {
                Ok(_) => assert_eq!(message, "", "{tags:?}"),
                Err(error) => assert_eq!((&*error.shape, &*error.message), (INVALID, message)),
            }
        }
    }
}

/// AWS's SDKs ask for the statuses of the query protocol; without that all are 400 over JSON.
#[test]
fn statuses_of_the_query_protocol_are_for_those_who_ask_for_them() {
    let mut world = world();
    let purge = json!({"QueueUrl": QUEUE});
    world.ok("AmazonSQS.PurgeQueue", purge.clone());
    let receive = json!({"QueueUrl": "none"});
    let handle = json!({"QueueUrl": QUEUE, "ReceiptHandle": "x"});
    for (operation, body, status) in [
        ("PurgeQueue", purge, 403),
        ("ReceiveMessage", receive, 400),
        ("DeleteMessage", handle, 404),
    ] {
        for (mode, status) in [(Some("true"), status), (None, 400), (Some("false"), 400)] {
            let target = format!("AmazonSQS.{operation}");
            let mut request = request::json(&target, body.to_string());
            request.headers_mut().remove("x-amzn-query-mode");
            if let Some(mode) = mode {
                request.headers_mut().insert("x-amzn-query-mode", mode.parse().unwrap());
            }
            let response = world.send(request).unwrap();
            assert_eq!(response.status(), status, "{operation} {mode:?}");
        }
    }
}

/// A page's token is of use in the list that gave it out, and nowhere else.
#[test]
fn tokens_of_elsewhere_of_before_a_reset_and_forged_ones_are_none() {
    let with_queues = |resets: u64| {
        let mut world = World::with(Settings { resets, ..Settings::default() });
        for name in ["a", "b", "c"] {
            world.ok("AmazonSQS.CreateQueue", json!({"QueueName": name}));
        }
        world
    };
    let list = |token: &Value| json!({"MaxResults": 1, "NextToken": token});
    let mut world = with_queues(1);
    let first = world.ok("AmazonSQS.ListQueues", json!({"MaxResults": 1}));
    let own = first["NextToken"].clone();
    let second = world.ok("AmazonSQS.ListQueues", list(&own));
    assert!(second["QueueUrls"][0].as_str().unwrap().ends_with("/b"));
    let before = with_queues(0).ok("AmazonSQS.ListQueues", json!({"MaxResults": 1}));
    let text = own.as_str().unwrap();
    let mut forged = vec![before["NextToken"].clone(), json!("a"), json!("b"), json!("YQ")];
    for (place, digit) in [(0, "_"), (9, "_"), (text.len() - 1, "w")] {
        let mut changed = text.to_owned();
        changed.replace_range(place..=place, digit);
        forged.push(changed.into());
    }
    for token in forged {
        let refused = world.err("AmazonSQS.ListQueues", list(&token));
        assert_eq!(refused.shape, INVALID, "{token}");
    }
    let refused = world.call_as("111111111111", "AmazonSQS.ListQueues", list(&own)).unwrap_err();
    assert_eq!(refused.shape, INVALID);
    let other = json!({"QueueUrl": "a", "MaxResults": 1, "NextToken": own});
    let refused = world.err("AmazonSQS.ListDeadLetterSourceQueues", other);
    assert_eq!(refused.shape, INVALID);
}
