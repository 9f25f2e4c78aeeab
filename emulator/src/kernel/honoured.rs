//! What a request asks for and does not get: members that are kept, or not, and change nothing.

use super::Context;
use crate::wire::WireError;

/// A member that the request used and that has no effect here; refused in strict mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} has no effect in this emulator, and strict mode is on")]
pub struct NotHonoured(pub String);

impl From<NotHonoured> for WireError {
    fn from(refused: NotHonoured) -> Self {
        WireError::sender("NotImplementedException", refused.to_string())
            .query_code("NotImplemented")
    }
}

impl Context<'_> {
    /// Reports that `member` is stored, or forgotten, and has no effect here.
    ///
    /// # Errors
    /// [`NotHonoured`] in strict mode; call it before anything is changed.
    ///
    /// # Panics
    /// In debug builds when something has happened already, since the refusal would come too late,
    /// and when the operation's row does not declare the member.
    pub fn not_honoured(&mut self, member: &str) -> Result<(), NotHonoured> {
        debug_assert!(!self.acted, "{}: {member} is refused too late", self.service);
        let forgotten = self.facts.is_some_and(|facts| facts.forgets(member));
        let declared = forgotten || self.facts.is_none_or(|facts| facts.stores(member));
        debug_assert!(declared, "{}: the row does not say that {member} is stored", self.service);
        if self.kernel.settings.strict {
            return Err(NotHonoured(format!("{}: {member}", self.service)));
        }
        if forgotten {
            tracing::warn!(service = %self.service, member, "has no effect here and is not kept");
        } else {
            tracing::warn!(service = %self.service, member, "stored, but has no effect here");
        }
        Ok(())
    }
}
