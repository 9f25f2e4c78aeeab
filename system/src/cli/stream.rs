//! How the stream is reached, and a broker in memory for the processes of one machine.

#[cfg(feature = "kafka")]
pub(super) use with_kafka::{connect, parse, serve};
#[cfg(not(feature = "kafka"))]
pub(super) use without_kafka::{connect, parse, serve};

#[cfg(feature = "kafka")]
mod with_kafka {
    use std::sync::Arc;

    use super::super::entry::Session;
    use super::super::print::{say, tell};
    use super::super::signals::Signals;
    use crate::adapters::kafka::{Endpoint, KafkaSettings, KafkaStream};
    use crate::ports::{Stream, StreamError};
    use crate::role::Role;
    use crate::roles::topics;

    /// The text of `--kafka`, if it names brokers.
    pub(in super::super) fn parse(text: &str) -> Result<String, String> {
        let endpoint: Endpoint = text.parse().map_err(|error| format!("{error}"))?;
        Ok(endpoint.to_string())
    }

    /// The stream, if one of the roles needs it.
    pub(in super::super) fn connect(
        endpoint: &str,
        roles: &[Role],
    ) -> Result<Option<Arc<dyn Stream>>, String> {
        if !roles.iter().any(|role| role.needs_stream()) {
            return Ok(None);
        }
        let endpoint: Endpoint = endpoint.parse().map_err(|error| format!("{error}"))?;
        let stream = KafkaStream::connect(&endpoint, KafkaSettings::default()).map_err(text)?;
        if endpoint == Endpoint::Embedded {
            let brokers = stream.bootstrap();
            tell!("orderflow: brokers in this process, for --kafka of others: {brokers}");
        }
        Ok(Some(Arc::new(stream)))
    }

    /// Runs a broker in memory, with the system's topics, until a signal comes.
    pub(in super::super) async fn serve(session: &Session) -> Result<(), String> {
        let signals = Signals::hear()?;
        let stream = KafkaStream::connect(&Endpoint::Embedded, KafkaSettings::default());
        let stream = stream.map_err(text)?;
        let config = &session.config;
        let made = stream.ensure_topics(&topics(&config.names, config.partitions)).await;
        made.map_err(text)?;
        say!("orderflow: brokers at {}", stream.bootstrap());
        tell!("orderflow: for --kafka {}; their log ends with this", stream.bootstrap());
        signals.told_to_stop().await;
        Ok(())
    }

    fn text(error: StreamError) -> String {
        error.to_string()
    }
}

#[cfg(not(feature = "kafka"))]
mod without_kafka {
    use std::sync::Arc;

    use super::super::entry::Session;
    use crate::ports::Stream;
    use crate::role::Role;

    const MISSING: &str = "built without the feature \"kafka\"";

    pub(in super::super) fn parse(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    pub(in super::super) fn connect(
        _endpoint: &str,
        roles: &[Role],
    ) -> Result<Option<Arc<dyn Stream>>, String> {
        match roles.iter().find(|role| role.needs_stream()) {
            Some(role) => Err(format!("the role {role} needs the stream: {MISSING}")),
            None => Ok(None),
        }
    }

    pub(in super::super) async fn serve(_session: &Session) -> Result<(), String> {
        Err(MISSING.to_owned())
    }
}
