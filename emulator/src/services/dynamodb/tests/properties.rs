//! What holds for any condition, value and order of writes, against references that are as simple
//! as they can be.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{get, key, ok, put, with, world};
use crate::cloud::testing::World;

/// Conditions on [`sample`] as expressions and as PartiQL, and whether they hold.
const ATOMS: [(&str, &str, bool); 8] = [
    ("n = :five", "n = 5", true),
    ("n > :five", "n > 5.0", false),
    ("(n) <> :five", "n != 5", false),
    ("n BETWEEN :one AND :five", "n BETWEEN 1 AND 5", true),
    ("n IN (:one, :five)", "n IN [1, 5]", true),
    ("attribute_exists(doc.x)", "doc.x IS NOT MISSING", true),
    ("contains(tags, :x)", "contains(tags, 'x')", false),
    ("begins_with(title, :x)", "begins_with(title, 'x')", true),
];

fn sample() -> Value {
    json!({
        "pk": {"S": "a"}, "sk": {"N": "1"}, "n": {"N": "5"}, "title": {"S": "xyz"},
        "tags": {"SS": ["y"]}, "doc": {"M": {"x": {"S": ""}}}
    })
}

#[derive(Clone, Debug)]
enum Tree {
    Atom(usize),
    Not(Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
}

impl Tree {
    fn any() -> impl Strategy<Value = Self> {
        let atom = (0..ATOMS.len()).prop_map(Self::Atom);
        atom.prop_recursive(5, 24, 2, |inner| {
            let two = (inner.clone(), inner.clone());
            prop_oneof![
                inner.prop_map(|it| Self::Not(Box::new(it))),
                two.clone().prop_map(|(one, two)| Self::And(Box::new(one), Box::new(two))),
                two.prop_map(|(one, two)| Self::Or(Box::new(one), Box::new(two))),
            ]
        })
    }

    fn holds(&self) -> bool {
        match self {
            Self::Atom(at) => ATOMS[*at].2,
            Self::Not(inner) => !inner.holds(),
            Self::And(one, two) => one.holds() && two.holds(),
            Self::Or(one, two) => one.holds() || two.holds(),
        }
    }

    /// The tree as text, with no more parentheses than the grammar wants; `level` is how tightly
    /// what stands around it binds.
    fn text(&self, level: u8, atom: fn(usize) -> &'static str) -> String {
        let (own, text) = match self {
            Self::Atom(at) => return atom(*at).to_owned(),
            Self::Not(inner) => (2, format!("NOT {}", inner.text(2, atom))),
            Self::And(one, two) => (1, format!("{} AND {}", one.text(1, atom), two.text(2, atom))),
            Self::Or(one, two) => (0, format!("{} OR {}", one.text(0, atom), two.text(1, atom))),
        };
        if own < level { format!("({text})") } else { text }
    }
}

/// A value, and how it is written in PartiQL.
fn any_value() -> impl Strategy<Value = (Value, String)> {
    let text = "[a-z'\"?é ]{0,6}".prop_map(|text| {
        let quoted = text.replace('\'', "''");
        (json!({ "S": text }), format!("'{quoted}'"))
    });
    let number = (-9_999i64..9_999).prop_map(|it| (json!({"N": it.to_string()}), it.to_string()));
    let other = prop_oneof![
        Just((json!({"BOOL": true}), "TRUE".to_owned())),
        Just((json!({"NULL": true}), "null".to_owned())),
        Just((json!({"SS": ["a", "b"]}), "<<'b', 'a'>>".to_owned())),
        Just((json!({"NS": ["1", "2.5"]}), "<<1, 2.50>>".to_owned())),
    ];
    prop_oneof![text, number, other].prop_recursive(4, 16, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3).prop_map(|list| {
            let (values, texts): (Vec<_>, Vec<_>) = list.into_iter().unzip();
            (json!({ "L": values }), format!("[{}]", texts.join(", ")))
        });
        let map = prop::collection::btree_map("[a-z ]{1,3}", inner, 0..3).prop_map(|map| {
            let texts: Vec<_> =
                map.iter().map(|(name, it)| format!("'{name}': {}", it.1)).collect();
            let values: serde_json::Map<_, _> =
                map.into_iter().map(|(name, it)| (name, it.0)).collect();
            (json!({ "M": values }), format!("{{{}}}", texts.join(", ")))
        });
        prop_oneof![list, map]
    })
}

/// A sort key, and what is put there: `at`, and whether it is in the index; or a delete.
fn any_write() -> impl Strategy<Value = (i64, Option<(i64, bool)>)> {
    (0i64..4, prop::option::of((0i64..3, any::<bool>())))
}

fn count(world: &mut World, operation: &str, body: Value) -> usize {
    ok(world, operation, body)["Items"].as_array().unwrap().len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn conditions_hold_as_logic_has_it(tree in Tree::any()) {
        let mut world = world();
        put(&mut world, sample());
        let text = tree.text(0, |at| ATOMS[at].0);
        let values = json!({":one": {"N": "1"}, ":five": {"N": "5"}, ":x": {"S": "x"}});
        let used: serde_json::Map<_, _> = values
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| text.contains(name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let mut scan = json!({"TableName": "orders", "FilterExpression": text});
        if !used.is_empty() {
            scan["ExpressionAttributeValues"] = used.into();
        }
        let expected = usize::from(tree.holds());
        prop_assert_eq!(count(&mut world, "Scan", scan), expected, "{}", text);
        let text = tree.text(0, |at| ATOMS[at].1);
        let statement = json!({"Statement": format!("SELECT * FROM orders WHERE {text}")});
        prop_assert_eq!(count(&mut world, "ExecuteStatement", statement), expected, "{}", text);
        let statement =
            json!({"Statement": format!("SELECT * FROM orders WHERE pk = 'a' AND ({text})")});
        prop_assert_eq!(count(&mut world, "ExecuteStatement", statement), expected, "{}", text);
    }

    #[test]
    fn values_are_inserted_as_they_are_written((value, text) in any_value()) {
        let mut world = world();
        let insert = format!("INSERT INTO orders VALUE {{'pk': 'a', 'sk': 1, 'v': {text}}}");
        ok(&mut world, "ExecuteStatement", json!({ "Statement": insert }));
        prop_assert_eq!(&get(&mut world, "a", 1)["v"], &value, "{}", text);
        let select = format!("SELECT v FROM orders WHERE v = {text}");
        let told = ok(&mut world, "ExecuteStatement", json!({ "Statement": select }));
        prop_assert_eq!(&told["Items"], &json!([{ "v": value }]), "{}", text);
    }

    /// An index that is added is the one that would have been there from the start.
    #[test]
    fn indexes_do_not_depend_on_when_they_were_made(
        writes in prop::collection::vec(any_write(), 0..12),
    ) {
        let mut world = world();
        for (sk, write) in writes {
            match write {
                Some((at, with_status)) => {
                    let mut item = with(key("a", sk), json!({"at": {"N": at.to_string()}}));
                    if with_status {
                        item["status"] = json!({"S": "new"});
                    }
                    put(&mut world, item);
                }
                None => {
                    let body = json!({"TableName": "orders", "Key": key("a", sk)});
                    ok(&mut world, "DeleteItem", body);
                }
            }
        }
        let update = json!({
            "TableName": "orders",
            "AttributeDefinitions": [
                {"AttributeName": "status", "AttributeType": "S"},
                {"AttributeName": "at", "AttributeType": "N"}
            ],
            "GlobalSecondaryIndexUpdates": [{"Create": {
                "IndexName": "later",
                "KeySchema": [
                    {"AttributeName": "status", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"}
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"}
            }}]
        });
        ok(&mut world, "UpdateTable", update);
        let query = |index: &str| json!({
            "TableName": "orders", "IndexName": index, "KeyConditionExpression": "#s = :s",
            "ExpressionAttributeNames": {"#s": "status"},
            "ExpressionAttributeValues": {":s": {"S": "new"}}
        });
        let first = ok(&mut world, "Query", query("by-status"));
        prop_assert_eq!(ok(&mut world, "Query", query("later")), first);
    }
}
