//! States that pass by themselves: `CREATING`, `DELETING`, `UPDATING` and the like.
//!
//! The rule for every service: such a state lasts until the next request that reads it. So whoever
//! makes something and asks for it again finds it ready, as waiters of SDKs do, also where time
//! stands still. With [`Lifecycle::Timed`] it lasts for a while of virtual time, as on AWS.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CallId, Context};
use crate::wire::Timestamp;

/// How long states that pass by themselves last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifecycle {
    /// Until the next request that reads them.
    #[default]
    UntilRead,
    /// For some virtual seconds.
    Timed,
}

/// A state that passes by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passing {
    /// AWS's word for it.
    pub status: Cow<'static, str>,
    /// The request that began it.
    begun_by: Option<CallId>,
    until: Timestamp,
}

impl Passing {
    /// The state `status` begins; `lasts` is its time in [`Lifecycle::Timed`].
    pub fn begin(ctx: &Context<'_>, status: &'static str, lasts: Duration) -> Self {
        let until = ctx.now() + lasts;
        Self { status: Cow::Borrowed(status), begun_by: ctx.call_id(), until }
    }

    /// Whether the state still lasts for whoever reads now.
    pub fn lasts(&self, ctx: &Context<'_>) -> bool {
        match ctx.settings().lifecycle {
            Lifecycle::UntilRead => self.begun_by.is_some() && self.begun_by == ctx.call_id(),
            Lifecycle::Timed => ctx.now() < self.until,
        }
    }
}
