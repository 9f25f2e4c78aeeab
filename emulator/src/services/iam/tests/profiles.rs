//! Instance profiles.

use super::Iam;

#[test]
fn a_profile_has_one_role() {
    let mut iam = Iam::new();
    iam.role("r");
    iam.role("s");
    let profile = ("InstanceProfileName", "p");
    let made = iam.ok(
        "CreateInstanceProfile",
        &[profile, ("Path", "/x/"), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")],
    );
    assert_eq!(made.text("Arn"), "arn:aws:iam::111111111111:instance-profile/x/p");
    assert!(made.text("InstanceProfileId").starts_with("AIPA"));
    assert!(made.xml.contains("<Roles"), "{}", made.xml);
    let exists = ("EntityAlreadyExists", "Instance Profile P already exists.");
    iam.refuses("CreateInstanceProfile", &[("InstanceProfileName", "P")], exists.0, exists.1);
    iam.ok("AddRoleToInstanceProfile", &[profile, ("RoleName", "r")]);
    let quota = ("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    iam.refuses("AddRoleToInstanceProfile", &[profile, ("RoleName", "s")], quota.0, quota.1);
    let got = iam.ok("GetInstanceProfile", &[profile]);
    assert_eq!((got.text("RoleName"), got.text("Value")), ("r".to_owned(), "b".to_owned()));
    let of_role = |iam: &mut Iam, role: &str| {
        iam.ok("ListInstanceProfilesForRole", &[("RoleName", role)]).all("InstanceProfileName")
    };
    assert_eq!(of_role(&mut iam, "r"), ["p"]);
    assert_eq!(of_role(&mut iam, "s"), Vec::<String>::new());
    let conflict = "Cannot delete entity, must remove roles from instance profile first.";
    iam.refuses("DeleteInstanceProfile", &[profile], "DeleteConflict", conflict);
    iam.ok("RemoveRoleFromInstanceProfile", &[profile, ("RoleName", "R")]);
    iam.ok("DeleteInstanceProfile", &[profile]);
    let gone = "Instance Profile p cannot be found.";
    for operation in ["GetInstanceProfile", "DeleteInstanceProfile"] {
        iam.refuses(operation, &[profile], "NoSuchEntity", gone);
    }
    let member = [profile, ("RoleName", "r")];
    iam.refuses("AddRoleToInstanceProfile", &member, "NoSuchEntity", gone);
}
