//! Replays of archived events, as an operator has them done. It knows no queue and no table.

use crate::world::{Done, OrderWorld, failed};
use harness::script::Span;
use harness::{Arguments, WorldError, text};
use orderflow::Role;
use orderflow::domain::Timestamp;
use orderflow::infra::replays::{self, Window};
use serde_json::json;

impl OrderWorld {
    /// Starts a replay and waits until it is over.
    pub(crate) async fn replay(&self, with: &Arguments) -> Done {
        let now = self.epoch.1 + self.epoch.0.elapsed();
        let from = self.moment(with, "from")?.unwrap_or(self.epoch.1);
        let to = self.moment(with, "to")?.unwrap_or(now);
        let window = Window::new(from, to).map_err(|error| WorldError(error.to_string()))?;
        let roles: Vec<_> = match with.contains_key("role") {
            true => vec![role(text(with, "role")?)?],
            false => vec![],
        };
        let started = replays::start(&self.aws, &self.names, window, &roles, now);
        let started = started.await.map_err(failed)?;
        let whom = roles.first().map_or("all roles", |role| role.as_str());
        self.timeline.note("operator", format!("replays events to {whom}"));
        let ended = replays::wait(&self.aws, started, |_| {}).await.map_err(failed)?;
        self.timeline.note("operator", format!("replay to {whom}: {}", ended.state));
        let percent = u64::try_from(ended.percent()).unwrap_or(100);
        Ok(json!({ "name": ended.name, "state": ended.state, "percent": percent }))
    }

    /// So long after the system was set up.
    fn moment(&self, with: &Arguments, name: &str) -> Result<Option<Timestamp>, WorldError> {
        if !with.contains_key(name) {
            return Ok(None);
        }
        let span = text(with, name)?.parse::<Span>();
        let Span(after) = span.map_err(|how| WorldError(format!("{name}: {how}")))?;
        Ok(Some(self.epoch.1 + after))
    }
}

fn role(name: &str) -> Result<Role, WorldError> {
    Role::parse(name).ok_or_else(|| {
        let known = Role::ALL.map(Role::as_str);
        WorldError(harness::catalog::suggest(&format!("there is no role `{name}`"), name, &known))
    })
}
