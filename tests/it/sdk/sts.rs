//! `aws-sdk-sts`: awsQuery, without request members.

use aws_sdk_sts::Client;
use aws_sdk_sts::error::ProvideErrorMetadata as _;

use super::emulator;

#[tokio::test(start_paused = true)]
async fn the_account_is_the_access_key() {
    let emulator = emulator();
    let sts = Client::new(&emulator.sdk_config_for("123456789012", "eu-west-1"));
    let identity = sts.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("123456789012"));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_implemented_says_so() {
    let sts = Client::new(&emulator().sdk_config());
    let decode = sts.decode_authorization_message().encoded_message("x");
    let error = decode.send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("InvalidAction"));
    let message =
        "sts: the operation DecodeAuthorizationMessage is not implemented by this emulator";
    assert_eq!(error.message(), Some(message));
}
