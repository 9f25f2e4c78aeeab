//! Every key that the parser knows is in the published schema, with a description, and in the
//! documentation.

use super::super::condition::{ComparisonKeys, ConditionKeys, ExpectationKeys};
use super::super::nemesis::{FAULTS, Match, Nemesis};
use super::super::step::{RateKeys, StepKeys};
use super::super::{Act, Script, json_schema};
use super::CATALOG;
use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde_json::Value;
use std::collections::BTreeSet;

/// A format that is never read from: it only notes which fields a struct wants.
struct Fields<'a>(&'a mut BTreeSet<&'static str>);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("only the names count"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.extend(fields);
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn add<'de, Part: Deserialize<'de>>(fields: &mut BTreeSet<&'static str>) {
    // It always fails, after it has said which fields it wants.
    assert!(Part::deserialize(Fields(fields)).is_err());
}

fn keys() -> BTreeSet<&'static str> {
    let mut keys = BTreeSet::new();
    add::<Script>(&mut keys);
    add::<Act>(&mut keys);
    add::<StepKeys>(&mut keys);
    add::<RateKeys>(&mut keys);
    add::<Nemesis>(&mut keys);
    add::<Match>(&mut keys);
    add::<ConditionKeys>(&mut keys);
    add::<ComparisonKeys>(&mut keys);
    add::<ExpectationKeys>(&mut keys);
    assert!(keys.contains("fails_with") && keys.contains("per_hour"), "{keys:?}");
    keys
}

/// The keys of all `properties` in a schema; those of the catalog's words have only a type.
fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    if let Value::Array(entries) = schema {
        entries.iter().for_each(|entry| properties(entry, found));
    }
    let Value::Object(fields) = schema else {
        return;
    };
    for (key, value) in fields {
        match value {
            Value::Object(listed) if key == "properties" => {
                let own = listed.iter().filter(|(_, it)| it["description"].is_string());
                found.extend(own.map(|(key, _)| key.clone()));
                listed.values().for_each(|value| properties(value, found));
            }
            _ => properties(value, found),
        }
    }
}

#[test]
fn the_schema_names_every_word() {
    let schema = json_schema(&CATALOG);
    let mut described = BTreeSet::new();
    properties(&schema, &mut described);
    // These are one of a list of words, each with its own description.
    described.extend(["do", "see", "fault"].map(str::to_owned));
    let keys: BTreeSet<_> = keys().into_iter().map(str::to_owned).collect();
    assert_eq!(described, keys);
    let schema = schema.to_string();
    let words = [CATALOG.actions, CATALOG.observations, CATALOG.invariants, FAULTS].concat();
    for word in words {
        assert!(schema.contains(&format!("\"const\":\"{}\"", word.name)), "{}", word.name);
    }
    assert!(schema.contains(r#""enum":["adder","teller"]"#), "{schema}");
}

#[test]
fn the_documentation_names_every_word() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scenarios.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let keys = keys().into_iter().chain(FAULTS.iter().map(|fault| fault.name));
    let missing: Vec<_> = keys.filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/scenarios.md says nothing of {missing:?}");
}
