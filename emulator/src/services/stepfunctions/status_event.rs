//! `Step Functions Execution Status Change` on the default event bus.
//!
//! Source: recorded on AWS, 2024-02-07.

use serde_json::{Value, json};

use super::PRINCIPAL;
use super::run::Run;
use crate::kernel::{Context, Delivery, RetrySchedule};
use crate::wire::Timestamp;

/// Of what an event tells. A step may hold both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Began,
    Ended,
}

impl Run {
    /// Says what the execution's status is. Express executions say nothing.
    pub(super) fn put_status_event(&self, ctx: &mut Context<'_>, change: Change) {
        if self.is_express() {
            return;
        }
        let event = json!({
            "version": "0",
            "id": ctx.ids().uuid().to_string(),
            "detail-type": "Step Functions Execution Status Change",
            "source": "aws.states",
            "account": ctx.account(),
            "time": ctx.now().iso_seconds(),
            "region": ctx.region(),
            "resources": [self.arn.as_str()],
            "detail": match change {
                Change::Began => self.began(),
                Change::Ended => self.ended(),
            },
        });
        let bus = ctx.scope().arn("events", "event-bus/default");
        let from = (self.arn.clone(), PRINCIPAL);
        let delivery = Delivery::new(from, bus, event.to_string(), self.cause);
        ctx.deliver(delivery.tried_again(RetrySchedule::EVENTS));
    }

    fn began(&self) -> Value {
        let mut detail = self.ended();
        for member in ["stopDate", "output", "outputDetails", "error", "cause"] {
            detail[member] = Value::Null;
        }
        detail["status"] = "RUNNING".into();
        detail["redriveStatus"] = "NOT_REDRIVABLE".into();
        detail["redriveStatusReason"] = "Execution is RUNNING and cannot be redriven".into();
        detail
    }

    fn ended(&self) -> Value {
        let (error, cause) = self.failure();
        let (redrive_status, reason) = self.redrive_status();
        let output = self.output();
        json!({
            "executionArn": self.arn.as_str(),
            "stateMachineArn": self.machine_arn,
            "name": self.name,
            "status": self.status(),
            "startDate": self.started.millis(),
            "stopDate": self.stopped.map(Timestamp::millis),
            "input": self.execution.input().text(),
            "output": output,
            "stateMachineVersionArn": self.version_arn,
            "stateMachineAliasArn": self.alias_arn,
            "redriveCount": self.execution.redrive_count(),
            "redriveDate": self.redriven.map(Timestamp::millis),
            "redriveStatus": redrive_status,
            "redriveStatusReason": reason,
            "inputDetails": {"included": true},
            "outputDetails": output.map(|_| json!({"included": true})),
            "error": error,
            "cause": cause,
        })
    }
}
