//! The state that belongs to no service, and who calls.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::timers::pairs;
use super::{
    Account, Answer, Delivery, Faults, Identities, Identity, Ids, Letters, Lineage, OutsideId,
    Principal, ReturnAddress, Scope, Secret, ServiceName, Session, Sessions, Settings, Signer,
    SigningKey, Timers,
};
use crate::wire::{Timestamp, WireError, world};

/// The number of a request that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u64);

/// Who calls, as far as the request says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub scope: Scope,
    /// The access key id, if the request was signed.
    pub access_key_id: Option<String>,
    /// The service that calls on somebody's behalf, if no client does.
    pub principal: Option<Principal>,
    /// The temporary credentials that the access key id belongs to, if it was issued here.
    pub session: Option<Arc<Session>>,
    /// The IAM user that the access key id belongs to, if it was issued here.
    pub user: Option<Arc<Identity>>,
    /// The `Host` header as the client wrote it.
    pub host: HeaderValue,
    /// The X-Ray trace that the request belongs to: the header `X-Amzn-Trace-Id`.
    pub trace_header: Option<Box<str>>,
    /// It asks over TLS.
    pub is_secure: bool,
    /// The world that its request named, so that links lead back there.
    pub world: Option<Box<str>>,
}

impl Caller {
    /// A service of this emulator that calls in `scope`.
    pub fn service(principal: Principal, scope: Scope) -> Self {
        let host = HeaderValue::from_static("localhost");
        let principal = Some(principal);
        Self {
            scope,
            access_key_id: None,
            principal,
            session: None,
            user: None,
            host,
            trace_header: None,
            is_secure: false,
            world: None,
        }
    }

    /// What fault rules call it: the access key id, or the service.
    pub fn name(&self) -> Option<&str> {
        self.access_key_id.as_deref().or(self.principal.as_ref().map(Principal::as_str))
    }

    /// As policies name it: a service, or [`Self::arn`].
    pub fn principal_name(&self) -> Cow<'_, str> {
        match &self.principal {
            Some(principal) => Cow::Borrowed(principal.as_str()),
            None => Cow::Owned(self.arn()),
        }
    }

    /// Who calls, if it is a session or a user that was made here.
    pub fn identity(&self) -> Option<&Identity> {
        let session = self.session.as_deref().map(|session| &session.identity);
        session.or(self.user.as_deref())
    }

    /// The ARN of who calls: that of a session or of a user, else that of the account's user.
    pub fn arn(&self) -> String {
        let user = || self.scope.region.user_arn(&self.scope.account.0);
        self.identity().map_or_else(user, |identity| identity.arn.to_string())
    }

    /// `http://host:port`, or `https://`, by which the client knows this emulator, with the path of
    /// its world if it named one; queue URLs begin with it.
    pub fn endpoint(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        let host = self.host.to_str().unwrap_or("localhost");
        match &self.world {
            None => format!("{scheme}://{host}"),
            Some(world) => format!("{scheme}://{host}{}{world}", world::PATH),
        }
    }
}

/// The part of a cloud's state that belongs to no service.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kernel {
    pub settings: Settings,
    pub now: Timestamp,
    pub ids: Ids,
    pub timers: Timers,
    /// The temporary credentials that were issued.
    pub sessions: Sessions,
    /// The roles and users that IAM has made.
    pub identities: Identities,
    pub lineage: Lineage,
    pub faults: Faults,
    /// What would have left the cloud for people and devices.
    pub letters: Letters,
    /// Which service holds the waiting call, where, and under which key.
    #[serde(with = "pairs")]
    pub parked: BTreeMap<CallId, Parked>,
    pub next_call: u64,
    /// What the world outside was asked for, and who waits for the answer.
    #[serde(with = "pairs")]
    pub outside: BTreeMap<OutsideId, PendingOutside>,
    pub next_outside: u64,
    /// A function of the seed, so it need not be written down.
    #[serde(skip)]
    pub signing_key: SigningKey,
}

/// Where a waiting call is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    pub service: ServiceName,
    pub scope: Scope,
    /// What the service needs to find it again (SQS: the queue's name).
    pub key: Arc<str>,
}

/// Who waits for an answer from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PendingOutside {
    /// A service that called.
    Service(ReturnAddress),
    /// A delivery to an HTTP server.
    Delivery(Box<Delivery>),
    /// The sender of a delivery, for whom its target's service asks.
    Sender(Box<Delivery>),
}

impl Kernel {
    pub fn new(settings: Settings) -> Self {
        Self {
            now: settings.start,
            ids: Ids::from_seed(settings.seed),
            timers: Timers::default(),
            sessions: Sessions::default(),
            identities: Identities::default(),
            lineage: Lineage::new(settings.lineage_bytes_max),
            faults: Faults::from_seed(settings.seed),
            letters: Letters::default(),
            parked: BTreeMap::new(),
            next_call: 1,
            outside: BTreeMap::new(),
            next_outside: 1,
            signing_key: SigningKey::default(),
            settings,
        }
    }

    /// The secret of an access key id, and the token that must come with it.
    pub fn secret(&self, access_key_id: &str) -> Option<(&Secret, Option<&Secret>)> {
        let session = self.sessions.get(access_key_id);
        let issued = session.map(|session| (&session.secret, Some(&session.token)));
        let of_user = || self.identities.key(access_key_id).map(|key| (&key.secret, None));
        let known = issued.or_else(of_user);
        known.or_else(|| self.settings.credentials.secret(access_key_id))
    }

    /// Whose account an access key id is of, where it does not say so itself.
    pub fn account_of(&self, access_key_id: &str) -> Option<&Account> {
        if let Some(session) = self.sessions.get(access_key_id) {
            return Some(&session.account);
        }
        if let Some(key) = self.identities.key(access_key_id) {
            return Some(&key.account);
        }
        self.settings.credentials.by_id.get(access_key_id)?.account.as_ref()
    }

    /// Who signs notifications.
    pub fn signer(&self) -> Signer {
        let Settings { seed, signing, .. } = self.settings;
        Signer::new(seed, signing, self.signing_key.clone())
    }

    /// The number of something that the world outside is asked for.
    pub fn ask_outside(&mut self, who_waits: PendingOutside) -> OutsideId {
        let id = OutsideId(self.next_outside);
        self.next_outside += 1;
        self.outside.insert(id, who_waits);
        id
    }
}

/// The answer to a call that had been waiting.
pub struct Completed {
    pub call: CallId,
    pub answer: Result<Box<dyn Answer>, WireError>,
}
