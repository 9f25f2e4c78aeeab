//! Functions that are called over HTTP, by the program that people run.

use serde_json::json;

use crate::functions::{has, zipped};
use crate::process::{Skyrig, read, read_all};

const CODE: &str = r#"
def handler(event, context):
    if event["rawPath"] == "/boom":
        raise ValueError("no")
    http = event["requestContext"]["http"]
    return {
        "statusCode": 201, "cookies": ["a=1", "b=2"], "headers": {"X-Method": http["method"]},
        "body": event["rawPath"] + " " + event.get("body", "-"),
    }
"#;

/// The host of a new function's address.
fn address(skyrig: &Skyrig) -> String {
    let function = json!({
        "FunctionName": "web", "Runtime": "python3.13", "Handler": "web.handler",
        "Role": "arn:aws:iam::000000000000:role/web", "Timeout": 60, "MemorySize": 512,
        "Code": {"ZipFile": zipped("web.py", CODE)},
    });
    assert_eq!(skyrig.post("/2015-03-31/functions", function).0, 201);
    let page = "http://localhost:3000";
    let url = json!({"AuthType": "NONE", "Cors": {"AllowOrigins": [page], "AllowMethods": ["*"]}});
    let (status, url) = skyrig.post("/2021-10-31/functions/web/url", url);
    assert_eq!(status, 201, "{url}");
    for action in ["InvokeFunctionUrl", "InvokeFunction"] {
        let statement = json!({
            "StatementId": action, "Action": format!("lambda:{action}"), "Principal": "*",
        });
        assert_eq!(skyrig.post("/2015-03-31/functions/web/policy", statement).0, 201);
    }
    let url = url["FunctionUrl"].as_str().unwrap().to_owned();
    url.strip_prefix("http://").unwrap().trim_end_matches('/').to_owned()
}

#[test]
fn a_function_is_called_over_http() {
    if !has("python3") {
        return;
    }
    let skyrig = Skyrig::start(&["--allow-origin", "http://localhost:3000"]);
    let host = address(&skyrig);
    let head = "POST /a/b?c HTTP/1.1\r\ncontent-type: text/plain";
    let (head, body) = read_all(skyrig.send_to_host(&host, head, b"hello"));
    assert!(head.starts_with("http/1.1 201 created"), "{head}");
    assert_eq!(body, "/a/b hello");
    for line in ["x-method: post", "set-cookie: a=1", "set-cookie: b=2"] {
        assert!(head.lines().any(|it| it == line), "{head}");
    }
    // By its path, for clients that know no names below localhost.
    let id = host.split('.').next().unwrap();
    let path = format!("/_skyrig/lambda-url/us-east-1/{id}/c");
    let (head, body) = read_all(skyrig.send(&format!("GET {path} HTTP/1.1"), b""));
    assert!(head.starts_with("http/1.1 201") && body == "/c -", "{head} {body}");
    // What it writes is no page of the emulator's.
    assert!(head.contains("content-security-policy: sandbox"), "{head}");
    let (status, body) = read(skyrig.send_to_host(&host, "GET /boom HTTP/1.1", b""));
    assert_eq!((status, body.as_str()), (502, "Internal Server Error"));
    let (head, body) = read_all(skyrig.send_to_host(&host, "HEAD / HTTP/1.1", b""));
    assert!(head.starts_with("http/1.1 201") && body.is_empty(), "{head} {body}");
}

#[test]
fn pages_need_leave_of_both() {
    if !has("python3") {
        return;
    }
    let skyrig =
        Skyrig::start(&["--allow-origin", "http://localhost:3000", "--allow-origin", "http://b:1"]);
    let host = address(&skyrig);
    let asks = |origin: &str| {
        let head =
            format!("OPTIONS / HTTP/1.1\r\norigin: {origin}\r\naccess-control-request-method: PUT");
        read_all(skyrig.send_to_host(&host, &head, b"")).0
    };
    let allowed = "access-control-allow-origin";
    let head = asks("http://localhost:3000");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains(&format!("{allowed}: http://localhost:3000")), "{head}");
    // The emulator lets it in, the function's settings do not name it.
    let head = asks("http://b:1");
    assert!(head.starts_with("http/1.1 200") && !head.contains(allowed), "{head}");
    // The emulator does not know it, whatever the function says.
    assert!(asks("http://evil.example").starts_with("http/1.1 403"));
    let id = host.split('.').next().unwrap();
    let path = format!("/_skyrig/lambda-url/us-east-1/{id}/");
    let cross = format!("GET {path} HTTP/1.1\r\nsec-fetch-site: cross-site");
    assert_eq!(skyrig.request(&cross, b"").0, 403);
}

#[test]
fn signatures_are_verified_where_all_are() {
    let flags = ["--signatures", "verify", "--access-key-id", "A", "--secret-access-key", "s"];
    let skyrig = Skyrig::start(&flags);
    // Nobody is there, which is said to whoever brings a header of its own scheme.
    let id = "0123456789abcdef0123000000000000";
    let host = format!("{id}.lambda-url.us-east-1.localhost");
    for (header, status) in [
        ("x-a: b", 404),
        ("authorization: Bearer token", 404),
        (
            "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/lambda/\
             aws4_request, SignedHeaders=host, Signature=0\r\nx-amz-date: 20260101T000000Z",
            403,
        ),
    ] {
        let head = format!("GET / HTTP/1.1\r\n{header}");
        let (told, body) = read(skyrig.send_to_host(&host, &head, b""));
        assert_eq!(told, status, "{header}: {body}");
    }
}
