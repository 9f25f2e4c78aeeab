use http::{Method, Request};
use serde_json::{Value, json};

use super::*;

fn head(method: &str, uri: &str) -> http::request::Parts {
    let request = Request::builder().method(method).uri(uri);
    let request = request.header("X-Kind", "Event").body(()).expect("a request");
    request.into_parts().0
}

fn read(route: &Route, uri: &str, body: &str) -> Value {
    let head = head(route.method.as_str(), uri);
    let members = members(route, &head, body.as_bytes()).expect("members");
    serde_json::from_slice(&members).expect("JSON")
}

#[test]
fn a_path_fits_its_route_alone() {
    let fits = |route: &str, uri: &str| {
        let route = Route::new(Method::GET, route.to_owned().leak());
        route.fits(&head("GET", uri))
    };
    assert_eq!(fits("/schedules/{Name}", "/schedules/a"), Some(1));
    assert_eq!(fits("/schedules/{Name}", "/schedules/a/"), Some(1));
    assert_eq!(fits("/schedules/{Name}", "/schedules/a?x=y"), Some(1));
    assert_eq!(fits("/schedules/{Name}", "/schedules"), None);
    assert_eq!(fits("/schedules/{Name}", "/schedules/a/b"), None);
    assert_eq!(fits("/schedules/{Name}", "/Schedules/a"), None);
    assert_eq!(fits("/schedules", "/schedules/"), Some(1));
    assert_eq!(fits("/f/{Name}/code", "/f/a/code"), Some(2));
    assert_eq!(fits("/f/{Name}/code", "/f/a/config"), None);
    assert_eq!(fits("/l?find=Version", "/l?find=Version&Arn=a"), Some(2));
    assert_eq!(fits("/l?find=Version", "/l"), None);
    assert_eq!(fits("/l", "/l?find=Version"), Some(1));
    assert_eq!(fits("/t/{Arn+}", "/t/a/b/c"), Some(1));
    assert_eq!(fits("/t/{Arn+}", "/t/"), None);
    assert_eq!(fits("/t/{Arn+}/x", "/t/a/b/x"), Some(2));
    assert_eq!(fits("/t/{Arn+}/x", "/t/x"), None);
    let post = Route::new(Method::POST, "/schedules");
    assert_eq!(post.fits(&head("GET", "/schedules")), None);
}

#[test]
fn members_come_from_everywhere() {
    let route = Route::new(Method::POST, "/f/{Name}/v/{Number}")
        .integer_label("Number")
        .query("max", "Max", Kind::Integer)
        .query("all", "All", Kind::Boolean)
        .query("key", "Keys", Kind::List)
        .header("x-kind", "Kind");
    let uri = "/f/a%2Fb%20c+d/v/7?max=3&all=true&key=a+b&key=%C3%A9";
    let expected = json!({
        "Name": "a/b c+d", "Number": 7, "Max": 3, "All": true, "Keys": ["a b", "é"],
        "Kind": "Event",
    });
    for body in ["", "{}", " { } "] {
        assert_eq!(read(&route, uri, body), expected, "{body:?}");
    }
    let mut more = expected.clone();
    more["Body"] = json!({"deep": [1.5]});
    assert_eq!(read(&route, uri, "{\"Body\":{\"deep\":[1.5]}}"), more);
    let less = json!({"Name": "n", "Number": -1, "Kind": "Event"});
    assert_eq!(read(&route, "/f/n/v/-1", ""), less);
    assert_eq!(read(&Route::new(Method::GET, "/f"), "/f", "{\"a\":1}"), json!({"a": 1}));
    // Its reader says what is wrong with it.
    assert_eq!(read(&route, uri, "[]"), json!([]));
}

#[test]
fn what_is_not_of_its_kind_is_refused_by_name() {
    let route =
        Route::new(Method::GET, "/f/{N}").integer_label("N").query("all", "All", Kind::Boolean);
    for (uri, told) in [
        ("/f/x", "'x' is not an integer of 64 bits, which N has to be"),
        ("/f/99999999999999999999", "which N has to be"),
        ("/f/1?all=yes", "'yes' is not `true` or `false`, which All has to be"),
    ] {
        let error = members(&route, &head("GET", uri), b"").expect_err(uri);
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn a_payload_is_the_body_as_it_came() {
    let route = Route::new(Method::POST, "/f/{N}").payload("Payload");
    assert_eq!(read(&route, "/f/a", "{\"x\":1}"), json!({"N": "a", "Payload": "eyJ4IjoxfQ=="}));
    assert_eq!(read(&route, "/f/a", ""), json!({"N": "a", "Payload": ""}));
}

#[test]
fn an_answer_is_taken_apart() {
    let plain = Route::new(Method::GET, "/f").status(201);
    let (status, headers, body) = answer(&plain, b"{\"a\":1}".to_vec());
    assert_eq!((status, headers.len(), &body[..]), (201, 0, &b"{\"a\":1}"[..]));
    let nothing = Route::new(Method::DELETE, "/f").status(204);
    assert!(answer(&nothing, b"{}".to_vec()).2.is_empty());
    let invoke = Route::new(Method::POST, "/f")
        .answers_status("Code")
        .answers_header("X-Error", "Error")
        .answers_payload("Payload");
    let members = json!({"Code": 202, "Error": "Unhandled", "Payload": "eyJ4IjoxfQ=="});
    let (status, headers, body) = answer(&invoke, members.to_string().into_bytes());
    assert_eq!((status, &body[..]), (202, &b"{\"x\":1}"[..]));
    assert_eq!(headers["x-error"], "Unhandled");
    let (status, headers, body) = answer(&invoke, b"{}".to_vec());
    assert_eq!((status, headers.len(), body.len()), (200, 0, 0));
}
