//! One request's format: which protocol, of which service, for which operation.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Protocol, Rejection, Service, cbor, form, xml};

/// How to read a request's body and write its answer.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub protocol: Protocol,
    pub service: &'static Service,
    pub operation: &'static str,
}

/// Room for an answer of usual length, so that writing it does not move it.
const ANSWER_BYTES: usize = 1024;

/// A value has no form in the protocol. A bug of the operation, not of the client.
#[derive(Debug, thiserror::Error)]
#[error("cannot encode the answer: {0}")]
pub struct EncodeError(String);

impl Format {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Rejection::Malformed`] with the reader's reason.
    pub fn decode<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Rejection> {
        match self.protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 => {
                // Some clients send nothing at all for an empty input.
                let body = if body.is_empty() { b"{}" } else { body };
                serde_json::from_slice(body)
                    .map_err(|error| Rejection::Malformed(error.to_string()))
            }
            Protocol::AwsQuery => form::from_form(body, self.service.naming, self.operation)
                .map_err(|error| Rejection::Malformed(error.to_string())),
            Protocol::RpcV2Cbor => {
                cbor::from_slice(body).map_err(|error| Rejection::Malformed(error.to_string()))
            }
        }
    }

    /// Writes the members of a successful answer.
    ///
    /// # Errors
    /// [`EncodeError`] when a value has no form in the protocol.
    pub fn encode<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>, EncodeError> {
        match self.protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 => {
                let mut out = Vec::with_capacity(ANSWER_BYTES);
                serde_json::to_writer(&mut out, value)
                    .map_err(|error| EncodeError(error.to_string()))?;
                Ok(out)
            }
            Protocol::AwsQuery => {
                let mut out = String::with_capacity(ANSWER_BYTES);
                xml::to_xml(value, self.service.naming, self.operation, &mut out)
                    .map_err(|error| EncodeError(error.to_string()))?;
                Ok(out.into_bytes())
            }
            Protocol::RpcV2Cbor => {
                cbor::to_vec(value).map_err(|error| EncodeError(error.to_string()))
            }
        }
    }
}
