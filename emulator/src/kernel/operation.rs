//! A service's operations as a table: name, how to decode the request, what to run.
//!
//! Decoding and encoding know the types but not the state, so both happen outside the cloud's lock.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Context;
use crate::wire::shape::{Shape, shape_of};
use crate::wire::{EncodeError, Format, Rejection, WireError};

/// What a handler returns.
#[derive(Debug)]
pub enum Outcome<T> {
    Done(T),
    /// The call waits; the service answers it later.
    Parked,
}

/// Something that can be written in any protocol.
pub trait Answer: Send {
    /// The body of a successful response.
    ///
    /// # Errors
    /// When a value has no form in the protocol; a bug of the operation.
    fn encode(&self, format: &Format) -> Result<Vec<u8>, EncodeError>;
}

impl<T: Serialize + Send> Answer for T {
    fn encode(&self, format: &Format) -> Result<Vec<u8>, EncodeError> {
        format.encode(self)
    }
}

/// An answer as it leaves the state machine, not yet bytes.
pub type Reply = Outcome<Box<dyn Answer>>;

/// A decoded request, ready to run on its service's state.
pub type Run<S> = Box<dyn FnOnce(&mut Context<'_>, &mut S) -> Result<Reply, WireError> + Send>;

type Decode<S> = dyn Fn(&Format, &[u8]) -> Result<Run<S>, Rejection> + Send + Sync;

/// One row of the table.
pub struct Operation<S> {
    pub name: &'static str,
    decode: Box<Decode<S>>,
    request_shape: fn() -> Shape,
    response_shape: fn() -> Shape,
}

impl<S> Operation<S> {
    /// Decodes `body`.
    ///
    /// # Errors
    /// A [`Rejection`] that says what is wrong with the body.
    pub fn decode(&self, format: &Format, body: &[u8]) -> Result<Run<S>, Rejection> {
        (self.decode)(format, body)
    }

    /// The request's members, for the conformance test.
    pub fn request_shape(&self) -> Shape {
        (self.request_shape)()
    }

    /// The response's members, for the conformance test.
    pub fn response_shape(&self) -> Shape {
        (self.response_shape)()
    }
}

/// The operations of one service whose state is `S`.
pub struct OperationTable<S> {
    rows: BTreeMap<&'static str, Operation<S>>,
}

impl<S: 'static> Default for OperationTable<S> {
    fn default() -> Self {
        Self { rows: BTreeMap::new() }
    }
}

impl<S: 'static> OperationTable<S> {
    /// Adds an operation that answers at once.
    #[must_use]
    pub fn on<Q, R, E>(
        self,
        name: &'static str,
        run: fn(&mut Context<'_>, &mut S, Q) -> Result<R, E>,
    ) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.insert::<Q, R>(name, move |context, state, request| {
            match run(context, state, request) {
                Ok(response) => Ok(Outcome::Done(Box::new(response))),
                Err(error) => Err(error.into()),
            }
        })
    }

    /// Adds an operation that may wait. What it answers later has the type `R` too.
    #[must_use]
    pub fn on_waiting<Q, R, E>(
        self,
        name: &'static str,
        run: fn(&mut Context<'_>, &mut S, Q) -> Result<Outcome<R>, E>,
    ) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.insert::<Q, R>(name, move |context, state, request| {
            match run(context, state, request) {
                Ok(Outcome::Done(response)) => Ok(Outcome::Done(Box::new(response))),
                Ok(Outcome::Parked) => Ok(Outcome::Parked),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn insert<Q, R>(
        mut self,
        name: &'static str,
        run: impl Fn(&mut Context<'_>, &mut S, Q) -> Result<Reply, WireError>
        + Copy
        + Send
        + Sync
        + 'static,
    ) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: DeserializeOwned,
    {
        let decode = move |format: &Format, body: &[u8]| -> Result<Run<S>, Rejection> {
            let request: Q = format.decode(body)?;
            Ok(Box::new(move |context, state| run(context, state, request)))
        };
        let row = Operation {
            name,
            decode: Box::new(decode),
            request_shape: shape_of::<Q>,
            response_shape: shape_of::<R>,
        };
        let replaced = self.rows.insert(name, row);
        assert!(replaced.is_none(), "{name} is in the table twice");
        self
    }

    /// Every operation, by name.
    pub fn into_operations(self) -> impl Iterator<Item = Operation<S>> {
        self.rows.into_values()
    }
}
