//! The context object: `$$`, or `$states.context`.

use serde_json::{Map, Value, json};

use super::branch::Branch;
use super::{Execution, MapChild, MapRun};
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
        let (execution, machine) = match branch.child.and_then(|place| self.child(place)) {
            Some((run, child)) => self.context_of_child(run, child),
            None => self.context_of_execution(),
        };
        context.insert("Execution".into(), execution);
        context.insert("StateMachine".into(), machine);
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

    fn context_of_execution(&self) -> (Value, Value) {
        let about = &self.about;
        let mut execution = json!({
            "Id": about.id,
            "Input": self.input.value(),
            "StartTime": time::show(self.started_at),
            "Name": about.name,
            "RoleArn": about.role_arn,
        });
        if !about.express {
            execution["RedriveCount"] = self.redrives.into();
        }
        if let Some(at) = self.redriven_at {
            execution["RedriveTime"] = time::show(at).into();
        }
        (execution, json!({"Id": about.machine_arn, "Name": about.machine_name}))
    }

    fn context_of_child(&self, run: &MapRun, child: &MapChild) -> (Value, Value) {
        let mut execution = json!({
            "Id": run.child_arn(child),
            "Input": child.input.value(),
            "StartTime": time::show(child.started_at),
            "Name": child.name,
            "RoleArn": self.about.role_arn,
        });
        if !run.express {
            execution["RedriveCount"] = child.redrives.into();
        }
        if let Some(at) = child.redriven_at {
            execution["RedriveTime"] = time::show(at).into();
        }
        let (arn, name) = run.machine_of_children();
        (execution, json!({"Id": arn, "Name": name}))
    }
}
