//! Roles with their policies.

use super::{ALLOW, BASIC, DENY, Iam, READ_ONLY, TRUST, encoded};

#[test]
fn a_new_role_is_answered_as_aws_did() {
    let mut iam = Iam::new();
    let answer = iam.ok("CreateRole", &[("RoleName", "r"), ("AssumeRolePolicyDocument", TRUST)]);
    assert_eq!(answer.text("Arn"), "arn:aws:iam::111111111111:role/r");
    let id = answer.text("RoleId");
    assert!(id.len() == 21 && id.starts_with("AROA"), "{id}");
    assert_eq!(answer.text("Path"), "/");
    assert_eq!(answer.text("CreateDate"), "2026-01-01T00:00:00Z");
    for absent in ["Description", "MaxSessionDuration", "Tags", "PermissionsBoundary"] {
        assert!(!answer.xml.contains(&format!("<{absent}")), "{absent}: {}", answer.xml);
    }
    let answer = iam.ok("GetRole", &[("RoleName", "r")]);
    assert_eq!(answer.text("MaxSessionDuration"), "3600");
    assert_eq!(answer.text("RoleId"), id);
    assert!(answer.xml.contains("<RoleLastUsed"), "{}", answer.xml);
}

#[test]
fn what_is_said_of_a_role_is_read_back_and_changed() {
    let mut iam = Iam::new();
    let boundary = iam.policy("bounds");
    iam.ok(
        "CreateRole",
        &[
            ("RoleName", "r"),
            ("Path", "/service/a/"),
            ("AssumeRolePolicyDocument", TRUST),
            ("Description", "for tests"),
            ("MaxSessionDuration", "7200"),
            ("PermissionsBoundary", &boundary),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "orders"),
        ],
    );
    let role = [("RoleName", "r")];
    let check = |iam: &mut Iam, wanted: &[(&str, Option<&str>)]| {
        let answer = iam.ok("GetRole", &role);
        for (member, value) in wanted {
            assert_eq!(answer.find(member).as_deref(), *value, "{member}");
        }
    };
    check(
        &mut iam,
        &[
            ("Arn", Some("arn:aws:iam::111111111111:role/service/a/r")),
            ("Description", Some("for tests")),
            ("MaxSessionDuration", Some("7200")),
            ("PermissionsBoundaryType", Some("PermissionsBoundaryPolicy")),
            ("PermissionsBoundaryArn", Some(&boundary)),
            ("Value", Some("orders")),
        ],
    );
    iam.ok("UpdateRole", &[role[0], ("MaxSessionDuration", "3600")]);
    iam.ok("UpdateRole", &[role[0], ("Description", "new")]);
    let other = TRUST.replace("lambda", "states");
    iam.ok("UpdateAssumeRolePolicy", &[role[0], ("PolicyDocument", &other)]);
    iam.ok("DeleteRolePermissionsBoundary", &role);
    iam.ok("UntagRole", &[role[0], ("TagKeys.member.1", "TEAM"), ("TagKeys.member.2", "x")]);
    check(
        &mut iam,
        &[
            ("Description", Some("new")),
            ("MaxSessionDuration", Some("3600")),
            ("AssumeRolePolicyDocument", Some(&encoded(&other))),
            ("PermissionsBoundaryArn", None),
            ("Value", None),
        ],
    );
    iam.ok("PutRolePermissionsBoundary", &[role[0], ("PermissionsBoundary", READ_ONLY)]);
    iam.ok("UpdateRoleDescription", &[role[0], ("Description", "")]);
    check(&mut iam, &[("PermissionsBoundaryArn", Some(READ_ONLY)), ("Description", None)]);
}

#[test]
fn a_role_goes_when_its_policies_have_gone() {
    let mut iam = Iam::new();
    iam.role("r");
    iam.ok("CreateInstanceProfile", &[("InstanceProfileName", "p")]);
    let role = [("RoleName", "r")];
    let member = [("InstanceProfileName", "p"), role[0]];
    let inline = [role[0], ("PolicyName", "i"), ("PolicyDocument", ALLOW)];
    let attached = [role[0], ("PolicyArn", BASIC)];
    iam.ok("AddRoleToInstanceProfile", &member);
    iam.ok("AttachRolePolicy", &attached);
    iam.ok("AttachRolePolicy", &attached);
    iam.ok("PutRolePolicy", &inline);
    for (undo, members, message) in [
        (
            "RemoveRoleFromInstanceProfile",
            &member[..],
            "Cannot delete entity, must remove roles from instance profile first.",
        ),
        (
            "DetachRolePolicy",
            &attached[..],
            "Cannot delete entity, must detach all policies first.",
        ),
        ("DeleteRolePolicy", &inline[..2], "Cannot delete entity, must delete policies first."),
    ] {
        let refused = iam.err("DeleteRole", &role);
        assert_eq!(refused, ("DeleteConflict".to_owned(), message.to_owned(), 409));
        iam.ok(undo, members);
        assert_eq!(iam.ask(undo, members).status, 404, "{undo}");
    }
    iam.ok("DeleteRole", &role);
    let gone = "The role with name r cannot be found.";
    for operation in ["GetRole", "DeleteRole", "ListRolePolicies", "ListAttachedRolePolicies"] {
        let wanted = ("NoSuchEntity".to_owned(), gone.to_owned(), 404);
        assert_eq!(iam.err(operation, &role), wanted, "{operation}");
    }
    // Another one of that name is another one.
    let first = iam.role("r");
    assert_eq!(first, "arn:aws:iam::111111111111:role/r");
}

#[test]
fn names_ignore_case_and_keep_it() {
    let mut iam = Iam::new();
    iam.role("Orders");
    let again = [("RoleName", "ORDERS"), ("AssumeRolePolicyDocument", TRUST)];
    let wanted = ("EntityAlreadyExists", "Role with name ORDERS already exists.");
    iam.refuses("CreateRole", &again, wanted.0, wanted.1);
    assert_eq!(iam.ok("GetRole", &[("RoleName", "orders")]).text("RoleName"), "Orders");
    let role = ("RoleName", "Orders");
    iam.ok("PutRolePolicy", &[role, ("PolicyName", "Send"), ("PolicyDocument", ALLOW)]);
    iam.ok("PutRolePolicy", &[role, ("PolicyName", "send"), ("PolicyDocument", DENY)]);
    let listed = iam.ok("ListRolePolicies", &[role]);
    assert_eq!(listed.text("member"), "send");
    assert_eq!(listed.text("IsTruncated"), "false");
    let got = iam.ok("GetRolePolicy", &[role, ("PolicyName", "SEND")]);
    assert_eq!(got.text("PolicyDocument"), encoded(DENY));
}

#[test]
fn a_role_of_a_service_is_changed_by_that_service_only() {
    let mut iam = Iam::new();
    let made = iam.ok(
        "CreateServiceLinkedRole",
        &[("AWSServiceName", "ecs.amazonaws.com"), ("Description", "x")],
    );
    let arn = "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/\
               AWSServiceRoleForECS";
    assert_eq!(made.text("Arn"), arn);
    iam.refuses(
        "CreateServiceLinkedRole",
        &[("AWSServiceName", "ecs.amazonaws.com")],
        "InvalidInput",
        "Service role name AWSServiceRoleForECS has been taken in this account, please try a \
         different suffix.",
    );
    let role = [("RoleName", "AWSServiceRoleForECS")];
    let protected = "Cannot perform the operation on the protected role 'AWSServiceRoleForECS' - \
                     this role is only modifiable by AWS";
    for (operation, members) in [
        ("DeleteRole", &role[..]),
        ("UpdateRole", &role),
        ("AttachRolePolicy", &[role[0], ("PolicyArn", BASIC)]),
        ("PutRolePolicy", &[role[0], ("PolicyName", "p"), ("PolicyDocument", ALLOW)]),
        ("UpdateAssumeRolePolicy", &[role[0], ("PolicyDocument", TRUST)]),
    ] {
        iam.refuses(operation, members, "UnmodifiableEntity", protected);
    }
    let task = iam.ok("DeleteServiceLinkedRole", &role).text("DeletionTaskId");
    assert!(task.starts_with("task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/"));
    let status = [("DeletionTaskId", task.as_str())];
    assert_eq!(iam.ok("GetServiceLinkedRoleDeletionStatus", &status).text("Status"), "SUCCEEDED");
    assert_eq!(iam.ask("GetRole", &role).status, 404);
    assert_eq!(
        iam.ask("GetServiceLinkedRoleDeletionStatus", &[("DeletionTaskId", "x")]).status,
        404
    );
    let of_scaling = [("AWSServiceName", "autoscaling.amazonaws.com"), ("CustomSuffix", "a")];
    let name = iam.ok("CreateServiceLinkedRole", &of_scaling).text("RoleName");
    assert_eq!(name, "AWSServiceRoleForAutoScaling_a");
    let (code, message, _) =
        iam.err("CreateServiceLinkedRole", &[("AWSServiceName", "odd.amazonaws.com")]);
    assert_eq!(code, "NotImplemented");
    assert!(message.contains("odd.amazonaws.com"), "{message}");
}

#[test]
fn how_long_one_may_be_signed_in_is_kept_and_reported() {
    let new = [("RoleName", "r"), ("AssumeRolePolicyDocument", TRUST)];
    let signin = ("MaxSigninSessionDuration", "7200");
    let mut iam = Iam::new();
    iam.ok("CreateRole", &[new[0], new[1], signin]);
    let read = |iam: &mut Iam| iam.ok("GetRole", &new[..1]).find(signin.0);
    assert_eq!(read(&mut iam).as_deref(), Some("7200"));
    iam.ok("UpdateRole", &[new[0], ("ResetMaxSigninSessionDuration", "true")]);
    assert_eq!(read(&mut iam), None);
    let settings = crate::kernel::Settings { strict: true, ..Default::default() };
    let mut iam = Iam::with(settings);
    iam.ok("CreateRole", &new);
    assert_eq!(iam.err("UpdateRole", &[new[0], signin]).0, "NotImplemented");
}
