//! What stood before some cases began, of which no step tells.

use serde_json::json;
use skyrig::cloud::Input;
use skyrig::kernel::{PhoneText, Scope};

use crate::client::{ACCOUNT, Call, Client, REGION};

/// Cases in whose account a phone had opted out, and its number.
const OPTED_OUT: [(&str, &str); 2] = [
    ("sns::TestSNSSMS::test_is_phone_number_opted_out", "+430000000000"),
    ("sns::TestSNSSMS::test_list_phone_numbers_opted_out", "+430000000000"),
];

/// Does what was done before the case.
pub(crate) fn set(client: &mut Client, case: &str) {
    let Some((_, phone)) = OPTED_OUT.iter().find(|row| row.0 == case) else { return };
    // The phone gets a text, and answers that it wants no more.
    client.call(&Call {
        service: "sns",
        operation: "Publish",
        params: &json!({"PhoneNumber": phone, "Message": "hello"}),
        region: None,
        access_key: None,
        token: None,
        unsigned: false,
        protocol: None,
        headers: &[],
    });
    let scope = Scope::new(ACCOUNT, REGION);
    let text = PhoneText { scope, from: (*phone).to_owned(), body: "STOP".to_owned() };
    let taken = client.driver.feed(Input::Text(text));
    assert!(taken.is_ok(), "a text is never refused");
}
