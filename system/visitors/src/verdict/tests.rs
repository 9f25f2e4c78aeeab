use http::Request;

use super::*;

const FIREFOX: &str =
    "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const CHROMIUM: &str = "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
                        (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const POWERSHELL: &str =
    "user-agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1";

fn head(line: &str, headers: &[&str]) -> Parts {
    let (method, uri) = line.split_once(' ').expect("a method and a target");
    let mut request = Request::builder().method(method).uri(uri);
    for header in headers {
        let (name, value) = header.split_once(": ").expect("a name and a value");
        request = request.header(name, value);
    }
    request.body(()).expect("a request").into_parts().0
}

fn visitors() -> Visitors {
    Visitors {
        hosts: vec!["dev.example".parse().expect("a host")],
        origins: vec!["http://localhost:3000".parse().expect("an origin")],
    }
}

/// The verdicts on the same request if it changes nothing, and if it does.
fn verdicts(line: &str, headers: &[&str]) -> [&'static str; 2] {
    [Deed::Harmless, Deed::Change].map(|deed| match visitors().judge(&head(line, headers), deed) {
        Verdict::Welcome => "welcome",
        Verdict::Allowed(_) => "allowed",
        Verdict::Preflight(_) => "preflight",
        Verdict::Refused(Refusal::Host(_)) => "host",
        Verdict::Refused(Refusal::Origin(_)) => "origin",
        Verdict::Refused(Refusal::Site(_)) => "site",
        Verdict::Refused(Refusal::Unsaid) => "unsaid",
    })
}

#[test]
fn other_programs_are_no_pages() {
    let welcome = ["welcome"; 2];
    for headers in [
        &[][..],
        &["host: localhost:4566"],
        &["host: 127.0.0.1:4566", "user-agent: aws-cli/2.31.0"],
        &["host: sqs:4566", "user-agent: Boto3/1.40"],
        &["host: dev.example:4566"],
        &["host: dev.example", POWERSHELL],
    ] {
        for line in [
            "GET /?Action=ListQueues",
            "POST /",
            "OPTIONS /",
            "DELETE /x",
            "GET http://sns.localhost/",
        ] {
            assert_eq!(verdicts(line, headers), welcome, "{line} {headers:?}");
        }
    }
}

#[test]
fn hosts_are_judged_first_and_all_of_them() {
    let host = ["host"; 2];
    for (line, headers) in [
        ("GET /", &["host: evil.example:4566"][..]),
        ("POST /", &["host: evil.example:4566", "origin: http://evil.example:4566"]),
        ("POST /", &["host: evil.example", "origin: http://localhost:3000"]),
        ("POST /", &["host: localhost", "host: evil.example"]),
        ("GET http://evil.example/", &["host: localhost"]),
        ("GET /", &["host: "]),
        ("GET /", &["host: \u{fc}"]),
        ("GET /", &["host: localhost.evil.example", "sec-fetch-site: same-origin"]),
    ] {
        assert_eq!(verdicts(line, headers), host, "{line} {headers:?}");
    }
}

#[test]
fn pages_are_judged_by_their_origin() {
    let here = "host: localhost:4566";
    for (headers, expected) in [
        (&["origin: http://localhost:4566"][..], ["welcome"; 2]),
        (&["origin: http://LOCALHOST:4566", "sec-fetch-site: same-origin"], ["welcome"; 2]),
        (&["origin: http://localhost:3000"], ["allowed"; 2]),
        (&["origin: http://localhost:3000", "sec-fetch-site: same-site"], ["allowed"; 2]),
        (&["origin: https://localhost:3000"], ["origin"; 2]),
        (&["origin: http://localhost:3001"], ["origin"; 2]),
        (&["origin: http://localhost:30000"], ["origin"; 2]),
        (&["origin: http://localhost"], ["origin"; 2]),
        (&["origin: http://127.0.0.1:4566"], ["origin"; 2]),
        (&["origin: http://evil.example"], ["origin"; 2]),
        (&["origin: null"], ["origin"; 2]),
        (&["origin: "], ["origin"; 2]),
        (&["origin: \u{fc}"], ["origin"; 2]),
        (&["origin: http://localhost:3000", "origin: http://evil.example"], ["origin"; 2]),
        (&["origin: http://localhost:3000, http://evil.example"], ["origin"; 2]),
        // What a page of its own host asks after a detour through another site.
        (&["origin: http://localhost:4566", "sec-fetch-site: cross-site"], ["welcome", "site"]),
    ] {
        for line in ["GET /", "POST /", "OPTIONS /"] {
            let all: Vec<&str> = headers.iter().copied().chain([here]).collect();
            assert_eq!(verdicts(line, &all), expected, "{line} {headers:?}");
        }
    }
}

#[test]
fn without_an_origin_the_site_must_do() {
    for (headers, expected) in [
        (&["sec-fetch-site: cross-site"][..], ["welcome", "site"]),
        (&["sec-fetch-site: same-site"], ["welcome", "site"]),
        (&["sec-fetch-site: none", "sec-fetch-site: cross-site"], ["welcome", "site"]),
        (&["sec-fetch-site: same-origin"], ["welcome"; 2]),
        (&["sec-fetch-site: none", CHROMIUM], ["welcome"; 2]),
        (&[CHROMIUM], ["welcome", "unsaid"]),
        (&[FIREFOX], ["welcome", "unsaid"]),
        (&[FIREFOX, "origin: http://skyrig:4566"], ["welcome"; 2]),
    ] {
        let all: Vec<&str> = headers.iter().copied().chain(["host: skyrig:4566"]).collect();
        assert_eq!(verdicts("GET /?Action=PurgeQueue", &all), expected, "{headers:?}");
    }
}

#[test]
fn browsers_ask_before_they_send_a_page_s_request() {
    let asks = "access-control-request-method: POST";
    let check = |line, origin: &str, expected| {
        let headers = ["host: localhost:4566", asks, origin];
        assert_eq!(verdicts(line, &headers), [expected; 2], "{line} {origin}");
    };
    check("OPTIONS /", "origin: http://localhost:3000", "preflight");
    check("OPTIONS /", "origin: http://evil.example", "origin");
    check("POST /", "origin: http://localhost:3000", "allowed");
}

#[test]
fn a_refusal_names_the_setting_and_is_short() {
    let told = |headers: &[&str]| match visitors().judge(&head("POST /", headers), Deed::Change) {
        Verdict::Refused(refusal) => refusal.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(told(&["host: evil.example:4566"]).ends_with("start with --allow-host evil.example"));
    assert!(told(&["origin: http://evil.example"]).contains("\"http://evil.example\""));
    assert!(told(&["origin: http://evil.example"]).contains("--allow-origin"));
    assert!(told(&["sec-fetch-site: cross-site"]).contains("--allow-origin"));
    let long = format!("host: {}.example", "x".repeat(10_000));
    assert!(told(&[&long]).len() < 700);
}
