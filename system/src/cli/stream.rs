//! How the stream is reached, and a broker in memory for the processes of one machine.

use std::sync::Arc;

use super::entry::Session;
use super::run::told_to_stop;
use crate::adapters::kafka::{Endpoint, KafkaSettings, KafkaStream};
use crate::ports::Stream;
use crate::roles::{Role, topics};

/// The stream, if one of the roles needs it.
pub(super) fn connect(
    endpoint: &Endpoint,
    roles: &[Role],
) -> Result<Option<Arc<dyn Stream>>, String> {
    if !roles.iter().any(|role| role.needs_stream()) {
        return Ok(None);
    }
    let stream = KafkaStream::connect(endpoint, KafkaSettings::default());
    Ok(Some(Arc::new(stream.map_err(|error| error.to_string())?)))
}

/// Runs a broker in memory, with the system's topics, until a signal comes.
pub(super) async fn serve(session: &Session) -> Result<(), String> {
    let text = |error: crate::ports::StreamError| error.to_string();
    let stream =
        KafkaStream::connect(&Endpoint::Embedded, KafkaSettings::default()).map_err(text)?;
    let config = &session.config;
    stream.ensure_topics(&topics(&config.names, config.partitions)).await.map_err(text)?;
    println!("orderflow: brokers at {}", stream.bootstrap());
    eprintln!("orderflow: for --kafka {}; what is in them ends with this", stream.bootstrap());
    told_to_stop().await;
    Ok(())
}
