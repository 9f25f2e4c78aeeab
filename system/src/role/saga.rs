//! Who leads an order through its saga.

use super::Role;
use crate::failure::Dependency;

/// In either form, the same participants do the same things in the same order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Saga {
    /// Nobody: each participant listens to the events that concern it.
    #[default]
    Choreography,
    /// A state machine, which has each step done and waits until it is.
    StepFunctions,
}

impl Saga {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Choreography => "choreography",
            Self::StepFunctions => "step-functions",
        }
    }

    /// What a role cannot do its work without.
    pub fn dependencies(self, role: Role) -> Vec<Dependency> {
        let coordinator = match (self, role.participant()) {
            (Self::StepFunctions, Some(_)) => Some(Dependency::StepFunctions),
            _ => None,
        };
        role.dependencies().iter().copied().chain(coordinator).collect()
    }
}
