//! The processes of a system's roles, each by itself, so that one can be killed, paused or stopped
//! while the others go on. A process that ends before it is ready is started again, as whoever
//! looks after a service would.

use super::process::{Process, Signal, ready};
use super::{Local, START_WITHIN};
use crate::processes::{Disturbance, Processes};
use crate::world::WorldError;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a process may take to end after it was told to.
const STOP_WITHIN: Duration = Duration::from_secs(60);
/// Faults at AWS may keep a role from starting; they end.
const START_AGAIN_WITHIN: Duration = Duration::from_secs(180);
const START_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Processes by role. Dropping it kills them.
#[derive(Default)]
pub struct Fleet(BTreeMap<String, Member>);

struct Member {
    process: Process,
    ready: Ready,
}

/// How one knows that a process is ready.
#[derive(Clone, Debug)]
pub enum Ready {
    /// It writes this.
    Writes(String),
    /// The address answers 200 on this path.
    Answers { address: String, path: String },
}

impl Fleet {
    /// Takes the running process of `role` over; its log is shown if the run fails.
    pub fn add(&mut self, local: &mut Local, role: &str, process: Process, ready: Ready) {
        local.follow(&process);
        self.0.insert(role.to_owned(), Member { process, ready });
    }
}

impl Processes for Fleet {
    async fn disturb(&mut self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        let member = self.0.get_mut(role);
        let member = member.ok_or_else(|| WorldError(format!("{role} is no process here")))?;
        let done = match how {
            Disturbance::Kill => member.process.kill().await,
            Disturbance::Pause => member.process.signal(Signal::Stop).await,
            Disturbance::Resume => member.process.signal(Signal::Continue).await,
            Disturbance::Stop => member.process.terminate(STOP_WITHIN).await,
            Disturbance::Start => member.start().await,
        };
        done.map_err(WorldError)
    }
}

impl Member {
    async fn start(&mut self) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            self.process.start_again()?;
            let started = match &self.ready {
                Ready::Writes(words) => self.process.writes(words, START_WITHIN).await,
                Ready::Answers { address, path } => ready(address, path, START_WITHIN).await,
            };
            let Err(error) = started else { return Ok(()) };
            if begin.elapsed() >= START_AGAIN_WITHIN {
                return Err(error);
            }
            self.process.kill().await?;
            sleep(START_AGAIN_AFTER).await;
        }
    }
}
