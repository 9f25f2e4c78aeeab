//! Simpler values inside a case that fails: shorter lists, smaller numbers, rounder times, and
//! faults that strike always, once, and only as long as they must.

use crate::script::{Nemesis, Script, Span, Start, Step};
use serde_json::{Value, json};
use std::time::Duration;

/// Everything that could be simpler, each by itself, the greatest simplification of a place first.
pub(super) fn simpler(case: &Script) -> Vec<Script> {
    let mut all = Vec::new();
    for (place, step) in case.when.iter().enumerate() {
        all.extend(steps(step).into_iter().map(|step| {
            let mut simpler = case.clone();
            simpler.when[place] = step;
            simpler
        }));
    }
    for (place, fault) in case.nemesis.iter().enumerate() {
        all.extend(faults(fault).into_iter().map(|fault| {
            let mut simpler = case.clone();
            simpler.nemesis[place] = fault;
            simpler
        }));
    }
    all
}

fn steps(step: &Step) -> Vec<Step> {
    let mut all = Vec::new();
    if let Start::At(at) = &step.start {
        let earlier = times(at.0).into_iter();
        all.extend(earlier.map(|at| Step { start: Start::At(Span(at)), ..step.clone() }));
    }
    let Some(act) = &step.act else { return all };
    for (name, value) in &act.with {
        all.extend(values(value).into_iter().map(|value| {
            let mut act = act.clone();
            act.with.insert(name.clone(), value);
            Step { act: Some(act), ..step.clone() }
        }));
    }
    all
}

/// Of a list: without each entry but one, and with each entry simpler. Of a map: each member
/// simpler. Of a number: one.
fn values(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(list) => {
            let without = (0..list.len()).filter(|_| list.len() > 1).map(|gone| {
                let kept = list.iter().enumerate().filter(|(place, _)| *place != gone);
                Value::Array(kept.map(|(_, entry)| entry.clone()).collect())
            });
            let inside = list.iter().enumerate().flat_map(|(place, entry)| {
                values(entry).into_iter().map(move |simpler| {
                    let mut list = list.clone();
                    list[place] = simpler;
                    Value::Array(list)
                })
            });
            without.chain(inside).collect()
        }
        Value::Object(members) => {
            let inside = members.iter().flat_map(|(name, member)| {
                values(member).into_iter().map(|simpler| {
                    let mut members = members.clone();
                    members.insert(name.clone(), simpler);
                    Value::Object(members)
                })
            });
            inside.collect()
        }
        Value::Number(number) if number.as_u64().is_some_and(|number| number > 1) => vec![json!(1)],
        _ => Vec::new(),
    }
}

/// Half of it, or a whole second.
fn times(time: Duration) -> Vec<Duration> {
    let whole = Duration::from_secs(time.as_secs());
    let half = Duration::from_secs(time.as_secs() / 2);
    [half, whole].into_iter().filter(|simpler| *simpler < time).collect()
}

fn faults(fault: &Nemesis) -> Vec<Nemesis> {
    let mut all = Vec::new();
    if fault.probability.is_some_and(|probability| probability < 1.0) {
        all.push(Nemesis { probability: None, ..fault.clone() });
    }
    if !fault.is_of_process() && fault.times != Some(1) {
        all.push(Nemesis { times: Some(1), ..fault.clone() });
    }
    if let (Some(Span(from)), Some(Span(until))) = (fault.from, fault.until) {
        let half = Duration::from_secs((until - from).as_secs() / 2);
        if !half.is_zero() {
            all.push(Nemesis { until: Some(Span(from + half)), ..fault.clone() });
            all.push(Nemesis { from: Some(Span(until - half)), ..fault.clone() });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_numbers_become_smaller_and_texts_stay() {
        let items = json!([{ "product": "a", "quantity": 3 }, { "product": "b", "quantity": 1 }]);
        assert_eq!(
            values(&items),
            [
                json!([{ "product": "b", "quantity": 1 }]),
                json!([{ "product": "a", "quantity": 3 }]),
                json!([{ "product": "a", "quantity": 1 }, { "product": "b", "quantity": 1 }]),
            ]
        );
        assert_eq!(values(&json!("text")), Vec::<Value>::new());
        assert_eq!(values(&json!([1])), Vec::<Value>::new());
    }

    #[test]
    fn times_become_rounder_and_end() {
        let millis = Duration::from_millis;
        assert_eq!(times(millis(2500)), [millis(1000), millis(2000)]);
        assert_eq!(times(millis(1000)), [millis(0)]);
        assert!(times(millis(0)).is_empty());
    }
}
