//! Makes the calls, so many at once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::allowed::{AllowedOutbound, Judge};
use super::call::{self, NoAnswer};
use super::trust::{CaError, Trust};
use crate::host::Asked;
use crate::kernel::OutsideRequest;

/// Most calls at once; others wait for their turn.
const CALLS_MAX: usize = 256;

/// What may be called, and how.
#[derive(Clone, Debug, Default)]
pub struct OutboundSettings {
    /// Servers that may be called besides those on this machine.
    pub allowed: Vec<AllowedOutbound>,
    /// Certificates in PEM of those who may sign servers' certificates; the system's without it.
    pub ca: Option<PathBuf>,
}

/// Calls servers outside.
#[derive(Clone)]
pub(in crate::edge) struct Outbound(Arc<Caller>);

struct Caller {
    judge: Judge,
    trust: Trust,
    permits: Semaphore,
}

impl Outbound {
    /// For an emulator that listens at `own`.
    ///
    /// # Errors
    /// [`CaError`] when the file of certificates can't be used.
    pub(in crate::edge) fn new(
        settings: OutboundSettings,
        own: SocketAddr,
    ) -> Result<Self, CaError> {
        let trust = Trust::new(settings.ca.as_deref())?;
        let judge = Judge::new(settings.allowed, own);
        Ok(Self(Arc::new(Caller { judge, trust, permits: Semaphore::new(CALLS_MAX) })))
    }
}

impl Outbound {
    /// Calls a server, as a task of its own.
    pub(in crate::edge) fn call(&self, asked: Asked) {
        let OutsideRequest::Http { target, body } = &asked.request else { return };
        let (target, body) = (target.clone(), body.clone());
        let Ok(runtime) = Handle::try_current() else {
            return asked.fail("this emulator is about to stop");
        };
        let caller = Arc::clone(&self.0);
        runtime.spawn(async move {
            let Ok(_permit) = caller.permits.acquire().await else { return };
            match call::call((&caller.judge, &caller.trust), target, body).await {
                Ok(answer) => asked.answer(answer),
                Err(NoAnswer::Failed(reason)) => asked.fail(reason),
                Err(NoAnswer::Refused(reason)) => {
                    tracing::warn!(reason, "a server outside is not called");
                    asked.refuse(reason);
                }
            }
        });
    }
}
