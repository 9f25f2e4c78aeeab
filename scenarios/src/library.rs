//! The scenarios that come with the binary, and how a user's word finds a script.

use crate::words::CATALOG;
use harness::Script;
use harness::catalog::suggest;
use harness::script;
use std::path::Path;

/// Every `*.yaml` next to this package's manifest, by name.
const SCRIPTS: &[(&str, &str)] = &[
    ("order-happy-path", include_str!("../order-happy-path.yaml")),
    ("failure-dlq", include_str!("../failure-dlq.yaml")),
    ("payments-killed", include_str!("../payments-killed.yaml")),
    ("read-models", include_str!("../read-models.yaml")),
    ("saga-deadlines", include_str!("../saga-deadlines.yaml")),
    ("dead-letter-alarm", include_str!("../dead-letter-alarm.yaml")),
    ("shipping-quote", include_str!("../shipping-quote.yaml")),
    ("event-replay", include_str!("../event-replay.yaml")),
    ("analytics-killed", include_str!("../analytics-killed.yaml")),
    ("consumer-lag", include_str!("../consumer-lag.yaml")),
];

/// All scenarios in the order in which a newcomer reads them.
pub(crate) fn all() -> Result<Vec<Script>, String> {
    SCRIPTS.iter().map(|(name, text)| parse(name, text)).collect()
}

/// The scenario of this name, or the script in this file.
pub(crate) fn find(word: &str) -> Result<Script, String> {
    if let Some((name, text)) = SCRIPTS.iter().find(|(name, _)| *name == word) {
        return parse(name, text);
    }
    let path = Path::new(word);
    if path.is_file() || path.extension().is_some() {
        return script::read(path, &CATALOG).map_err(|errors| errors.to_string());
    }
    let names: Vec<_> = SCRIPTS.iter().map(|(name, _)| *name).collect();
    Err(suggest(&format!("there is no scenario `{word}`, and no such file"), word, &names))
}

/// Reads a script that calls itself `name`.
pub(crate) fn parse(name: &str, text: &str) -> Result<Script, String> {
    let file = format!("scenarios/{name}.yaml");
    script::parse(&file, text, &CATALOG).map_err(|errors| errors.to_string())
}

#[cfg(test)]
mod tests {
    use super::{SCRIPTS, all, find};
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
        assert_eq!(listed, SCRIPTS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
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
