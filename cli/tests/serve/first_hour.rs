//! What somebody meets who comes from elsewhere: lines, pages and refusals.

use serde_json::json;

use crate::process::{Skyrig, read, read_all};

#[test]
fn it_says_when_it_is_ready_and_that_it_keeps_nothing() {
    let skyrig = Skyrig::start(&[]);
    assert_eq!(skyrig.said.len(), 3, "{:?}", skyrig.said);
    assert!(skyrig.said[0].starts_with("skyrig listening on http://127.0.0.1:"));
    assert_eq!(skyrig.said[1], "State is kept in memory only: it is gone when skyrig ends.");
    assert_eq!(skyrig.said[2], "Ready.");
    skyrig.assert_works();
}

#[test]
fn what_is_not_here_is_logged_once_and_counted() {
    let skyrig = Skyrig::with_log(&[], &[]);
    for _ in 0..3 {
        skyrig.sqs("MakeCoffee", json!({}));
    }
    for target in [
        "AmazonKinesis.PutRecord",
        "AmazonKinesis.GetRecords",
        "DynamoDB_20120810.ExportTableToPointInTime",
    ] {
        read(skyrig.start_json(target, &json!({})));
    }
    skyrig.form("Action=PutNothing&Version=2010-08-01");
    skyrig.form("Action=CreateStack&Version=2010-05-15");
    let copy = json!({
        "TableName": "tab", "GlobalTableSourceArn": "arn:aws:dynamodb:eu-west-1:0:table/tab",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
    });
    let (_, refused) = read(skyrig.start_json("DynamoDB_20120810.CreateTable", &copy));
    assert!(refused.contains("GlobalTableSourceArn is not implemented"), "{refused}");
    skyrig.request("PUT /bucket/key?X-Amz-Signature=s HTTP/1.1", b"");
    skyrig.get("/_skyrig/nothing");
    skyrig.get("/_localstack/plugins");
    skyrig.get("/_aws/lambda/runtimes");
    skyrig.get("/_skyrig/reset");
    // What a client did wrong is the client's affair.
    skyrig.sqs("SendMessage", json!({"QueueUrl": "none", "MessageBody": "b"}));
    skyrig.form("Action=SendMessage&Version=2012-11-05&Broken=%");
    let log = skyrig.into_log();
    for expected in [
        "The action MakeCoffee is not valid for this endpoint. request=\"AmazonSQS.MakeCoffee\"",
        "the service AmazonKinesis is not implemented by this emulator request=\"AmazonKinesis.PutRecord\"",
        "the service AmazonKinesis is not implemented by this emulator request=\"AmazonKinesis.GetRecords\"",
        "dynamodb: the operation ExportTableToPointInTime is not implemented by this emulator",
        "The action PutNothing is not valid for this endpoint. request=\"PutNothing\"",
        "cannot tell which AWS service this request is for",
        "GlobalTableSourceArn is not implemented by this emulator operation=\"dynamodb:CreateTable\"",
        "PUT is not allowed here request=\"PUT /bucket/key\"",
        "there is no such page here request=\"GET /_skyrig/nothing\"",
        "there is no such page here request=\"GET /_localstack/plugins\"",
        "there is no such page here request=\"GET /_aws/lambda/runtimes\"",
        "this page does not take that method request=\"GET /_skyrig/reset\"",
    ] {
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(expected)).collect();
        let told = if expected.contains("MakeCoffee") { 2 } else { 1 };
        assert_eq!(lines.len(), told, "{expected}: {log}");
        assert!(lines[0].contains(" WARN skyrig::"), "{}", lines[0]);
        if told == 2 {
            assert!(lines[1].ends_with("(2 more within a minute)"), "{}", lines[1]);
        }
    }
    assert_eq!(log.lines().count(), 13, "{log}");
}

#[test]
fn tools_made_for_localstack_find_their_pages() {
    let skyrig = Skyrig::start(&[]);
    let health = |skyrig: &Skyrig| {
        let (head, body) = read_all(skyrig.send("GET /_localstack/health HTTP/1.1", b""));
        assert!(head.starts_with("http/1.1 200 "), "{head}");
        assert!(head.contains("content-type: application/json"), "{head}");
        body
    };
    // Scripts look for such words with grep.
    let before = health(&skyrig);
    assert!(before.contains(r#""sqs": "available""#), "{before}");
    assert!(before.contains(r#""s3": "disabled""#), "{before}");
    assert!(before.contains(r#""edition": "community""#), "{before}");
    skyrig.assert_works();
    let after = health(&skyrig);
    assert!(after.contains(r#""sqs": "running""#), "{after}");
    assert!(after.contains(r#""sns": "available""#), "{after}");
    let document: serde_json::Value = serde_json::from_str(&after).unwrap();
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    let ours = skyrig.get("/_skyrig/health").1["services"].clone();
    for name in ours.as_array().unwrap() {
        let known_as = match name.as_str().unwrap() {
            "states" => "stepfunctions",
            name => name,
        };
        let state = &document["services"][known_as];
        assert!(["available", "running"].contains(&state.as_str().unwrap()), "{name}: {state}");
    }
    let (status, info) = skyrig.get("/_localstack/info");
    assert_eq!((status, &info["is_license_activated"]), (200, &json!(false)));
    let (status, init) = skyrig.get("/_localstack/init");
    assert_eq!((status, &init["completed"]["READY"]), (200, &json!(true)));
    assert_eq!(skyrig.get("/_localstack/init/ready").1, json!({"completed": true, "scripts": []}));
    assert_eq!(skyrig.get("/_localstack/init/shutdown").1["completed"], false);
    assert_eq!(skyrig.get("/_localstack/init/later").0, 404);
    assert_eq!(skyrig.post("/_localstack/state/reset", json!({})).0, 200);
    assert!(health(&skyrig).contains(r#""sqs": "available""#));
    let (status, refused) = skyrig.get("/_localstack/plugins");
    assert_eq!(status, 404);
    assert!(refused["error"].as_str().unwrap().starts_with("/_localstack/plugins is no page"));
    let (status, refused) = skyrig.get("/_skyrig/reset");
    assert_eq!(status, 405);
    assert!(refused["error"].as_str().unwrap().starts_with("/_skyrig/reset does not take GET"));
}

#[test]
fn the_time_in_health_goes_on_while_nothing_happens() {
    let skyrig = Skyrig::start(&[]);
    let now = || skyrig.get("/_skyrig/health").1["now"].clone();
    let first = now();
    assert!((0..100_000).any(|_| now() != first), "it stands still at {first}");
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    let now = || skyrig.get("/_skyrig/health").1["now"].clone();
    let first = now();
    assert_eq!(now(), first);
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 1}));
    assert_ne!(now(), first);
}

/// A head that is signed for `service`.
fn signed(line: &str, service: &str) -> String {
    format!(
        "{line} HTTP/1.1\r\nauthorization: AWS4-HMAC-SHA256 \
         Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=s"
    )
}

#[test]
fn a_rest_service_that_is_not_here_is_refused_as_its_clients_read_it() {
    let skyrig = Skyrig::start(&[]);
    for (line, service) in [
        ("POST /v2/email/outbound-emails", "ses"),
        ("GET /restapis", "apigateway"),
        ("PUT /clusters/c", "kafka"),
        ("DELETE /v1/apis/a", "appsync"),
    ] {
        let head = format!("{}\r\ncontent-type: application/json", signed(line, service));
        let (head, body) = read_all(skyrig.send(&head, b"{}"));
        assert!(head.starts_with("http/1.1 400 "), "{head}");
        assert!(head.contains("content-type: application/json\r\n"), "{head}");
        assert!(head.contains("x-amzn-errortype: unknownoperationexception"), "{head}");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let message = format!("the service {service} is not implemented by this emulator");
        assert_eq!(body["message"], message);
    }
    for (service, name) in [("kinesis", "kinesis"), ("sqs", "Kinesis_20131202")] {
        let head = signed("POST /", service);
        let head = format!("{head}\r\nx-amz-target: Kinesis_20131202.ListStreams");
        let (_, body) = skyrig.request(&head, b"{}");
        assert!(body.contains(&format!("the service {name} is not implemented")), "{body}");
    }
    let s3 = "<Error><Code>NotImplemented</Code><Message>the service s3 is not implemented by this \
              emulator</Message><Resource>/bucket</Resource>";
    let (head, body) = read_all(skyrig.send(&signed("PUT /bucket", "s3"), b""));
    assert!(head.starts_with("http/1.1 501 "), "{head}");
    assert!(head.contains("content-type: application/xml"), "{head}");
    assert!(body.contains(s3), "{body}");
    let (head, body) = read_all(skyrig.send(&signed("HEAD /bucket", "s3"), b""));
    assert!(head.starts_with("http/1.1 501 ") && body.is_empty(), "{head} {body}");
    let bucket = "b.s3.localhost.localstack.cloud:4566";
    let (_, body) = read(skyrig.send_to_host(bucket, "GET /bucket HTTP/1.1", b""));
    assert!(body.contains(s3), "{body}");
    let (_, body) = skyrig.request(&signed("GET /2013-04-01/hostedzone", "route53"), b"");
    let message = "<Message>the service route53 is not implemented by this emulator</Message>";
    assert!(body.contains("<ErrorResponse><Error><Type>Sender</Type>"), "{body}");
    assert!(body.contains(message), "{body}");
    let (_, body) = skyrig
        .request(&signed("POST /", "cloudformation"), b"Action=CreateStack&Version=2010-05-15");
    assert!(body.contains("<Message>the service cloudformation is not implemented"), "{body}");
}

#[test]
fn a_query_request_without_version_finds_its_service() {
    let skyrig = Skyrig::start(&[]);
    let ask =
        |host: &str, head: &str, form: &str| read(skyrig.send_to_host(host, head, form.as_bytes()));
    let post = "POST / HTTP/1.1";
    let by_scope = signed("POST /", "sns");
    let tags = "Action=ListTagsForResource&ResourceArn=arn:aws:sns:us-east-1:000000000000:t";
    for (host, head, form, status, expected) in [
        // By its action, which only one service has.
        ("localhost", post, "Action=CreateQueue&QueueName=q", 200, "<QueueUrl>"),
        ("localhost", "GET /?Action=CreateTopic&Name=t HTTP/1.1", "", 200, "<TopicArn>"),
        ("localhost", post, "Action=GetCallerIdentity", 200, "<Account>000000000000</Account>"),
        ("localhost", "GET /000000000000/q?Action=PurgeQueue HTTP/1.1", "", 200, "PurgeQueueResp"),
        // Several have it: by scope, by version, by the host's name.
        ("localhost", &by_scope, tags, 200, "<ListTagsForResourceResponse"),
        ("sns.us-east-1.amazonaws.com", post, tags, 200, "<ListTagsForResourceResponse"),
        ("SNS.localhost.localstack.cloud:4566", post, tags, 200, "<ListTagsForResourceResponse"),
        ("localhost", post, tags, 400, "ListTagsForResource is one of cloudwatch, sns;"),
        // A host that is called so by chance does not hide another service.
        ("sqs:4566", post, "Action=CreateTopic&Name=u", 200, "<TopicArn>"),
        ("sqs:4566", post, "Action=MakeCoffee", 400, "The action MakeCoffee is not valid"),
        // The scope counts more than the action.
        (
            "localhost",
            &by_scope,
            "Action=CreateQueue&QueueName=q",
            400,
            "the operation CreateQueue",
        ),
        ("localhost", &signed("POST /", "kms"), "Action=CreateQueue", 400, "the service kms"),
        ("localhost", post, "Action=MakeCoffee", 400, "cannot tell which AWS service"),
        ("localhost", post, "QueueName=q", 400, "cannot tell which AWS service"),
    ] {
        let (got, body) = ask(host, head, form);
        assert!(got == status && body.contains(expected), "{host} {head} {form}: {got} {body}");
    }
}
