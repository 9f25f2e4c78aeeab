//! What the clients are told, beside where the brokers are.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use super::Security;

/// Times and sizes; the default suits a service.
#[derive(Clone, Debug)]
pub struct KafkaSettings {
    /// What the brokers' logs and quotas call this program.
    pub client_id: String,
    /// A member whose process died is missed after this long. Brokers accept 6 s to 30 min unless
    /// told otherwise.
    pub session_timeout: Duration,
    /// A member that does not ask for news for this long is given up. At least the session's.
    pub max_poll_interval: Duration,
    /// A record that is not delivered after this long has failed.
    pub delivery_timeout: Duration,
    /// How long everything else may take that needs an answer.
    pub request_timeout: Duration,
    /// How long a record waits for others to share its batch.
    pub linger: Duration,
    /// What waits in the producer, or was fetched ahead by one member, is at most this much.
    pub buffer_bytes_max: usize,
}

/// The largest record of the port with what surrounds it; below the 1,048,588 bytes that brokers
/// take by default.
const MESSAGE_BYTES_MAX: usize = 1_040_000;

impl Default for KafkaSettings {
    fn default() -> Self {
        Self {
            client_id: "orderflow".to_owned(),
            session_timeout: Duration::from_secs(10),
            max_poll_interval: Duration::from_secs(60),
            delivery_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            linger: Duration::from_millis(5),
            buffer_bytes_max: 64 << 20,
        }
    }
}

impl KafkaSettings {
    /// What all clients of these brokers have in common.
    pub(super) fn client(&self, bootstrap: &str, security: &Security) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", bootstrap).set("client.id", &self.client_id);
        config.set("reconnect.backoff.max.ms", "2000");
        // rdkafka derives it from a logger that this program does not have.
        config.set_log_level(RDKafkaLogLevel::Warning);
        match security {
            Security::Plaintext => {}
            Security::Tls => {
                config.set("security.protocol", "SSL");
            }
            Security::Iam { .. } => {
                config.set("security.protocol", "SASL_SSL").set("sasl.mechanisms", "OAUTHBEARER");
            }
        }
        if *security != Security::Plaintext {
            // The system's certificate authorities, wherever this system has them.
            config.set("ssl.ca.location", "probe");
        }
        config
    }

    pub(super) fn producer(&self, client: &ClientConfig) -> ClientConfig {
        let mut config = client.clone();
        let kilobytes = (self.buffer_bytes_max >> 10).to_string();
        let delivery_timeout = self.delivery_timeout.max(self.linger + Duration::from_millis(1));
        for (name, value) in [
            ("enable.idempotence", "true"),
            ("acks", "all"),
            ("compression.type", "lz4"),
            // The same key hashes as in Kafka's Java clients, and in the log in memory.
            ("partitioner", "murmur2_random"),
            ("linger.ms", &millis(self.linger)),
            ("batch.size", "1000000"),
            ("batch.num.messages", "10000"),
            ("queue.buffering.max.messages", "500000"),
            ("queue.buffering.max.kbytes", &kilobytes),
            ("message.max.bytes", &MESSAGE_BYTES_MAX.to_string()),
            ("delivery.timeout.ms", &millis(delivery_timeout)),
            ("request.timeout.ms", &millis(self.request_timeout)),
        ] {
            config.set(name, value);
        }
        config
    }

    pub(super) fn consumer(&self, client: &ClientConfig, group: &str) -> ClientConfig {
        let mut config = client.clone();
        let kilobytes = (self.buffer_bytes_max >> 10).to_string();
        for (name, value) in [
            ("group.id", group),
            ("group.protocol", "classic"),
            // Gives partitions with the same number to the same member.
            ("partition.assignment.strategy", "range"),
            ("session.timeout.ms", &millis(self.session_timeout)),
            ("heartbeat.interval.ms", &millis(self.session_timeout / 5)),
            ("max.poll.interval.ms", &millis(self.max_poll_interval)),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("enable.partition.eof", "true"),
            ("allow.auto.create.topics", "false"),
            // An offset that is not there any more must not become another one silently.
            ("auto.offset.reset", "error"),
            ("fetch.wait.max.ms", "100"),
            ("queued.max.messages.kbytes", &kilobytes),
        ] {
            config.set(name, value);
        }
        config
    }
}

fn millis(duration: Duration) -> String {
    duration.as_millis().to_string()
}
