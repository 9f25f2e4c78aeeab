//! What each operation must be given.

use super::{ROLE, ROOT, Sts};

/// The members of which the constraints are broken, in order.
fn broken(operation: &str, members: &[(&str, &str)]) -> Vec<String> {
    let (code, message, status) = Sts::new().err(ROOT, operation, members);
    assert_eq!((code.as_str(), status), ("ValidationError", 400), "{operation}: {message}");
    let (head, all) = message.split_once(" detected: ").unwrap();
    let count = all.split("; Value").count();
    let errors = if count == 1 { "error" } else { "errors" };
    assert_eq!(head, format!("{count} validation {errors}"));
    let names = all.split("; Value").map(|one| one.split(" at '").nth(1).unwrap());
    names.map(|rest| rest.split_once('\'').unwrap().0.to_owned()).collect()
}

#[test]
fn members_that_must_be_there_are_named() {
    for (operation, wanted) in [
        ("AssumeRole", &["roleArn", "roleSessionName"][..]),
        ("AssumeRoleWithSAML", &["roleArn", "principalArn", "sAMLAssertion"]),
        ("AssumeRoleWithWebIdentity", &["roleArn", "roleSessionName", "webIdentityToken"]),
        ("AssumeRoot", &["targetPrincipal", "taskPolicyArn"]),
        ("DecodeAuthorizationMessage", &["encodedMessage"]),
        ("GetAccessKeyInfo", &["accessKeyId"]),
        ("GetDelegatedAccessToken", &["tradeInToken"]),
        ("GetFederationToken", &["name"]),
        ("GetWebIdentityToken", &["audience", "signingAlgorithm"]),
    ] {
        assert_eq!(broken(operation, &[]), wanted, "{operation}");
    }
}

#[test]
fn bounds_are_kept() {
    let role = [("RoleArn", ROLE), ("RoleSessionName", "one")];
    let long = "x".repeat(65);
    let key = "A".repeat(15);
    for (operation, members, wanted) in [
        ("AssumeRole", &[role[0], ("RoleSessionName", "x")][..], &["roleSessionName"][..]),
        ("AssumeRole", &[role[0], ("RoleSessionName", &long)], &["roleSessionName"]),
        ("AssumeRole", &[("RoleArn", "short"), role[1]], &["roleArn"]),
        ("AssumeRole", &[role[0], role[1], ("TokenCode", "12345x")], &["tokenCode"]),
        ("AssumeRole", &[role[0], role[1], ("TokenCode", "1x")], &["tokenCode", "tokenCode"]),
        ("AssumeRole", &[role[0], role[1], ("ExternalId", "a b")], &["externalId"]),
        ("AssumeRole", &[role[0], role[1], ("SourceIdentity", "a")], &["sourceIdentity"]),
        ("AssumeRole", &[role[0], role[1], ("Policy", "\u{100}")], &["policy"]),
        (
            "AssumeRole",
            &[role[0], role[1], ("MinimumSessionTokenSize", "4097")],
            &["minimumSessionTokenSize"],
        ),
        ("GetFederationToken", &[("Name", "x")], &["name"]),
        (
            "GetFederationToken",
            &[("Name", "Bob"), ("DurationSeconds", "899")],
            &["durationSeconds"],
        ),
        ("GetSessionToken", &[("DurationSeconds", "129601")], &["durationSeconds"]),
        ("GetAccessKeyInfo", &[("AccessKeyId", &key)], &["accessKeyId"]),
        (
            "GetWebIdentityToken",
            &[
                ("Audience.member.1", ""),
                ("SigningAlgorithm", "RS25"),
                ("Scope", "a  b"),
                ("SubjectMode", "Nobody"),
            ],
            &["audience.1.member", "signingAlgorithm", "scope", "subjectMode"],
        ),
    ] {
        assert_eq!(broken(operation, members), wanted, "{operation} {members:?}");
    }
}

#[test]
fn tokens_are_not_repeated_in_errors() {
    let members = [("RoleArn", ROLE), ("RoleSessionName", "one"), ("WebIdentityToken", "abc")];
    let (_, message, _) = Sts::new().err(ROOT, "AssumeRoleWithWebIdentity", &members);
    assert_eq!(
        message,
        "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: \
         Member must have length greater than or equal to 4"
    );
}
