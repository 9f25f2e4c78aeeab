//! The scenarios that come with the binary, and how a user's word finds a script.

use crate::form::Form;
use crate::words::CATALOG;
use harness::Script;
use harness::catalog::suggest;
use harness::script::{self, Repeat};
use std::path::Path;

/// A script that comes with the binary.
struct Entry {
    name: &'static str,
    text: &'static str,
    /// It is about FIFO queues.
    fifo: bool,
}

/// A file next to this package's manifest.
macro_rules! entry {
    ($name:literal, $fifo:literal) => {
        Entry { name: $name, text: include_str!(concat!("../", $name, ".yaml")), fifo: $fifo }
    };
    ($name:literal) => {
        entry!($name, false)
    };
}

/// Every `*.yaml` next to this package's manifest, in the order in which a newcomer reads them.
const ENTRIES: &[Entry] = &[
    entry!("order-happy-path"),
    entry!("place-reserve-cancel-release"),
    entry!("out-of-stock"),
    entry!("payment-declined"),
    entry!("cancel-midway"),
    entry!("shipping-quote"),
    entry!("duplicate-delivery"),
    entry!("reordered-events"),
    entry!("lost-answer"),
    entry!("partial-batch-failure"),
    entry!("throttled-store"),
    entry!("slow-consumer"),
    entry!("consumer-lag"),
    entry!("consumer-crash-before-delete"),
    entry!("payments-killed"),
    entry!("relay-crash"),
    entry!("rolling-restart"),
    entry!("failure-dlq"),
    entry!("poison-redriven-unrepaired"),
    entry!("dead-letter-alarm"),
    entry!("stuck-group", true),
    entry!("saga-deadlines"),
    entry!("clock-jump"),
    entry!("retention-expiry"),
    entry!("missing-queue-policy"),
    entry!("event-replay"),
    entry!("bus-outage-and-replay"),
    entry!("read-models"),
    entry!("analytics-killed"),
    entry!("kafka-rebalance"),
    entry!("flash-sale"),
    entry!("black-friday"),
];

/// Those that tests play again and again, in each form of the system.
#[cfg(test)]
const SAMPLE: [&str; 10] = [
    "order-happy-path",
    "failure-dlq",
    "payments-killed",
    "read-models",
    "saga-deadlines",
    "dead-letter-alarm",
    "shipping-quote",
    "event-replay",
    "analytics-killed",
    "consumer-lag",
];

/// All scenarios in the order in which a newcomer reads them.
pub(crate) fn all() -> Result<Vec<Script>, String> {
    ENTRIES.iter().map(|entry| parse(entry.name, entry.text)).collect()
}

/// Some of them.
#[cfg(test)]
pub(crate) fn sample() -> Result<Vec<Script>, String> {
    SAMPLE.iter().map(|name| find(name)).collect()
}

/// The scenario of this name, or the script in this file.
pub(crate) fn find(word: &str) -> Result<Script, String> {
    if let Some(entry) = entry(word) {
        return parse(entry.name, entry.text);
    }
    let path = Path::new(word);
    if path.is_file() || path.extension().is_some() {
        return script::read(path, &CATALOG).map_err(|errors| errors.to_string());
    }
    let names: Vec<_> = ENTRIES.iter().map(|entry| entry.name).collect();
    Err(suggest(&format!("there is no scenario `{word}`, and no such file"), word, &names))
}

/// The form in which the scenario of this name is played where `form` is asked for.
pub(crate) fn form(name: &str, form: Form) -> Form {
    Form { fifo: form.fifo || entry(name).is_some_and(|entry| entry.fifo), ..form }
}

/// How a scenario of this library was written; `None` if it is somebody's own.
pub(crate) fn text(name: &str) -> Option<&'static str> {
    entry(name).map(|entry| entry.text)
}

/// Has only this share of what a script lets arrive at a rate arrive.
pub(crate) fn thin_out(script: &mut Script, share: f64) {
    for step in &mut script.when {
        if let Some(Repeat::Rate(rate)) = &mut step.repeat {
            rate.arrivals *= share;
        }
    }
}

fn entry(name: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name)
}

/// Reads a script that calls itself `name`.
pub(crate) fn parse(name: &str, text: &str) -> Result<Script, String> {
    let file = format!("scenarios/{name}.yaml");
    script::parse(&file, text, &CATALOG).map_err(|errors| errors.to_string())
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, all, find, sample, thin_out};
    use crate::words::CATALOG;
    use harness::script::{json_schema, parse};
    use std::path::Path;

    fn folder() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn every_script_is_listed_and_good() {
        let files =
            folder().read_dir().expect("the folder").map(|entry| entry.expect("entry").path());
        let files = files.filter(|path| path.extension().is_some_and(|it| it == "yaml"));
        let mut on_disk: Vec<_> =
            files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
        on_disk.sort();
        let scripts = all().expect("good scripts");
        let mut listed: Vec<_> = scripts.iter().map(|script| script.name.clone()).collect();
        assert_eq!(listed, ENTRIES.iter().map(|entry| entry.name).collect::<Vec<_>>());
        listed.sort();
        assert_eq!(listed, on_disk);
    }

    #[test]
    fn the_published_schema_is_fresh() {
        let path = folder().join("scenario.schema.json");
        let published = std::fs::read_to_string(path).expect("the schema");
        let fresh = format!("{:#}\n", json_schema(&CATALOG));
        assert!(published == fresh, "run `scenario schema > scenarios/scenario.schema.json`");
    }

    #[test]
    fn a_share_of_a_rush_arrives_in_the_same_time() {
        let mut script = find("flash-sale").expect("a scenario");
        let rate = |script: &harness::Script| match script.when[0].repeat {
            Some(super::Repeat::Rate(rate)) => (rate.per_second(), rate.lasting),
            ref other => panic!("{other:?}"),
        };
        let (before, lasting) = rate(&script);
        thin_out(&mut script, 0.25);
        assert_eq!(rate(&script), (before / 4.0, lasting));
        assert!(!sample().expect("good scripts").is_empty());
    }

    #[test]
    fn an_unknown_name_lists_what_exists() {
        let error = find("faliure-dlq").expect_err("no such scenario");
        assert!(error.contains("Did you mean `failure-dlq`?"), "{error}");
        assert!(error.contains("order-happy-path"), "{error}");
    }

    /// What an example of the documentation leaves out, because it is about something else.
    const REST: [(&str, &str); 5] = [
        ("name", "name: example\n"),
        ("story", "story: An example.\n"),
        (
            "given",
            "given:\n\
             \x20 - { do: place_order, with: { customer: ann, items: [] }, as: order }\n\
             \x20 - { do: place_order, with: { customer: ann, items: [] }, as: orders }\n",
        ),
        ("when", "when: [{ after: 1s }]\n"),
        ("then", "then: [never: { see: dead_letters, of: { queue: orders }, at_least: 1 }]\n"),
    ];

    #[test]
    fn the_examples_of_the_documentation_are_good() {
        let page = std::fs::read_to_string(folder().join("../docs/scenarios.md"));
        let page = page.expect("the page");
        let examples = page.split("```yaml\n").skip(1);
        let examples: Vec<_> = examples.filter_map(|rest| rest.split("```").next()).collect();
        assert!(examples.len() > 5, "{}", examples.len());
        for example in examples {
            let has = |key: &str| example.lines().any(|line| line.starts_with(key));
            let rest = REST.iter().filter(|(key, _)| !has(&format!("{key}:")));
            let text = rest.map(|(_, text)| *text).collect::<String>() + example;
            if let Err(errors) = parse("docs/scenarios.md", &text, &CATALOG) {
                panic!("{errors}\n{text}");
            }
        }
    }

    #[test]
    fn every_script_can_be_written_as_it_was_read() {
        for script in all().expect("good scripts") {
            let text = script.to_yaml().expect("YAML can say it");
            let again = parse("written.yaml", &text, &CATALOG);
            assert_eq!(again.as_ref(), Ok(&script), "{text}");
        }
    }
}
