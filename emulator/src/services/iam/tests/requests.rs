//! What each operation must be given.

use super::{Iam, TRUST};

/// The members of which the constraints are broken, in order.
fn broken(operation: &str, members: super::Members<'_>) -> Vec<String> {
    let (code, message, status) = Iam::new().err(operation, members);
    assert_eq!((code.as_str(), status), ("ValidationError", 400), "{operation}: {message}");
    let (_, all) = message.split_once(" detected: ").unwrap();
    let names = all.split("; Value").map(|one| one.split(" at '").nth(1).unwrap());
    names.map(|rest| rest.split_once('\'').unwrap().0.to_owned()).collect()
}

#[test]
fn members_that_must_be_there_are_named() {
    for (operation, wanted) in [
        ("CreateRole", &["roleName", "assumeRolePolicyDocument"][..]),
        ("PutRolePolicy", &["roleName", "policyName", "policyDocument"]),
        ("PutGroupPolicy", &["groupName", "policyName", "policyDocument"]),
        ("GetUserPolicy", &["userName", "policyName"]),
        ("AttachRolePolicy", &["roleName", "policyArn"]),
        ("PutUserPermissionsBoundary", &["userName", "permissionsBoundary"]),
        ("TagRole", &["roleName", "tags"]),
        ("UntagPolicy", &["policyArn", "tagKeys"]),
        ("CreatePolicy", &["policyName", "policyDocument"]),
        ("GetPolicyVersion", &["policyArn", "versionId"]),
        ("AddUserToGroup", &["groupName", "userName"]),
        ("AddRoleToInstanceProfile", &["instanceProfileName", "roleName"]),
        ("UpdateAccessKey", &["accessKeyId", "status"]),
        ("CreateServiceLinkedRole", &["aWSServiceName"]),
        ("GetServiceLinkedRoleDeletionStatus", &["deletionTaskId"]),
    ] {
        assert_eq!(broken(operation, &[]), wanted, "{operation}");
    }
}

#[test]
fn bounds_are_kept() {
    let long = "x".repeat(65);
    let longer = "x".repeat(129);
    let role = [("RoleName", "r"), ("AssumeRolePolicyDocument", TRUST)];
    let lot = "x".repeat(1001);
    for (operation, members, wanted) in [
        ("GetRole", &[("RoleName", long.as_str())][..], &["roleName"][..]),
        ("GetRole", &[("RoleName", "")], &["roleName"]),
        ("GetUser", &[("UserName", &longer)], &["userName"]),
        ("CreateUser", &[("UserName", &long)], &["userName"]),
        ("CreateGroup", &[("GroupName", &longer)], &["groupName"]),
        (
            "CreateRole",
            &[role[0], role[1], ("MaxSessionDuration", "3599")],
            &["maxSessionDuration"],
        ),
        (
            "CreateRole",
            &[role[0], role[1], ("MaxSessionDuration", "43201")],
            &["maxSessionDuration"],
        ),
        ("CreateRole", &[role[0], role[1], ("Description", &lot)], &["description"]),
        ("CreateRole", &[role[0], role[1], ("PermissionsBoundary", "x")], &["permissionsBoundary"]),
        ("ListRoles", &[("MaxItems", "0")], &["maxItems"]),
        ("ListRoles", &[("MaxItems", "1001")], &["maxItems"]),
        ("ListPolicies", &[("Scope", "Mine")], &["scope"]),
        ("GetPolicy", &[("PolicyArn", "arn:short")], &["policyArn"]),
        (
            "TagRole",
            &[role[0], ("Tags.member.1.Key", "a!"), ("Tags.member.2.Key", "")],
            &[
                "tags.1.member.key",
                "tags.1.member.value",
                "tags.2.member.key",
                "tags.2.member.value",
            ],
        ),
    ] {
        assert_eq!(broken(operation, members), wanted, "{operation} {members:?}");
    }
}

#[test]
fn letters_of_names_and_paths_are_told_in_words() {
    let names = "It must contain only alphanumeric characters and/or the following: +=,.@_-";
    let paths = "It must begin and end with / and contain only alphanumeric characters and/or / \
                 characters.";
    let new = [("RoleName", "r"), ("AssumeRolePolicyDocument", TRUST)];
    let mut iam = Iam::new();
    for (operation, members, member, rule) in [
        ("GetRole", &[("RoleName", "a b")][..], "roleName", names),
        ("GetRole", &[("RoleName", "ä")], "roleName", names),
        ("CreateUser", &[("UserName", "a/b")], "userName", names),
        ("CreateRole", &[new[0], new[1], ("Path", "x")], "path", paths),
        ("CreateRole", &[new[0], new[1], ("Path", "/x")], "path", paths),
        ("CreateRole", &[new[0], new[1], ("Path", "/a b/")], "path", paths),
    ] {
        let text = format!("The specified value for {member} is invalid. {rule}");
        iam.refuses(operation, members, "ValidationError", &text);
    }
    for path in ["/", "/a/", "/a/b!~/"] {
        iam.ok("CreateGroup", &[("GroupName", "g"), ("Path", path)]);
        iam.ok("DeleteGroup", &[("GroupName", "g")]);
    }
}

#[test]
fn what_is_not_implemented_says_so() {
    let (code, message, status) = Iam::new().err("SimulatePrincipalPolicy", &[]);
    assert_eq!((code.as_str(), status), ("InvalidAction", 400));
    assert!(message.contains("SimulatePrincipalPolicy"), "{message}");
}
