//! `skyrig health`: whether an emulator serves and has run its scripts, for health checks of
//! containers.

use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::client::{ClientError, Endpoint};

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(100);

/// A question of `skyrig health`.
#[derive(Debug, clap::Args)]
pub(crate) struct Health {
    #[command(flatten)]
    endpoint: Endpoint,
    /// Ask again for so many seconds until it is ready.
    #[arg(long, value_name = "SECONDS", default_value_t = 0,
        value_parser = clap::value_parser!(u64).range(0..=3600))]
    within: u64,
}

impl Health {
    /// `ready`.
    ///
    /// # Errors
    /// [`ClientError`] with why it is not.
    pub(crate) fn ask(&self) -> Result<String, ClientError> {
        // Nobody ever sends: waiting for it is a pause.
        let (_sender, never) = mpsc::channel::<()>();
        let times = Duration::from_secs(self.within).as_millis() / PAUSE.as_millis();
        let mut answer = self.ask_once();
        for _ in 0..times {
            if answer.is_ok() {
                break;
            }
            let _timed_out = never.recv_timeout(PAUSE);
            answer = self.ask_once();
        }
        answer
    }

    fn ask_once(&self) -> Result<String, ClientError> {
        self.endpoint.page("/_skyrig/health")?;
        let stage: Value = self.endpoint.read(&self.endpoint.page("/_localstack/init/ready")?)?;
        if stage["completed"] == true {
            return Ok("ready".to_owned());
        }
        Err(ClientError::Refused("its scripts of ready.d have not all been run yet".to_owned()))
    }
}
