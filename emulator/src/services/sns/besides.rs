//! What SNS does beside its API, for pages of the emulator: a phone that wants no more texts.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::error::SnsError;
use super::operation_table::THROTTLING;
use super::phones;
use super::state::Sns;
use crate::kernel::{Context, OperationTable};

/// The operations that no model has.
pub fn besides_table() -> OperationTable<Sns> {
    OperationTable::new("sns", THROTTLING).on("OptOutPhoneNumber", run).about("PhoneNumber")
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    phone_number: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Response {}

fn run(_: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let number = phones::checked(request.phone_number.as_deref())?;
    sns.phones.opted_out.insert(number);
    Ok(Response {})
}

impl Sns {
    /// The token that was sent to an endpoint to confirm the subscription with.
    pub fn token_of(&self, subscription: &str) -> Option<&str> {
        let mut all = self.topics.values().flat_map(|topic| topic.subscriptions.values());
        all.find(|it| it.arn == subscription)?.confirmation.token()
    }
}
