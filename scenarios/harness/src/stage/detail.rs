//! How much a run keeps for those who look at it afterwards.

/// The history is the same either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// If it fails, what became of the messages that have to do with the failure, as far as the
    /// stage can tell.
    Failures,
    /// Also a diagram of all messages, and how full the queues were: what a page shows.
    Page,
}
