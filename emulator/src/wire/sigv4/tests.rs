//! Published examples, and what is refused.

use bytes::Bytes;
use http::Request;
use http::request::Parts;

use super::{Signed, Unauthenticated};
use crate::wire::{Protocol, Timestamp};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// 2015-08-30T12:36:00Z
const AT: Timestamp = Timestamp::from_millis(1_440_938_160_000);
const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLE==";

/// A request from AKIDEXAMPLE at [`AT`].
fn signed(
    (method, host, url): (&str, &str, &str),
    headers: &[(&str, &str)],
    body: &str,
    (service, names, signature): (&str, &str, &str),
) -> (Parts, Bytes) {
    let scope = format!("AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request");
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signature}"
    );
    let mut request = Request::builder().method(method).uri(url).header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.header("x-amz-date", "20150830T123600Z").header("authorization", value);
    let (parts, body) = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap().into_parts();
    (parts, body)
}

/// Those on `service` are AWS's own test suite of Signature Version 4; `ListUsers` is the example
/// of "Create a signed AWS API request"; the others were made with botocore 1.44.8.
#[test]
fn published_signatures_are_recognised() {
    const HOST: &str = "example.amazonaws.com";
    const PLAIN: &str = "host;x-amz-date";
    let form = ("content-type", "application/x-www-form-urlencoded");
    let with_charset = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let trimmed = [("my-header1", " value1"), ("my-header2", " \"a   b   c\"")];
    let users = "/?Action=ListUsers&Version=2010-05-08";
    let identity = "Action=GetCallerIdentity&Version=2011-06-15";
    for (request, headers, body, signature) in [
        (
            ("GET", HOST, "/"),
            &[][..],
            "",
            ("service", PLAIN, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ),
        (
            ("GET", HOST, "/?Param2=value2&Param1=value1"),
            &[],
            "",
            ("service", PLAIN, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        ),
        (
            ("POST", HOST, "/"),
            &[],
            "",
            ("service", PLAIN, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ),
        (
            ("POST", HOST, "/"),
            &[form],
            "Param1=value1",
            (
                "service",
                "content-type;host;x-amz-date",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
        ),
        (
            ("GET", HOST, "/"),
            &trimmed,
            "",
            (
                "service",
                "host;my-header1;my-header2;x-amz-date",
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            ),
        ),
        (
            ("GET", "iam.amazonaws.com", users),
            &[with_charset],
            "",
            (
                "iam",
                "content-type;host;x-amz-date",
                "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            ),
        ),
        (
            ("POST", HOST, "/000000000000/a%20b/./c//d/../"),
            &[],
            "x",
            ("service", PLAIN, "44c2dcc78f7d91c87d9804c2abab324095d459e72d811b1211d6149ed9b9ecc5"),
        ),
        (
            ("POST", HOST, "/"),
            &[("x-amz-security-token", TOKEN)],
            identity,
            (
                "sts",
                "host;x-amz-date;x-amz-security-token",
                "bba60d05ae8863e204cd54aa9ff3ea72116c2eb2edb98c6d7504e4ef0fa96821",
            ),
        ),
    ] {
        let (parts, sent) = signed(request, headers, body, signature);
        let read = Signed::read(&parts, &sent).unwrap();
        assert!(read.is_made_with(SECRET), "{request:?}");
        assert!(!read.is_made_with("another"), "{request:?}");
        let token = headers.iter().find(|(name, _)| *name == "x-amz-security-token");
        assert_eq!(read.token.as_deref(), token.map(|(_, token)| *token));
        let (parts, sent) = signed(request, headers, &format!("{body}."), signature);
        assert!(!Signed::read(&parts, &sent).unwrap().is_made_with(SECRET), "another body");
    }
}

const SCOPE: &str = "AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fsts%2Faws4_request";

/// A URL that botocore 1.44.8 has signed; `with` stands before the signature.
fn presigned(action: &str, with: &str, signature: &str) -> Result<Signed, Unauthenticated> {
    let url = format!(
        "/?{action}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE}\
         &X-Amz-Date=20150830T123600Z{with}&X-Amz-Signature={signature}"
    );
    let request = Request::get(url).header("host", "sts.us-east-1.amazonaws.com");
    let (parts, ()) = request.body(()).unwrap().into_parts();
    Signed::read(&parts, b"")
}

const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const FOR_A_MINUTE: &str = "&X-Amz-Expires=60&X-Amz-SignedHeaders=host";
const NAMED: &str = "bbf7430673fe983b10229d6a56421274ae9b5542a889800b146356a685172ee6";

#[test]
fn urls_may_be_signed() {
    let named = format!("{IDENTITY}&Name=a%20b%2Bc~");
    let read = presigned(&named, FOR_A_MINUTE, NAMED).unwrap();
    assert!(read.is_made_with(SECRET));
    assert_eq!(read.token, None);
    let other = format!("{IDENTITY}&Name=a%20b%2Bd~");
    assert!(!presigned(&other, FOR_A_MINUTE, NAMED).unwrap().is_made_with(SECRET));
    let token = "&X-Amz-Security-Token=AQoDYXdzEPT%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEXAMPLE%3D%3D";
    let signature = "7ae53484d025096ee64e8ec619e3418e2bae5565e424a3413c9bc7cbad7cff7a";
    let read = presigned(IDENTITY, &format!("{FOR_A_MINUTE}{token}"), signature).unwrap();
    assert!(read.is_made_with(SECRET));
    assert_eq!(read.token.as_deref(), Some(TOKEN));
}

#[test]
fn a_signature_holds_for_minutes() {
    use Protocol::{AwsJson10, AwsQuery, RpcV2Cbor};
    let vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    let request = ("GET", "example.amazonaws.com", "/");
    let (parts, body) = signed(request, &[], "", ("service", "host;x-amz-date", vanilla));
    let by_header = Signed::read(&parts, &body).unwrap();
    let by_url = presigned(IDENTITY, FOR_A_MINUTE, NAMED).unwrap();
    let at = |seconds: i64| Timestamp::from_millis(AT.millis() + seconds * 1000);
    for (read, protocol, seconds, problem) in [
        (&by_header, AwsJson10, 300, None),
        (
            &by_header,
            AwsJson10,
            301,
            Some(
                "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z \
                 (20150830T124101Z - 5 min.)",
            ),
        ),
        (&by_header, RpcV2Cbor, -300, None),
        (
            &by_header,
            RpcV2Cbor,
            -301,
            Some(
                "Signature not yet current: 20150830T123600Z is still later than \
                 20150830T123559Z (20150830T123059Z + 5 min.)",
            ),
        ),
        (&by_header, AwsQuery, 900, None),
        (
            &by_header,
            AwsQuery,
            901,
            Some(
                "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z \
                 (20150830T125101Z - 15 min.)",
            ),
        ),
        (&by_url, AwsQuery, 60, None),
        (
            &by_url,
            AwsQuery,
            61,
            Some(
                "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z \
                 (20150830T123701Z - 1 min.)",
            ),
        ),
        (&by_url, AwsQuery, -900, None),
    ] {
        let found = read.check_time(at(seconds), protocol).err().map(|it| it.to_string());
        assert_eq!(found.as_deref(), problem, "{protocol:?} {seconds}");
    }
}

fn problem(headers: &[(&str, &str)], url: &str) -> String {
    let mut request = Request::post(url).header("host", "h");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    Signed::read(&parts, b"").unwrap_err().to_string()
}

#[test]
fn what_is_missing_is_named() {
    let date = ("x-amz-date", "20150830T123600Z");
    let check = |headers: &[(&str, &str)], text: &str| assert_eq!(problem(headers, "/"), text);
    check(&[], "Request is missing Authentication Token");
    check(
        &[("authorization", "AWS4-HMAC-SHA256 ")],
        "Authorization header requires 'Credential' parameter. Authorization header requires \
         'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. \
         Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
         Authorization=AWS4-HMAC-SHA256 ",
    );
    check(
        &[date, ("authorization", "AWS4-HMAC-SHA256 Credential=a/b, Signature=1")],
        "Authorization header requires 'SignedHeaders' parameter. \
         Authorization=AWS4-HMAC-SHA256 Credential=a/b, Signature=1",
    );
    check(
        &[date, ("authorization", "AWS4-HMAC-SHA256 Credential=a/b, odd")],
        "'odd' not a valid key=value pair (missing equal-sign) in Authorization header: \
         'AWS4-HMAC-SHA256 Credential=a/b, odd'.",
    );
    check(
        &[date, ("authorization", "AWS4-ECDSA-P256-SHA256 Credential=a/b")],
        "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
    );
    let all = |names: &str| {
        format!(
            "AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders={names}, \
             Signature=00"
        )
    };
    check(
        &[date, ("authorization", &all("x-amz-date"))],
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
    check(
        &[("x-amz-date", "2015-08-30"), ("authorization", &all("host"))],
        "Date must be in ISO-8601 'basic format'. Got '2015-08-30'. See \
         http://en.wikipedia.org/wiki/ISO_8601",
    );
    let url =
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00&X-Amz-Date=1&X-Amz-Credential=a";
    let text = "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the \
                query-string parameters.";
    assert_eq!(problem(&[], url), text);
    for (seconds, taken) in [("0", false), ("1", true), ("604800", true), ("604801", false)] {
        let with = format!("&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host");
        assert_eq!(presigned(IDENTITY, &with, "00").is_ok(), taken, "{seconds}");
    }
}

#[test]
fn the_date_header_will_do() {
    let scope = "Credential=a/20150830/r/s/aws4_request, SignedHeaders=host, Signature=00";
    for (date, is_read) in [
        ("Sun, 30 Aug 2015 12:36:00 GMT", true),
        ("20150830T123600Z", true),
        ("Sun, 30 Aug 2015 12:36:00 CET", false),
        ("20150830T123600", false),
        ("20151330T123600Z", false),
        ("2015083xT123600Z", false),
    ] {
        let request = Request::post("/").header("host", "h").header("date", date);
        let request = request.header("authorization", format!("AWS4-HMAC-SHA256 {scope}"));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let read = Signed::read(&parts, b"").ok();
        assert_eq!(read.map(|read| read.at), Some(AT).filter(|_| is_read), "{date}");
    }
}

proptest::proptest! {
    #[test]
    fn any_authorization_is_read_or_refused(
        value in "[A-Za-z0-9=,; /é-]{0,60}",
        query in "[A-Za-z0-9=&%+./-]{0,60}",
        names in "[a-z;-]{0,20}",
        hex in "[0-9a-gé]{0,9}",
    ) {
        let scope = "AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request";
        let whole = format!("Credential={scope}, SignedHeaders=host;{names}, Signature={hex}");
        for value in [value, format!("AWS4-HMAC-SHA256 {whole}")] {
            let request = Request::get(format!("/{query}?{query}")).header("host", "h");
            let request = request.header("x-amz-date", "20150830T123600Z");
            let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
            let (parts, ()) = request.header("authorization", value).body(()).unwrap().into_parts();
            let made = Signed::read(&parts, b"").map(|read| read.is_made_with(SECRET));
            proptest::prop_assert_ne!(made, Ok(true));
        }
    }
}

#[test]
fn a_path_may_have_been_signed_with_its_world_before_it() {
    let signer = super::testing::Signer {
        key: "AKIDEXAMPLE",
        secret: SECRET,
        token: None,
        service: "sqs",
        at: AT,
    };
    for (sent, left) in [("/w/a/1/q", "/1/q"), ("/w/a/", "/"), ("/w/a", "/")] {
        let request = Request::post(sent).header("host", "localhost").body(Bytes::new()).unwrap();
        let (mut parts, body) = signer.sign(request).into_parts();
        parts.uri = left.parse().unwrap();
        let fits = |parts: &Parts| Signed::read(parts, &body).unwrap().is_made_with(SECRET);
        assert!(!fits(&parts), "{sent}");
        parts.headers.insert("x-skyrig-world", "b".parse().unwrap());
        assert!(!fits(&parts), "{sent}");
        parts.headers.insert("x-skyrig-world", "a".parse().unwrap());
        assert!(fits(&parts), "{sent}");
        assert!(!Signed::read(&parts, &body).unwrap().is_made_with("another"), "{sent}");
    }
}
