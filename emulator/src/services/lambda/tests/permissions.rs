//! Resource policies of functions.

use super::*;

#[test]
fn statements_are_as_aws_writes_them() {
    let mut lambda = Lambda::with_function();
    let policy = format!("{ONE}/policy");
    let (status, _, told) = lambda.err("GET", &policy, &Value::Null);
    assert_eq!((status, &*told), (404, "The resource you requested does not exist."));
    let rule = "arn:aws:events:us-east-1:000000000000:rule/r";
    let mut texts = Vec::new();
    for (sid, more, expected) in [
        (
            "service",
            json!({
                "Principal": "events.amazonaws.com", "SourceArn": rule,
                "SourceAccount": "000000000000",
            }),
            format!(
                "{{\"Sid\":\"service\",\"Effect\":\"Allow\",\
                 \"Principal\":{{\"Service\":\"events.amazonaws.com\"}},\
                 \"Action\":\"lambda:InvokeFunction\",\"Resource\":\"{FUNCTION}\",\"Condition\":{{\
                 \"StringEquals\":{{\"AWS:SourceAccount\":\"000000000000\"}},\
                 \"ArnLike\":{{\"AWS:SourceArn\":\"{rule}\"}}}}}}"
            ),
        ),
        (
            "account",
            json!({"Principal": "111111111111"}),
            format!(
                "{{\"Sid\":\"account\",\"Effect\":\"Allow\",\
                 \"Principal\":{{\"AWS\":\"arn:aws:iam::111111111111:root\"}},\
                 \"Action\":\"lambda:InvokeFunction\",\"Resource\":\"{FUNCTION}\"}}"
            ),
        ),
        (
            "url",
            json!({
                "Principal": "*", "Action": "lambda:InvokeFunctionUrl",
                "FunctionUrlAuthType": "NONE",
            }),
            format!(
                "{{\"Sid\":\"url\",\"Effect\":\"Allow\",\"Principal\":\"*\",\
                 \"Action\":\"lambda:InvokeFunctionUrl\",\"Resource\":\"{FUNCTION}\",\
                 \"Condition\":{{\"StringEquals\":{{\"lambda:FunctionUrlAuthType\":\"NONE\"}}}}}}"
            ),
        ),
    ] {
        let mut body = json!({"StatementId": sid, "Action": "lambda:InvokeFunction"});
        for (member, value) in more.as_object().unwrap() {
            body[member] = value.clone();
        }
        let answer = lambda.ok("POST", &policy, &body);
        assert_eq!(answer["Statement"], expected);
        texts.push(expected);
    }
    let seen = lambda.look(&policy);
    let whole = format!(
        "{{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[{}]}}",
        texts.join(",")
    );
    assert_eq!(seen["Policy"], whole);
    let stale = format!("{policy}/url?RevisionId=x");
    assert_eq!(lambda.err("DELETE", &stale, &Value::Null).1, "PreconditionFailedException");
    let fresh = format!("{policy}/url?RevisionId={}", seen["RevisionId"].as_str().unwrap());
    assert_eq!(lambda.ask("DELETE", &fresh, &Value::Null).status, 204);
    let (_, _, told) = lambda.err("DELETE", &format!("{policy}/url"), &Value::Null);
    assert_eq!(told, "Statement url is not found in resource policy.");
    for sid in ["service", "account"] {
        lambda.ok("DELETE", &format!("{policy}/{sid}"), &Value::Null);
    }
    assert_eq!(lambda.err("GET", &policy, &Value::Null).0, 404);
    let (_, _, told) = lambda.err("DELETE", &format!("{policy}/url"), &Value::Null);
    assert_eq!(told, "No policy is associated with the given resource.");
}

#[test]
fn statements_that_are_none_are_refused() {
    let mut lambda = Lambda::with_function();
    lambda.publish();
    let policy = format!("{ONE}/policy");
    let statement = |more: &Value| {
        let mut body =
            json!({"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "*"});
        for (member, value) in more.as_object().unwrap() {
            body[member] = value.clone();
        }
        body
    };
    lambda.ok("POST", &policy, &statement(&json!({"StatementId": "first"})));
    for (uri, more, error) in [
        ("", json!({"StatementId": "first"}), "ResourceConflictException"),
        ("", json!({"StatementId": "a b"}), "ValidationException"),
        ("", json!({"StatementId": "s".repeat(101)}), "ValidationException"),
        ("", json!({"StatementId": null}), "ValidationException"),
        ("", json!({"Action": "sqs:SendMessage"}), "ValidationException"),
        ("", json!({"Principal": "nobody"}), "InvalidParameterValueException"),
        ("", json!({"RevisionId": "x"}), "PreconditionFailedException"),
        ("", json!({"SourceAccount": "1"}), "ValidationException"),
        ("?Qualifier=9", json!({}), "ResourceNotFoundException"),
        ("?Qualifier=%24LATEST", json!({}), "InvalidParameterValueException"),
    ] {
        let body = statement(&more);
        assert_eq!(lambda.err("POST", &format!("{policy}{uri}"), &body).1, error, "{uri} {more}");
    }
    let answer = lambda.ok("POST", &format!("{policy}?Qualifier=1"), &statement(&json!({})));
    assert!(answer["Statement"].as_str().unwrap().contains(&format!("\"{FUNCTION}:1\"")));
    // The function's own policy is another.
    assert!(!lambda.look(&policy)["Policy"].as_str().unwrap().contains("\"s\""));
    let source = format!("arn:aws:sqs:us-east-1:000000000000:{}", "q".repeat(5_000));
    let large = |sid: &str| statement(&json!({"StatementId": sid, "SourceArn": source}));
    for sid in ["a", "b", "c"] {
        lambda.ok("POST", &policy, &large(sid));
    }
    let (_, error, told) = lambda.err("POST", &policy, &large("d"));
    assert_eq!(error, "PolicyLengthExceededException");
    assert!(told.ends_with("is bigger than the limit (20480)."), "{told}");
}
