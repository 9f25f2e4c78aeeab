//! A service's operations as a table: name, how to decode the request, what to run, and the facts.
//!
//! Decoding and encoding know the types but not the state, so both happen outside the cloud's lock.

mod rows;

use std::any::Any;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Context, OperationFacts, Throttling, WantedMetrics};
use crate::wire::rest::Route;
#[cfg(any(test, feature = "shapes"))]
use crate::wire::shape::{self, Shape};
use crate::wire::{
    AnyProtocol, Codec, EncodeError, Format, JsonFirst, JsonOnly, Rejection, WireError,
};

/// What a handler returns.
#[derive(Debug)]
pub enum Outcome<T> {
    Done(T),
    /// The call waits; the service answers it later.
    Parked,
}

/// Something that can be written in the protocols of its service.
pub trait Answer: Send {
    /// The body of a successful response.
    ///
    /// # Errors
    /// When a value has no form in the protocol; a bug of the operation.
    fn encode(&self, format: &Format) -> Result<Vec<u8>, EncodeError>;
}

/// A response with the codec of its service.
pub(super) struct Coded<C, R> {
    response: R,
    codec: PhantomData<fn() -> C>,
}

impl<C: Codec, R: Serialize + Send> Coded<C, R> {
    pub(super) fn new(response: R) -> Self {
        Self { response, codec: PhantomData }
    }
}

/// A response as an answer, for those who answer without an operation.
#[cfg(feature = "edge")]
pub(crate) fn answer<R: Serialize + Send + 'static>(response: R) -> Box<dyn Answer> {
    Box::new(Coded::<JsonFirst, R>::new(response))
}

impl<C: Codec, R: Serialize + Send> Answer for Coded<C, R> {
    fn encode(&self, format: &Format) -> Result<Vec<u8>, EncodeError> {
        C::encode(format, &self.response)
    }
}

/// An answer as it leaves the state machine, not yet bytes.
pub type Reply = Outcome<Box<dyn Answer>>;

/// A decoded request, ready to run on its service's state in one account and region.
pub struct Run {
    /// The data points that it looks at; they are published first.
    pub reads: Option<WantedMetrics>,
    start: Box<Start>,
}

/// What a service's model says of the members of its requests.
pub trait RequestModel: Sync {
    /// Whether it says anything of an operation's.
    fn is_about(&self, operation: &str) -> bool;

    /// Checks a request's members, under their names of the model.
    ///
    /// # Errors
    /// The service's error for what the request breaks.
    fn check(&self, operation: &str, request: &Value) -> Result<(), WireError>;
}

/// A request's members, under their names of the model.
fn members<Q: Serialize>(request: &Q) -> Value {
    serde_json::to_value(request).expect("wire structs have a form in JSON")
}

/// How a request is looked at before it runs: at which metrics it looks, and its members if the
/// service's model is to check them.
type Looks<Q> = (Option<fn(&Q) -> WantedMetrics>, Option<fn(&Q) -> Value>);

type Start = dyn FnOnce(&mut Context<'_>, &mut dyn Any) -> Result<Reply, WireError> + Send;

impl Run {
    /// Runs it.
    ///
    /// # Errors
    /// What the operation answers instead.
    pub fn start(self, ctx: &mut Context<'_>, state: &mut dyn Any) -> Result<Reply, WireError> {
        (self.start)(ctx, state)
    }
}

type Decode = dyn Fn(&Format, &[u8]) -> Result<Run, Rejection> + Send + Sync;

/// The members of an operation's request and response, on demand.
#[cfg(any(test, feature = "shapes"))]
type Shapes = fn() -> (Shape, Shape);
/// Nobody asks: the types are not compiled for it.
#[cfg(not(any(test, feature = "shapes")))]
type Shapes = PhantomData<()>;

#[cfg(any(test, feature = "shapes"))]
fn shapes_of<Q: DeserializeOwned, R: DeserializeOwned>() -> Shapes {
    || (shape::shape_of::<Q>(), shape::shape_of::<R>())
}

#[cfg(not(any(test, feature = "shapes")))]
fn shapes_of<Q, R>() -> Shapes {
    let _unused = PhantomData::<(Q, R)>;
    PhantomData
}

/// What runs an operation.
pub type Handler<S, Q, R, E> = fn(&mut Context<'_>, &mut S, Q) -> Result<R, E>;

/// One row of the table.
pub struct Operation {
    pub name: &'static str,
    pub facts: OperationFacts,
    /// Where its members stand, if its service speaks restJson1.
    pub route: Option<Route>,
    decode: Box<Decode>,
    shapes: Shapes,
}

impl Operation {
    /// Decodes `body`.
    ///
    /// # Errors
    /// A [`Rejection`] that says what is wrong with the body.
    pub fn decode(&self, format: &Format, body: &[u8]) -> Result<Run, Rejection> {
        (self.decode)(format, body)
    }

    /// The members of request and response, for the conformance test.
    #[cfg(any(test, feature = "shapes"))]
    pub fn shapes(&self) -> (Shape, Shape) {
        (self.shapes)()
    }
}

/// The operations of one service whose state is `S`.
pub struct OperationTable<S> {
    rows: Vec<Operation>,
    /// What stands before the colon of IAM actions.
    actions: &'static str,
    throttling: Throttling,
    model: Option<&'static dyn RequestModel>,
    of: PhantomData<fn() -> S>,
}

impl<S: 'static> OperationTable<S> {
    /// An empty table. `actions` stands before the colon of the service's IAM actions.
    pub fn new(actions: &'static str, throttling: Throttling) -> Self {
        Self { rows: Vec::new(), actions, throttling, model: None, of: PhantomData }
    }

    /// What the requests of the operations that follow must be; those of operations that are
    /// called often are not held against it.
    #[must_use]
    pub fn modelled(mut self, model: &'static dyn RequestModel) -> Self {
        self.model = Some(model);
        self
    }

    /// Adds an operation that answers at once. What it is about has to follow: [`Self::about`],
    /// [`Self::about_each`] or [`Self::about_nothing`].
    #[must_use]
    pub fn on<Q, R, E>(self, name: &'static str, run: Handler<S, Q, R, E>) -> Self
    where
        Q: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.coded::<AnyProtocol, Q, R, E>(name, (None, Some(members)), run)
    }

    /// The same for one that is called so often that its JSON is read and written directly.
    #[must_use]
    pub fn on_often<Q, R, E>(self, name: &'static str, run: Handler<S, Q, R, E>) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.coded::<JsonFirst, Q, R, E>(name, (None, None), run)
    }

    /// The same for one of a service that speaks JSON alone.
    #[must_use]
    pub fn on_often_in_json<Q, R, E>(self, name: &'static str, run: Handler<S, Q, R, E>) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.coded::<JsonOnly, Q, R, E>(name, (None, None), run)
    }

    fn coded<C: Codec, Q, R, E>(
        self,
        name: &'static str,
        looks: Looks<Q>,
        run: Handler<S, Q, R, E>,
    ) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.insert::<C, Q, R>(name, looks, move |context, state, request| {
            match run(context, state, request) {
                Ok(response) => Ok(Outcome::Done(Box::new(Coded::<C, R>::new(response)))),
                Err(error) => Err(error.into()),
            }
        })
    }

    /// The same for one that looks at metrics: `reads` says at which.
    #[must_use]
    pub fn on_reading<Q, R, E>(
        self,
        name: &'static str,
        reads: fn(&Q) -> WantedMetrics,
        run: Handler<S, Q, R, E>,
    ) -> Self
    where
        Q: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.coded::<AnyProtocol, Q, R, E>(name, (Some(reads), Some(members)), run)
    }

    /// The same for one that is called so often that its JSON is read and written directly.
    #[must_use]
    pub fn on_reading_often<Q, R, E>(
        self,
        name: &'static str,
        reads: fn(&Q) -> WantedMetrics,
        run: Handler<S, Q, R, E>,
    ) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.coded::<JsonFirst, Q, R, E>(name, (Some(reads), None), run)
    }

    /// Adds an operation that may wait, called often. What it answers later has the type `R` too.
    #[must_use]
    pub fn on_waiting<Q, R, E>(self, name: &'static str, run: Handler<S, Q, Outcome<R>, E>) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
        E: Into<WireError> + 'static,
    {
        self.insert::<JsonFirst, Q, R>(
            name,
            (None, None),
            move |context, state, request| match run(context, state, request) {
                Ok(Outcome::Done(response)) => {
                    Ok(Outcome::Done(Box::new(Coded::<JsonFirst, R>::new(response))))
                }
                Ok(Outcome::Parked) => Ok(Outcome::Parked),
                Err(error) => Err(error.into()),
            },
        )
    }

    fn facts(&mut self) -> &mut OperationFacts {
        &mut self.rows.last_mut().expect("facts follow their operation").facts
    }

    fn insert<C: Codec, Q, R>(
        mut self,
        name: &'static str,
        looks: Looks<Q>,
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
        let (reads, members) = looks;
        let model = self.model.zip(members);
        let decode = move |format: &Format, body: &[u8]| -> Result<Run, Rejection> {
            let request: Q = C::decode(format, body)?;
            let broken = model.and_then(|(model, members)| {
                if !model.is_about(name) {
                    return None;
                }
                model.check(name, &members(&request)).err()
            });
            if let Some(error) = broken {
                return Ok(Run { reads: None, start: Box::new(move |_, _| Err(error)) });
            }
            let reads = reads.map(|reads| reads(&request));
            let start: Box<Start> = Box::new(move |context, state| {
                let state = state.downcast_mut().expect("an operation runs on its own service");
                run(context, state, request)
            });
            Ok(Run { reads, start })
        };
        self.push(name, Box::new(decode), shapes_of::<Q, R>());
        self
    }

    /// Not generic over the operation's types: it is compiled once a service.
    fn push(&mut self, name: &'static str, decode: Box<Decode>, shapes: Shapes) {
        self.rows.push(Operation {
            name,
            facts: OperationFacts {
                resources: Vec::new(),
                about_nothing: false,
                action: format!("{}:{name}", self.actions),
                entries: None,
                unsigned: false,
                global: false,
                throttling: self.throttling,
                throttling_reason: None,
                stored: Vec::new(),
                forgotten: Vec::new(),
                refused: Vec::new(),
            },
            route: None,
            decode,
            shapes,
        });
    }

    /// Every operation, by name.
    ///
    /// # Panics
    /// When an operation is in the table twice.
    pub fn into_operations(self) -> BTreeMap<&'static str, Operation> {
        let mut rows = BTreeMap::new();
        for row in self.rows {
            let name = row.name;
            assert!(rows.insert(name, row).is_none(), "{name} is in the table twice");
        }
        rows
    }
}
