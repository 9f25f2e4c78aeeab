//! `aws-sdk-sts`: awsQuery, sessions, and signatures as the SDK makes them.

use std::time::Duration;

use aws_sdk_sts::Client;
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_sts::error::ProvideErrorMetadata as _;
use aws_types::SdkConfig;
use skyrig::{Emulator, SignatureMode};

use super::emulator;

#[tokio::test(start_paused = true)]
async fn the_account_is_the_access_key() {
    let emulator = emulator();
    let sts = Client::new(&emulator.sdk_config_for("123456789012", "eu-west-1"));
    let identity = sts.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("123456789012"));
}

#[tokio::test(start_paused = true)]
async fn errors_have_their_type() {
    let sts = Client::new(&emulator().sdk_config());
    let decode = sts.decode_authorization_message().encoded_message("x");
    let error = decode.send().await.unwrap_err().into_service_error();
    assert!(error.is_invalid_authorization_message_exception(), "{error:?}");
    let role = sts.assume_role().role_arn("nothing-valid-in-here").role_session_name("one");
    let error = role.send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("ValidationError"));
    assert_eq!(error.message(), Some("nothing-valid-in-here is invalid"));
}

/// What the SDK signs with, from an answer of STS.
fn config(emulator: &Emulator, session: &aws_sdk_sts::types::Credentials) -> SdkConfig {
    let (key, secret) = (&session.access_key_id, &session.secret_access_key);
    let token = Some(session.session_token.clone());
    let credentials = Credentials::new(key, secret, token, None, "a session");
    let provider = SharedCredentialsProvider::new(credentials);
    emulator.sdk_config().into_builder().credentials_provider(provider).build()
}

#[tokio::test(start_paused = true)]
async fn sessions_sign_and_end_in_virtual_time() {
    let emulator = Emulator::builder().signatures(SignatureMode::Verify).build();
    let sts = Client::new(&emulator.sdk_config());
    let role = "arn:aws:iam::111122223333:role/reader";
    let assumed = sts.assume_role().role_arn(role).role_session_name("me").send().await.unwrap();
    let config = config(&emulator, assumed.credentials().unwrap());
    let session = Client::new(&config);
    let identity = session.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.arn(), Some("arn:aws:sts::111122223333:assumed-role/reader/me"));
    // The other protocols: JSON, and CBOR.
    let queues = aws_sdk_sqs::Client::new(&config);
    queues.create_queue().queue_name("q").send().await.unwrap();
    aws_sdk_dynamodb::Client::new(&config).list_tables().send().await.unwrap();
    aws_sdk_cloudwatch::Client::new(&config).list_metrics().send().await.unwrap();
    emulator.advance(Duration::from_secs(3600));
    let error = queues.list_queues().send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("ExpiredToken"));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_is_noticed_when_signatures_are_verified() {
    let emulator = Emulator::builder()
        .signatures(SignatureMode::Verify)
        .access_key("AKIAIOSFODNN7EXAMPLE", "right")
        .build();
    for (secret, code) in [("right", None), ("wrong", Some("SignatureDoesNotMatch"))] {
        let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret, None, None, "a test");
        let provider = SharedCredentialsProvider::new(credentials);
        let config = emulator.sdk_config().into_builder().credentials_provider(provider).build();
        let answer = Client::new(&config).get_caller_identity().send().await;
        let found = answer.err().map(|error| error.into_service_error());
        assert_eq!(found.as_ref().and_then(|error| error.code()), code);
    }
}
