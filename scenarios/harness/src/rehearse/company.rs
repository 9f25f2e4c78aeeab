//! The system's processes: started, known to be ready, killed, paused, stopped and started again.

use super::doing::Doing;
use super::setup::Places;
use super::system::{Ready, System};
use super::traffic::Traffic;
use crate::processes::{Disturbance, Processes};
use crate::stage::local::{Log, Process, START_WITHIN, Signal, ready};
use crate::timeline::Timeline;
use crate::world::WorldError;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// How long a process may take to end after it was told to.
const STOP_WITHIN: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// All processes. Cheap to clone; all clones are the same. Dropping the last one kills them.
#[derive(Clone)]
pub(super) struct Company {
    members: Rc<RefCell<BTreeMap<String, Member>>>,
    pub(super) traffic: Traffic,
    pub(super) doing: Doing,
    timeline: Timeline,
}

struct Member {
    /// Absent while something is done to it.
    process: Option<Process>,
    ready: Ready,
    log: Log,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Runs,
    Pauses,
    /// Somebody has ended it.
    Down,
    /// It has ended by itself.
    Ended,
}

impl Company {
    pub(super) fn new(traffic: Traffic, doing: Doing, timeline: Timeline) -> Self {
        Self { members: Rc::default(), traffic, doing, timeline }
    }

    /// Starts every process of `system`, in the order of the file; `doorways` are their addresses.
    pub(super) async fn start(
        &self,
        system: &System,
        places: &Places,
        doorways: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        for (name, process) in system.members() {
            let endpoint = doorways.get(&name).map_or("", String::as_str);
            let environments = [&system.env, &process.env];
            let command = (&process.command, process.directory.as_deref());
            let launch = places.launch(&name, command, environments, endpoint);
            let ready = match &process.ready {
                Ready::Calls => Ready::Calls,
                Ready::Log(words) => Ready::Log(words.clone()),
                Ready::Http(address) => Ready::Http(places.filled(address)),
                Ready::Port(port) => Ready::Port(places.filled(port)),
            };
            self.traffic.lives(&name);
            let started = Process::launch(launch)?;
            let log = started.log();
            let state = State::Runs;
            let member = Member { process: Some(started), ready, log, state };
            self.members.borrow_mut().insert(name.clone(), member);
        }
        for (name, _) in system.members() {
            self.until_ready(&name, 0).await?;
            self.timeline.note(&name, "is ready");
        }
        Ok(())
    }

    /// What each has written, by name.
    pub(super) fn logs(&self) -> Vec<(String, String)> {
        let members = self.members.borrow();
        members.iter().map(|(name, member)| (name.clone(), member.log.text())).collect()
    }

    /// `runs`, `pauses`, `down` or `ended`.
    pub(super) fn state(&self, name: &str) -> Option<&'static str> {
        Some(match self.members.borrow().get(name)?.state {
            State::Runs => "runs",
            State::Pauses => "pauses",
            State::Down => "down",
            State::Ended => "ended",
        })
    }

    /// Who has ended by itself, and how.
    pub(super) fn look_after(&self) {
        for (name, member) in self.members.borrow_mut().iter_mut() {
            let ended = member.process.as_mut().and_then(Process::ended);
            if let Some(status) = ended.filter(|_| member.state == State::Runs) {
                member.state = State::Ended;
                self.traffic.gone(name);
                self.timeline.note(name, format!("has ended by itself: {status}"));
            }
        }
    }

    /// The names of those who have ended by themselves.
    pub(super) fn ended(&self) -> Vec<String> {
        self.look_after();
        let members = self.members.borrow();
        let ended = members.iter().filter(|(_, member)| member.state == State::Ended);
        ended.map(|(name, _)| name.clone()).collect()
    }

    async fn change(&self, name: &str, how: Disturbance) -> Result<(), String> {
        let _moving = self.doing.move_processes();
        let mut process = self.take(name)?;
        let done = match how {
            Disturbance::Kill => process.kill().await,
            Disturbance::Pause => process.signal(Signal::Stop).await,
            Disturbance::Resume => process.signal(Signal::Continue).await,
            Disturbance::Stop => process.terminate(STOP_WITHIN).await,
            Disturbance::Start => process.start_again(),
        };
        self.give(name, process, how, done.is_ok());
        done?;
        match how {
            Disturbance::Start => self.until_ready(name, self.traffic.calls_of(name)).await,
            _ => Ok(()),
        }
    }

    fn take(&self, name: &str) -> Result<Process, String> {
        let mut members = self.members.borrow_mut();
        let known: Vec<String> = members.keys().cloned().collect();
        let member = members.get_mut(name);
        let member = member
            .ok_or_else(|| format!("{name} is no process; there are {}", known.join(", ")))?;
        member.process.take().ok_or_else(|| format!("something else is done to {name} just now"))
    }

    fn give(&self, name: &str, process: Process, how: Disturbance, done: bool) {
        let state = match how {
            Disturbance::Kill | Disturbance::Stop => State::Down,
            Disturbance::Pause => State::Pauses,
            Disturbance::Resume | Disturbance::Start => State::Runs,
        };
        if done {
            match state {
                State::Runs => self.traffic.lives(name),
                State::Pauses => self.traffic.stands(name),
                State::Down | State::Ended => self.traffic.gone(name),
            }
        }
        if let Some(member) = self.members.borrow_mut().get_mut(name) {
            member.process = Some(process);
            member.state = if done { state } else { member.state };
        }
    }

    /// Waits until it is ready; `calls` is how often it had asked AWS for something before.
    async fn until_ready(&self, name: &str, calls: u64) -> Result<(), String> {
        let mut process = self.take(name)?;
        let kind = match self.members.borrow().get(name) {
            Some(member) => member.ready.clone(),
            None => Ready::Calls,
        };
        let waited = tokio::select! {
            biased;
            waited = self.ready(name, kind, calls) => waited,
            status = process.wait() => Err(format!("{name} ended before it was ready: {status}")),
        };
        if let Some(member) = self.members.borrow_mut().get_mut(name) {
            member.process = Some(process);
        }
        waited
    }

    async fn ready(&self, name: &str, kind: Ready, calls: u64) -> Result<(), String> {
        let end = Instant::now() + START_WITHIN;
        let late = |what: &str| format!("{name} did not {what} in {START_WITHIN:?}");
        match kind {
            Ready::Http(address) => {
                let rest = address.strip_prefix("http://").unwrap_or(&address);
                let at = rest.find('/').unwrap_or(rest.len());
                let (host, path) = rest.split_at(at);
                ready(host, if path.is_empty() { "/" } else { path }, START_WITHIN).await
            }
            Ready::Log(words) => {
                let log = self.members.borrow().get(name).map(|member| member.log.clone());
                let written = || log.as_ref().is_some_and(|log| log.latest().contains(&words));
                until(end, written).await.ok_or_else(|| late(&format!("write `{words}`")))
            }
            Ready::Calls => {
                let called = || self.traffic.calls_of(name) > calls;
                let what = "ask AWS for anything; say in `ready` how one knows that it is there";
                until(end, called).await.ok_or_else(|| late(what))
            }
            Ready::Port(port) => {
                let address = format!("127.0.0.1:{port}");
                while TcpStream::connect(&address).await.is_err() {
                    if Instant::now() >= end {
                        return Err(late(&format!("listen at port {port}")));
                    }
                    sleep(LOOK_EVERY).await;
                }
                Ok(())
            }
        }
    }
}

async fn until(end: Instant, holds: impl Fn() -> bool) -> Option<()> {
    while !holds() {
        if Instant::now() >= end {
            return None;
        }
        sleep(LOOK_EVERY).await;
    }
    Some(())
}

impl Processes for Company {
    async fn disturb(&mut self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        self.act(role, how).await
    }
}

impl Company {
    pub(super) async fn act(&self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        // What has ended by itself is started like what was ended; it can't be killed once more.
        if self.state(role) == Some("ended") && how != Disturbance::Start {
            return match how {
                Disturbance::Kill | Disturbance::Stop => Ok(()),
                _ => Err(WorldError(format!("{role} has ended by itself"))),
            };
        }
        self.change(role, how).await.map_err(WorldError)
    }
}
