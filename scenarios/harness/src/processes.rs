//! Whoever can disturb the processes of a system's roles while a script is played. The runner says
//! when; it does not know what a process is.

use crate::world::WorldError;
use std::fmt;

/// The processes of a system's roles.
pub trait Processes {
    /// Does this to the process of `role`, one of the catalog's, and returns when it is done. The
    /// runner never pauses or stops what is not running, and never starts what is.
    fn disturb(
        &mut self,
        role: &str,
        how: Disturbance,
    ) -> impl Future<Output = Result<(), WorldError>>;
}

/// What can be done to a process.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Disturbance {
    /// It dies without warning: what it has in hand is lost.
    Kill,
    /// It stands still, and knows nothing of it.
    Pause,
    /// After a pause, it goes on where it stood.
    Resume,
    /// It is told to stop, and finishes what it has in hand.
    Stop,
    /// After `Kill` or `Stop`, it starts again, with nothing but what is stored elsewhere.
    Start,
}

impl Disturbance {
    /// What makes good for it, if anything must.
    pub(crate) fn cure(self) -> Option<Self> {
        match self {
            Self::Kill | Self::Stop => Some(Self::Start),
            Self::Pause => Some(Self::Resume),
            Self::Resume | Self::Start => None,
        }
    }
}

/// Tells what happens to the role that stands before it.
impl fmt::Display for Disturbance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kill => "is killed",
            Self::Pause => "is paused",
            Self::Resume => "goes on",
            Self::Stop => "is told to stop",
            Self::Start => "starts again",
        })
    }
}

/// Where no process can be disturbed.
pub(crate) struct NoProcesses;

impl Processes for NoProcesses {
    async fn disturb(&mut self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        Err(WorldError(format!("nobody here can see to it that {role} {how}")))
    }
}
