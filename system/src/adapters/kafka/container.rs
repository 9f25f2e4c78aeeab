//! A broker in a container, by testcontainers: an engine such as Docker's is needed, and the image
//! of Apache Kafka. It is removed with this handle.

use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use testcontainers::core::{IntoContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, GenericImage, ImageExt};

use crate::ports::StreamError;

/// An image may have to be fetched before.
const STARTS_WITHIN: Duration = Duration::from_secs(180);

/// The port inside the container.
const PORT: u16 = 9092;

pub(super) struct Container {
    pub(super) bootstrap: String,
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Container {
    /// Starts the broker and waits for it.
    ///
    /// # Errors
    /// `Refused` with the engine's words.
    pub(super) fn start(image: &str) -> Result<Self, StreamError> {
        let refused = |error: String| StreamError::Refused(format!("testcontainers: {error}"));
        let port = free_port().map_err(|error| refused(error.to_string()))?;
        let (started, answer) = channel();
        let (end, ended) = channel();
        let image = image.to_owned();
        // A thread of its own: starting and removing both want a runtime that is not in use.
        let thread = thread::Builder::new()
            .name("kafka-container".to_owned())
            .spawn(move || serve(&image, port, &started, &ended))
            .map_err(|error| refused(error.to_string()))?;
        answer.recv().map_err(|error| refused(error.to_string()))?.map_err(refused)?;
        let bootstrap = format!("127.0.0.1:{port}");
        Ok(Self { bootstrap, end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.end = None;
        if self.thread.take().is_some_and(|it| it.join().is_err()) {
            tracing::warn!("the container's thread panicked");
        }
    }
}

fn serve(image: &str, port: u16, started: &Sender<Result<(), String>>, ended: &Receiver<()>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            // Nobody waits for the answer when the caller is gone; then there is nothing to do.
            let _ = started.send(Err(error.to_string()));
            return;
        }
    };
    match runtime.block_on(run(image, port)) {
        Ok(container) => {
            let _ = started.send(Ok(()));
            // Ends when the handle is dropped.
            let _ = ended.recv();
            if let Err(error) = runtime.block_on(container.rm()) {
                tracing::warn!(%error, "the container was not removed");
            }
        }
        Err(error) => {
            let _ = started.send(Err(error.to_string()));
        }
    }
}

async fn run(
    image: &str,
    port: u16,
) -> Result<ContainerAsync<GenericImage>, testcontainers::TestcontainersError> {
    let (name, tag) = image.rsplit_once(':').unwrap_or((image, "latest"));
    let advertised = format!("PLAINTEXT://127.0.0.1:{port}");
    let image = GenericImage::new(name, tag)
        .with_wait_for(WaitFor::message_on_stdout("Kafka Server started"))
        .with_startup_timeout(STARTS_WITHIN)
        // Clients use the address that the broker tells them, so its port must be known before.
        .with_mapped_port(port, PORT.tcp());
    let settings = [
        ("KAFKA_NODE_ID", "1"),
        ("KAFKA_PROCESS_ROLES", "broker,controller"),
        ("KAFKA_LISTENERS", "PLAINTEXT://:9092,CONTROLLER://:9093"),
        ("KAFKA_ADVERTISED_LISTENERS", advertised.as_str()),
        ("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
        ("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
        ("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
        ("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
        ("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
        ("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
        ("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
    ];
    settings
        .into_iter()
        .fold(image, |image, (name, value)| image.with_env_var(name, value))
        .start()
        .await
}

/// Free at this moment; the engine takes it a moment later.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
