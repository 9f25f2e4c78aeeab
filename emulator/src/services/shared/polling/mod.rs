//! Reading a queue or a stream in batches for somebody who deals with them: a pipe, a function.
//!
//! A [`Poller`] is state alone. It asks by calls whose answers may take for ever, so one that finds
//! nothing costs nothing; what comes of each batch, its owner says. It knows what AWS promises of
//! batches, windows, filters, order, retries and partial failures, and no owner.
//!
//! Source: Lambda developer guide, "Using Lambda with Amazon SQS" and "with Amazon DynamoDB";
//! EventBridge user guide, "Amazon EventBridge Pipes batching and concurrency".

mod filter;
mod news;
mod pace;
mod poller;
mod queue;
mod record;
mod settings;
mod stream;
#[cfg(test)]
mod tests;
mod verdict;
mod window;

pub(crate) use filter::Filter;
pub(crate) use news::{Batch, Discarded, News, Window};
pub(crate) use poller::Poller;
pub(crate) use record::Record;
pub(crate) use settings::{Settings, StartingPosition, StreamSettings};
pub(crate) use verdict::Verdict;
