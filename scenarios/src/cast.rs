//! The system's roles as processes. In the simulated stage each role is a system of its own in this
//! process, in the local one it is a process of the operating system. It knows no script.

use crate::api::Front;
use crate::crash::Crash;
use crate::lambda::Lambda;
use harness::stage::local::Fleet;
use harness::{Disturbance, Processes, Timeline, WorldError};
use orderflow::{Aws, Config, Deps, Role, Running, System};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Faults at AWS may keep a role from starting; so often it is started again, so far apart.
const STARTS_MAX: u32 = 120;
const START_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Whoever plays the roles.
pub(crate) enum Cast {
    Simulated(Box<Simulated>),
    Local(Fleet),
}

/// Each role runs by itself, with relays of its own, as it does in a process of its own. Dropping
/// it kills all.
pub(crate) struct Simulated {
    config: Config,
    /// Each role's own, so that faults can tell their calls apart.
    aws: BTreeMap<Role, Aws>,
    /// All lives of all roles share the source of identifiers, so that none comes twice.
    deps: Deps,
    front: Front,
    running: BTreeMap<Role, Running>,
    crash: Option<Crash>,
    /// In the place of the role that notifies.
    lambda: Option<Lambda>,
    timeline: Timeline,
}

impl Processes for Cast {
    async fn disturb(&mut self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        match self {
            Self::Simulated(cast) => cast.disturb(role, how).await,
            Self::Local(fleet) => fleet.disturb(role, how).await,
        }
    }
}

impl Simulated {
    /// Starts all roles. `front` is where the API is found while it runs.
    pub(crate) async fn start(
        config: Config,
        aws: BTreeMap<Role, Aws>,
        deps: Deps,
        front: Front,
        (crash, lambda): (Option<Crash>, Option<Lambda>),
        timeline: Timeline,
    ) -> Result<Self, String> {
        let running = BTreeMap::new();
        let mut cast = Self { config, aws, deps, front, running, crash, lambda, timeline };
        for role in Role::ALL {
            if role != Role::Notifications || cast.lambda.is_none() {
                cast.enter(role).await?;
            }
        }
        Ok(cast)
    }

    async fn disturb(&mut self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        let role = Role::parse(role).ok_or_else(|| WorldError(format!("no role `{role}`")))?;
        if let (Role::Notifications, Some(lambda)) = (role, &self.lambda) {
            lambda.disturb(how);
            return Ok(());
        }
        let gate = self.running.get(&role).map(Running::gate);
        match (how, gate) {
            (Disturbance::Start, None) => self.enter(role).await.map_err(WorldError)?,
            (Disturbance::Pause, Some(gate)) => gate.shut(),
            (Disturbance::Resume, Some(gate)) => gate.open(),
            (Disturbance::Kill | Disturbance::Stop, Some(_)) => {
                let running = self.running.remove(&role);
                if role == Role::Api {
                    self.front.close();
                }
                match (how, running) {
                    (Disturbance::Stop, Some(running)) => running.stop().await,
                    (_, running) => running.into_iter().for_each(Running::kill),
                }
            }
            (how, _) => return Err(WorldError(format!("it makes no sense that {role} {how}"))),
        }
        Ok(())
    }

    async fn enter(&mut self, role: Role) -> Result<(), String> {
        let config = Config { roles: vec![role], ..self.config.clone() };
        let own = &self.aws[&role];
        let aws = self.crash.as_ref().map(|crash| crash.around(role, own));
        let aws = aws.as_ref().unwrap_or(own);
        let deps = match &self.crash {
            Some(crash) => crash.within(role, self.deps.clone()),
            None => self.deps.clone(),
        };
        let mut starts = 1;
        let running = loop {
            match System::start(&config, aws, deps.clone()).await {
                Ok(running) => break running,
                Err(failure) if starts == STARTS_MAX => {
                    return Err(format!("{role} does not start: {failure}"));
                }
                Err(_) => starts += 1,
            }
            tokio::time::sleep(START_AGAIN_AFTER).await;
        };
        if role == Role::Api {
            self.front.open(running.router(), running.gate().clone());
        }
        if let Some(crash) = &self.crash {
            crash.arm(role, running.gate());
        }
        if role == Role::Analytics {
            // What it does with the stream crosses no border that others watch.
            let timeline = self.timeline.clone();
            tokio::task::spawn_local(running.heard(move |step| tell_failure(&timeline, step)));
        }
        self.running.insert(role, running);
        Ok(())
    }
}

fn tell_failure(timeline: &Timeline, step: &str) {
    let step: Value = serde_json::from_str(step).unwrap_or_default();
    if step["kind"] == "retry" {
        let (what, why) = (&step["what"], &step["text"]);
        let [what, why] = [what, why].map(|it| it.as_str().unwrap_or_default());
        timeline.note(Role::Analytics.as_str(), format!("fails with {what}: {why}"));
    }
}

/// Further instances of roles, beside those of the cast. Dropping it kills all.
pub(crate) struct Twins {
    pub(crate) config: Config,
    pub(crate) aws: BTreeMap<Role, Aws>,
    pub(crate) deps: Deps,
    pub(crate) running: Vec<Running>,
}

impl Twins {
    /// One more instance of a role that reads a queue.
    pub(crate) async fn add(&mut self, role: Role) -> Result<(), WorldError> {
        let config = Config { roles: vec![role], ..self.config.clone() };
        let started = System::start(&config, &self.aws[&role], self.deps.clone()).await;
        self.running.push(started.map_err(|failure| WorldError(failure.to_string()))?);
        Ok(())
    }
}

impl Drop for Twins {
    fn drop(&mut self) {
        std::mem::take(&mut self.running).into_iter().for_each(Running::kill);
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        // Not gracefully: the history is over.
        std::mem::take(&mut self.running).into_values().for_each(Running::kill);
    }
}
