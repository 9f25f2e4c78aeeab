//! The cases that are not replayed, each with its reason.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::functions;
use crate::recording::{Case, Recordings, Step};

/// The services that are here, as boto3 names them, and the requests made by hand.
const HERE: [&str; 10] = [
    "sqs",
    "sns",
    "events",
    "cloudwatch",
    "dynamodb",
    "dynamodbstreams",
    "iam",
    "logs",
    "stepfunctions",
    "sts",
];

/// What a state machine's tasks call that is not here, and the reason.
const OTHERWISE: [(&str, &str); 1] = [("aws-sdk:secretsmanager", "its tasks call secretsmanager")];

const LIST: &str = include_str!("left_out.txt");
/// Cases in which AWS still answers otherwise, each with its reason.
const NOT_YET: &str = include_str!("not_yet.txt");

pub(crate) fn is_not_yet(name: &str) -> bool {
    NOT_YET.lines().any(|line| line.strip_prefix(name).is_some_and(|it| it.starts_with(": ")))
}

/// What is wrong with a case, which is known to differ from AWS or not.
pub(crate) fn judged(known: bool, differences: Vec<String>) -> Vec<String> {
    match (known, differences.is_empty()) {
        (false, _) => differences,
        (true, false) => Vec::new(),
        (true, true) => vec!["it passes now: take it out of not_yet.txt".to_owned()],
    }
}

/// Why a case is not replayed.
pub(crate) fn reason(case: &Case) -> Option<String> {
    if case.steps.is_empty() {
        return Some("its requests were not recorded".to_owned());
    }
    if let Some(reason) = otherwise(case) {
        return Some(reason);
    }
    if refers_beyond(case) {
        return Some("refers to what its own answers do not have".to_owned());
    }
    let absent: BTreeSet<&str> =
        case.steps.iter().filter(|step| !is_here(step)).map(|step| step.service.as_str()).collect();
    let absent: Vec<&str> = absent.into_iter().collect();
    (!absent.is_empty()).then(|| format!("calls {}", absent.join(", ")))
}

fn is_here(step: &Step) -> bool {
    match step.service.as_str() {
        "lambda" => functions::OPERATIONS.contains(&step.operation.as_str()),
        other => HERE.contains(&other),
    }
}

/// What a task of the case would call that is not here.
fn otherwise(case: &Case) -> Option<String> {
    let definition = |step: &Step| format!("{:?}", step.params);
    let of = |part: &str| case.steps.iter().any(|step| definition(step).contains(part));
    let (_, reason) = OTHERWISE.iter().find(|(part, _)| of(part))?;
    Some((*reason).to_owned())
}

/// Whether an answer was put together from parts that stand in none of the answers recorded: the
/// account held more than the case made, and what was recorded leaves that out.
fn refers_beyond(case: &Case) -> bool {
    let answer_of = |step: &str| {
        let number: usize = step.parse().ok()?;
        let step = case.steps.get(number.checked_sub(1)?)?;
        case.answers.get(step.answer.as_ref()?).filter(|_| step.part.is_none())
    };
    let mut found = false;
    for derived in case.derived.values() {
        derived.each_text(&mut |text| {
            let inner = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
            let Some((step, path)) = inner.and_then(|it| it.split_once('.')) else { return };
            let Some(answer) = answer_of(step) else { return };
            // Only lists that are too short: members that are left out say less.
            if let Some((list, index)) = path.strip_suffix(']').and_then(|it| it.rsplit_once('['))
                && let Some(Value::Array(list)) = crate::path::find(answer, list)
                && index.parse().is_ok_and(|index: usize| index >= list.len())
            {
                found = true;
            }
        });
    }
    found
}

/// Where the list and the recordings disagree.
pub(crate) fn differences(recordings: &Recordings) -> Vec<String> {
    let prefix = format!("{}::", recordings.file);
    let listed: BTreeSet<&str> = LIST.lines().filter(|line| line.starts_with(&prefix)).collect();
    let found: BTreeSet<String> = recordings
        .cases
        .iter()
        .filter_map(|(name, case)| Some(format!("{prefix}{name}: {}", reason(case)?)))
        .collect();
    let unlisted = found.iter().filter(|line| !listed.contains(line.as_str()));
    let stale = listed.iter().filter(|line| !found.contains(**line));
    unlisted
        .map(|line| format!("left_out.txt lacks '{line}'"))
        .chain(stale.map(|line| format!("left_out.txt has '{line}', which is replayed or gone")))
        .collect()
}
