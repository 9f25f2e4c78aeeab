//! What a row of an operation table says of its operation.

use super::OperationTable;
use crate::kernel::{Refusal, ResourceMember, ThrottlingReason};
use crate::wire::rest::Route;

impl<S: 'static> OperationTable<S> {
    /// The last operation is about what the member at `path` names; see [`ResourceMember::path`].
    #[must_use]
    pub fn about(mut self, path: &'static str) -> Self {
        self.facts().resources.push(ResourceMember { path, action: None });
        self
    }

    /// The last operation is also about what `path` names, for which it needs another action.
    #[must_use]
    pub fn about_each(mut self, path: &'static str, action: &str) -> Self {
        let action = Some(format!("{}:{action}", self.actions));
        self.facts().resources.push(ResourceMember { path, action });
        self
    }

    /// The last operation is about no single resource.
    #[must_use]
    pub fn about_nothing(mut self) -> Self {
        self.facts().about_nothing = true;
        self
    }

    /// The last operation is permitted by another action than its own name.
    #[must_use]
    pub fn action(mut self, action: &str) -> Self {
        self.facts().action = format!("{}:{action}", self.actions);
        self
    }

    /// The entries of this member succeed or fail each by itself.
    #[must_use]
    pub fn entries(mut self, member: &'static str) -> Self {
        self.facts().entries = Some(member);
        self
    }

    /// When the last operation is slowed down, its error tells why.
    #[must_use]
    pub fn throttled(mut self, reason: ThrottlingReason) -> Self {
        self.facts().throttling_reason = Some(reason);
        self
    }

    /// How requests for the last operation look in restJson1.
    #[must_use]
    pub fn rest(mut self, route: Route) -> Self {
        self.rows.last_mut().expect("a route follows its operation").route = Some(route);
        self
    }

    /// AWS takes requests for the last operation that nobody has signed.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.facts().unsigned = true;
        self
    }

    /// All regions of a partition share what the last operation is about: it is run in
    /// [`crate::kernel::Region::home`], whichever region was asked.
    #[must_use]
    pub fn global(mut self) -> Self {
        self.facts().global = true;
        self
    }

    /// These members of the last operation are stored, so that they can be read back, and have no
    /// effect; `*` stands for any text. [`crate::kernel::Context::not_honoured`] reports no others
    /// but these and those that it [forgets](Self::forgets).
    #[must_use]
    pub fn stores(mut self, members: &[&'static str]) -> Self {
        self.facts().stored.extend(members);
        self
    }

    /// These members of the last operation are taken, have no effect and cannot be read back.
    #[must_use]
    pub fn forgets(mut self, members: &[&'static str]) -> Self {
        self.facts().forgotten.extend(members);
        self
    }

    /// The last operation refuses these members as not implemented, and the error names them.
    #[must_use]
    pub fn refuses(mut self, members: &[&'static str]) -> Self {
        self.facts().refused.extend(members.iter().map(|member| {
            let told = member.rsplit('.').next().unwrap_or(member);
            Refusal { member, values: None, told }
        }));
        self
    }

    /// The last operation refuses these `values` of a member, in words, as not implemented; the
    /// error says `told`.
    #[must_use]
    pub fn refuses_values(
        mut self,
        member: &'static str,
        values: &'static str,
        told: &'static str,
    ) -> Self {
        self.facts().refused.push(Refusal { member, values: Some(values), told });
        self
    }
}
