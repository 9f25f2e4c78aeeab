//! Which protocols a type is compiled for.
//!
//! An operation's row says which codec it has. What is called often reads and writes JSON directly;
//! every other protocol, and everything else, goes through trees ([`super::document`]), so that a
//! type is compiled for them once, whatever their number.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::document::{self, Document, Kind, Tree};
use super::{
    EncodeError, Format, Protocol, Rejection, cbor, form, json, members, serialization, xml,
};

/// How the types of an operation are read and written.
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

/// JSON directly, and no other protocol.
pub struct JsonOnly;

/// JSON directly, every other protocol through trees.
pub struct JsonFirst;

/// Every protocol through trees.
pub struct AnyProtocol;

/// Room for an answer of usual length, so that writing it does not move it.
const ANSWER_BYTES: usize = 1024;

impl Codec for JsonOnly {
    fn decode<T: DeserializeOwned>(_format: &Format, body: &[u8]) -> Result<T, Rejection> {
        members::from_json(or_empty(body)).map_err(|error| malformed(&error))
    }

    fn encode<T: Serialize>(_format: &Format, value: &T) -> Result<Vec<u8>, EncodeError> {
        json::to_vec(value)
    }
}

impl Codec for JsonFirst {
    fn decode<T: DeserializeOwned>(format: &Format, body: &[u8]) -> Result<T, Rejection> {
        match format.protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => {
                // Trees know the numbers that are no JSON, such as `"NaN"`.
                JsonOnly::decode(format, body)
                    .or_else(|error| AnyProtocol::decode(format, body).map_err(|_| error))
            }
            Protocol::AwsQuery | Protocol::RpcV2Cbor => AnyProtocol::decode(format, body),
        }
    }

    fn encode<T: Serialize>(format: &Format, value: &T) -> Result<Vec<u8>, EncodeError> {
        match format.protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => {
                JsonOnly::encode(format, value)
            }
            Protocol::AwsQuery | Protocol::RpcV2Cbor => AnyProtocol::encode(format, value),
        }
    }
}

impl Codec for AnyProtocol {
    fn decode<T: DeserializeOwned>(format: &Format, body: &[u8]) -> Result<T, Rejection> {
        let form = form_of(format, body)?;
        let (document, kind) = document_of(format, body, form.as_ref())?;
        document::read(document, kind).map_err(|error| malformed(&error))
    }

    fn encode<T: Serialize>(format: &Format, value: &T) -> Result<Vec<u8>, EncodeError> {
        write(format, &document::tree(value)?)
    }
}

/// The body's parameters, if it is a form.
fn form_of<'b>(format: &Format, body: &'b [u8]) -> Result<Option<form::Form<'b>>, Rejection> {
    if format.protocol != Protocol::AwsQuery {
        return Ok(None);
    }
    form::Form::parse(body).map(Some).map_err(|error| malformed(&error))
}

/// The body as a tree.
fn document_of<'b>(
    format: &'b Format,
    body: &'b [u8],
    form: Option<&'b form::Form<'b>>,
) -> Result<(Document<'b>, Kind), Rejection> {
    if let Some(form) = form {
        let reader = form.reader(format.service.naming, format.operation);
        return Ok((Document::Form(reader), Kind::Text));
    }
    if format.protocol == Protocol::RpcV2Cbor {
        let document = document::from_cbor(body).map_err(|error| malformed(&error))?;
        return Ok((document, Kind::Binary));
    }
    let document = document::from_json(or_empty(body)).map_err(|error| malformed(&error))?;
    Ok((document, Kind::Text))
}

fn write(format: &Format, tree: &Tree) -> Result<Vec<u8>, EncodeError> {
    match format.protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => json::to_vec(tree),
        Protocol::AwsQuery => {
            let mut out = String::with_capacity(ANSWER_BYTES);
            xml::to_xml(tree, format.service.naming, format.operation, &mut out)
                .map_err(EncodeError::new)?;
            Ok(out.into_bytes())
        }
        Protocol::RpcV2Cbor => cbor::to_vec(tree).map_err(EncodeError::new),
    }
}

/// Some clients send nothing at all for an empty input.
fn or_empty(body: &[u8]) -> &[u8] {
    if body.is_empty() { b"{}" } else { body }
}

fn malformed(error: &dyn std::fmt::Display) -> Rejection {
    Rejection::Malformed(serialization::in_aws_words(&error.to_string()))
}
