//! The saga as a state machine, written from the reaction table: each command of the table is a
//! state that has it done and waits for the event that ends it, and the table says what follows.
//!
//! What failed is caught, and goes on where the table compensates. Deadlines are time-outs.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::config::Timing;
use crate::contracts::{Because, EventType, History, Payload, Step, happened, samples};
use crate::domain::order::Deadline;
use crate::domain::saga::{Command, Participant, react};

/// Of the participants' queues, what stands for their URLs.
pub(super) type Queues = BTreeMap<Participant, Value>;

/// Sends a message and waits for whoever gets it to say that it is done.
const SEND: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
/// A message that SQS does not take is sent again and again, up to so many seconds apart.
const SEND_AGAIN_SECONDS_MAX: u64 = 60;
/// Most retries. Source: States Language, "Retriers", MaxAttempts.
const ATTEMPTS_MAX: u64 = 99_999_999;

/// The definition in the States Language, with JSONata. An execution is begun with the event that
/// the order was placed.
pub(super) fn definition(timing: &Timing, queues: &Queues) -> Value {
    let mut draft = Draft { timing, queues, states: Map::new() };
    let (placed, begin) = (EventType::OrderPlaced, "Order Placed");
    let next = draft.after(placed, None).expect("an order that was placed leads somewhere");
    let assign = draft.assign("$states.input", placed);
    let first = json!({"Type": "Pass", "Assign": assign, "Next": next});
    draft.states.insert(begin.into(), first);
    json!({
        "Comment": "Leads an order to delivery, or back to where it began",
        "QueryLanguage": "JSONata",
        "StartAt": begin,
        "States": draft.states,
    })
}

struct Draft<'a> {
    timing: &'a Timing,
    queues: &'a Queues,
    states: Map<String, Value>,
}

impl<'a> Draft<'a> {
    /// The state in which an event is reacted to; none where the saga ends. `deadline` was there
    /// before: an order that moves on has met it.
    fn after(&mut self, event_type: EventType, deadline: Option<Deadline>) -> Option<String> {
        let deadline = deadline.filter(|_| event_type.history() != History::Order);
        match &reactions(event_type)[..] {
            [] => None,
            [(_, commands)] => self.commands(commands, deadline),
            ways => Some(self.choice(ways)),
        }
    }

    /// The only events that are of two kinds are those of orders that were called off.
    fn choice(&mut self, ways: &[(Payload, Vec<(Participant, Command)>)]) -> String {
        let name = "Refund Due?".to_owned();
        if !self.states.contains_key(&name) {
            self.states.insert(name.clone(), Value::Null);
            let mut choices = Vec::new();
            for (payload, commands) in ways {
                let Payload::OrderCancelled { refund_due, .. } = payload else { continue };
                let next = self.commands(commands, None).expect("what was done is undone");
                let condition = format!("{{% $because.refund_due = {refund_due} %}}");
                choices.push(json!({"Condition": condition, "Next": next}));
            }
            self.states.insert(name.clone(), json!({"Type": "Choice", "Choices": choices}));
        }
        name
    }

    /// The state in which all of this is done, side by side if it is more than one thing.
    fn commands(
        &mut self,
        commands: &[(Participant, Command)],
        deadline: Option<Deadline>,
    ) -> Option<String> {
        let deadline = expected(commands).or(deadline);
        let steps: Vec<_> = commands
            .iter()
            .filter_map(|(participant, command)| Some((*participant, Step::of(command)?)))
            .collect();
        match &steps[..] {
            [] => None,
            [(participant, step)] => Some(self.task(*participant, *step, deadline)),
            steps => Some(self.parallel(steps, deadline)),
        }
    }

    fn parallel(&mut self, steps: &[(Participant, Step)], deadline: Option<Deadline>) -> String {
        let mut branches = Vec::new();
        let mut names = Vec::new();
        for (participant, step) in steps {
            let mut branch = Draft { states: Map::new(), ..*self };
            let start = branch.task(*participant, *step, deadline);
            branches.push(json!({"StartAt": start, "States": branch.states}));
            names.push(start);
        }
        let name = names.join(" and ");
        let state = json!({"Type": "Parallel", "Branches": branches, "End": true});
        self.states.insert(name.clone(), state);
        name
    }

    /// The state in which a step is taken; answers its name.
    fn task(&mut self, participant: Participant, step: Step, deadline: Option<Deadline>) -> String {
        let name = words(step.as_str());
        if self.states.contains_key(&name) {
            return name;
        }
        self.states.insert(name.clone(), Value::Null);
        let mut state = json!({
            "Type": "Task",
            "Resource": SEND,
            "Arguments": {
                "QueueUrl": self.queues[&participant],
                "MessageBody": {
                    "task": step.as_str(),
                    "order_id": "{% $states.context.Execution.Name %}",
                    "because": "{% $because %}",
                    "token": "{% $states.context.Task.Token %}",
                    "attempt": "{% $states.context.State.RetryCount %}",
                },
            },
            "Retry": retry(step),
        });
        let mut catch = Vec::new();
        for failed in step.failed() {
            let next = self.after(*failed, None).expect("what fails is compensated");
            let assign = self.assign("$parse($states.errorOutput.Cause)", *failed);
            let error = Because::error(*failed);
            catch.push(json!({"ErrorEquals": [error], "Assign": assign, "Next": next}));
        }
        // A step that ends only by being done is waited for as long as it takes.
        let may_be_late = !step.failed().is_empty() && step.deadline().is_none();
        if let Some(deadline) = deadline.filter(|_| may_be_late) {
            state["TimeoutSeconds"] = json!("{% $max([1, $ceil(($due - $millis()) / 1000)]) %}");
            let next = self.task(Participant::Orders, Step::after(deadline), None);
            catch.push(json!({"ErrorEquals": ["States.Timeout"], "Next": next}));
        }
        if !catch.is_empty() {
            state["Catch"] = json!(catch);
        }
        let done = step.done()[0];
        match self.after(done, deadline) {
            Some(next) => {
                state["Assign"] = self.assign("$states.result", done);
                state["Next"] = json!(next);
            }
            None => state["End"] = json!(true),
        }
        self.states.insert(name.clone(), state);
        name
    }

    /// What an execution remembers: the last event, and until when something must have happened.
    fn assign(&self, event: &str, event_type: EventType) -> Value {
        let mut assign = json!({"because": format!("{{% {event} %}}")});
        let expected = reactions(event_type).iter().find_map(|(_, commands)| expected(commands));
        if let Some(deadline) = expected {
            let millis = within(self.timing, deadline).as_millis();
            assign["due"] = json!(format!("{{% $millis() + {millis} %}}"));
        }
        assign
    }
}

/// What the table says of an event, for each form that it can have.
fn reactions(event_type: EventType) -> Vec<(Payload, Vec<(Participant, Command)>)> {
    let all = samples().into_iter().filter(|payload| payload.event_type() == event_type);
    all.filter_map(|payload| {
        let happened = happened(&payload)?;
        Some((payload, react(&happened)))
    })
    .collect()
}

fn expected(commands: &[(Participant, Command)]) -> Option<Deadline> {
    commands.iter().find_map(|(_, command)| match command {
        Command::Expect(deadline) => Some(*deadline),
        _ => None,
    })
}

fn within(timing: &Timing, deadline: Deadline) -> Duration {
    match deadline {
        Deadline::Confirmation => timing.confirm_within,
        Deadline::Payment => timing.pay_within,
        Deadline::Shipping => timing.ship_within,
    }
}

/// Sending is tried again; what participants answer stands.
fn retry(step: Step) -> Value {
    let mut retry = Vec::new();
    if !step.failed().is_empty() {
        let errors: Vec<_> = step.failed().iter().map(|it| Because::error(*it)).collect();
        retry.push(json!({"ErrorEquals": errors, "MaxAttempts": 0}));
    }
    retry.push(json!({
        "ErrorEquals": ["States.TaskFailed"],
        "IntervalSeconds": 1,
        "BackoffRate": 2,
        "MaxDelaySeconds": SEND_AGAIN_SECONDS_MAX,
        "MaxAttempts": ATTEMPTS_MAX,
    }));
    json!(retry)
}

/// "TakePayment" as "Take Payment".
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter);
    }
    words
}
