//! Managed policies: versions, use, and those of AWS.

use super::{ALLOW, BASIC, DENY, Iam, READ_ONLY, TRUST, encoded};

#[test]
fn a_policy_has_versions_up_to_five() {
    let mut iam = Iam::new();
    let made = iam.ok(
        "CreatePolicy",
        &[
            ("PolicyName", "p"),
            ("Path", "/orders/"),
            ("PolicyDocument", ALLOW),
            ("Description", "sends"),
        ],
    );
    let arn = made.text("Arn");
    assert_eq!(arn, "arn:aws:iam::111111111111:policy/orders/p");
    assert!(made.text("PolicyId").starts_with("ANPA"));
    let policy = ("PolicyArn", arn.as_str());
    let got = iam.ok("GetPolicy", &[policy]);
    for (member, value) in [
        ("DefaultVersionId", "v1"),
        ("AttachmentCount", "0"),
        ("PermissionsBoundaryUsageCount", "0"),
        ("IsAttachable", "true"),
        ("Description", "sends"),
    ] {
        assert_eq!(got.text(member), value);
    }
    let new = [policy, ("PolicyDocument", DENY), ("SetAsDefault", "true")];
    let version = iam.ok("CreatePolicyVersion", &new);
    assert_eq!(
        (version.text("VersionId"), version.text("IsDefaultVersion")),
        ("v2".into(), "true".into())
    );
    assert!(!version.xml.contains("<Document>"));
    for _ in 0..3 {
        iam.ok("CreatePolicyVersion", &new[..2]);
    }
    iam.refuses(
        "CreatePolicyVersion",
        &new,
        "LimitExceeded",
        "A managed policy can have up to 5 versions. Before you create a new version, you must \
         delete an existing version.",
    );
    let listed = iam.ok("ListPolicyVersions", &[policy]);
    assert_eq!(listed.all("VersionId"), ["v5", "v4", "v3", "v2", "v1"]);
    let got = iam.ok("GetPolicyVersion", &[policy, ("VersionId", "v2")]);
    assert_eq!(got.text("Document"), encoded(DENY));
    let conflict = ("DeleteConflict", "Cannot delete the default version of a policy.");
    iam.refuses("DeletePolicyVersion", &[policy, ("VersionId", "v2")], conflict.0, conflict.1);
    let (code, message) = iam_versions_conflict();
    iam.refuses("DeletePolicy", &[policy], code, message);
    iam.ok("SetDefaultPolicyVersion", &[policy, ("VersionId", "v5")]);
    assert_eq!(iam.ok("GetPolicy", &[policy]).text("DefaultVersionId"), "v5");
    for version in ["v1", "v2", "v3", "v4"] {
        iam.ok("DeletePolicyVersion", &[policy, ("VersionId", version)]);
    }
    // Numbers are never used again.
    assert_eq!(iam.ok("CreatePolicyVersion", &new[..2]).text("VersionId"), "v6");
    let missing = format!("Policy {arn} version v1 does not exist or is not attachable.");
    for version in ["GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"] {
        iam.refuses(version, &[policy, ("VersionId", "v1")], "NoSuchEntity", &missing);
    }
    iam.ok("DeletePolicyVersion", &[policy, ("VersionId", "v6")]);
    iam.ok("DeletePolicy", &[policy]);
    let missing = format!("Policy {arn} was not found.");
    for operation in ["GetPolicy", "DeletePolicy", "ListPolicyVersions", "ListEntitiesForPolicy"] {
        iam.refuses(operation, &[policy], "NoSuchEntity", &missing);
    }
}

fn iam_versions_conflict() -> (&'static str, &'static str) {
    let message = "This policy has more than one version. Before you delete a policy, you must \
                   delete the policy's versions. The default version is deleted with the policy.";
    ("DeleteConflict", message)
}

#[test]
fn who_has_a_policy_is_known() {
    let mut iam = Iam::new();
    let arn = iam.policy("p");
    let policy = ("PolicyArn", arn.as_str());
    iam.role("r");
    iam.user("u");
    iam.ok("CreateGroup", &[("GroupName", "g")]);
    iam.ok("AttachRolePolicy", &[("RoleName", "r"), policy]);
    iam.ok("AttachUserPolicy", &[("UserName", "u"), policy]);
    iam.ok("AttachGroupPolicy", &[("GroupName", "g"), policy]);
    iam.ok("PutUserPermissionsBoundary", &[("UserName", "u"), ("PermissionsBoundary", &arn)]);
    let got = iam.ok("GetPolicy", &[policy]);
    assert_eq!(got.text("AttachmentCount"), "3");
    assert_eq!(got.text("PermissionsBoundaryUsageCount"), "1");
    let conflict = "Cannot delete a policy attached to entities.";
    iam.refuses("DeletePolicy", &[policy], "DeleteConflict", conflict);
    let names = |iam: &mut Iam, more: &[(&str, &str)]| {
        let answer = iam.ok("ListEntitiesForPolicy", &[&[policy], more].concat());
        ["GroupName", "RoleName", "UserName"].map(|name| answer.all(name).len())
    };
    assert_eq!(names(&mut iam, &[]), [1, 1, 1]);
    assert_eq!(names(&mut iam, &[("EntityFilter", "User")]), [0, 0, 1]);
    assert_eq!(names(&mut iam, &[("PolicyUsageFilter", "PermissionsBoundary")]), [0, 0, 1]);
    assert_eq!(names(&mut iam, &[("PathPrefix", "/elsewhere/")]), [0, 0, 0]);
    let first = iam.ok("ListEntitiesForPolicy", &[policy, ("MaxItems", "2")]);
    let marker = first.text("Marker");
    assert_eq!(names(&mut iam, &[("Marker", &marker)]), [0, 0, 1]);
}

#[test]
fn policies_of_aws_are_attached_by_name() {
    let mut iam = Iam::new();
    iam.role("r");
    let role = ("RoleName", "r");
    iam.ok("AttachRolePolicy", &[role, ("PolicyArn", BASIC)]);
    iam.ok("AttachRolePolicy", &[role, ("PolicyArn", READ_ONLY)]);
    let attached = iam.ok("ListAttachedRolePolicies", &[role]);
    assert_eq!(attached.all("PolicyArn"), [READ_ONLY, BASIC]);
    assert_eq!(attached.all("PolicyName"), ["ReadOnlyAccess", "AWSLambdaBasicExecutionRole"]);
    let under = iam.ok("ListAttachedRolePolicies", &[role, ("PathPrefix", "/service-role/")]);
    assert_eq!(under.all("PolicyArn"), [BASIC]);
    let got = iam.ok("GetPolicy", &[("PolicyArn", BASIC)]);
    assert_eq!(got.text("Path"), "/service-role/");
    assert_eq!(got.text("AttachmentCount"), "1");
    // What only AWS knows of them is not made up.
    for absent in ["DefaultVersionId", "PolicyId", "CreateDate"] {
        assert_eq!(got.find(absent), None, "{absent}");
    }
    for (operation, version) in [("GetPolicyVersion", "v1"), ("ListPolicyVersions", "")] {
        let members = [("PolicyArn", BASIC), ("VersionId", version)];
        let count = if version.is_empty() { 1 } else { 2 };
        let (code, message, _) = iam.err(operation, &members[..count]);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains(BASIC), "{message}");
    }
    let (code, message, status) = iam.err("DeletePolicy", &[("PolicyArn", BASIC)]);
    assert_eq!((code.as_str(), status), ("AccessDenied", 403));
    assert!(
        message.ends_with(&format!("iam:DeletePolicy on resource: policy {BASIC}")),
        "{message}"
    );
    let own = iam.policy("own");
    for (scope, wanted) in [
        ("All", &[own.as_str(), READ_ONLY, BASIC][..]),
        ("AWS", &[READ_ONLY, BASIC]),
        ("Local", &[&own]),
    ] {
        assert_eq!(iam.ok("ListPolicies", &[("Scope", scope)]).all("Arn"), wanted, "{scope}");
    }
    let attached = iam.ok("ListPolicies", &[("OnlyAttached", "true")]).all("Arn");
    assert_eq!(attached, [READ_ONLY, BASIC]);
    let bounds = [("PolicyUsageFilter", "PermissionsBoundary")];
    assert_eq!(iam.ok("ListPolicies", &bounds).all("Arn"), Vec::<String>::new());
}

#[test]
fn arns_of_nothing_are_refused() {
    let mut iam = Iam::new();
    iam.role("r");
    let role = ("RoleName", "r");
    for arn in [
        "arn:aws:iam:us-east-1:aws:policy/ReadOnlyAccess",
        "arn:aws:sqs:us-east-1:111111111111:queue",
        "arn:aws:iam::111111111111:role/other",
        "this-is-no-arn-but-long-enough",
    ] {
        let text = format!("ARN {arn} is not valid.");
        for operation in ["AttachRolePolicy", "DetachRolePolicy"] {
            iam.refuses(operation, &[role, ("PolicyArn", arn)], "InvalidInput", &text);
        }
        iam.refuses("GetPolicy", &[("PolicyArn", arn)], "InvalidInput", &text);
    }
    let arn = "arn:aws:iam::111111111111:policy/missing";
    let text = format!("Policy {arn} does not exist or is not attachable.");
    iam.refuses("AttachRolePolicy", &[role, ("PolicyArn", arn)], "NoSuchEntity", &text);
    let text = format!("Policy {arn} was not found.");
    iam.refuses("DetachRolePolicy", &[role, ("PolicyArn", arn)], "NoSuchEntity", &text);
    let text = format!("Scope ARN: {arn} does not exist or is not attachable.");
    let bounds = ("PermissionsBoundary", arn);
    iam.refuses("PutRolePermissionsBoundary", &[role, bounds], "NoSuchEntity", &text);
    let new = [("RoleName", "s"), ("AssumeRolePolicyDocument", TRUST), bounds];
    iam.refuses("CreateRole", &new, "NoSuchEntity", &text);
    iam.policy("p");
    let text = "A policy called P already exists. Duplicate names are not allowed.";
    let again = [("PolicyName", "P"), ("PolicyDocument", ALLOW), ("Path", "/x/")];
    iam.refuses("CreatePolicy", &again, "EntityAlreadyExists", text);
}
