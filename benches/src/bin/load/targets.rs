//! What is asked of the server: each number is the most that a figure may be.

/// A request's CPU in bare answers, of single messages in a standard queue.
pub(crate) const SINGLE_RATIO: f64 = 1.6;
/// The same in a FIFO queue, which also keeps order and remembers ids.
pub(crate) const FIFO_RATIO: f64 = 2.0;
/// The same of requests of ten messages.
pub(crate) const BATCH_RATIO: f64 = 4.0;
/// Publish to ten queues of which half match, in bare answers: one, and five times what a message
/// of SendMessageBatch costs beyond it (README, "How fast").
pub(crate) const PUBLISH_RATIO: f64 = 2.2;
/// PublishBatch of ten to one queue.
pub(crate) const PUBLISH_BATCH_RATIO: f64 = 4.0;
/// PutEvents of ten with one rule.
pub(crate) const PUT_EVENTS_RATIO: f64 = 5.0;
/// The same with 300 rules, a bus's quota, of which one matches, in the same with one.
pub(crate) const RULES_RATIO: f64 = 1.2;
/// A PutMetricData of twenty data points, in bare answers.
pub(crate) const PUT_METRIC_DATA_RATIO: f64 = 1.6;
/// A GetMetricData of a day's figures by the minute.
pub(crate) const GET_METRIC_DATA_RATIO: f64 = 3.0;
/// A PutItem or GetItem of 300 bytes, in bare answers.
pub(crate) const ITEM_RATIO: f64 = 1.6;
/// A TransactWriteItems of two writes with conditions.
pub(crate) const TRANSACTION_RATIO: f64 = 2.5;
/// A Query of ten items in a partition of a million.
pub(crate) const QUERY_RATIO: f64 = 2.0;
/// A warm invocation of a function of one process, in bare answers: it is three exchanges, the
/// client's and two of the function's.
pub(crate) const INVOKE_RATIO: f64 = 5.0;
/// A receive and delete on the large queue, in those on the small one.
pub(crate) const BACKLOG_RATIO: f64 = 1.3;
/// Memory of a queued message of 256 bytes.
pub(crate) const MESSAGE_BYTES: f64 = 500.0;
/// Memory right after the start.
pub(crate) const IDLE_MEBIBYTES: f64 = 9.5;
/// CPU of an idle server, in milliseconds a second.
pub(crate) const IDLE_MILLIS: f64 = 1.0;
/// From a send to the waiting receive's answer, in 99 of 100 cases.
pub(crate) const WAKE_MICROS: f64 = 1_000.0;
/// From starting the program to its first answer.
pub(crate) const START_MILLIS: f64 = 20.0;
pub(crate) const PROGRAM_MEBIBYTES: f64 = 15.0;
