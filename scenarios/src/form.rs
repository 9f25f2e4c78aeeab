//! In which form the system is played. What it does is the same in each.

use clap::{Args, ValueEnum};
use orderflow::Saga;

/// Who does what may be done by the one or the other.
#[derive(Args, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
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

impl Form {
    /// Led by a state machine.
    #[cfg(test)]
    pub(crate) const LED: Self = Self { saga: Saga::StepFunctions, notifications: Notifier::Role };
    /// Notified by a function.
    #[cfg(test)]
    pub(crate) const LAMBDA: Self =
        Self { saga: Saga::Choreography, notifications: Notifier::Lambda };

    /// What the end of a command says of it.
    pub(crate) fn flags(self) -> String {
        let mut flags = String::new();
        if self.saga != Saga::default() {
            flags += &format!(" --saga {}", self.saga.as_str());
        }
        if self.notifications == Notifier::Lambda {
            flags += " --notifications lambda";
        }
        flags
    }
}
