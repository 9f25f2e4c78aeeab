//! A script's faults as the emulator's rules, set in this process or over its admin pages. Only
//! this file knows what the emulator calls them.

use super::http::call;
use crate::faults::Faults;
use crate::script::{FAULTS, Nemesis, Span};
use serde::Deserialize;
use serde_json::{Value, json};
#[cfg(feature = "simulated")]
use skyrig::Emulator;
use skyrig::{FaultEffect, FaultRule};
use std::collections::BTreeMap;

/// An emulator in this process.
#[cfg(feature = "simulated")]
pub(super) struct InProcess<'a>(pub(super) &'a Emulator);

/// An emulator at this address, if one was started.
pub(crate) struct OverHttp(pub(crate) Option<String>);

#[cfg(feature = "simulated")]
impl Faults for InProcess<'_> {
    async fn set_faults(&mut self, faults: &[Nemesis]) -> Result<(), String> {
        self.0.set_faults(rules(faults)?).map_err(|error| error.to_string())
    }

    async fn fired(&mut self) -> Result<BTreeMap<String, u64>, String> {
        let reports = self.0.faults().into_iter();
        Ok(reports.map(|report| (report.rule.name, report.fired)).collect())
    }
}

/// The access key of whoever only watches: faults pass it by. It is no account's number, so it
/// stands for the default account.
pub const OBSERVER: &str = "observer";

const PAGE: &str = "/_skyrig/faults";

/// What the page answers; the rest of it is of no interest here.
#[derive(Deserialize)]
struct Page {
    faults: Vec<Report>,
}

#[derive(Deserialize)]
struct Report {
    rule: Named,
    fired: u64,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl OverHttp {
    async fn call(&self, method: &str, body: &str) -> Result<Page, String> {
        let address = self.0.as_deref().ok_or("no emulator was started that could have faults")?;
        let answer = call(address, method, PAGE, body).await;
        let (status, answer) = answer.map_err(|error| format!("{method} {PAGE}: {error}"))?;
        if status != 200 {
            return Err(format!("{method} {PAGE} answers {status}: {answer}"));
        }
        serde_json::from_str(&answer).map_err(|error| format!("{method} {PAGE}: {error}"))
    }
}

impl Faults for OverHttp {
    async fn set_faults(&mut self, faults: &[Nemesis]) -> Result<(), String> {
        let rules = json!(rules(faults)?).to_string();
        self.call("PUT", &rules).await.map(drop)
    }

    async fn fired(&mut self) -> Result<BTreeMap<String, u64>, String> {
        let page = self.call("GET", "").await?;
        Ok(page.faults.into_iter().map(|report| (report.rule.name, report.fired)).collect())
    }
}

fn rules(faults: &[Nemesis]) -> Result<Vec<FaultRule>, String> {
    faults.iter().map(rule).collect()
}

fn rule(nemesis: &Nemesis) -> Result<FaultRule, String> {
    let effect = effect(nemesis).map_err(|error| format!("{}: {error}", nemesis.name))?;
    let seconds = |span: Option<Span>| span.map(|span| span.0.as_secs_f64());
    let on = nemesis.on.clone();
    Ok(FaultRule {
        name: nemesis.name.clone(),
        service: on.service,
        operation: on.operation,
        resource: on.resource,
        caller: on.caller,
        except_caller: Some(OBSERVER.to_owned()),
        attempt: on.attempt,
        probability: nemesis.probability,
        from_seconds: seconds(nemesis.from),
        until_seconds: seconds(nemesis.until),
        times: nemesis.times,
        effect,
    })
}

/// The emulator writes the same words with hyphens, and those without arguments as a text.
fn effect(nemesis: &Nemesis) -> serde_json::Result<FaultEffect> {
    let word = nemesis.fault.replace('_', "-");
    let takes_arguments =
        FAULTS.iter().any(|fault| fault.name == nemesis.fault && !fault.arguments.is_empty());
    let effect = if takes_arguments { json!({ word: nemesis.with }) } else { Value::String(word) };
    serde_json::from_value(effect)
}

#[cfg(test)]
mod tests {
    use super::effect;
    use crate::script::{FAULTS, Match, MustFire, Nemesis};
    use serde_json::json;

    #[test]
    fn the_emulator_knows_every_fault() {
        for fault in FAULTS {
            let values = [("code", json!("X")), ("seconds", json!(1.5)), ("times", json!(2))];
            let with = fault.arguments.iter().filter_map(|argument| {
                let value = values.iter().find(|(name, _)| *name == argument.name)?;
                Some((argument.name.to_owned(), value.1.clone()))
            });
            let nemesis = Nemesis {
                name: "test".to_owned(),
                fault: fault.name.to_owned(),
                with: with.collect(),
                on: Match::default(),
                probability: None,
                times: None,
                from: None,
                until: None,
                must_fire: MustFire(0),
            };
            if nemesis.is_of_process() {
                continue;
            }
            let effect = effect(&nemesis).unwrap_or_else(|error| panic!("{}: {error}", fault.name));
            assert_eq!(effect.as_str().replace('-', "_"), fault.name);
        }
    }
}
