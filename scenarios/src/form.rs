//! In which form the system is played. What it does is the same in each.

use clap::Args;
use orderflow::Saga;
use orderflow::config::QueueKind;

/// Who does what may be done by the one or the other.
#[derive(Args, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// The roles orders and payments have FIFO queues, in what is played.
    #[arg(long, global = true)]
    pub(crate) fifo: bool,
    /// Who leads orders through their saga, for what is played.
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) saga: Saga,
}

impl Form {
    /// With FIFO queues.
    #[cfg(test)]
    pub(crate) const FIFO: Self = Self { fifo: true, saga: Saga::Choreography };
    /// Led by a state machine.
    #[cfg(test)]
    pub(crate) const LED: Self = Self { fifo: false, saga: Saga::StepFunctions };

    pub(crate) fn queues(self) -> QueueKind {
        if self.fifo { QueueKind::Fifo } else { QueueKind::Standard }
    }

    /// What the end of a command says of it.
    pub(crate) fn flags(self) -> String {
        let mut flags = String::new();
        if self.fifo {
            flags += " --fifo";
        }
        if self.saga != Saga::default() {
            flags += &format!(" --saga {}", self.saga.as_str());
        }
        flags
    }
}
