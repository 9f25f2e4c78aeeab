//! Users, their keys and groups.

use super::{ALLOW, Iam, READ_ONLY, ROOT};

#[test]
fn a_user_goes_when_everything_it_has_is_gone() {
    let mut iam = Iam::new();
    let made = iam.ok("CreateUser", &[("UserName", "Ann"), ("Path", "/people/")]);
    assert_eq!(made.text("Arn"), "arn:aws:iam::111111111111:user/people/Ann");
    assert!(made.text("UserId").starts_with("AIDA"));
    let again = ("EntityAlreadyExists", "User with name ann already exists.");
    iam.refuses("CreateUser", &[("UserName", "ann")], again.0, again.1);
    let user = [("UserName", "Ann")];
    iam.ok("CreateGroup", &[("GroupName", "g")]);
    let key = iam.ok("CreateAccessKey", &user).text("AccessKeyId");
    let member = [("GroupName", "g"), user[0]];
    let inline = [user[0], ("PolicyName", "i"), ("PolicyDocument", ALLOW)];
    let attached = [user[0], ("PolicyArn", READ_ONLY)];
    let of_key = [user[0], ("AccessKeyId", &key)];
    iam.ok("AddUserToGroup", &member);
    iam.ok("PutUserPolicy", &inline);
    iam.ok("AttachUserPolicy", &attached);
    for (undo, members, message) in [
        ("DeleteAccessKey", &of_key[..], "must delete access keys first."),
        ("RemoveUserFromGroup", &member, "must remove users from group first."),
        ("DetachUserPolicy", &attached, "must detach all policies first."),
        ("DeleteUserPolicy", &inline[..2], "must delete policies first."),
    ] {
        let text = format!("Cannot delete entity, {message}");
        iam.refuses("DeleteUser", &user, "DeleteConflict", &text);
        iam.ok(undo, members);
        assert_eq!(iam.ask(undo, members).status, 404, "{undo}");
    }
    iam.ok("DeleteUser", &user);
    let gone = "The user with name Ann cannot be found.";
    for operation in ["GetUser", "DeleteUser", "ListGroupsForUser", "ListAccessKeys"] {
        iam.refuses(operation, &user, "NoSuchEntity", gone);
    }
}

#[test]
fn another_name_keeps_the_id_and_the_groups() {
    let mut iam = Iam::new();
    iam.user("ann");
    iam.user("bob");
    let id = iam.ok("GetUser", &[("UserName", "ann")]).text("UserId");
    iam.ok("CreateGroup", &[("GroupName", "g")]);
    iam.ok("AddUserToGroup", &[("GroupName", "g"), ("UserName", "ann")]);
    let taken = ("EntityAlreadyExists", "User with name bob already exists.");
    iam.refuses("UpdateUser", &[("UserName", "ann"), ("NewUserName", "bob")], taken.0, taken.1);
    let new = [("UserName", "ann"), ("NewUserName", "Eve"), ("NewPath", "/x/")];
    iam.ok("UpdateUser", &new);
    let got = iam.ok("GetUser", &[("UserName", "eve")]);
    assert_eq!(got.text("Arn"), "arn:aws:iam::111111111111:user/x/Eve");
    assert_eq!(got.text("UserId"), id);
    iam.ok("UpdateGroup", &[("GroupName", "g"), ("NewGroupName", "h")]);
    assert_eq!(iam.ok("GetGroup", &[("GroupName", "h")]).all("UserName"), ["Eve"]);
    let groups = iam.ok("ListGroupsForUser", &[("UserName", "Eve")]);
    assert_eq!(groups.all("GroupName"), ["h"]);
    let full = "Cannot delete entity, must remove users from group first.";
    iam.refuses("DeleteGroup", &[("GroupName", "h")], "DeleteConflict", full);
    iam.refuses(
        "GetGroup",
        &[("GroupName", "g")],
        "NoSuchEntity",
        "The group with name g cannot be found.",
    );
}

#[test]
fn who_calls_is_the_user_that_is_not_named() {
    let mut iam = Iam::new();
    let own = iam.ok("GetUser", &[]);
    assert_eq!(own.text("Arn"), "arn:aws:iam::111111111111:user/skyrig");
    assert_eq!(own.text("UserId"), ROOT);
    // That user has no keys that could be listed.
    assert_eq!(iam.ask("ListAccessKeys", &[]).status, 404);
    iam.user("ann");
    let key = iam.ok("CreateAccessKey", &[("UserName", "ann")]).text("AccessKeyId");
    let mut ask =
        |operation: &str| iam.call((&key, "us-east-1"), ("iam", "2010-05-08"), operation, &[]);
    assert_eq!(ask("GetUser").text("UserName"), "ann");
    assert_eq!(ask("ListAccessKeys").all("AccessKeyId"), [key.as_str()]);
    assert_eq!(ask("CreateAccessKey").text("UserName"), "ann");
    let quota = ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
    let (code, message, _) = ask("CreateAccessKey").refused();
    assert_eq!((code.as_str(), message.as_str()), quota);
    let role = iam.role("r");
    let session = [("RoleArn", role.as_str()), ("RoleSessionName", "me")];
    let temporary = iam.sts(ROOT, "AssumeRole", &session).text("AccessKeyId");
    let refused = iam.call((&temporary, "us-east-1"), ("iam", "2010-05-08"), "GetUser", &[]);
    let text = "Must specify userName when calling with non-User credentials";
    assert_eq!(refused.refused(), ("ValidationError".to_owned(), text.to_owned(), 400));
}

#[test]
fn a_key_is_listed_without_its_secret() {
    let mut iam = Iam::new();
    iam.user("ann");
    let user = ("UserName", "ann");
    let made = iam.ok("CreateAccessKey", &[user]);
    let (id, secret) = (made.text("AccessKeyId"), made.text("SecretAccessKey"));
    assert!(id.len() == 20 && id.starts_with("AKIA"), "{id}");
    assert_eq!(secret.len(), 40);
    let key = ("AccessKeyId", id.as_str());
    iam.ok("UpdateAccessKey", &[user, key, ("Status", "Inactive")]);
    let listed = iam.ok("ListAccessKeys", &[user]);
    assert_eq!(
        (listed.text("AccessKeyId"), listed.text("Status")),
        (id.clone(), "Inactive".into())
    );
    assert!(!listed.xml.contains(&secret));
    assert_eq!(iam.err("UpdateAccessKey", &[user, key, ("Status", "Expired")]).0, "InvalidInput");
    let missing = "The Access Key with id AKIA0000000000000000 cannot be found.";
    let other = ("AccessKeyId", "AKIA0000000000000000");
    iam.refuses("DeleteAccessKey", &[user, other], "NoSuchEntity", missing);
}
