//! What a cloud is told at its creation. Part of its state, so a snapshot carries it.

use serde::{Deserialize, Serialize};

use super::{AccessKeys, Lifecycle, SignatureMode, SigningMode};
use crate::wire::Timestamp;

/// Whether a delivery from another service needs the target's resource policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyMode {
    /// As AWS does: a delivery without a permitting statement is refused, with the reason.
    #[default]
    Enforce,
    /// The delivery goes through; the reason is logged and kept in the lineage.
    Warn,
}

/// 2026-01-01T00:00:00Z: where virtual time begins when nobody says otherwise.
const DEFAULT_START: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// What URLs of queues look like.
///
/// Source: docs.localstack.cloud, "Simple Queue Service (SQS)", `SQS_ENDPOINT_STRATEGY`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueUrls {
    /// `http://HOST/ACCOUNT/NAME`, at the host by which the client asked.
    #[default]
    AsAsked,
    /// `http://sqs.REGION.HOST/ACCOUNT/NAME`.
    Standard,
    /// `http://REGION.queue.HOST/ACCOUNT/NAME`; without the region in us-east-1.
    Domain,
    /// `http://HOST/queue/REGION/ACCOUNT/NAME`.
    Path,
    /// `http://HOST/ACCOUNT/NAME`, at the public host.
    Plain,
}

/// By what addresses the emulator is known to others than who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublicAddress {
    /// A name, perhaps with a port; without one, the port by which the client asked.
    pub host: Option<String>,
    pub queue_urls: QueueUrls,
}

impl PublicAddress {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The settings of one cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Seed of every id.
    pub seed: u64,
    /// When virtual time begins.
    pub start: Timestamp,
    pub policies: PolicyMode,
    /// Refuse requests that use a setting which is stored but has no effect here.
    pub strict: bool,
    /// Lift the rules that only make a client wait: SQS's 60 seconds between purges and between
    /// deleting and creating a queue of one name.
    pub relaxed: bool,
    /// Whether requests must be signed with a key that is known here.
    pub signatures: SignatureMode,
    /// Whether SNS signs what it sends.
    pub signing: SigningMode,
    /// The keys that are known without having been issued here.
    pub credentials: AccessKeys,
    /// How long states that pass by themselves last.
    pub lifecycle: Lifecycle,
    /// What addresses it hands out.
    #[serde(skip_serializing_if = "PublicAddress::is_default")]
    pub public: PublicAddress,
    /// How often the state was thrown away: what was handed out before, such as receipt handles, is
    /// of no use afterwards.
    pub resets: u64,
    /// Bytes of lineage kept; the oldest entries go first.
    pub lineage_bytes_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 0,
            start: DEFAULT_START,
            policies: PolicyMode::default(),
            strict: false,
            relaxed: false,
            signatures: SignatureMode::default(),
            signing: SigningMode::default(),
            credentials: AccessKeys::default(),
            lifecycle: Lifecycle::default(),
            public: PublicAddress::default(),
            resets: 0,
            lineage_bytes_max: 4 * 1024 * 1024,
        }
    }
}
