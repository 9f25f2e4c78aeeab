//! The same work for both sides: a shop's events.

use std::sync::Arc;

use orderflow::Names;
use orderflow::analytics::traffic::{Shop, Traffic};
use orderflow::app::records::records;
use orderflow::contracts::{BusEnvelope, Topic};
use orderflow::ports::NewRecord;

/// Skipped, until events of all kinds come in their proportions.
const WARM_UP: usize = 20_000;

pub(crate) struct Work {
    pub(crate) names: Names,
    /// The bodies of queue messages.
    pub(crate) bodies: Arc<Vec<String>>,
    /// What they become: some events stand in two topics.
    pub(crate) records: Vec<NewRecord>,
}

impl Work {
    /// Events that become this many records, or one less, in topics that begin with the name.
    pub(crate) fn new(name: &str, records: usize) -> Self {
        let names = Names::parse(name).expect("a prefix");
        let (mut bodies, mut made) = (Vec::new(), Vec::new());
        for told in Traffic::new(Shop::default()).skip(WARM_UP) {
            let (source, detail) = (told.source.on_bus(), &told.value);
            let body = format!(r#"{{"source":"{source}","detail-type":"it","detail":{detail}}}"#);
            let new = bridged(&names, &body);
            if made.len() + new.len() > records {
                break;
            }
            made.extend(new);
            bodies.push(body);
        }
        Self { names, bodies: Arc::new(bodies), records: made }
    }

    /// Those that are read.
    pub(crate) fn topics(&self) -> Vec<String> {
        Topic::counted().map(|it| self.names.stream_topic(it)).collect()
    }
}

/// What the bridge makes of a message.
pub(crate) fn bridged(names: &Names, body: &str) -> Vec<NewRecord> {
    let event: BusEnvelope = serde_json::from_str(body).expect("an event");
    records(names, &event).expect("an event of this system")
}
