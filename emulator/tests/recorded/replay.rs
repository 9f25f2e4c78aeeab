//! Replays one case.

use serde_json::Value;

use crate::client::{ACCOUNT, Call, Client, HOST};
use crate::filling::Filling;
use crate::functions::Functions;
use crate::matching::Matching;
use crate::path;
use crate::recording::{Case, Step};
use crate::scene;

/// How often a polling step is called, and the seconds between.
const POLLS_MAX: usize = 120;
const POLL_SECONDS: f64 = 1.0;

struct Replay<'a> {
    case: &'a Case,
    client: Client,
    start: i64,
    /// By step.
    answers: Vec<Value>,
    matching: Matching,
    /// Polling steps that have not shown yet what they wait for: on AWS others went on meanwhile.
    pending: Vec<usize>,
}

/// What differs from what AWS answered; `name` is that of the file and of the case.
pub(crate) fn differences(name: &str, case: &Case) -> Vec<String> {
    let mut client = Client::new(Functions::of(case));
    scene::set(&mut client, name);
    let start = client.driver.cloud.now().seconds();
    let matching = Matching::new(&case.placeholders, &case.recorded);
    let (answers, pending) = (Vec::new(), Vec::new());
    let mut replay = Replay { case, client, start, answers, matching, pending };
    match replay.steps().and_then(|()| replay.derived()) {
        Ok(()) => replay.unanswered(),
        Err(problem) => replay.matching.differs(&replay.place(), &problem),
    }
    replay.matching.differences
}

impl Replay<'_> {
    fn place(&self) -> String {
        format!("step {}", self.answers.len() + 1)
    }

    fn steps(&mut self) -> Result<(), String> {
        let steps = &self.case.steps;
        let mut at = 0;
        while at < steps.len() {
            // Polling steps side by side are one round.
            let polling = steps[at..].iter().take_while(|step| step.poll).count();
            let round = &steps[at..at + polling.max(1)];
            if polling == 0 {
                self.catch_up()?;
                let answer = self.step(&round[0])?;
                self.answers.push(answer);
            } else if let Err(problem) = self.poll(round) {
                if let ([step], true) = (round, self.answers.len() > at) {
                    let answer = self.answers[at].clone();
                    self.compare(at, step, &answer)?;
                }
                if polling > 1 || round[0].answer.is_some() {
                    return Err(problem);
                }
                self.answers[at] = Value::Null;
                self.pending.push(at);
            }
            for step in round {
                let answer = self.answers[at].clone();
                self.compare(at, step, &answer)?;
                at += 1;
            }
        }
        self.catch_up()?;
        // What had passed already when it was looked for is no harm: nobody asks for its answer.
        let is_history = |at: &&usize| steps[**at].operation == "GetExecutionHistory";
        match self.pending.iter().find(|at| !is_history(at)) {
            None => Ok(()),
            Some(at) => Err(format!("step {} never showed {:?}", at + 1, steps[*at].until)),
        }
    }

    /// Asks once more where a polling step was left behind.
    fn catch_up(&mut self) -> Result<(), String> {
        for at in std::mem::take(&mut self.pending) {
            let step = &self.case.steps[at];
            let answer = self.step_after(step, None)?;
            match step.until.iter().all(|condition| holds(&answer, condition)) {
                true => self.answers[at] = answer,
                false => self.pending.push(at),
            }
        }
        Ok(())
    }

    /// Repeats a round until it shows what it showed on AWS.
    fn poll(&mut self, round: &[Step]) -> Result<(), String> {
        let first = self.answers.len();
        let pause = round.iter().map(|step| step.after_seconds).fold(0.0, f64::max);
        for turn in 0..POLLS_MAX {
            let pause = if turn > 0 { pause.max(POLL_SECONDS) } else { pause };
            if pause > 0.0 {
                self.client.advance(pause);
            }
            let before = self.answers.split_off(first);
            for (step, number) in round.iter().zip(first..) {
                let answer = self.step_after(step, before.get(number - first))?;
                self.answers.push(answer);
            }
            let shown = round.iter().zip(&self.answers[first..]).all(|(step, answer)| {
                let compared = |key: &String| {
                    let mut trial = self.matching.clone();
                    let recorded = self.case.answer(key).unwrap_or_default();
                    trial.compare("", &recorded, &part_of(step, answer));
                    trial.differences.len() == self.matching.differences.len()
                };
                step.until.iter().all(|condition| holds(answer, condition))
                    && (!step.until.is_empty() || step.answer.as_ref().is_none_or(compared))
            });
            if shown {
                return Ok(());
            }
        }
        let last = &self.answers[first..];
        let wanted: Vec<_> = round.iter().map(|step| &step.until).collect();
        Err(format!("never showed {wanted:?}: {last:?}"))
    }

    fn step(&mut self, step: &Step) -> Result<Value, String> {
        if step.after_seconds > 0.0 {
            self.client.advance(step.after_seconds);
        }
        self.step_after(step, None)
    }

    fn step_after(&mut self, step: &Step, before: Option<&Value>) -> Result<Value, String> {
        let filling = self.filling();
        let mut params = filling.fill(&step.params)?;
        for (parameter, member) in &step.follow {
            if let Some(next) = before.and_then(|answer| path::find(answer, member)) {
                params[parameter] = next;
            }
        }
        let credentials = step.credentials.as_ref().map(|value| filling.fill(value)).transpose()?;
        let issued = |name: &str| credentials.as_ref().and_then(|c| c[name].as_str());
        let headers: Vec<_> = step.headers.clone().into_iter().collect();
        let call = Call {
            service: &step.service,
            operation: &step.operation,
            params: &params,
            region: step.region.as_deref(),
            access_key: issued("AccessKeyId").or(step.account.as_deref()),
            token: issued("SessionToken"),
            unsigned: step.unsigned,
            protocol: step.protocol.as_deref(),
            headers: &headers,
        };
        Ok(self.client.call(&call))
    }

    fn filling(&self) -> Filling<'_> {
        Filling { answers: &self.answers, start: self.start, account: ACCOUNT, host: HOST }
    }

    fn compare(&mut self, at: usize, step: &Step, answer: &Value) -> Result<(), String> {
        let Some(key) = &step.answer else { return Ok(()) };
        let recorded = self.case.answer(key).ok_or(format!("no answer {key}"))?;
        let place = format!("step {} {}: {key}", at + 1, step.operation);
        let mut answer = part_of(step, answer);
        if recorded.get("ResponseMetadata").is_none()
            && let Some(members) = answer.as_object_mut()
        {
            members.remove("ResponseMetadata");
        }
        self.matching.compare(&place, &recorded, &answer);
        Ok(())
    }

    fn derived(&mut self) -> Result<(), String> {
        for (key, derived) in &self.case.derived {
            let answer = self.filling().fill(derived).map_err(|error| format!("{key}: {error}"))?;
            let recorded = self.case.answer(key).ok_or(format!("no answer {key}"))?;
            self.compare_derived(key, "", &recorded, &answer);
        }
        Ok(())
    }

    /// Compares what was put together from answers: without what came from none.
    fn compare_derived(&mut self, key: &str, path: &str, recorded: &Value, derived: &Value) {
        match (recorded, derived) {
            (_, Value::Null) => {}
            (Value::Object(recorded), Value::Object(members)) => {
                for (name, derived) in members {
                    let inner =
                        if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    match recorded.get(name) {
                        Some(recorded) => self.compare_derived(key, &inner, recorded, derived),
                        None => {
                            self.matching.differs(key, &format!("AWS has no {inner}: {derived}"))
                        }
                    }
                }
            }
            (recorded, Value::String(text)) if self.case.is_edited(key, path) => {
                let line = text.lines().next().unwrap_or_default();
                self.matching.compare(&format!("{key}.{path}"), recorded, &line.into());
            }
            _ => self.matching.compare(&format!("{key}.{path}"), recorded, derived),
        }
    }

    /// Every answer belongs to a step, or the case was cut short.
    fn unanswered(&mut self) {
        // A call like the one before it, which was recorded once for both.
        const WITHOUT_STEP: &str = "empty_short_poll_resp_no_param";
        let case = self.case;
        let is_of_a_step =
            |key: &String| case.steps.iter().any(|step| step.answer.as_ref() == Some(key));
        for key in case.answers.keys() {
            let known = is_of_a_step(key) || case.derived.contains_key(key);
            if !known && case.truncated.is_null() && key != WITHOUT_STEP {
                self.matching.differs(key, "no step got this answer");
            }
        }
    }
}

/// What of an answer was recorded.
fn part_of(step: &Step, answer: &Value) -> Value {
    match &step.part {
        None => answer.clone(),
        Some(part) => path::find(answer, part).unwrap_or(Value::Null),
    }
}

fn holds(answer: &Value, condition: &str) -> bool {
    match condition.split_once('=') {
        None => path::find(answer, condition).is_some_and(|found| !found.is_null()),
        Some((at, wanted)) => path::find(answer, at).is_some_and(|found| match found {
            Value::String(text) => text == wanted,
            other => serde_json::from_str(wanted).is_ok_and(|wanted: Value| wanted == other),
        }),
    }
}
