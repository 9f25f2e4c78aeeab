//! Web pages and what they may do, by the requests that browsers make of them.

use serde_json::{Value, json};

use crate::process::{Skyrig, read, read_all};

const HERE: &str = "localhost:4566";
const CREATE: &str = "Action=CreateQueue&QueueName=evil";
const SIGNED: &str = "authorization: AWS4-HMAC-SHA256 \
     Credential=a/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";
const CHROMIUM: &str = "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
     (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

fn ask(skyrig: &Skyrig, host: &str, line: &str, headers: &[&str], body: &str) -> (u16, String) {
    let head = [&[&format!("{line} HTTP/1.1")[..]], headers].concat().join("\r\n");
    read(skyrig.send_to_host(host, &head, body.as_bytes()))
}

fn queues(skyrig: &Skyrig) -> Value {
    let (status, answer) = skyrig.sqs("ListQueues", json!({}));
    assert_eq!(status, 200, "{answer}");
    answer["QueueUrls"].clone()
}

/// What pages of other sites send without asking first: nothing of it does anything.
#[test]
fn a_page_from_elsewhere_changes_nothing() {
    let skyrig = Skyrig::start(&[]);
    let get = format!("GET /?{CREATE}");
    let presigned = format!("GET /?{CREATE}&X-Amz-Signature=0");
    let evil = "origin: http://evil.example";
    let form = "content-type: application/x-www-form-urlencoded";
    let cross = "sec-fetch-site: cross-site";
    let lan = "192.168.1.5:4566";
    for (host, line, headers, body) in [
        (HERE, "POST /", &[evil, cross, form][..], CREATE),
        (
            HERE,
            "POST /",
            &["origin: http://localhost:3000", "sec-fetch-site: same-site", form],
            CREATE,
        ),
        (HERE, "POST /", &["origin: null", form], CREATE),
        (HERE, "POST /", &[evil, "content-type: text/plain"], CREATE),
        (HERE, "POST /", &[evil, SIGNED, form], CREATE),
        (HERE, &get, &[cross, "sec-fetch-dest: image"], ""),
        (HERE, &get, &[cross, "sec-fetch-dest: document", "sec-fetch-mode: navigate"], ""),
        (HERE, &get, &["sec-fetch-site: same-site"], ""),
        (HERE, &get, &[evil], ""),
        (HERE, &presigned, &[cross], ""),
        // Browsers do not name the site to these hosts.
        (lan, &get, &[CHROMIUM], ""),
        ("localhost.localstack.cloud:4566", &get, &[CHROMIUM], ""),
        // A name that was made to point here.
        ("evil.example:4566", &get, &[], ""),
        ("evil.example:4566", "POST /", &["origin: http://evil.example:4566", form], CREATE),
        ("evil.example:4566", "POST /", &["sec-fetch-site: same-origin", SIGNED, form], CREATE),
    ] {
        let (status, answer) = ask(&skyrig, host, line, headers, body);
        assert_eq!(status, 403, "{host} {line} {headers:?}: {answer}");
        assert!(answer.contains("<Code>AccessDenied</Code>"), "{answer}");
    }
    assert_eq!(queues(&skyrig), Value::Null);
    // The same requests, not by a page.
    assert_eq!(ask(&skyrig, HERE, &get, &[], "").0, 200);
    assert_eq!(queues(&skyrig).as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_no_page_from_elsewhere_is_served_as_ever() {
    let skyrig = Skyrig::start(&["--allow-host", "dev.example,*.shop.example"]);
    let get = "GET /?Action=ListQueues&Version=2012-11-05";
    for (host, headers) in [
        (HERE, &[][..]),
        ("127.0.0.1", &["sec-fetch-site: none", CHROMIUM]),
        ("[::1]:4566", &[]),
        ("sqs.us-east-1.amazonaws.com", &[]),
        ("sqs.localhost.localstack.cloud:4566", &["user-agent: Boto3/1.40"]),
        ("skyrig:4566", &[]),
        ("host.docker.internal:4566", &[]),
        ("dev.example:4566", &[]),
        ("a.shop.example", &[]),
        (HERE, &["origin: http://localhost:4566", "sec-fetch-site: same-origin"]),
        ("dev.example:4566", &["origin: http://dev.example:4566"]),
        (HERE, &["sec-fetch-site: cross-site", SIGNED]),
    ] {
        let (status, answer) = ask(&skyrig, host, get, headers, "");
        assert_eq!(status, 200, "{host} {headers:?}: {answer}");
    }
}

#[test]
fn a_refusal_is_in_the_form_of_the_protocol_and_is_logged() {
    let skyrig = Skyrig::with_log(&[], &[]);
    let target = "x-amz-target: AmazonSQS.ListQueues";
    let (status, answer) = ask(&skyrig, "evil.example", "POST /", &[target], "{}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let shape = "com.amazon.coral.service#AccessDeniedException";
    assert_eq!((status, &answer["__type"]), (403, &json!(shape)));
    assert!(answer["message"].as_str().unwrap().contains("--allow-host evil.example"), "{answer}");
    let page = ["origin: http://localhost:3000"];
    let (status, answer) = ask(&skyrig, HERE, "POST /_skyrig/reset", &page, "");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(status, 403);
    assert!(answer["error"].as_str().unwrap().contains("--allow-origin"), "{answer}");
    // A body that is still on its way does not hide the reason.
    let (status, answer) = ask(&skyrig, HERE, "POST /", &page, &"x".repeat(4_000_000));
    assert!(status == 403 && answer.contains("--allow-origin"), "{status} {answer}");
    let log = skyrig.into_log();
    assert!(log.contains("AmazonSQS.ListQueues") && log.contains("--allow-host"), "{log}");
    assert!(log.contains("POST /_skyrig/reset"), "{log}");
}

#[test]
fn the_admin_api_may_be_looked_at_and_not_driven_from_elsewhere() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.assert_works();
    let cross = "sec-fetch-site: cross-site";
    let evil = "origin: http://evil.example";
    for (host, line, header, expected) in [
        (HERE, "GET /_skyrig/health", cross, 200),
        (HERE, "GET /_localstack/health", cross, 200),
        (HERE, "GET /_skyrig/lineage", evil, 403),
        ("evil.example", "GET /_skyrig/lineage", "accept: */*", 403),
        ("evil.example", "GET /_localstack/health", "accept: */*", 403),
        (HERE, "POST /_skyrig/reset", cross, 403),
        (HERE, "POST /_skyrig/reset", evil, 403),
        (HERE, "POST /_localstack/state/reset", evil, 403),
        (HERE, "PUT /_skyrig/faults", evil, 403),
        (HERE, "DELETE /_skyrig/faults", cross, 403),
        (HERE, "OPTIONS /_skyrig/faults", evil, 403),
        (HERE, "POST /_skyrig/reset", "origin: http://localhost:4566", 200),
    ] {
        if expected == 200 && line.starts_with("POST") {
            assert_eq!(queues(&skyrig).as_array().map(Vec::len), Some(1), "before {line}");
        }
        let (status, answer) = ask(&skyrig, host, line, &[header], "");
        assert_eq!(status, expected, "{host} {line} {header}: {answer}");
    }
    assert_eq!(queues(&skyrig), Value::Null);
}

#[test]
fn admin_answers_do_no_harm_in_a_browser() {
    let skyrig = Skyrig::start(&[]);
    for line in ["GET /_skyrig/health", "GET /_skyrig/%3Cscript%3E", "PATCH /_skyrig/clock"] {
        let (head, _) = read_all(skyrig.send(&format!("{line} HTTP/1.1"), b""));
        for header in [
            "content-security-policy: default-src 'self'; frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "cross-origin-resource-policy: same-origin",
            "content-type: application/json",
        ] {
            assert!(head.contains(header), "{line}: {head}");
        }
    }
}

#[test]
fn links_of_sns_may_be_opened_from_anywhere() {
    let skyrig = Skyrig::start(&[]);
    let anywhere =
        ["sec-fetch-site: cross-site", "sec-fetch-mode: navigate", "sec-fetch-dest: document"];
    let arn = "arn:aws:sns:us-east-1:000000000000:t:00000000-0000-4000-8000-000000000000";
    let unsubscribe = format!("GET /?Action=Unsubscribe&SubscriptionArn={arn}");
    let (status, answer) = ask(&skyrig, HERE, &unsubscribe, &anywhere, "");
    assert!(!answer.contains("AccessDenied") && status != 403, "{status} {answer}");
    let confirm =
        "GET /?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:000000000000:t&Token=1";
    let (status, answer) = ask(&skyrig, HERE, confirm, &anywhere, "");
    assert!(!answer.contains("AccessDenied") && status != 403, "{status} {answer}");
    let other = ["sec-fetch-site: cross-site", "sec-fetch-dest: image"];
    assert_eq!(ask(&skyrig, HERE, &unsubscribe, &other, "").0, 403);
    let topic = "GET /?Action=DeleteTopic&TopicArn=arn:aws:sns:us-east-1:000000000000:t";
    assert_eq!(ask(&skyrig, HERE, topic, &anywhere, "").0, 403);
}

#[test]
fn an_allowed_page_uses_it_as_an_sdk_does() {
    let skyrig = Skyrig::start(&["--allow-origin", "http://localhost:3000"]);
    let page = "origin: http://localhost:3000";
    let ask = |line: &str, headers: &[&str], body: &str| {
        let head = [&[&format!("{line} HTTP/1.1")[..]], headers].concat().join("\r\n");
        read_all(skyrig.send_to_host(HERE, &head, body.as_bytes()))
    };
    let asks = [
        page,
        "access-control-request-method: POST",
        "access-control-request-headers: authorization,x-amz-target",
    ];
    for line in ["OPTIONS /", "OPTIONS /_skyrig/clock"] {
        let (head, body) = ask(line, &asks, "");
        assert!(head.starts_with("http/1.1 204 ") && body.is_empty(), "{head}");
        for header in [
            "access-control-allow-origin: http://localhost:3000\r\n",
            "access-control-allow-methods: get, head, post, put, patch, delete\r\n",
            "access-control-allow-headers: authorization,x-amz-target\r\n",
            "vary: origin\r\n",
        ] {
            assert!(head.contains(header), "{line}: {head}");
        }
    }
    let target = "x-amz-target: AmazonSQS.CreateQueue";
    let readable = "access-control-allow-origin: http://localhost:3000\r\n";
    let exposed = "access-control-expose-headers: *\r\n";
    for (line, body, status) in [
        ("POST /", r#"{"QueueName":"q"}"#, 200),
        ("POST /", "{", 400),
        ("GET /_skyrig/health", "", 200),
        ("GET /_skyrig/nothing", "", 404),
    ] {
        let site = "sec-fetch-site: same-site";
        let (head, answer) = ask(line, &[page, site, target], body);
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{line}: {head} {answer}");
        assert!(head.contains(readable) && head.contains(exposed), "{line}: {head}");
    }
    let (head, _) = ask("POST /", &[page, target], &"x".repeat(16 * 1024 * 1024 + 1));
    assert!(head.starts_with("http/1.1 413 ") && head.contains(readable), "{head}");
    // No other page gets in by it.
    let others = ["origin: http://localhost:3001", asks[1], asks[2]];
    let (head, _) = ask("OPTIONS /", &others, "");
    assert!(head.starts_with("http/1.1 403 ") && !head.contains("access-control"), "{head}");
    assert!(!ask("GET /_skyrig/health", &[], "").0.contains("access-control"));
}

#[test]
fn a_presigned_url_of_a_page_counts_where_signatures_are_verified() {
    let flags = ["--signatures", "verify", "--access-key-id", "A", "--secret-access-key", "s"];
    let skyrig = Skyrig::start(&flags);
    let cross = ["sec-fetch-site: cross-site"];
    let presigned = "GET /?Action=ListQueues&Version=2012-11-05&X-Amz-Signature=0";
    let (status, answer) = ask(&skyrig, HERE, presigned, &cross, "");
    assert!(status != 200 && !answer.contains("sec-fetch-site"), "its signature is bad: {answer}");
    let (status, answer) = ask(&skyrig, HERE, "GET /?Action=ListQueues", &cross, "");
    assert!(status == 403 && answer.contains("sec-fetch-site"), "{answer}");
}

#[test]
fn names_and_origins_that_are_none_are_refused_at_start() {
    for (flag, value, reason) in [
        ("--allow-host", "http://dev.example", "no host's name"),
        ("--allow-host", "*", "no host's name"),
        ("--allow-origin", "*", "no origin"),
        ("--allow-origin", "localhost:3000", "no origin"),
    ] {
        let told = crate::refused(&[flag, value], &[]);
        assert!(told.contains(reason), "{told}");
    }
}
