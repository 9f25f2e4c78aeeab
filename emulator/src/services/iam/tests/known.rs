//! What others know of roles and users, and where all of it lies.

use super::{Iam, Members, ROOT, TRUST, form};
use crate::cloud::request;
use crate::kernel::{AccessKey, Account, Settings, SignatureMode};
use crate::wire::sigv4::testing::Signer;

fn who(iam: &mut Iam, key: &str) -> (String, String) {
    let answer = iam.sts(key, "GetCallerIdentity", &[]);
    (answer.text("UserId"), answer.text("Arn"))
}

#[test]
fn a_session_has_the_id_of_its_role() {
    let mut iam = Iam::new();
    let arn = iam.role("r");
    let id = iam.ok("GetRole", &[("RoleName", "r")]).text("RoleId");
    let assume = [("RoleArn", arn.as_str()), ("RoleSessionName", "me")];
    let assumed = iam.sts(ROOT, "AssumeRole", &assume);
    assert_eq!(assumed.text("AssumedRoleId"), format!("{id}:me"));
    // One that was made anew is another one.
    iam.ok("DeleteRole", &[("RoleName", "r")]);
    iam.role("r");
    let again = iam.ok("GetRole", &[("RoleName", "r")]).text("RoleId");
    assert_ne!(again, id);
    assert_eq!(iam.sts(ROOT, "AssumeRole", &assume).text("AssumedRoleId"), format!("{again}:me"));
    // And one that IAM has not made may be assumed too.
    let other = [("RoleArn", "arn:aws:iam::111111111111:role/other"), assume[1]];
    assert_eq!(iam.sts(ROOT, "AssumeRole", &other).status, 200);
}

#[test]
fn a_session_lasts_no_longer_than_its_role_permits() {
    let mut iam = Iam::new();
    let arn = iam.role("r");
    let assume = |iam: &mut Iam, seconds: &str| {
        let members = [("RoleArn", &*arn), ("RoleSessionName", "me"), ("DurationSeconds", seconds)];
        iam.sts(ROOT, "AssumeRole", &members)
    };
    assert_eq!(assume(&mut iam, "3600").status, 200);
    let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    let refused = ("ValidationError".to_owned(), text.to_owned(), 400);
    assert_eq!(assume(&mut iam, "3601").refused(), refused);
    iam.ok("UpdateRole", &[("RoleName", "r"), ("MaxSessionDuration", "7200")]);
    assert_eq!(assume(&mut iam, "7200").status, 200);
    assert_eq!(assume(&mut iam, "7201").refused(), refused);
}

#[test]
fn who_calls_with_a_users_key_is_that_user() {
    let mut iam = Iam::new();
    let arn = iam.user("ann");
    let id = iam.ok("GetUser", &[("UserName", "ann")]).text("UserId");
    let key = iam.ok("CreateAccessKey", &[("UserName", "ann")]).text("AccessKeyId");
    assert_eq!(who(&mut iam, &key), (id.clone(), arn));
    let rename = [("UserName", "ann"), ("NewUserName", "eve")];
    iam.ok("UpdateUser", &rename);
    let renamed = (id, "arn:aws:iam::111111111111:user/eve".to_owned());
    assert_eq!(who(&mut iam, &key), renamed);
    iam.world.restart();
    assert_eq!(who(&mut iam, &key), renamed);
    let stranger = ("000000000000".to_owned(), "arn:aws:iam::000000000000:user/skyrig".to_owned());
    let of_key = [("UserName", "eve"), ("AccessKeyId", key.as_str())];
    iam.ok("UpdateAccessKey", &[of_key[0], of_key[1], ("Status", "Inactive")]);
    assert_eq!(who(&mut iam, &key), stranger);
    iam.ok("UpdateAccessKey", &[of_key[0], of_key[1], ("Status", "Active")]);
    assert_eq!(who(&mut iam, &key), renamed);
    iam.ok("DeleteAccessKey", &of_key);
    assert_eq!(who(&mut iam, &key), stranger);
}

#[test]
fn a_users_key_signs() {
    let mut settings = Settings { signatures: SignatureMode::Verify, ..Settings::default() };
    let account = Some(Account(ROOT.into()));
    let root = AccessKey { secret: "secret".into(), token: None, account };
    settings.credentials.by_id.insert("AKIAROOT".to_owned(), root);
    let mut iam = Iam::with(settings);
    let mut ask = |(key, secret): (&str, &str),
                   service: &'static str,
                   operation: &str,
                   members: Members<'_>| {
        let version = if service == "iam" { "2010-05-08" } else { "2011-06-15" };
        let at = iam.world.now();
        let signer = Signer { key, secret, token: None, service, at };
        let request = request::query(service, form(operation, version, members));
        let response = iam.world.send(signer.sign(request)).unwrap();
        super::Answer { status: response.status().as_u16(), xml: super::text(&response) }
    };
    let root = ("AKIAROOT", "secret");
    assert_eq!(ask(root, "iam", "CreateUser", &[("UserName", "ann")]).status, 200);
    let made = ask(root, "iam", "CreateAccessKey", &[("UserName", "ann")]);
    let (id, secret) = (made.text("AccessKeyId"), made.text("SecretAccessKey"));
    let arn = ask((&id, &secret), "sts", "GetCallerIdentity", &[]).text("Arn");
    assert_eq!(arn, "arn:aws:iam::111111111111:user/ann");
    let wrong = ask((&id, "other"), "sts", "GetCallerIdentity", &[]).refused();
    assert_eq!(wrong.0, "SignatureDoesNotMatch");
    let status = [("UserName", "ann"), ("AccessKeyId", &*id), ("Status", "Inactive")];
    assert_eq!(ask(root, "iam", "UpdateAccessKey", &status).status, 200);
    let refused = ask((&id, &secret), "sts", "GetCallerIdentity", &[]).refused();
    assert_eq!(refused.0, "InvalidClientTokenId");
}

#[test]
fn regions_share_it_and_accounts_do_not() {
    let mut iam = Iam::new();
    let mut ask = |key: &str, region: &str, operation: &str, members: Members<'_>| {
        iam.call((key, region), ("iam", "2010-05-08"), operation, members)
    };
    let new = [("RoleName", "r"), ("AssumeRolePolicyDocument", TRUST)];
    let made = ask(ROOT, "eu-west-1", "CreateRole", &new);
    assert_eq!(made.text("Arn"), "arn:aws:iam::111111111111:role/r");
    assert_eq!(ask(ROOT, "ap-south-1", "GetRole", &new[..1]).text("RoleId"), made.text("RoleId"));
    assert_eq!(ask("222222222222", "eu-west-1", "GetRole", &new[..1]).status, 404);
    let china = ask(ROOT, "cn-northwest-1", "CreateRole", &new).text("Arn");
    assert_eq!(china, "arn:aws-cn:iam::111111111111:role/r");
}

#[test]
fn it_is_the_same_after_a_restart() {
    let mut iam = Iam::new();
    iam.role("r");
    let arn = iam.policy("p");
    iam.user("u");
    iam.ok("CreateAccessKey", &[("UserName", "u")]);
    iam.ok("CreateGroup", &[("GroupName", "g")]);
    iam.ok("AddUserToGroup", &[("GroupName", "g"), ("UserName", "u")]);
    iam.ok("CreateInstanceProfile", &[("InstanceProfileName", "i")]);
    iam.ok("AddRoleToInstanceProfile", &[("InstanceProfileName", "i"), ("RoleName", "r")]);
    iam.ok("AttachRolePolicy", &[("RoleName", "r"), ("PolicyArn", &arn)]);
    iam.ok(
        "TagRole",
        &[("RoleName", "r"), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "")],
    );
    let look = |iam: &mut Iam| {
        let asked: [(&str, Members<'_>); 7] = [
            ("GetRole", &[("RoleName", "r")]),
            ("ListAttachedRolePolicies", &[("RoleName", "r")]),
            ("GetPolicyVersion", &[("PolicyArn", &arn), ("VersionId", "v1")]),
            ("ListAccessKeys", &[("UserName", "u")]),
            ("GetGroup", &[("GroupName", "g")]),
            ("GetInstanceProfile", &[("InstanceProfileName", "i")]),
            ("ListPolicies", &[]),
        ];
        asked.map(|(operation, members)| iam.ok(operation, members).body().to_owned())
    };
    let before = look(&mut iam);
    iam.world.restart();
    assert_eq!(look(&mut iam), before);
}
