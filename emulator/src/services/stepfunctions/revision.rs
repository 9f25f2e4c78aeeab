//! A revision of a state machine: a definition and all that is updated with it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use skyrig_asl::Definition;
use skyrig_asl::definition::ExecutionType;

use super::error::StepFunctionsError;
use super::shapes::{EncryptionConfiguration, LoggingConfiguration};
use crate::wire::Timestamp;

/// What an execution runs. It never changes; those who share it outlive the machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub(super) struct Revision {
    pub(super) settings: Settings,
    /// Nothing before the first update.
    pub(super) id: Option<String>,
    pub(super) updated: Timestamp,
    /// As it was read.
    pub(super) definition: Definition,
}

/// What a request says of a revision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) definition: Arc<str>,
    pub(super) role_arn: String,
    pub(super) express: bool,
    pub(super) logging: LoggingConfiguration,
    pub(super) tracing: bool,
    pub(super) encryption: Option<EncryptionConfiguration>,
}

/// A revision as it is written down: the definition is a text.
#[derive(Clone, Serialize, Deserialize)]
struct Written {
    settings: Settings,
    id: Option<String>,
    updated: Timestamp,
}

impl From<Revision> for Written {
    fn from(revision: Revision) -> Self {
        let Revision { settings, id, updated, .. } = revision;
        Self { settings, id, updated }
    }
}

impl TryFrom<Written> for Revision {
    type Error = StepFunctionsError;

    fn try_from(written: Written) -> Result<Self, StepFunctionsError> {
        let Written { settings, id, updated } = written;
        Self::new(settings, id, updated)
    }
}

/// The kind of executions that a definition is for.
pub(super) fn kind(express: bool) -> ExecutionType {
    if express { ExecutionType::Express } else { ExecutionType::Standard }
}

impl Revision {
    /// # Errors
    /// `InvalidDefinition`.
    pub(super) fn new(
        settings: Settings,
        id: Option<String>,
        updated: Timestamp,
    ) -> Result<Self, StepFunctionsError> {
        let read = Definition::parse(&settings.definition, kind(settings.express));
        let (definition, _) = read.map_err(|found| StepFunctionsError::definition(&found))?;
        Ok(Self { settings, id, updated, definition })
    }

    /// The name by which a request can ask for just this one.
    pub(super) fn name(&self) -> &str {
        self.id.as_deref().unwrap_or("INITIAL")
    }
}
