//! HTTP requests of every protocol that a service speaks.

use bytes::Bytes;
use http::Request;
use skyrig::wire::Protocol;

use crate::encode::{self, Placed, Tree};
use crate::model::Target;

/// Who calls from where.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) access_key: String,
    pub(crate) token: Option<String>,
    pub(crate) region: &'static str,
}

/// A request as its client sends it.
pub(crate) fn request(
    target: Target,
    protocol: Protocol,
    caller: &Caller,
    tree: &Tree,
) -> Request<Bytes> {
    let service = target.service.wire;
    let prefix = service.target_prefix.unwrap_or_default();
    let operation = target.operation;
    let scope =
        format!("{}/20260101/{}/{}", caller.access_key, caller.region, service.signing_name);
    let signed = format!(
        "AWS4-HMAC-SHA256 Credential={scope}/aws4_request, SignedHeaders=host, Signature=0"
    );
    if protocol == Protocol::RestJson1 {
        return rest(target, caller, &signed, tree);
    }
    let path = match protocol {
        Protocol::RpcV2Cbor => format!("/service/{prefix}/operation/{operation}"),
        _ => "/".to_owned(),
    };
    let mut head = Request::post(path).header("host", "localhost:4566");
    head = head.header("authorization", signed).header("x-amzn-query-mode", "true");
    if let Some(token) = &caller.token {
        head = head.header("x-amz-security-token", token);
    }
    let (head, body) = match protocol {
        Protocol::AwsQuery => {
            let kind = "application/x-www-form-urlencoded; charset=utf-8";
            let form = encode::form(service, operation, tree);
            (head.header("content-type", kind), Bytes::from(form))
        }
        Protocol::RpcV2Cbor => {
            let mut body = Vec::new();
            encode::cbor(tree, &mut body);
            let head = head.header("smithy-protocol", "rpc-v2-cbor");
            (head.header("content-type", "application/cbor"), body.into())
        }
        json => {
            let mut body = String::new();
            encode::json(tree, &mut body);
            let head = head.header("x-amz-target", format!("{prefix}.{operation}"));
            (head.header("content-type", json.content_type()), body.into())
        }
    };
    head.body(body).expect("the head is valid")
}

/// What the `http` crate takes.
const URI_BYTES_MAX: usize = 65_534;

/// Members of a REST service stand where its route says; those that can't stand there, stay in the
/// body.
fn rest(target: Target, caller: &Caller, signed: &str, tree: &Tree) -> Request<Bytes> {
    let Placed { method, mut uri, headers, body } = encode::rest(target.route(), tree);
    // No client can have a longer one.
    uri.truncate(uri.floor_char_boundary(URI_BYTES_MAX));
    let mut head = Request::builder().method(method).uri(uri).header("host", "localhost:4566");
    head = head.header("authorization", signed).header("content-type", "application/json");
    if let Some(token) = &caller.token {
        head = head.header("x-amz-security-token", token);
    }
    for (name, value) in headers {
        head = head.header(name, value);
    }
    head.body(body.into()).expect("the head is valid")
}

/// The same with something wrong in its body, as a broken client or network might make it.
pub(crate) fn spoilt(request: Request<Bytes>, random: &mut fastrand::Rng) -> Request<Bytes> {
    request.map(|body| {
        let mut body = body.to_vec();
        if !body.is_empty() {
            let at = random.usize(0..body.len());
            match random.u32(0..3) {
                0 => body.truncate(at),
                1 => body[at] ^= 1 << random.u32(0..8),
                _ => body.insert(at, random.u8(..)),
            }
        }
        body.into()
    })
}
