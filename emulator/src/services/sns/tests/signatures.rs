//! What is signed, when, and that the certificate which a message names verifies it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1v15::Pkcs1v15Sign;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::der::DecodePem as _;
use x509_cert::der::referenced::OwnedToRef as _;

use super::*;
use crate::kernel::{OutsideRequest, Settings, SigningMode};

fn signing() -> Sns {
    Sns(World::with(Settings { signing: SigningMode::On, ..Settings::default() }))
}

/// Verifies as the guide says, from what the message itself holds.
fn verify(sns: &Sns, message: &Value) {
    let signer = sns.0.cloud.signer();
    let url = message.get("SigningCertURL").or(message.get("SigningCertUrl")).unwrap();
    assert_eq!(url, &json!(format!("http://localhost:4566{}", signer.certificate_path())));
    let certificate = Certificate::from_pem(signer.certificate()).unwrap();
    let key = certificate.tbs_certificate().subject_public_key_info().owned_to_ref();
    let key = rsa::PublicKey::try_from(key).unwrap();
    let names = match message["Type"].as_str().unwrap() {
        "Notification" => &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"][..],
        _ => &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
    };
    let mut text = String::new();
    for name in names {
        if let Some(value) = message[name].as_str() {
            let _ = write!(text, "{name}\n{value}\n");
        }
    }
    let signature = STANDARD.decode(message["Signature"].as_str().unwrap()).unwrap();
    let verified = match message["SignatureVersion"].as_str().unwrap() {
        "1" => key.verify(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(&text), &signature),
        "2" => key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&text), &signature),
        other => panic!("version {other}"),
    };
    verified.unwrap_or_else(|error| panic!("{error}: {message}"));
}

fn version_2(sns: &mut Sns) {
    let topic = topic_arn("t");
    let form = [
        ("TopicArn", topic.as_str()),
        ("AttributeName", "SignatureVersion"),
        ("AttributeValue", "2"),
    ];
    sns.ok("SetTopicAttributes", &form);
}

#[test]
fn a_message_is_signed_when_it_is_first_received() {
    let mut sns = signing();
    sns.queue("q", &[("VisibilityTimeout", "0")]);
    sns.ok("CreateTopic", &[("Name", "t")]);
    sns.subscribe("t", "q", &[]);
    // What looks like the member's place inside of a text is not it.
    let texts = ["plain", "line\nbreak \u{e9}\u{1f600}", r#"{"a":1,"Signature":"","b":2}"#];
    for (number, text) in texts.into_iter().enumerate() {
        if number == 2 {
            version_2(&mut sns);
        }
        sns.publish("t", text, &[("Subject", "s \"quoted\"")]);
        sns.publish("t", text, &attributes(&[("Signature", "String", "x")]).borrowed());
    }
    let first = sns.notifications("q");
    assert_eq!(first.len(), 6);
    for message in &first {
        verify(&sns, message);
    }
    let versions: Vec<_> = first.iter().map(|it| it["SignatureVersion"].clone()).collect();
    assert_eq!(versions, ["1", "1", "1", "1", "2", "2"]);
    let fork = sns.0.cloud.clone();
    assert_eq!(sns.notifications("q"), first, "a second receive shows the same");
    assert_eq!(fork.signer().certificate(), sns.0.cloud.signer().certificate());
}

#[test]
fn what_moves_from_queue_to_queue_is_signed_where_it_is_received() {
    let mut sns = signing();
    sns.queue("dlq", &[]);
    sns.ok("CreateTopic", &[("Name", "t")]);
    // There is no such queue, so the message goes to the subscription's dead-letter queue.
    let dead = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    sns.subscribe("t", "none", &[("RedrivePolicy", &dead)]);
    sns.publish("t", "m", &[]);
    let received = sns.notifications("dlq");
    verify(&sns, &received[0]);
}

#[test]
fn what_goes_to_servers_and_functions_is_signed_at_once() {
    let mut sns = signing();
    sns.queue("dlq", &[]);
    sns.ok("CreateTopic", &[("Name", "t")]);
    version_2(&mut sns);
    let topic = topic_arn("t");
    let form = [
        ("TopicArn", topic.as_str()),
        ("Protocol", "http"),
        ("Endpoint", "http://server.example/in"),
    ];
    sns.ok("Subscribe", &form);
    let asked = |sns: &mut Sns| match sns.0.take_asked().remove(0).request {
        OutsideRequest::Http { body, .. } => serde_json::from_slice::<Value>(&body).unwrap(),
        OutsideRequest::Function(_) => panic!("no function is asked"),
    };
    let confirmation = asked(&mut sns);
    assert_eq!(confirmation["Type"], "SubscriptionConfirmation");
    verify(&sns, &confirmation);
    let token = confirmation["Token"].as_str().unwrap();
    sns.ok("ConfirmSubscription", &[("TopicArn", topic.as_str()), ("Token", token)]);
    let dead = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    let function = "arn:aws:lambda:us-east-1:000000000000:function:f";
    let mut form = vec![
        ("TopicArn".to_owned(), topic.clone()),
        ("Protocol".to_owned(), "lambda".to_owned()),
        ("Endpoint".to_owned(), function.to_owned()),
    ];
    form.extend(entries("Attributes", "key", "value", &[("RedrivePolicy", &dead)]));
    sns.ok("Subscribe", &Form(form).borrowed());
    sns.publish("t", "m", &[("Subject", "s")]);
    let notification = asked(&mut sns);
    verify(&sns, &notification);
    assert_eq!(notification["SignatureVersion"], "2");
    let dead = sns.notifications("dlq").remove(0);
    assert_eq!(dead["Message"], "m", "no function's event");
    verify(&sns, &dead);
    sns.function("f");
    sns.publish("t", "m", &[("Subject", "s")]);
    let payload = sns.0.take_asked().into_iter().find_map(|call| match call.request {
        OutsideRequest::Function(invocation) => Some(invocation.payload),
        OutsideRequest::Http { .. } => None,
    });
    let event: Value = serde_json::from_slice(&payload.unwrap()).unwrap();
    verify(&sns, &event["Records"][0]["Sns"]);
}

#[test]
fn nothing_is_signed_by_fifo_topics_or_where_that_is_off() {
    let (mut sns, _) = Sns::with_subscription(&[]);
    sns.publish("t", "m", &[]);
    assert_eq!(sns.notifications("q")[0]["Signature"], "");
    let mut sns = signing();
    sns.queue("q", &[]);
    fifo_topic(&mut sns, "true");
    sns.subscribe("t.fifo", "q", &[]);
    sns.publish("t.fifo", "m", &[("MessageGroupId", "g")]);
    assert_eq!(sns.notifications("q")[0].get("Signature"), None);
}

/// The signature that a message will have counts for the queue's limit.
#[test]
fn a_message_that_its_signature_makes_too_long_is_refused() {
    let length = |signing: SigningMode, text: usize| {
        let mut sns = Sns(World::with(Settings { signing, ..Settings::default() }));
        sns.queue("q", &[("MaximumMessageSize", "2048")]);
        sns.ok("CreateTopic", &[("Name", "t")]);
        sns.subscribe("t", "q", &[]);
        sns.publish("t", &"x".repeat(text), &[]);
        sns.receive("q").first().map(|message| message["Body"].as_str().unwrap().len())
    };
    let bare = length(SigningMode::Off, 0x100).unwrap() - 0x100;
    assert_eq!(length(SigningMode::Off, 2048 - bare), Some(2048));
    assert_eq!(length(SigningMode::On, 2048 - bare - 172), Some(2048));
    assert_eq!(length(SigningMode::On, 2048 - bare - 171), None);
}
