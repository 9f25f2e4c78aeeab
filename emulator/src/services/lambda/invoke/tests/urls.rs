//! Functions called over HTTP, at their addresses.

use http::Request;

use super::*;
use crate::kernel::PolicyMode;

/// How an address is made.
fn config(auth_type: &str) -> Value {
    json!({"AuthType": auth_type})
}

impl Lambda {
    /// Gives `f` an address that everybody may call, and says its host.
    fn address(&mut self, config: &Value) -> String {
        self.allow("*", config["AuthType"].as_str().unwrap());
        self.address_alone(config)
    }

    /// The same without permissions.
    fn address_alone(&mut self, config: &Value) -> String {
        let made = self.ok("POST", "/2021-10-31/functions/f/url", config);
        let url = made["FunctionUrl"].as_str().unwrap();
        url.strip_prefix("http://").unwrap().trim_end_matches('/').to_owned()
    }

    fn allow(&mut self, principal: &str, auth_type: &str) {
        for (sid, action) in [("url", "InvokeFunctionUrl"), ("invoke", "InvokeFunction")] {
            let mut statement = json!({
                "StatementId": sid, "Action": format!("lambda:{action}"), "Principal": principal,
            });
            match sid {
                "url" => statement["FunctionUrlAuthType"] = auth_type.into(),
                _ => statement["InvokedViaFunctionUrl"] = true.into(),
            }
            self.ok("POST", "/2015-03-31/functions/f/policy", &statement);
        }
    }

    /// A request that nobody has signed.
    fn http(&mut self, request: http::request::Builder, body: &str) -> Result<Told, CallId> {
        let request = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        self.world.send(request).map(Told)
    }

    /// What the client is told when the function returns `result`.
    fn served(&mut self, request: http::request::Builder, result: &str) -> Told {
        let call = self.http(request, "").expect_err("it waits");
        let payload = Bytes::copy_from_slice(result.as_bytes());
        self.end(FunctionEnd::Returned { payload });
        Told(self.answer(call))
    }
}

#[derive(Debug)]
struct Told(Response<Bytes>);

impl Told {
    fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    fn header(&self, name: &str) -> Option<&str> {
        header(&self.0, name)
    }

    fn body(&self) -> &str {
        std::str::from_utf8(self.0.body()).unwrap()
    }
}

fn get(host: &str) -> http::request::Builder {
    Request::get("/").header("host", host)
}

#[test]
fn a_function_sees_the_request() {
    let mut lambda = Lambda::new();
    let host = lambda.address(&config("NONE"));
    let id = host.split('.').next().unwrap().to_owned();
    let request = Request::post("/a%20b/c?x=1&x=2&y=%C3%A9&z")
        .header("host", &host)
        .header("content-type", "application/json; charset=utf-8")
        .header("cookie", "a=1; b=2")
        .header("authorization", "Bearer somebody's own")
        .header("x-two", "first")
        .header("x-two", "second")
        .header("user-agent", "test");
    let call = lambda.http(request, "{\"n\":1}").expect_err("it waits");
    let asked = lambda.end(returned("null"));
    let event = asked.payload();
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["rawPath"], "/a%20b/c");
    assert_eq!(event["rawQueryString"], "x=1&x=2&y=%C3%A9&z");
    assert_eq!(event["queryStringParameters"], json!({"x": "1,2", "y": "é", "z": ""}));
    assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("{\"n\":1}"), &json!(false)));
    let headers = &event["headers"];
    assert_eq!((&headers["x-two"], &headers["cookie"]), (&json!("first,second"), &Value::Null));
    assert_eq!(headers["authorization"], "Bearer somebody's own");
    assert_eq!(headers["x-forwarded-proto"], "http");
    let trace = headers["x-amzn-trace-id"].as_str().unwrap();
    assert_eq!(asked.invocation.trace_header.as_deref(), Some(trace));
    let context = &event["requestContext"];
    assert_eq!((&context["accountId"], &context["apiId"]), (&json!("anonymous"), &json!(id)));
    assert_eq!(context["domainName"], format!("{id}.lambda-url.us-east-1.localhost"));
    assert_eq!(context["authorizer"], Value::Null);
    let http = &context["http"];
    assert_eq!((&http["method"], &http["path"]), (&json!("POST"), &json!("/a%20b/c")));
    assert_eq!((&http["protocol"], &http["userAgent"]), (&json!("HTTP/1.1"), &json!("test")));
    assert!(context["time"].as_str().unwrap().ends_with(" +0000"), "{context}");
    assert_eq!(context["requestId"], asked.invocation.request_id);
    assert_eq!(lambda.answer(call).body().as_ref(), b"null");
}

#[test]
fn bodies_that_are_no_text_come_in_base64() {
    let mut lambda = Lambda::new();
    let host = lambda.address(&config("NONE"));
    for (kind, is_text) in [
        (Some("text/plain"), true),
        (Some("TEXT/html; charset=utf-8"), true),
        (Some("application/xml"), true),
        (Some("application/javascript"), true),
        (Some("application/x-www-form-urlencoded"), false),
        (Some("application/octet-stream"), false),
        (None, false),
    ] {
        let mut request = Request::put("/").header("host", &host);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        lambda.http(request, "a=b").expect_err("it waits");
        let event = lambda.end(returned("null")).payload();
        let expected = if is_text { "a=b" } else { "YT1i" };
        assert_eq!(event["body"], expected, "{kind:?}");
        assert_eq!(event["isBase64Encoded"], !is_text, "{kind:?}");
    }
    lambda.http(get(&host), "").expect_err("it waits");
    assert_eq!(lambda.end(returned("null")).payload()["body"], Value::Null);
}

#[test]
fn a_result_is_the_response() {
    let mut lambda = Lambda::new();
    let host = lambda.address(&config("NONE"));
    for (result, status, kind, body) in [
        ("\"Hello\"", 200, "application/json", "\"Hello\""),
        (r#"{"message":"x"}"#, 200, "application/json", r#"{"message":"x"}"#),
        ("null", 200, "application/json", "null"),
        (r#"{"statusCode":201}"#, 201, "application/json", ""),
        (r#"{"statusCode":"404","body":"no"}"#, 404, "application/json", "no"),
        (
            r#"{"statusCode":200,"headers":{"Content-Type":"text/html"},"body":"<p>"}"#,
            200,
            "text/html",
            "<p>",
        ),
        (
            r#"{"statusCode":200,"body":"aMOp","isBase64Encoded":true}"#,
            200,
            "application/json",
            "hé",
        ),
        // What describes no response.
        (r#"{"statusCode":101}"#, 502, "application/json", "Internal Server Error"),
        (r#"{"statusCode":600}"#, 502, "application/json", "Internal Server Error"),
        (r#"{"statusCode":null}"#, 502, "application/json", "Internal Server Error"),
        (r#"{"statusCode":200,"body":{}}"#, 502, "application/json", "Internal Server Error"),
        (r#"{"statusCode":200,"headers":[]}"#, 502, "application/json", "Internal Server Error"),
        (r#"{"statusCode":200,"cookies":"a"}"#, 502, "application/json", "Internal Server Error"),
        (
            r#"{"statusCode":200,"body":"?","isBase64Encoded":true}"#,
            502,
            "application/json",
            "Internal Server Error",
        ),
        ("no JSON", 502, "application/json", "Internal Server Error"),
    ] {
        let told = lambda.served(get(&host), result);
        assert_eq!((told.status(), told.body()), (status, body), "{result}");
        assert_eq!(told.header("content-type"), Some(kind), "{result}");
    }
    let told = lambda.served(
        get(&host),
        r#"{"statusCode":200,"cookies":["a=1","b=2"],"headers":{"X-N":7,"Content-Length":"9"}}"#,
    );
    let cookies: Vec<_> = told.0.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!((told.header("x-n"), told.header("content-length")), (Some("7"), None));
    for end in [failed(), FunctionEnd::TimedOut, FunctionEnd::OutOfMemory] {
        let call = lambda.http(get(&host), "").expect_err("it waits");
        lambda.end(end);
        let told = Told(lambda.answer(call));
        assert_eq!((told.status(), told.body()), (502, "Internal Server Error"));
    }
}

#[test]
fn both_permissions_are_needed() {
    const FORBIDDEN: &str = "{\"Message\":\"Forbidden. For troubleshooting Function URL \
                             authorization issues, see: \
                             https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html\"}";
    let mut lambda = Lambda::new();
    let host = lambda.address_alone(&config("NONE"));
    let policy = "/2015-03-31/functions/f/policy";
    let check = |lambda: &mut Lambda, is_allowed: bool| match lambda.http(get(&host), "") {
        Err(_) => {
            assert!(is_allowed);
            lambda.end(returned("1"));
        }
        Ok(told) => {
            assert!(!is_allowed, "{}", told.body());
            assert_eq!((told.status(), told.body()), (403, FORBIDDEN));
            assert_eq!(told.header("x-amzn-errortype"), Some("AccessDeniedException"));
        }
    };
    check(&mut lambda, false);
    lambda.allow("*", "AWS_IAM");
    // The condition is of another type of address.
    check(&mut lambda, false);
    lambda.ok("DELETE", &format!("{policy}/url"), &json!({}));
    lambda.ok("DELETE", &format!("{policy}/invoke"), &json!({}));
    lambda.allow("*", "NONE");
    check(&mut lambda, true);
    lambda.ok("DELETE", &format!("{policy}/invoke"), &json!({}));
    check(&mut lambda, false);
}

#[test]
fn policies_that_only_warn_let_a_request_pass() {
    let settings = Settings { policies: PolicyMode::Warn, ..Settings::default() };
    let mut lambda = Lambda { world: World::with(settings) };
    lambda.create("f", &json!({}));
    let host = lambda.address_alone(&config("NONE"));
    let told = lambda.served(get(&host), "1");
    assert_eq!((told.status(), told.body()), (200, "1"));
}

fn signed(request: http::request::Builder, account: &str) -> http::request::Builder {
    let scope = format!("Credential={account}/20260101/us-east-1/lambda/aws4_request");
    request.header("authorization", format!("AWS4-HMAC-SHA256 {scope}"))
}

#[test]
fn who_has_to_sign_is_known_to_the_function() {
    let mut lambda = Lambda::new();
    let host = lambda.address_alone(&config("AWS_IAM"));
    let Ok(told) = lambda.http(get(&host), "") else { panic!("nobody has signed") };
    assert_eq!(told.status(), 403);
    // The own account needs no statement, another does.
    lambda.http(signed(get(&host), "000000000000"), "").expect_err("it waits");
    let context = lambda.end(returned("1")).payload()["requestContext"].clone();
    let caller = &context["authorizer"]["iam"];
    assert_eq!(context["accountId"], "000000000000");
    assert_eq!(
        (&caller["accessKey"], &caller["accountId"]),
        (&json!("000000000000"), &json!("000000000000"))
    );
    let Ok(told) = lambda.http(signed(get(&host), "111111111111"), "") else {
        panic!("another account")
    };
    assert_eq!(told.status(), 403);
    lambda.allow("111111111111", "AWS_IAM");
    lambda.http(signed(get(&host), "111111111111"), "").expect_err("it waits");
    let context = lambda.end(returned("1")).payload()["requestContext"].clone();
    assert_eq!(context["authorizer"]["iam"]["accountId"], "111111111111");
}

#[test]
fn an_address_is_found_by_host_and_by_path() {
    let mut lambda = Lambda::new();
    let host = lambda.address(&config("NONE"));
    let id = host.split('.').next().unwrap().to_owned();
    let request = Request::get(format!("/_skyrig/lambda-url/us-east-1/{id}/a?b"));
    lambda.http(request.header("host", "127.0.0.1:4566"), "").expect_err("it waits");
    let event = lambda.end(returned("1")).payload();
    assert_eq!((&event["rawPath"], &event["rawQueryString"]), (&json!("/a"), &json!("b")));
    let domain = &event["requestContext"]["domainName"];
    assert_eq!(*domain, format!("{id}.lambda-url.us-east-1.on.aws"));
    // Another region, an id that is none, and one of another account.
    for host in [
        format!("{id}.lambda-url.eu-west-1.localhost"),
        "abc.lambda-url.us-east-1.localhost".to_owned(),
        format!("{}111111111111.lambda-url.us-east-1.localhost", &id[..20]),
    ] {
        let Ok(told) = lambda.http(get(&host), "") else { panic!("nobody is there") };
        assert_eq!((told.status(), told.body()), (404, "{\"Message\":null}"), "{host}");
    }
    lambda.ok("DELETE", "/2021-10-31/functions/f/url", &json!({}));
    assert!(lambda.http(get(&host), "").is_ok_and(|told| told.status() == 404));
}

#[test]
fn an_id_says_whose_account_it_is() {
    let mut lambda = Lambda::new();
    let send = |lambda: &mut Lambda, method: &str, uri: &str, body: Value| {
        let request = Request::builder().method(method).uri(uri).header("host", "127.0.0.1:9");
        let request = signed(request, "222222222222").header("content-type", "application/json");
        let request = request.body(Bytes::from(body.to_string())).unwrap();
        let response = lambda.world.send(request).unwrap();
        serde_json::from_slice::<Value>(response.body()).unwrap()
    };
    let function = json!({
        "FunctionName": "g", "Role": ROLE, "PackageType": "Image",
        "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/i:1"},
    });
    send(&mut lambda, "POST", "/2015-03-31/functions", function);
    let url = send(&mut lambda, "POST", "/2021-10-31/functions/g/url", config("NONE"));
    for action in ["InvokeFunctionUrl", "InvokeFunction"] {
        let statement = json!({
            "StatementId": action, "Action": format!("lambda:{action}"), "Principal": "*",
        });
        send(&mut lambda, "POST", "/2015-03-31/functions/g/policy", statement);
    }
    // Nothing can stand below an address, so names lead there.
    let url = url["FunctionUrl"].as_str().unwrap();
    assert!(url.ends_with("222222222222.lambda-url.us-east-1.localhost:9/"), "{url}");
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let told = lambda.served(get(host), "1");
    assert_eq!((told.status(), told.body()), (200, "1"));
}

#[test]
fn browsers_are_told_what_pages_may_do() {
    let mut lambda = Lambda::new();
    let page = "https://page.example";
    let cors = json!({
        "AllowOrigins": [page], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["x-a"],
        "ExposeHeaders": ["x-b"], "MaxAge": 60, "AllowCredentials": true,
    });
    let host = lambda.address(&json!({"AuthType": "NONE", "Cors": cors}));
    let asks = |origin: &str| {
        let request = Request::options("/x").header("host", &host).header("origin", origin);
        request.header("access-control-request-method", "POST")
    };
    let Ok(told) = lambda.http(asks(page), "") else { panic!("no function is asked") };
    assert_eq!((told.status(), told.body()), (200, ""));
    for (name, value) in [
        ("access-control-allow-origin", page),
        ("access-control-allow-methods", "GET,POST"),
        ("access-control-allow-headers", "x-a"),
        ("access-control-allow-credentials", "true"),
        ("access-control-max-age", "60"),
        ("vary", "Origin"),
    ] {
        assert_eq!(told.header(name), Some(value), "{name}");
    }
    let Ok(told) = lambda.http(asks("https://other.example"), "") else { panic!("as above") };
    assert_eq!((told.status(), told.header("access-control-allow-origin")), (200, None));
    // What the settings say replaces what the function says.
    let result = r#"{"statusCode":200,"headers":{"Access-Control-Allow-Origin":"*"}}"#;
    let told = lambda.served(get(&host).header("origin", page), result);
    assert_eq!(told.header("access-control-allow-origin"), Some(page));
    assert_eq!(told.header("access-control-expose-headers"), Some("x-b"));
    // Without settings a function is asked, and says by itself.
    let cors = json!({"Cors": {"AllowOrigins": ["*"]}});
    lambda.ok("PUT", "/2021-10-31/functions/f/url", &cors);
    let told = lambda.served(get(&host).header("origin", page), "1");
    assert_eq!(told.header("access-control-allow-origin"), Some("*"));
    lambda.ok("DELETE", "/2021-10-31/functions/f/url", &json!({}));
    let host = lambda.address_alone(&config("NONE"));
    let request = Request::options("/x").header("host", &host).header("origin", page);
    let told = lambda.served(request.header("access-control-request-method", "POST"), result);
    assert_eq!(told.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn an_event_has_a_bound() {
    let mut lambda = Lambda::new();
    let host = lambda.address(&config("NONE"));
    let send = |lambda: &mut Lambda, bytes: usize| {
        let request = Request::post("/").header("host", &host).header("content-type", "text/plain");
        lambda.http(request, &"x".repeat(bytes))
    };
    send(&mut lambda, 6 * 1024 * 1024 - 2_000).expect_err("it waits");
    lambda.end(returned("1"));
    let Ok(told) = send(&mut lambda, 6 * 1024 * 1024) else { panic!("it is too long") };
    assert_eq!(told.status(), 413);
}

#[test]
fn a_busy_function_says_so_and_a_client_may_go() {
    let mut lambda = Lambda::new();
    let host = lambda.address(&config("NONE"));
    lambda.reserve("f", 1);
    let call = lambda.http(get(&host), "").expect_err("it waits");
    let Ok(told) = lambda.http(get(&host), "") else { panic!("there is one place") };
    assert_eq!(told.status(), 429);
    lambda.world.feed(Input::ClientGone(call)).unwrap();
    lambda.end(returned("1"));
    // A snapshot keeps who waits.
    let call = lambda.http(get(&host), "").expect_err("it waits");
    let asked = lambda.one();
    lambda.world.restart();
    lambda.done(&asked, returned("1"));
    assert!(lambda.world.take_answer(call).is_none(), "its client went with the restart");
}

#[test]
fn streams_are_reported() {
    let mut lambda = Lambda::new();
    let host = lambda.address(&json!({"AuthType": "NONE", "InvokeMode": "RESPONSE_STREAM"}));
    assert_eq!(lambda.served(get(&host), "1").body(), "1");
    let settings = Settings { strict: true, ..Settings::default() };
    let mut strict = Lambda { world: World::with(settings) };
    strict.create("f", &json!({}));
    strict.address_alone(&config("NONE"));
    let stream = json!({"InvokeMode": "RESPONSE_STREAM"});
    let response = strict.send(("PUT", "/2021-10-31/functions/f/url"), &[], stream.to_string());
    assert!(String::from_utf8_lossy(response.unwrap().body()).contains("strict mode is on"));
}
