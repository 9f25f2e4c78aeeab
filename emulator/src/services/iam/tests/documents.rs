//! What a policy document must look like.

use super::{Iam, TRUST};

const SYNTAX: &str = "Syntax errors in policy.";

/// A statement of a document of the newer version.
fn document(statement: &str) -> String {
    format!("{{\"Version\":\"2012-10-17\",\"Statement\":{statement}}}")
}

fn check(operation: &str, member: &str, cases: &[(&str, Option<&str>)]) {
    for (number, (document, problem)) in cases.iter().enumerate() {
        let mut iam = Iam::new();
        let name = format!("n{number}");
        let named = if operation == "CreateRole" { "RoleName" } else { "PolicyName" };
        let answer = iam.ask(operation, &[(named, &name), (member, document)]);
        assert_eq!(answer.find("Message").as_deref(), *problem, "{document}");
        if problem.is_some() {
            assert_eq!(
                (answer.text("Code").as_str(), answer.status),
                ("MalformedPolicyDocument", 400)
            );
        }
    }
}

#[test]
fn of_identities() {
    let fine = r#"{"Effect":"Allow","Action":["sqs:*","sns:Publish"],"Resource":"*"}"#;
    let two = |sids: [&str; 2]| {
        let one = |sid: &str| {
            format!(r#"{{"Sid":"{sid}","Effect":"Allow","Action":"*","Resource":"*"}}"#)
        };
        document(&format!("[{},{}]", one(sids[0]), one(sids[1])))
    };
    let with = |action: &str, resource: &str| {
        document(&format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}"#))
    };
    let vendor = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
    let cases: Vec<(String, Option<&str>)> = vec![
        (document(fine), None),
        (document(&format!("[{fine}]")), None),
        (format!("{{\"Statement\":{fine}}}"), None),
        (format!("{{\"Version\":\"2008-10-17\",\"Id\":\"x\",\"Statement\":{fine}}}"), None),
        (
            document(r#"{"Effect":"Deny","NotAction":"iam:*","NotResource":"arn:aws:sqs:*:*:a"}"#),
            None,
        ),
        (with("*", "arn:aws-cn:sns:cn-north-1:111111111111:t"), None),
        (with("sqs:*", "arn:${aws:Partition}:sqs:*:*:*"), None),
        ("{".to_owned(), Some("This policy contains invalid Json")),
        (format!(" {}", document(fine)), Some("JSON strings must not have leading spaces")),
        ("[]".to_owned(), Some(SYNTAX)),
        ("{}".to_owned(), Some(SYNTAX)),
        (document("[]"), Some(SYNTAX)),
        (document("[1]"), Some(SYNTAX)),
        (format!("{{\"Statment\":1,\"Statement\":{fine}}}"), Some(SYNTAX)),
        (
            format!("{{\"Version\":\"2020-01-01\",\"Statement\":{fine}}}"),
            Some("The policy must contain a valid version string"),
        ),
        (document(r#"{"Effect":"Maybe","Action":"*","Resource":"*"}"#), Some(SYNTAX)),
        (document(r#"{"Action":"*","Resource":"*"}"#), Some("Missing required field Effect")),
        (document(r#"{"Effect":"Allow","Action":"*","Resource":"*","Extra":1}"#), Some(SYNTAX)),
        (
            document(r#"{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}"#),
            Some(SYNTAX),
        ),
        (
            document(r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":1}}"#),
            Some(SYNTAX),
        ),
        (
            document(r#"{"Effect":"Allow","Resource":"*"}"#),
            Some("Policy statement must contain actions."),
        ),
        (
            document(r#"{"Effect":"Allow","Action":"sqs:*"}"#),
            Some("Policy statement must contain resources."),
        ),
        (
            document(r#"{"Effect":"Allow","Action":"sqs:*","Resource":[]}"#),
            Some("Policy statement must contain resources."),
        ),
        (
            document(r#"{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}"#),
            Some("Policy document should not specify a principal."),
        ),
        (with("SendMessage", "*"), Some(vendor)),
        (with("sqs:a:b", "*"), Some("Actions/Condition can contain only one colon.")),
        (with("sqs:*", "queue"), Some("Resource queue must be in ARN format or \"*\".")),
        (with("sqs:*", ""), Some("Resource  must be in ARN format or \"*\".")),
        (
            with("sqs:*", "arn:aw:sqs:::q"),
            Some("Partition \"aw\" is not valid for resource \"arn:aw:sqs:::q\"."),
        ),
        (two(["a", "b"]), None),
        (two(["", ""]), None),
        (two(["a", "a"]), Some("Statement IDs (SID) in a single policy must be unique.")),
        (
            two(["a b", "c"]),
            Some(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the \
                 regular expression [0-9A-Za-z]*",
            ),
        ),
    ];
    let cases: Vec<_> = cases.iter().map(|(text, problem)| (text.as_str(), *problem)).collect();
    check("CreatePolicy", "PolicyDocument", &cases);
}

#[test]
fn of_trust() {
    let with = |principal: &str, action: &str| {
        document(&format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":{action}}}"#))
    };
    let assume = r#""sts:AssumeRole""#;
    let only = "AssumeRole policy may only specify STS AssumeRole actions.";
    let nobody = "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The \
                  passed in policy has a statement with no principals!";
    let wrong =
        |kind: &str, name: &str| format!("Invalid principal in policy: \"{kind}\":\"{name}\"");
    let lambda = r#"{"Service":"lambda.amazonaws.com"}"#;
    let cases: Vec<(String, Option<String>)> = vec![
        (TRUST.to_owned(), None),
        (with(lambda, r#"["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]"#), None),
        (with(r#""*""#, assume), None),
        (with(r#"{"AWS":["111111111111","arn:aws:iam::222222222222:role/a/b"]}"#, assume), None),
        (with(r#"{"AWS":"arn:aws:iam::111111111111:root"}"#, assume), None),
        (
            with(
                r#"{"Federated":"arn:aws:iam::111111111111:oidc-provider/x.example"}"#,
                r#""sts:AssumeRoleWithWebIdentity""#,
            ),
            None,
        ),
        (with(lambda, r#""sqs:*""#), Some(only.to_owned())),
        (with(lambda, r#""*""#), Some(only.to_owned())),
        (with(lambda, r#""sts:GetCallerIdentity""#), Some(only.to_owned())),
        (with("{}", assume), Some(nobody.to_owned())),
        (with(r#"{"AWS":[]}"#, assume), Some(nobody.to_owned())),
        (with(r#"{"AWS":"somebody"}"#, assume), Some(wrong("AWS", "somebody"))),
        (
            with(r#"{"AWS":"arn:aws:iam::111111111111:role/*"}"#, assume),
            Some(wrong("AWS", "arn:aws:iam::111111111111:role/*")),
        ),
        (with(r#"{"Service":"lambda"}"#, assume), Some(wrong("SERVICE", "lambda"))),
        (
            document(r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#),
            Some("Missing required field Principal".to_owned()),
        ),
        (
            document(&format!(r#"{{"Effect":"Allow","Principal":{lambda}}}"#)),
            Some("Missing required field Action".to_owned()),
        ),
        (
            document(&format!(
                r#"{{"Effect":"Allow","Principal":{lambda},"Action":{assume},"Resource":"*"}}"#
            )),
            Some("Has prohibited field Resource".to_owned()),
        ),
    ];
    let cases: Vec<_> =
        cases.iter().map(|(text, problem)| (text.as_str(), problem.as_deref())).collect();
    check("CreateRole", "AssumeRolePolicyDocument", &cases);
}

#[test]
fn are_answered_url_encoded() {
    let mut iam = Iam::new();
    iam.role("r");
    let document = document(
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Sid": "",
            "Condition": {"StringLike": {"a:b": "ü~-_./+&"}}}"#,
    );
    let put = [("RoleName", "r"), ("PolicyName", "p"), ("PolicyDocument", &document)];
    iam.ok("PutRolePolicy", &put);
    let answer = iam.ok("GetRolePolicy", &put[..2]);
    assert_eq!(answer.text("PolicyDocument"), super::encoded(&document));
    assert!(answer.text("PolicyDocument").contains("%22%C3%BC~-_.%2F%2B%26%22"));
    assert_eq!(
        iam.ok("GetRole", &put[..1]).text("AssumeRolePolicyDocument"),
        super::encoded(TRUST)
    );
}

#[test]
fn deep_and_long_documents_are_refused() {
    let deep = document(&format!("{}{}", "[".repeat(5000), "]".repeat(5000)));
    let long = format!("\"{}\"", "x".repeat(131_071));
    let mut iam = Iam::new();
    let mut ask = |document: &str| {
        iam.err("CreatePolicy", &[("PolicyName", "p"), ("PolicyDocument", document)])
    };
    assert_eq!(ask(&deep).0, "MalformedPolicyDocument");
    assert_eq!(
        ask(&long).1,
        "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: \
         Member must have length less than or equal to 131072"
    );
    assert_eq!(
        ask("\u{7528}").1,
        "The specified value for policyDocument is invalid. It must contain only printable ASCII \
         characters."
    );
}
