//! Pages, tags and quotas.

use super::{ALLOW, BASIC, Iam, Members, TRUST};

#[test]
fn lists_come_in_pages() {
    let mut iam = Iam::new();
    for number in 0..105 {
        let name = format!("r{number:03}");
        let path = if number % 2 == 0 { "/even/" } else { "/odd/" };
        let members = [("RoleName", &*name), ("AssumeRolePolicyDocument", TRUST), ("Path", path)];
        iam.ok("CreateRole", &members);
    }
    let walk = |iam: &mut Iam, members: Members<'_>| {
        let (mut sizes, mut names, mut marker) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let mut asked = members.to_vec();
            asked.extend(marker.as_ref().map(|marker| ("Marker", marker.as_str())));
            let page = iam.ok("ListRoles", &asked);
            let found = page.all("RoleName");
            sizes.push(found.len());
            names.extend(found);
            marker = page.find("Marker");
            assert_eq!(page.text("IsTruncated"), marker.is_some().to_string());
            if marker.is_none() {
                assert!(names.is_sorted(), "{names:?}");
                return sizes;
            }
        }
    };
    assert_eq!(walk(&mut iam, &[]), [100, 5]);
    assert_eq!(walk(&mut iam, &[("MaxItems", "40")]), [40, 40, 25]);
    assert_eq!(walk(&mut iam, &[("MaxItems", "105")]), [105]);
    assert_eq!(walk(&mut iam, &[("PathPrefix", "/odd/"), ("MaxItems", "50")]), [50, 2]);
    assert_eq!(walk(&mut iam, &[("PathPrefix", "/none/")]), [0]);
    let marker = iam.ok("ListRoles", &[]).text("Marker");
    let other = ("ValidationError", "Invalid Marker.");
    iam.refuses("ListUsers", &[("Marker", &marker)], other.0, other.1);
    iam.refuses("ListRoles", &[("Marker", "AAAA")], other.0, other.1);
}

#[test]
fn keys_of_tags_ignore_case() {
    let mut iam = Iam::new();
    iam.role("r");
    iam.user("u");
    iam.ok("CreateInstanceProfile", &[("InstanceProfileName", "p")]);
    let arn = iam.policy("p");
    for (kind, name) in [
        ("Role", ("RoleName", "r")),
        ("User", ("UserName", "u")),
        ("InstanceProfile", ("InstanceProfileName", "p")),
        ("Policy", ("PolicyArn", arn.as_str())),
    ] {
        let tag = |key: &'static str, value: &'static str| {
            [name, ("Tags.member.1.Key", key), ("Tags.member.1.Value", value)]
        };
        let operation = format!("Tag{kind}");
        iam.ok(&operation, &tag("Team", "a"));
        iam.ok(&operation, &tag("team", ""));
        iam.ok(&operation, &tag("zone", "z"));
        let listed = iam.ok(&format!("List{kind}Tags"), &[name]);
        assert_eq!(listed.all("Key"), ["team", "zone"], "{kind}");
        assert_eq!(iam.err(&operation, &tag("aws:x", "y")).0, "InvalidInput", "{kind}");
        let twice =
            [&tag("a", "1")[..], &[("Tags.member.2.Key", "A"), ("Tags.member.2.Value", "")]];
        let text = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
        iam.refuses(&operation, &twice.concat(), "InvalidInput", text);
        iam.ok(&format!("Untag{kind}"), &[name, ("TagKeys.member.1", "TEAM")]);
        assert_eq!(iam.ok(&format!("List{kind}Tags"), &[name]).all("Key"), ["zone"], "{kind}");
    }
}

/// Calls an operation for the numbers from 1 on, the last of which must fail so.
fn full(
    iam: &mut Iam,
    count: usize,
    ask: impl Fn(&mut Iam, usize) -> super::Answer,
    message: &str,
) {
    for number in 1..=count {
        let answer = ask(iam, number);
        assert_eq!(answer.status, 200, "{number}: {}", answer.xml);
    }
    let refused = ask(iam, count + 1).refused();
    assert_eq!(refused, ("LimitExceeded".to_owned(), message.to_owned(), 409));
}

#[test]
fn quotas_end_what_one_may_have() {
    let mut iam = Iam::new();
    iam.role("r");
    iam.user("u");
    let tag = |iam: &mut Iam, number: usize| {
        let key = number.to_string();
        let tag = [("Tags.member.1.Key", key.as_str()), ("Tags.member.1.Value", "")];
        iam.ask("TagRole", &[("RoleName", "r"), tag[0], tag[1]])
    };
    full(&mut iam, 50, tag, "The number of tags has reached the maximum limit.");
    let attach = |iam: &mut Iam, number: usize| {
        let arn = format!("{BASIC}{number}");
        iam.ask("AttachRolePolicy", &[("RoleName", "r"), ("PolicyArn", &arn)])
    };
    full(&mut iam, 10, attach, "Cannot exceed quota for PoliciesPerRole: 10");
    let again = [("RoleName", "r"), ("PolicyArn", &*format!("{BASIC}1"))];
    iam.ok("AttachRolePolicy", &again);
    let join = |iam: &mut Iam, number: usize| {
        let group = format!("g{number}");
        iam.ok("CreateGroup", &[("GroupName", &group)]);
        iam.ask("AddUserToGroup", &[("GroupName", &group), ("UserName", "u")])
    };
    full(&mut iam, 10, join, "Cannot exceed quota for GroupsPerUser: 10");
}

#[test]
fn documents_are_measured_without_blanks() {
    let fill = |document: &str, characters: usize| {
        let blanks = " ".repeat(100);
        let sid = |filler: &str| {
            document.replace("\"Effect\"", &format!("\"Sid\":\"{filler}\",{blanks}\"Effect\""))
        };
        let weight = |text: &str| text.chars().filter(|it| !it.is_whitespace()).count();
        sid(&"x".repeat(characters - weight(&sid(""))))
    };
    let mut iam = Iam::new();
    iam.role("h");
    iam.user("h");
    iam.ok("CreateGroup", &[("GroupName", "h")]);
    for (operation, name, document, most, message) in [
        (
            "CreateRole",
            ("RoleName", "r"),
            TRUST,
            2048,
            "Cannot exceed quota for ACLSizePerRole: 2048",
        ),
        (
            "CreatePolicy",
            ("PolicyName", "p"),
            ALLOW,
            6144,
            "Cannot exceed quota for PolicySize: 6144",
        ),
        (
            "PutRolePolicy",
            ("RoleName", "h"),
            ALLOW,
            10_240,
            "Maximum policy size of 10240 bytes exceeded for role h",
        ),
        (
            "PutUserPolicy",
            ("UserName", "h"),
            ALLOW,
            2048,
            "Maximum policy size of 2048 bytes exceeded for user h",
        ),
        (
            "PutGroupPolicy",
            ("GroupName", "h"),
            ALLOW,
            5120,
            "Maximum policy size of 5120 bytes exceeded for group h",
        ),
    ] {
        let member =
            if operation == "CreateRole" { "AssumeRolePolicyDocument" } else { "PolicyDocument" };
        let mut ask = |characters: usize| {
            let document = fill(document, characters);
            let mut members = vec![name, (member, document.as_str())];
            if operation.starts_with("Put") {
                members.push(("PolicyName", "inline"));
            }
            iam.ask(operation, &members)
        };
        let refused = ask(most + 1).refused();
        assert_eq!(refused, ("LimitExceeded".to_owned(), message.to_owned(), 409));
        assert_eq!(ask(most).status, 200, "{operation}");
    }
    // All inline policies count together.
    let second = [("RoleName", "h"), ("PolicyName", "second"), ("PolicyDocument", ALLOW)];
    assert_eq!(iam.err("PutRolePolicy", &second).0, "LimitExceeded");
}
