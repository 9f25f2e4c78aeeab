//! The context object: `$$`, or `$states.context`.

use serde_json::{Map, Value, json};

use super::branch::Branch;
use super::{About, Execution};
use crate::definition::{Kind, State};
use crate::time;

/// What the context object calls a state that is tried.
const TRIED_STATE_NAME: &str = "StateName";

impl Execution {
    pub(super) fn context(&self, branch: &Branch, state: &State) -> Value {
        if let Some(given) = self.inspection.as_ref().and_then(|notes| notes.context.clone()) {
            return given;
        }
        let mut context = Map::new();
        let mut execution = json!({
            "Id": self.about.id,
            "Input": self.input.value(),
            "StartTime": time::show(self.started_at),
            "Name": self.about.name,
            "RoleArn": self.about.role_arn,
        });
        if !self.about.express {
            execution["RedriveCount"] = self.redrives.into();
        }
        if let Some(at) = self.redriven_at {
            execution["RedriveTime"] = time::show(at).into();
        }
        context.insert("Execution".into(), execution);
        context.insert("StateMachine".into(), machine(&self.about));
        // `TestState` calls every state the same here, as recorded.
        let name = match self.inspection {
            Some(_) => TRIED_STATE_NAME,
            None => state.name.as_str(),
        };
        let mut entered = json!({
            "Name": name,
            "EnteredTime": time::show(branch.entered_at),
        });
        if matches!(state.kind, Kind::Task(_) | Kind::Parallel { .. } | Kind::Map(_)) {
            entered["RetryCount"] = branch.retries.into();
        }
        context.insert("State".into(), entered);
        if let Some(item) = &branch.item {
            let item = json!({"Index": item.index, "Value": item.value});
            context.insert("Map".into(), json!({"Item": item}));
        }
        if let Some(token) = &branch.token {
            context.insert("Task".into(), json!({"Token": token}));
        }
        Value::Object(context)
    }
}

fn machine(about: &About) -> Value {
    json!({"Id": about.machine_arn, "Name": about.machine_name})
}
