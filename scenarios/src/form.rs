//! In which form the system is played. What it does is the same in each.

use clap::{Args, ValueEnum};
use orderflow::Saga;
use orderflow::config::QueueKind;

/// Who does what may be done by the one or the other, and by which queues.
#[derive(Args, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// The roles orders and payments have FIFO queues, in what is played.
    #[arg(long, global = true)]
    pub(crate) fifo: bool,
    /// Who leads orders through their saga, for what is played.
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) saga: Saga,
    /// Who notifies, for what is played.
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) notifications: Notifier,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Notifier {
    /// A process that reads the queue.
    #[default]
    Role,
    /// A function to which Lambda brings the messages.
    Lambda,
}

#[cfg(test)]
impl Form {
    const PLAIN: Self =
        Self { fifo: false, saga: Saga::Choreography, notifications: Notifier::Role };
    /// With FIFO queues.
    pub(crate) const FIFO: Self = Self { fifo: true, ..Self::PLAIN };
    /// Led by a state machine.
    pub(crate) const LED: Self = Self { saga: Saga::StepFunctions, ..Self::PLAIN };
    /// Notified by a function.
    pub(crate) const LAMBDA: Self = Self { notifications: Notifier::Lambda, ..Self::PLAIN };
    /// All of it at once.
    pub(crate) const ALL: Self =
        Self { fifo: true, saga: Saga::StepFunctions, notifications: Notifier::Lambda };

    /// Whether a story makes sense in it. One is of a process that receives nothing any more;
    /// Lambda goes on receiving, and no backlog is seen.
    pub(crate) fn has_story(self, scenario: &str) -> bool {
        self.notifications == Notifier::Role || scenario != "consumer-lag"
    }
}

impl Form {
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
        if self.notifications == Notifier::Lambda {
            flags += " --notifications lambda";
        }
        flags
    }
}
