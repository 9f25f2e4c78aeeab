//! AssumeRole and AssumeRoot. Answers recorded on AWS are named with their date.

use super::{ROLE, ROOT, Sts};

fn assume(role: &str, session: &str) -> (String, String, u16) {
    Sts::new().err(ROOT, "AssumeRole", &[("RoleArn", role), ("RoleSessionName", session)])
}

/// Recorded 2024-06-05.
#[test]
fn a_role_is_assumed() {
    let mut sts = Sts::new();
    let members = [("RoleArn", ROLE), ("RoleSessionName", "test-1")];
    let answer = sts.ok("222222222222", "AssumeRole", &members);
    assert_eq!(answer.text("Arn"), "arn:aws:sts::111111111111:assumed-role/reader/test-1");
    let id = answer.text("AssumedRoleId");
    let role = id.strip_suffix(":test-1").unwrap();
    assert!(role.starts_with("AROA") && role.len() == 21, "{id}");
    let key = answer.text("AccessKeyId");
    assert!(key.starts_with("ASIA") && key.len() == 20, "{key}");
    assert_eq!(answer.text("SecretAccessKey").len(), 40);
    assert_eq!(answer.text("SessionToken").len(), 348);
    assert_eq!(answer.text("Expiration"), "2026-01-01T01:00:00Z");
    for member in ["PackedPolicySize", "SessionTokenSize", "SourceIdentity"] {
        assert_eq!(answer.find(member), None, "{member}");
    }
    let again = sts.ok("222222222222", "AssumeRole", &members);
    assert_eq!(again.text("AssumedRoleId"), id, "a role has one id");
    assert_ne!(again.text("AccessKeyId"), key);
    let same = Sts::new().ok("222222222222", "AssumeRole", &members);
    assert_eq!(same.text("SecretAccessKey"), answer.text("SecretAccessKey"), "all from the seed");
}

/// Recorded 2025-07-21.
#[test]
fn invalid_parameters_are_refused() {
    for role in [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ] {
        let text = format!("{role} is invalid");
        assert_eq!(assume(role, "Session1"), ("ValidationError".to_owned(), text, 400));
    }
    let (code, message, status) = assume("arn:a:b:::something/test-role", "Session1:2");
    assert_eq!((code.as_str(), status), ("ValidationError", 400));
    assert_eq!(
        message,
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    );
}

#[test]
fn what_is_no_role_may_not_be_assumed() {
    for arn in [
        "arn:aws:iam::111111111111:user/reader",
        "arn:aws:iam::111111111111:role/",
        "arn:aws:iam::1111:role/reader",
        "arn:aws:iam:us-east-1:111111111111:role/reader",
        "arn:aws:sts::111111111111:role/reader",
    ] {
        let text = format!(
            "User: arn:aws:iam::111111111111:user/skyrig is not authorized to perform: sts:AssumeRole \
             on resource: {arn}"
        );
        assert_eq!(assume(arn, "one"), ("AccessDenied".to_owned(), text, 403));
    }
}

#[test]
fn a_session_lasts_as_long_as_it_is_wanted_to() {
    let mut sts = Sts::new();
    let chained = sts.assume(ROOT, "first", &[("DurationSeconds", "43200")]);
    let constraint = |seconds: &str, bound: &str| {
        format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to \
             satisfy constraint: Member must have value {bound}"
        )
    };
    let too_long = "The requested DurationSeconds exceeds the 1 hour session limit for roles \
                    assumed by role chaining.";
    for (key, seconds, expected) in [
        (ROOT, "899", Err(constraint("899", "greater than or equal to 900"))),
        (ROOT, "900", Ok("2026-01-01T00:15:00Z")),
        (ROOT, "43200", Ok("2026-01-01T12:00:00Z")),
        (ROOT, "43201", Err(constraint("43201", "less than or equal to 43200"))),
        (&chained, "3600", Ok("2026-01-01T01:00:00Z")),
        (&chained, "3601", Err(too_long.to_owned())),
    ] {
        let members = [("RoleArn", ROLE), ("RoleSessionName", "one"), ("DurationSeconds", seconds)];
        match expected {
            Ok(end) => {
                let answer = sts.ok(key, "AssumeRole", &members);
                assert_eq!(answer.text("Expiration"), end, "{seconds}");
            }
            Err(message) => {
                let refused = sts.err(key, "AssumeRole", &members);
                assert_eq!(refused, ("ValidationError".to_owned(), message, 400));
            }
        }
    }
}

/// Recorded 2025-04-10.
#[test]
fn transitive_tags_cannot_be_overridden() {
    let mut sts = Sts::new();
    let tag = |key| [("Tags.member.1.Key", key), ("Tags.member.1.Value", "Value1")];
    let transitive = [&tag("SessionTag1")[..], &[("TransitiveTagKeys.member.1", "SessionTag1")]];
    let first = sts.assume(ROOT, "Session1", &transitive.concat());
    let members = [("RoleArn", ROLE), ("RoleSessionName", "Session2")];
    for key in ["SessionTag1", "sessiontag1"] {
        let refused = sts.err(&first, "AssumeRole", &[&members[..], &tag(key)].concat());
        let message = "One of the specified transitive tag keys can't be set because it conflicts \
                       with a transitive tag key from the calling session.";
        let expected = ("InvalidParameterValue".to_owned(), message.to_owned(), 400);
        assert_eq!(refused, expected, "{key}");
    }
    // It is passed on from session to session; another one is not.
    let second = sts.assume(&first, "Session2", &tag("Other"));
    let third = sts.assume(&second, "Session3", &tag("Other"));
    let refused = sts.err(&third, "AssumeRole", &[&members[..], &tag("SessionTag1")].concat());
    assert_eq!(refused.0, "InvalidParameterValue");
    sts.assume(&third, "Session4", &tag("Other"));
}

#[test]
fn tags_are_checked() {
    let check = |members: &[(&str, &str)], code: &str, message: &str| {
        let role = [("RoleArn", ROLE), ("RoleSessionName", "one")];
        let refused = Sts::new().err(ROOT, "AssumeRole", &[&role, members].concat());
        assert_eq!(refused, (code.to_owned(), message.to_owned(), 400));
    };
    let one = [("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "")];
    let twice = [("Tags.member.2.Key", "A"), ("Tags.member.2.Value", "x")];
    let code = "InvalidParameterValue";
    check(
        &[one, twice].concat(),
        code,
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
    check(
        &[&one[..], &[("TransitiveTagKeys.member.1", "b")]].concat(),
        code,
        "The specified transitive tag key must be included in the requested tags.",
    );
    check(
        &[("Tags.member.1.Key", "AWS:a"), ("Tags.member.1.Value", "x")],
        code,
        "Tag keys that start with 'aws:' are reserved for system use",
    );
    check(
        &[("Tags.member.1.Key", "a?"), ("Tags.member.2.Value", "x")],
        "ValidationError",
        "3 validation errors detected: Value 'a?' at 'tags.1.member.key' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: \
         [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+; Value null at 'tags.1.member.value' failed to satisfy \
         constraint: Member must not be null; Value null at 'tags.2.member.key' failed to satisfy \
         constraint: Member must not be null",
    );
}

#[test]
fn a_source_identity_stays() {
    let mut sts = Sts::new();
    let first = sts.assume(ROOT, "one", &[("SourceIdentity", "Alice")]);
    let members = [("RoleArn", ROLE), ("RoleSessionName", "two")];
    let answer = sts.ok(&first, "AssumeRole", &members);
    assert_eq!(answer.text("SourceIdentity"), "Alice");
    let second = answer.text("AccessKeyId");
    let with = |source| [members[0], members[1], ("SourceIdentity", source)];
    assert_eq!(sts.ok(&second, "AssumeRole", &with("Alice")).text("SourceIdentity"), "Alice");
    let (code, _, status) = sts.err(&second, "AssumeRole", &with("Bob"));
    assert_eq!((code.as_str(), status), ("AccessDenied", 403));
}

#[test]
fn a_token_grows_with_what_it_holds_up_to_4096_bytes() {
    let mut sts = Sts::new();
    let value = "v".repeat(256);
    let tags = |count: usize| -> Vec<(String, String)> {
        let tag = |number: usize| {
            let member = |name: &str| format!("Tags.member.{number}.{name}");
            [(member("Key"), format!("k{number:02}")), (member("Value"), value.clone())]
        };
        (1..=count).flat_map(tag).collect()
    };
    let mut ask = |count: usize| {
        let tags = tags(count);
        let mut members = vec![("RoleArn", ROLE), ("RoleSessionName", "one")];
        members.extend(tags.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        sts.ask(ROOT, "AssumeRole", &members)
    };
    let answer = ask(10);
    assert_eq!(answer.text("SessionToken").len(), 348 + 2590_usize.div_ceil(3) * 4);
    assert_eq!(answer.text("PackedPolicySize"), "93");
    let refused = ask(11);
    assert_eq!(refused.text("Code"), "PackedPolicyTooLarge");
    for (wanted, size, percent) in
        [("0", "348", "9"), ("1000", "1000", "25"), ("4096", "4096", "100")]
    {
        let minimum = ("MinimumSessionTokenSize", wanted);
        let members = [("RoleArn", ROLE), ("RoleSessionName", "one"), minimum];
        let answer = sts.ok(ROOT, "AssumeRole", &members);
        assert_eq!(answer.text("SessionTokenSize"), size);
        assert_eq!(answer.text("SessionTokenUtilization"), percent);
        assert_eq!(answer.text("SessionToken").len().to_string(), size);
        assert_eq!(answer.find("PackedPolicySize"), None);
    }
}

#[test]
fn session_policies_are_read() {
    let statement = r#"{"Effect":"Allow","Action":"sqs:*","Resource":"*"}"#;
    let syntax = "Syntax errors in policy.";
    for (policy, problem) in [
        (format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#), None),
        (format!(r#"{{"Statement":{statement}}}"#), None),
        ("{".to_owned(), Some("This policy contains invalid Json")),
        ("{}".to_owned(), Some(syntax)),
        (r#"{"Statement":[]}"#.to_owned(), Some(syntax)),
        (
            r#"{"Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}"#.to_owned(),
            Some(syntax),
        ),
        (r#"{"Statement":{"Effect":"Deny","Action":"*"}}"#.to_owned(), Some(syntax)),
        (
            r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}}"#
                .to_owned(),
            Some("Policy document should not specify a principal."),
        ),
    ] {
        let members = [("RoleArn", ROLE), ("RoleSessionName", "one"), ("Policy", policy.as_str())];
        let answer = Sts::new().ask(ROOT, "AssumeRole", &members);
        assert_eq!(answer.find("Message").as_deref(), problem, "{policy}");
        if problem.is_some() {
            assert_eq!(answer.text("Code"), "MalformedPolicyDocument");
        }
    }
}

#[test]
fn what_has_no_effect_is_refused_in_strict_mode() {
    let policy = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    for (member, name, value) in [
        ("Policy", "Policy", policy),
        ("PolicyArns", "PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("ExternalId", "ExternalId", "id"),
        ("SerialNumber", "SerialNumber", "GAHT12345678"),
        ("TokenCode", "TokenCode", "123456"),
        ("ProvidedContexts", "ProvidedContexts.member.1.ContextAssertion", "assertion"),
    ] {
        let members = [("RoleArn", ROLE), ("RoleSessionName", "one"), (name, value)];
        Sts::new().ok(ROOT, "AssumeRole", &members);
        let (code, message, _) = Sts::strict().err(ROOT, "AssumeRole", &members);
        assert_eq!(code, "NotImplemented", "{member}");
        assert!(message.starts_with(&format!("sts: {member} has no effect")), "{message}");
    }
}

#[test]
fn a_root_user_is_assumed_for_a_task() {
    let mut sts = Sts::new();
    let task = "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy";
    let mut ask = |target: &str, task: &str, seconds: &str| {
        let members = [
            ("TargetPrincipal", target),
            ("TaskPolicyArn.arn", task),
            ("DurationSeconds", seconds),
        ];
        sts.ask(ROOT, "AssumeRoot", &members)
    };
    for (target, task, seconds, code) in [
        ("222222222222", task, "900", None),
        ("arn:aws:iam::222222222222:root", task, "0", None),
        ("222222222222", task, "901", Some("ValidationError")),
        (
            "222222222222",
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "900",
            Some("ValidationError"),
        ),
        ("22222222222x", task, "900", Some("AccessDenied")),
        ("arn:aws:iam::222222222222:user/a", task, "900", Some("AccessDenied")),
    ] {
        let answer = ask(target, task, seconds);
        assert_eq!(answer.find("Code").as_deref(), code, "{target} {seconds}");
    }
    let key = ask("222222222222", task, "900").text("AccessKeyId");
    let root = ("222222222222".to_owned(), "arn:aws:iam::222222222222:root".to_owned());
    assert_eq!(sts.who(&key), (root.0.clone(), root.0, root.1));
}
