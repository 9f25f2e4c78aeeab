//! Mail, text messages and devices: what they get lands in the outbox, and its links work.

use crate::cloud::Input;
use crate::kernel::PhoneText;

use super::*;

/// A subscription of `endpoint`, whose ARN is asked for.
fn subscribe(sns: &mut Sns, protocol: &str, endpoint: &str, more: &[(&str, &str)]) -> String {
    let topic = topic_arn("t");
    let mut form = vec![
        ("TopicArn", topic.as_str()),
        ("Protocol", protocol),
        ("Endpoint", endpoint),
        ("ReturnSubscriptionArn", "true"),
    ];
    form.extend(more);
    element(&sns.ok("Subscribe", &form), "SubscriptionArn")
}

fn with_topic() -> Sns {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    sns
}

#[test]
fn a_mail_address_confirms_leaves_and_comes_back_by_links() {
    let mut sns = with_topic();
    let topic = topic_arn("t");
    let form = [("TopicArn", topic.as_str()), ("Protocol", "email"), ("Endpoint", "a@b.example")];
    let xml = sns.ok("Subscribe", &form);
    assert_eq!(element(&xml, "SubscriptionArn"), "pending confirmation");
    let listed = sns.ok("ListSubscriptionsByTopic", &[("TopicArn", &topic)]);
    assert_eq!(element(&listed, "SubscriptionArn"), "PendingConfirmation");
    sns.publish("t", "too early", &[]);
    let asked = sns.letters();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].subject.as_deref(), Some("AWS Notification - Subscription Confirmation"));
    assert_eq!((asked[0].to.as_str(), asked[0].from.as_str()), ("a@b.example", topic.as_str()));
    let confirm = link(&asked[0].body);
    let (status, xml) = sns.get(&confirm);
    assert_eq!(status, 200, "{xml}");
    let arn = element(&xml, "SubscriptionArn");
    assert_eq!(sns.get(&confirm).0, 200, "confirming again changes nothing");
    assert!(sns.subscription(&arn).contains("<key>PendingConfirmation</key><value>false</value>"));
    let id = sns.publish("t", "hello", &[("Subject", "greetings")]);
    let letter = sns.letters().pop().unwrap();
    assert_eq!(letter.subject.as_deref(), Some("greetings"));
    assert!(letter.body.starts_with("hello\n"), "{}", letter.body);
    assert_eq!(letter.message_id.as_deref(), Some(id.as_str()));
    let leave = link(&letter.body);
    assert_eq!(sns.get(&leave).0, 200);
    assert_eq!(sns.get(&leave).0, 200, "leaving again changes nothing");
    sns.publish("t", "nobody reads this", &[]);
    let told = sns.letters().pop().unwrap();
    assert_eq!(told.subject.as_deref(), Some("AWS Notification - Unsubscribe Confirmation"));
    assert_eq!(sns.get(&link(&told.body)).0, 200);
    sns.publish("t", "back again", &[]);
    assert!(sns.letters().pop().unwrap().body.starts_with("back again\n"));
    assert!(sns.subscription(&arn).contains("<key>PendingConfirmation</key><value>false</value>"));
}

#[test]
fn a_link_leads_to_the_region_of_its_topic() {
    let mut sns = Sns::new();
    let form = "Action=CreateTopic&Name=t&Version=2010-03-31";
    let (_, xml) = sns.signed("222222222222", "eu-west-1", form);
    let topic = element(&xml, "TopicArn");
    let form = format!(
        "Action=Subscribe&TopicArn={}&Protocol=email-json&Endpoint=a%40b.example",
        encode(&topic)
    );
    assert_eq!(sns.signed("222222222222", "eu-west-1", &form).0, 200);
    let asked: Value = serde_json::from_str(&sns.letters()[0].body).unwrap();
    assert_eq!(asked["Type"], "SubscriptionConfirmation");
    let (status, xml) = sns.get(asked["SubscribeURL"].as_str().unwrap());
    assert_eq!(status, 200, "{xml}");
    assert!(element(&xml, "SubscriptionArn").starts_with(&topic));
}

#[test]
fn tokens_end_after_three_days() {
    let mut sns = with_topic();
    let arn = subscribe(&mut sns, "email", "a@b.example", &[]);
    let confirm = link(&sns.letters()[0].body);
    let pending = (
        400,
        "InvalidParameter".to_owned(),
        "Invalid parameter: SubscriptionArn Reason: This \
         operation doesn't support pending subscriptions"
            .to_owned(),
    );
    assert_eq!(sns.refused("Unsubscribe", &[("SubscriptionArn", &arn)]), pending);
    sns.0.advance_seconds(2 * 86_400 - 1);
    assert!(sns.subscription(&arn).contains("PendingConfirmation"));
    sns.0.advance_seconds(1);
    let (status, xml) = sns.get(&confirm);
    assert_eq!((status, element(&xml, "Message").as_str()), (400, "Invalid parameter: Token"));
    let gone = sns.refused("GetSubscriptionAttributes", &[("SubscriptionArn", &arn)]);
    assert_eq!(gone.0, 404);
    assert!(
        sns.ok("GetTopicAttributes", &[("TopicArn", &topic_arn("t"))])
            .contains("<key>SubscriptionsPending</key><value>0</value>")
    );
}

#[test]
fn who_guards_a_subscription_must_sign_to_end_it() {
    let mut sns = with_topic();
    let arn = subscribe(&mut sns, "email", "a@b.example", &[]);
    let confirm = link(&sns.letters()[0].body) + "&AuthenticateOnUnsubscribe=true";
    assert_eq!(sns.get(&confirm).0, 200);
    let leave = format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}");
    let (status, xml) = sns.get(&leave);
    assert_eq!((status, element(&xml, "Code").as_str()), (403, "AuthorizationError"));
    let form = format!("Action=Unsubscribe&SubscriptionArn={}", encode(&arn));
    assert_eq!(sns.signed(ACCOUNT, "us-east-1", &form).0, 200);
    assert_eq!(sns.letters().len(), 1, "who signs need not be told");
}

#[test]
fn phones_get_texts() {
    let mut sns = with_topic();
    let set = [
        ("TopicArn", topic_arn("t")),
        ("AttributeName", "DisplayName".to_owned()),
        ("AttributeValue", "Shop".to_owned()),
    ];
    sns.ok("SetTopicAttributes", &set.each_ref().map(|(name, value)| (*name, value.as_str())));
    subscribe(&mut sns, "sms", "+1 555.123-4567", &[]);
    let message = r#"{"default":"long","sms":"short"}"#;
    sns.publish("t", message, &[("MessageStructure", "json")]);
    let direct = [("PhoneNumber", "15551234568"), ("Message", "direct")];
    let id = element(&sns.ok("Publish", &direct), "MessageId");
    let texts: Vec<_> = sns.letters().into_iter().map(|it| (it.to, it.body)).collect();
    let text = |to: &str, body: &str| (to.to_owned(), body.to_owned());
    assert_eq!(texts, [text("+15551234567", "Shop> short"), text("+15551234568", "direct")]);
    assert_eq!(sns.letters()[1].message_id.as_deref(), Some(id.as_str()));
    for (form, message) in [
        (
            [("PhoneNumber", "+1a234"), ("Message", "m")],
            "PhoneNumber Reason: +1a234 is not valid to publish to",
        ),
        ([("PhoneNumber", "+1"), ("Message", &"x".repeat(1601))], "Message too long"),
        (
            [("PhoneNumber", "+1"), ("TopicArn", &topic_arn("t"))],
            "PhoneNumber Reason: An ARN and a PhoneNumber specified, only one allowed",
        ),
    ] {
        sns.invalid("Publish", &form, &format!("Invalid parameter: {message}"));
    }
}

#[test]
fn settings_of_texts() {
    let mut sns = Sns::new();
    assert!(
        sns.ok("GetSMSAttributes", &[]).contains("<key>MonthlySpendLimit</key><value>1</value>")
    );
    let set = entries("attributes", "key", "value", &[("DefaultSMSType", "Promotional")]);
    sns.ok("SetSMSAttributes", &Form(set).borrowed());
    let asked = [("attributes.member.1", "DefaultSMSType")];
    let xml = sns.ok("GetSMSAttributes", &asked);
    assert!(xml.contains("Promotional") && !xml.contains("MonthlySpendLimit"), "{xml}");
    for (name, value) in [
        ("DefaultSMSType", "Loud"),
        ("DeliveryStatusSuccessSamplingRate", "101"),
        ("DefaultSenderID", "a b"),
        ("Nothing", "x"),
    ] {
        let form = Form(entries("attributes", "key", "value", &[(name, value)]));
        assert_eq!(sns.refused("SetSMSAttributes", &form.borrowed()).1, "InvalidParameter");
    }
}

#[test]
fn numbers_of_the_sandbox_are_verified_by_the_code_in_a_text() {
    let mut sns = Sns::new();
    let number = ("PhoneNumber", "+15551234567");
    sns.ok("CreateSMSSandboxPhoneNumber", &[number]);
    assert_eq!(element(&sns.ok("ListSMSSandboxPhoneNumbers", &[]), "Status"), "Pending");
    let wrong = [number, ("OneTimePassword", "00000")];
    assert_eq!(sns.refused("VerifySMSSandboxPhoneNumber", &wrong).1, "VerificationException");
    let text = sns.letters().pop().unwrap();
    assert_eq!((text.protocol.as_str(), text.to.as_str()), ("sms", "+15551234567"));
    let code = text.body.rsplit(' ').next().unwrap().to_owned();
    sns.ok("VerifySMSSandboxPhoneNumber", &[number, ("OneTimePassword", &code)]);
    assert_eq!(element(&sns.ok("ListSMSSandboxPhoneNumbers", &[]), "Status"), "Verified");
    sns.ok("DeleteSMSSandboxPhoneNumber", &[number]);
    assert_eq!(sns.refused("DeleteSMSSandboxPhoneNumber", &[number]).1, "ResourceNotFound");
    for last in 0..10 {
        sns.ok("CreateSMSSandboxPhoneNumber", &[("PhoneNumber", &format!("+1555000000{last}"))]);
    }
    assert_eq!(sns.refused("CreateSMSSandboxPhoneNumber", &[number]).1, "UserError");
    assert_eq!(sns.ok("GetSMSSandboxAccountStatus", &[]).matches("false").count(), 1);
    sns.ok("ListOriginationNumbers", &[]);
    assert_eq!(
        sns.refused("ListOriginationNumbers", &[("MaxResults", "31")]).1,
        "InvalidParameter"
    );
}

#[test]
fn a_phone_that_answers_stop_gets_no_more_texts() {
    let mut sns = with_topic();
    subscribe(&mut sns, "sms", "+15551234567", &[]);
    sns.publish("t", "one", &[]);
    let scope = sns.letters()[0].scope.clone();
    let check = |sns: &mut Sns| {
        let xml = sns.ok("CheckIfPhoneNumberIsOptedOut", &[("phoneNumber", "1 555 1234567")]);
        element(&xml, "isOptedOut") == "true"
    };
    for (body, out) in [("please stop", false), (" Stop\n", true)] {
        let (from, body) = ("+15551234567".to_owned(), body.to_owned());
        let text = PhoneText { scope: scope.clone(), from, body };
        sns.0.feed(Input::Text(text)).unwrap();
        assert_eq!(check(&mut sns), out);
    }
    sns.publish("t", "two", &[]);
    let direct = [("PhoneNumber", "+15551234567"), ("Message", "three")];
    let id = element(&sns.ok("Publish", &direct), "MessageId");
    assert_eq!(sns.letters().len(), 1);
    let story = format!("{:?}", sns.0.cloud.trace(id.parse().unwrap()).unwrap());
    assert!(story.contains("Phone number is opted out"), "{story}");
    let number = [("PhoneNumber", "+15551234567")];
    assert_eq!(sns.refused("CreateSMSSandboxPhoneNumber", &number).1, "OptedOut");
    assert!(sns.ok("ListPhoneNumbersOptedOut", &[]).contains("+15551234567"));
    sns.ok("OptInPhoneNumber", &[("phoneNumber", "+15551234567")]);
    assert!(!check(&mut sns));
    sns.publish("t", "four", &[]);
    assert_eq!(sns.letters().len(), 2);
}

/// An application and a device of it.
fn with_device(token: &str) -> (Sns, String, String) {
    let mut sns = with_topic();
    let form = [
        ("Name", "shop"),
        ("Platform", "GCM"),
        ("Attributes.entry.1.key", "PlatformCredential"),
        ("Attributes.entry.1.value", "secret"),
    ];
    let application =
        element(&sns.ok("CreatePlatformApplication", &form), "PlatformApplicationArn");
    assert_eq!(sns.ok("CreatePlatformApplication", &form).matches(&application).count(), 1);
    let form = [("PlatformApplicationArn", application.as_str()), ("Token", token)];
    let device = element(&sns.ok("CreatePlatformEndpoint", &form), "EndpointArn");
    (sns, application, device)
}

#[test]
fn devices_get_the_text_of_their_platform() {
    let (mut sns, application, device) = with_device("one");
    subscribe(&mut sns, "application", &device, &[]);
    let message = r#"{"default":"d","GCM":"g","application":"a"}"#;
    sns.publish("t", message, &[("MessageStructure", "json")]);
    let direct = [("TargetArn", device.as_str()), ("Message", "direct"), ("Subject", "s")];
    sns.ok("Publish", &direct);
    let got: Vec<_> = sns.letters().into_iter().map(|it| (it.to, it.subject, it.body)).collect();
    assert_eq!(got.len(), 2);
    assert_eq!(got[0], (device.clone(), None, "g".to_owned()));
    assert_eq!(got[1], (device.clone(), Some("s".to_owned()), "direct".to_owned()));
    let disable = [
        ("EndpointArn", device.as_str()),
        ("Attributes.entry.1.key", "Enabled"),
        ("Attributes.entry.1.value", "false"),
    ];
    sns.ok("SetEndpointAttributes", &disable);
    assert_eq!(sns.refused("Publish", &direct).1, "EndpointDisabled");
    sns.publish("t", "lost", &[]);
    assert_eq!(sns.letters().len(), 2);
    sns.ok("DeleteEndpoint", &[("EndpointArn", &device)]);
    let gone =
        "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified";
    sns.invalid("Publish", &direct, gone);
    sns.ok("DeletePlatformApplication", &[("PlatformApplicationArn", &application)]);
    sns.ok("DeletePlatformApplication", &[("PlatformApplicationArn", &application)]);
    let get = [("PlatformApplicationArn", application.as_str())];
    let missing = (404, "NotFound".to_owned(), "PlatformApplication does not exist".to_owned());
    assert_eq!(sns.refused("GetPlatformApplicationAttributes", &get), missing);
}

#[test]
fn devices_are_known_by_their_tokens() {
    let (mut sns, application, device) = with_device("one");
    let of = |token: &'static str, data: &'static str| {
        vec![
            ("PlatformApplicationArn", application.clone()),
            ("Token", token.to_owned()),
            ("CustomUserData", data.to_owned()),
        ]
    };
    let same = [("PlatformApplicationArn", application.as_str()), ("Token", "one")];
    assert_eq!(element(&sns.ok("CreatePlatformEndpoint", &same), "EndpointArn"), device);
    let other = of("one", "data");
    let other: Vec<_> = other.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let message = format!(
        "Invalid parameter: Token Reason: Endpoint {device} already exists with the same Token, \
         but different attributes."
    );
    sns.invalid("CreatePlatformEndpoint", &other, &message);
    let change = [
        ("EndpointArn", device.as_str()),
        ("Attributes.entry.1.key", "Token"),
        ("Attributes.entry.1.value", "two"),
    ];
    sns.ok("SetEndpointAttributes", &change);
    let again = element(&sns.ok("CreatePlatformEndpoint", &same), "EndpointArn");
    assert_ne!(again, device);
    let all = [("PlatformApplicationArn", application.as_str())];
    let listed = sns.ok("ListEndpointsByPlatformApplication", &all);
    assert_eq!(listed.matches("<EndpointArn>").count(), 2);
    let applications = sns.ok("ListPlatformApplications", &[]);
    assert!(applications.contains(&application) && !applications.contains("secret"));
    for (arn, message) in [
        ("arn", "EndpointArn Reason: An ARN must have at least 6 elements, not 1"),
        (
            "arn:aws:sns:us-east-1:000000000000:endpoint/GCM",
            "EndpointArn Reason: Wrong number of slashes in relative portion of the ARN.",
        ),
    ] {
        let message = format!("Invalid parameter: {message}");
        sns.invalid("GetEndpointAttributes", &[("EndpointArn", arn)], &message);
    }
    let unknown = [
        ("Name", "a"),
        ("Platform", "PIGEON"),
        ("Attributes.entry.1.key", "PlatformCredential"),
        ("Attributes.entry.1.value", "s"),
    ];
    assert_eq!(sns.refused("CreatePlatformApplication", &unknown).1, "InvalidParameter");
}
