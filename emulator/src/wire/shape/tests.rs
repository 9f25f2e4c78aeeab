use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::Shape::{self, *};
use super::shape_of;
use crate::wire::examples::*;

fn list(of: Shape) -> Shape {
    List(Box::new(of))
}

fn map(of: Shape) -> Shape {
    Map(Box::new(of))
}

fn members(members: &[(&str, Shape)]) -> Vec<(std::string::String, Shape)> {
    members.iter().map(|(name, shape)| ((*name).to_owned(), shape.clone())).collect()
}

fn structure(name: &str, of: &[(&str, Shape)]) -> Shape {
    Structure { name: name.to_owned(), members: members(of) }
}

#[test]
fn structures_lists_and_enums() {
    let dimension = structure("Dimension", &[("Name", String), ("Value", String)]);
    let unit = Enum {
        name: "Unit".to_owned(),
        variants: ["Seconds", "Count", "Bytes/Second"].map(str::to_owned).to_vec(),
    };
    let datum = structure(
        "MetricDatum",
        &[
            ("MetricName", String),
            ("Dimensions", list(dimension)),
            ("Timestamp", Timestamp),
            ("Value", Float),
            ("Values", list(Float)),
            ("Unit", unit),
            ("StorageResolution", Integer),
        ],
    );
    let whole = structure(
        "PutMetricData",
        &[("Namespace", String), ("MetricData", list(datum)), ("StrictEntityValidation", Boolean)],
    );
    assert_eq!(shape_of::<PutMetricData>(), whole);
}

#[test]
fn recursive_unions() {
    let inside = || Recursive("AttributeValue".to_owned());
    let union = Union {
        name: "AttributeValue".to_owned(),
        members: members(&[
            ("S", String),
            ("N", String),
            ("B", Blob),
            ("SS", list(String)),
            ("BS", list(Blob)),
            ("M", map(inside())),
            ("L", list(inside())),
            ("NULL", Boolean),
            ("BOOL", Boolean),
        ]),
    };
    assert_eq!(shape_of::<AttributeValue>(), union);
    assert_eq!(shape_of::<BTreeMap<std::string::String, AttributeValue>>(), map(union));
}

#[derive(Debug, Default)]
struct NotEmpty;

impl<'de> Deserialize<'de> for NotEmpty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::string::String::deserialize(deserializer)?;
        if text.is_empty() {
            return Err(D::Error::custom("empty"));
        }
        Ok(Self)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Tree {
    refuses: NotEmpty,
    document: serde_json::Value,
    left: Option<Box<Tree>>,
    choices: Vec<Outer>,
    last: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only the shape is looked at")]
enum Outer {
    Plain,
    Refuses(Refusing),
    Inner(Inner),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusing {
    before: Option<Unit>,
    refuses: Option<NotEmpty>,
    after: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only the shape is looked at")]
enum Inner {
    A(u8),
    B { text: std::string::String },
}

#[test]
fn members_that_refuse_the_probe_are_documents() {
    let Structure { members: found, .. } = shape_of::<Tree>() else { panic!("a structure") };
    let found: BTreeMap<_, _> = found.into_iter().collect();
    assert_eq!(found["Refuses"], Document);
    assert_eq!(found["Document"], Document);
    assert_eq!(found["Left"], Recursive("Tree".to_owned()));
    assert_eq!(found["Last"], Boolean);
    let unit = shape_of::<Unit>();
    let refusing =
        structure("Refusing", &[("before", unit), ("refuses", Document), ("after", Integer)]);
    let inner = Union {
        name: "Inner".to_owned(),
        members: members(&[("A", Integer), ("B", structure("B", &[("text", String)]))]),
    };
    let outer = Union {
        name: "Outer".to_owned(),
        members: members(&[("Plain", Document), ("Refuses", refusing), ("Inner", inner)]),
    };
    assert_eq!(found["Choices"], list(outer));
    assert_eq!(shape_of::<NotEmpty>(), Document);
}
