//! What of a request decides which web pages may send it, and the answers to those that may not.
//!
//! The rules themselves are the package `visitors`; here is what only this service knows: which
//! requests change something, and which of them no page of another site can make.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderValue};
use http::request::Parts;
use http::{HeaderName, Method, Response, StatusCode};
use visitors::{Deed, Refusal};

use super::{admin, developer};
use crate::cloud::{REJECTED, registry};
use crate::kernel::SignatureMode;
use crate::wire::{Rejection, detect, form, respond};

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SIGNED: &[u8] = b"AWS4-";
/// What people do by opening a link that SNS has sent them.
///
/// Source: SNS's developer guide, "HTTP/HTTPS subscription confirmation JSON format" (SubscribeURL)
/// and "HTTP/HTTPS notification JSON format" (UnsubscribeURL).
const LINKS: [&str; 2] = ["ConfirmSubscription", "Unsubscribe"];

/// What a request would do.
///
/// A page of another site can send a signature in a header only after its browser has asked, and in
/// a URL whenever it likes: so the latter says something only where signatures are verified.
pub(super) fn deed(head: &Parts, signatures: SignatureMode) -> Deed {
    let looks = head.method == Method::GET || head.method == Method::HEAD;
    let harmless = if admin::has(head.uri.path()) && registry().whole(head).is_none() {
        looks && !developer::acts(head.uri.path())
    } else {
        is_signed(head, signatures) || (looks && is_link(head))
    };
    if harmless { Deed::Harmless } else { Deed::Change }
}

fn is_signed(head: &Parts, signatures: SignatureMode) -> bool {
    let by_header = head.headers.get(AUTHORIZATION);
    by_header.is_some_and(|value| value.as_bytes().starts_with(SIGNED))
        || (signatures == SignatureMode::Verify && parameter(head, "X-Amz-Signature").is_some())
}

/// Whether it is one of SNS's links, opened as a page; a picture is not opened. `detect` finds an
/// operation by the same parameter, if the path is no other operation's.
fn is_link(head: &Parts) -> bool {
    let destination = head.headers.get(SEC_FETCH_DEST).map(HeaderValue::as_bytes);
    head.uri.path() == "/"
        && destination.is_none_or(|destination| destination == b"document")
        && parameter(head, "Action").is_some_and(|action| LINKS.contains(&&*action))
}

fn parameter<'a>(head: &'a Parts, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    form::parameter(head.uri.query()?.as_bytes(), name)
}

/// The answer to a page, or by a name, that is not let in; in the form of those who ask that part
/// of the service.
pub(super) fn refuse(head: &Parts, refusal: &Refusal) -> Response<Bytes> {
    // The page's author may see nothing of it but "failed to fetch".
    tracing::warn!(request = ?detect::asked(head, b""), "refused: {refusal}");
    if admin::has(head.uri.path()) {
        let body = serde_json::json!({ "error": refusal.to_string() }).to_string();
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = StatusCode::FORBIDDEN;
        let json = HeaderValue::from_static("application/json");
        answer.headers_mut().insert(http::header::CONTENT_TYPE, json);
        return answer;
    }
    let error = Rejection::Visitor(refusal.to_string()).into();
    respond::failure(detect::likely_protocol(head), None, &error, "")
}

/// The answer to a request for a world that is not there.
pub(super) fn no_world(head: &Parts, rejection: &Rejection) -> Response<Bytes> {
    tracing::warn!(request = ?detect::asked(head, b""), "refused: {rejection}");
    if !admin::has(head.uri.path()) {
        let error = rejection.clone().into();
        return respond::failure(detect::likely_protocol(head), None, &error, REJECTED);
    }
    let body = serde_json::json!({ "error": rejection.to_string() }).to_string();
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = match rejection {
        Rejection::NoRoomForWorld(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::NOT_FOUND,
    };
    let json = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(http::header::CONTENT_TYPE, json);
    answer
}

/// The answer to a browser that asks whether an allowed page may send a request.
pub(super) fn preflight() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn check(request: http::request::Builder, ignored: Deed, verified: Deed) {
        let head = request.body(()).expect("a request").into_parts().0;
        assert_eq!(deed(&head, SignatureMode::Ignore), ignored, "{head:?}");
        assert_eq!(deed(&head, SignatureMode::Verify), verified, "{head:?}");
    }

    #[test]
    fn what_changes_something_is_known_by_its_head() {
        use Deed::{Change, Harmless};
        let signature = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request";
        for uri in ["/_skyrig/health", "/_localstack/health", "/_aws/x"] {
            check(Request::get(uri), Harmless, Harmless);
            check(Request::head(uri), Harmless, Harmless);
            check(Request::post(uri), Change, Change);
            check(Request::put(uri), Change, Change);
            check(Request::delete(uri), Change, Change);
            check(Request::post(uri).header("authorization", signature), Change, Change);
        }
        for uri in ["/", "/?Action=ListQueues", "/000000000000/q?Action=PurgeQueue", "/_skyrigs"] {
            check(Request::get(uri), Change, Change);
            check(Request::post(uri), Change, Change);
            check(Request::post(uri).header("authorization", signature), Harmless, Harmless);
            check(Request::post(uri).header("authorization", "Basic YTpi"), Change, Change);
        }
        let trigger = "/_aws/events/rules/arn:aws:events:us-east-1:000000000000:rule/r/trigger";
        check(Request::get(trigger), Change, Change);
        check(Request::post("/moto-api/reset"), Change, Change);
        check(Request::get("/?Action=PurgeQueue&X-Amz-Signature=0"), Change, Harmless);
        check(Request::get("/?X-Amz-Signature"), Change, Harmless);
    }

    #[test]
    fn only_links_of_sns_may_be_opened_from_anywhere() {
        use Deed::{Change, Harmless};
        let link = "/?Action=ConfirmSubscription&TopicArn=t&Token=2";
        check(Request::get(link), Harmless, Harmless);
        check(Request::get(link).header("sec-fetch-dest", "document"), Harmless, Harmless);
        check(Request::get(link).header("sec-fetch-dest", "image"), Change, Change);
        check(Request::get(link).header("sec-fetch-dest", "iframe"), Change, Change);
        check(Request::post(link), Change, Change);
        check(Request::get("/?SubscriptionArn=s&Action=Unsubscribe"), Harmless, Harmless);
        check(Request::get("/?Action=Subscribe&Action=Unsubscribe"), Change, Change);
        check(Request::get("/?Action=unsubscribe"), Change, Change);
        let other = "/service/AmazonSQS/operation/PurgeQueue?Action=Unsubscribe";
        check(Request::get(other), Change, Change);
        check(Request::get("/000000000000/q?Action=Unsubscribe"), Change, Change);
    }
}
