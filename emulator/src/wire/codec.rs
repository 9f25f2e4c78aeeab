//! Which protocols a type is compiled for.
//!
//! A service's table names its codec. A protocol that carries most of a service's requests is
//! compiled for each of its types; all others share one dynamic reader and writer (`erased_serde`),
//! so that a type is compiled for them once, whatever their number.

use erased_serde::Deserializer as DynamicReader;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{EncodeError, Format, Protocol, Rejection, cbor, form, xml};

/// How the types of a service are read and written.
pub trait Codec: 'static {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Rejection::Malformed`] with the reader's reason.
    fn decode<T: DeserializeOwned>(format: &Format, body: &[u8]) -> Result<T, Rejection>;

    /// Writes the members of a successful answer.
    ///
    /// # Errors
    /// [`EncodeError`] when a value has no form in the protocol.
    fn encode<T: Serialize>(format: &Format, value: &T) -> Result<Vec<u8>, EncodeError>;
}

/// JSON and nothing else.
pub struct JsonOnly;

/// JSON fast, every other protocol through the dynamic reader and writer.
pub struct JsonFirst;

/// Every protocol through the dynamic reader and writer.
pub struct AnyProtocol;

/// Room for an answer of usual length, so that writing it does not move it.
const ANSWER_BYTES: usize = 1024;

impl Codec for JsonOnly {
    fn decode<T: DeserializeOwned>(_format: &Format, body: &[u8]) -> Result<T, Rejection> {
        serde_json::from_slice(or_empty(body)).map_err(malformed)
    }

    fn encode<T: Serialize>(_format: &Format, value: &T) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::with_capacity(ANSWER_BYTES);
        serde_json::to_writer(&mut out, value).map_err(EncodeError::new)?;
        Ok(out)
    }
}

impl Codec for JsonFirst {
    fn decode<T: DeserializeOwned>(format: &Format, body: &[u8]) -> Result<T, Rejection> {
        match format.protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 => JsonOnly::decode(format, body),
            Protocol::AwsQuery | Protocol::RpcV2Cbor => AnyProtocol::decode(format, body),
        }
    }

    fn encode<T: Serialize>(format: &Format, value: &T) -> Result<Vec<u8>, EncodeError> {
        match format.protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 => JsonOnly::encode(format, value),
            Protocol::AwsQuery | Protocol::RpcV2Cbor => AnyProtocol::encode(format, value),
        }
    }
}

impl Codec for AnyProtocol {
    fn decode<T: DeserializeOwned>(format: &Format, body: &[u8]) -> Result<T, Rejection> {
        let mut value = None;
        read_dynamically(format, body, &mut |reader| {
            value = Some(erased_serde::deserialize(reader)?);
            Ok(())
        })?;
        Ok(value.expect("a reader that succeeds has read"))
    }

    fn encode<T: Serialize>(format: &Format, value: &T) -> Result<Vec<u8>, EncodeError> {
        write_dynamically(format, &value)
    }
}

/// Some clients send nothing at all for an empty input.
fn or_empty(body: &[u8]) -> &[u8] {
    if body.is_empty() { b"{}" } else { body }
}

fn malformed(error: impl std::fmt::Display) -> Rejection {
    Rejection::Malformed(error.to_string())
}

type Read<'r> = dyn FnMut(&mut dyn DynamicReader<'_>) -> Result<(), erased_serde::Error> + 'r;

/// The reader of each protocol, behind one face.
fn read_dynamically(format: &Format, body: &[u8], read: &mut Read<'_>) -> Result<(), Rejection> {
    match format.protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 => {
            let mut reader = serde_json::Deserializer::from_slice(or_empty(body));
            read(&mut <dyn DynamicReader<'_>>::erase(&mut reader)).map_err(malformed)?;
            reader.end().map_err(malformed)
        }
        Protocol::AwsQuery => {
            let form = form::Form::parse(body).map_err(malformed)?;
            let reader = form.reader(format.service.naming, format.operation);
            read(&mut <dyn DynamicReader<'_>>::erase(reader)).map_err(malformed)
        }
        Protocol::RpcV2Cbor => {
            let mut reader = cbor::reader(body);
            read(&mut <dyn DynamicReader<'_>>::erase(&mut reader)).map_err(malformed)?;
            reader.finish().map_err(malformed)
        }
    }
}

/// The writer of each protocol, behind one face.
fn write_dynamically(
    format: &Format,
    value: &dyn erased_serde::Serialize,
) -> Result<Vec<u8>, EncodeError> {
    match format.protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 => {
            let mut out = Vec::with_capacity(ANSWER_BYTES);
            serde_json::to_writer(&mut out, value).map_err(EncodeError::new)?;
            Ok(out)
        }
        Protocol::AwsQuery => {
            let mut out = String::with_capacity(ANSWER_BYTES);
            xml::to_xml(value, format.service.naming, format.operation, &mut out)
                .map_err(EncodeError::new)?;
            Ok(out.into_bytes())
        }
        Protocol::RpcV2Cbor => cbor::to_vec(value).map_err(EncodeError::new),
    }
}
