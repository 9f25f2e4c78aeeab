use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::attribute_value::{AttributeValue, Item};
use super::super::{key_value::KeyType, store::KeyAttribute, store::KeySchema};
use super::*;

fn item(value: Value) -> Item {
    serde_json::from_value(value).unwrap()
}

fn sample() -> Item {
    item(json!({
        "pk": {"S": "order-1"},
        "n": {"N": "5"},
        "flag": {"BOOL": true},
        "tags": {"SS": ["blue", "red"]},
        "nums": {"NS": ["1", "2"]},
        "entries": {"L": [{"S": "a"}, {"S": "b"}, {"N": "3"}]},
        "doc": {"M": {"deep1": {"M": {"x": {"N": "1"}}}, "xs": {"L": [{"N": "7"}]}}},
        "octets": {"B": "c2t5cmln"},
        "nil": {"NULL": true}
    }))
}

fn placeholders() -> Placeholders {
    let names = BTreeMap::from([("#s", "status"), ("#n", "n")]);
    let values = json!({
        ":s": {"S": "order-1"}, ":pre": {"S": "order"}, ":one": {"N": "1"}, ":five": {"N": "5.0"},
        ":nine": {"N": "9"}, ":true": {"BOOL": true}, ":set": {"SS": ["red"]},
        ":more": {"SS": ["green"]}, ":both": {"SS": ["blue", "red"]}, ":list": {"L": [{"S": "z"}]},
        ":type": {"S": "SS"}, ":badtype": {"S": "XX"}, ":b": {"B": "c2s="}, ":red": {"S": "red"},
        ":map": {"M": {}}, ":ns": {"NS": ["2", "9"]},
        ":big": {"N": format!("{}e88", "9".repeat(38))}
    });
    Placeholders::new(
        names.into_iter().map(|(key, name)| (key.to_owned(), name.to_owned())).collect(),
        serde_json::from_value(values).unwrap(),
    )
}

fn condition(source: &str) -> Result<bool, String> {
    parse_condition(source, ExpressionKind::Condition, &mut placeholders())
        .map(|condition| holds(&condition, &sample()))
        .map_err(|error| error.to_string())
}

fn update(source: &str) -> Result<Item, String> {
    let update = parse_update(source, &mut placeholders()).map_err(|error| error.to_string())?;
    apply(&update, &sample()).map_err(|error| error.to_string())
}

#[test]
fn conditions_hold_as_on_aws() {
    for (source, expected) in [
        ("pk = :s", true),
        ("pk <> :s", false),
        ("n = :five", true),
        ("#n > :one AND #n < :nine", true),
        ("n >= :five and n <= :five", true),
        ("n > :five OR n < :five", false),
        ("NOT n > :five", true),
        ("NOT (n = :five OR pk = :pre)", false),
        ("pk = :pre OR n = :five AND flag = :true", true),
        ("absent = :s", false),
        ("absent <> :s", true),
        ("absent < :s", false),
        ("n = :s", false),
        ("n <> :s", true),
        ("n < :s", false),
        ("n BETWEEN :one AND :nine", true),
        ("n between :nine AND #n", false),
        ("n IN (:one, :five)", true),
        ("(n) = :five", true),
        ("((n) = :five) AND (pk) = :s", true),
        ("(n) BETWEEN (:one) AND (:nine)", true),
        ("(n) IN ((:one), :five)", true),
        ("(size(tags)) = (size((nums)))", true),
        ("n IN (:one)", false),
        ("attribute_exists(doc.deep1.x)", true),
        ("attribute_exists(doc.deep1.y)", false),
        ("attribute_not_exists(doc.xs[1])", true),
        ("attribute_exists(entries[2])", true),
        ("attribute_type(tags, :type)", true),
        ("attribute_type(n, :type)", false),
        ("begins_with(pk, :pre)", true),
        ("begins_with(pk, :red)", false),
        ("begins_with(octets, :b)", true),
        ("begins_with(n, :pre)", false),
        ("contains(tags, :red)", true),
        ("contains(pk, :pre)", true),
        ("contains(octets, :b)", true),
        ("contains(nums, :one)", true),
        ("contains(entries, :red)", false),
        ("contains(absent, :red)", false),
        ("size(pk) > :five", true),
        ("size(entries) = size(doc.deep1)", false),
        ("size(tags) BETWEEN :one AND :five", true),
        ("size(n) > :one", false),
        ("flag = :true", true),
        ("tags = :both", true),
        ("doc.xs[0] > entries[2]", true),
    ] {
        assert_eq!(condition(source), Ok(expected), "{source}");
    }
}

#[test]
fn bad_conditions_are_refused_with_aws_texts() {
    let hundred_and_one = vec![":one"; 101].join(", ");
    let in_over_limit = format!("n IN ({hundred_and_one})");
    let deep = format!("{} n = :one", "NOT ".repeat(301));
    for (source, part) in [
        ("", "The expression can not be empty;"),
        ("a = = b", r#"Syntax error; token: "=", near: "= = b""#),
        ("a", r#"Syntax error; token: "<EOF>", near: "a""#),
        ("a = :s :s", r#"Syntax error; token: ":s", near: ":s :s""#),
        ("(a = :s", r#"Syntax error; token: "<EOF>", near: ":s""#),
        ("a = 5", r#"Syntax error; token: "5", near: "= 5""#),
        ("AND = :s", r#"Syntax error; token: "AND", near: "AND =""#),
        ("status = :s", "Attribute name is a reserved keyword; reserved keyword: status"),
        (
            "#x = :s",
            "An expression attribute name used in the document path is not defined; attribute \
             name: #x",
        ),
        (
            "a = :x",
            "An expression attribute value used in expression is not defined; attribute value: :x",
        ),
        ("foo(a)", "Invalid function name; function: foo"),
        (
            "size(a)",
            "The function is not allowed to be used this way in an expression; function: size",
        ),
        (
            "contains(a, :s) = :true",
            "not allowed to be used this way in an expression; function: contains",
        ),
        (
            "a = if_not_exists(a, :one)",
            "The function is not allowed in a condition expression; function: if_not_exists",
        ),
        (
            "begins_with(a)",
            "Incorrect number of operands for operator or function; operator or function: \
             begins_with, number of operands: 1",
        ),
        (
            "begins_with(a, :one)",
            "Incorrect operand type for operator or function; operator or function: begins_with, \
             operand type: N",
        ),
        (
            "a < :true",
            "Incorrect operand type for operator or function; operator or function: <, operand \
             type: BOOL",
        ),
        (
            "attribute_exists(:s)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        (
            "attribute_type(a, :badtype)",
            "Invalid attribute type name found; type: XX, valid types: \
             {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
        ),
        (
            "a = a",
            "The first operand must be distinct from the remaining operands for this operator or \
             function; operator: =, first operand: [a]",
        ),
        (
            "a BETWEEN :nine AND :one",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
             lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: \
             {N:1}",
        ),
        (
            "a BETWEEN :one AND :s",
            "The BETWEEN operator requires same data type for lower and upper bounds",
        ),
        ("((a = :s))", "The expression has redundant parentheses;"),
        ("((a)) = :s", "The expression has redundant parentheses;"),
        ("(a", r#"Syntax error; token: "<EOF>""#),
        (&in_over_limit, "operator or function: IN, number of operands: 102"),
        (&deep, "too many operators"),
    ] {
        let error = condition(source).unwrap_err();
        assert!(error.contains(part), "{source}: {error}");
    }
    let hundred = vec![":one"; 100].join(", ");
    assert_eq!(condition(&format!("n IN ({hundred})")), Ok(false));
    assert_eq!(condition("((n = :five) OR (n = :one)) AND (n = :five)"), Ok(true));
}

#[test]
fn updates_change_items_as_on_aws() {
    let mut expected;
    for (source, name, value) in [
        ("SET added = :one", "added", json!({"N": "1"})),
        ("SET n = n + :one", "n", json!({"N": "6"})),
        ("SET n = :one - n", "n", json!({"N": "-4"})),
        ("SET n = if_not_exists(n, :nine)", "n", json!({"N": "5"})),
        ("SET n = (n - :one)", "n", json!({"N": "4"})),
        ("SET n = (n) - (:one)", "n", json!({"N": "4"})),
        ("SET n = (if_not_exists(c, (:nine)) + :one)", "n", json!({"N": "10"})),
        ("SET n = (:one)", "n", json!({"N": "1"})),
        ("SET c = if_not_exists(c, :nine) + :one", "c", json!({"N": "10"})),
        ("SET c = n, n = :one", "c", json!({"N": "5"})),
        (
            "SET entries = list_append(:list, entries)",
            "entries",
            json!({"L": [{"S": "z"}, {"S": "a"}, {"S": "b"}, {"N": "3"}]}),
        ),
        (
            "SET entries[1] = :one, entries[9] = :five, entries[8] = :nine",
            "entries",
            json!({"L": [{"S": "a"}, {"N": "1"}, {"N": "3"}, {"N": "9"}, {"N": "5"}]}),
        ),
        ("REMOVE entries[0], entries[2], entries[7]", "entries", json!({"L": [{"S": "b"}]})),
        (
            "SET entries[9] = :one REMOVE entries[3]",
            "entries",
            json!({"L": [{"S": "a"}, {"S": "b"}, {"N": "3"}, {"N": "1"}]}),
        ),
        (
            "SET entries[9] = :one REMOVE entries[2]",
            "entries",
            json!({"L": [{"S": "a"}, {"S": "b"}, {"N": "1"}]}),
        ),
        (
            "SET doc.deep1.y = :one REMOVE doc.deep1.x, doc.xs",
            "doc",
            json!({"M": {"deep1": {"M": {"y": {"N": "1"}}}}}),
        ),
        ("ADD n :one", "n", json!({"N": "6"})),
        ("ADD c :one", "c", json!({"N": "1"})),
        ("ADD tags :more", "tags", json!({"SS": ["blue", "green", "red"]})),
        ("ADD nums :ns", "nums", json!({"NS": ["1", "2", "9"]})),
        ("DELETE tags :set", "tags", json!({"SS": ["blue"]})),
        ("DELETE absent :set", "pk", json!({"S": "order-1"})),
        ("set #s = :s remove n add c :one delete tags :set", "status", json!({"S": "order-1"})),
    ] {
        expected = Some(serde_json::from_value::<AttributeValue>(value).unwrap());
        let after = update(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(after.get(name), expected.as_ref(), "{source}");
    }
    assert!(!update("DELETE tags :both").unwrap().contains_key("tags"));
    assert!(!update("REMOVE n").unwrap().contains_key("n"));
    assert_eq!(update("REMOVE absent").unwrap(), sample());
}

#[test]
fn bad_updates_are_refused_with_aws_texts() {
    for (source, part) in [
        ("", "The expression can not be empty;"),
        ("INVALID SYNTAX HERE", r#"Syntax error; token: "INVALID", near: "INVALID SYNTAX""#),
        ("ADD hits : incr", r#"Syntax error; token: ":", near: "hits : incr""#),
        ("SET a = ((n - :one))", "The expression has redundant parentheses;"),
        ("SET a = ((:one))", "The expression has redundant parentheses;"),
        ("SET a = (n - :one) - :one", r#"Syntax error; token: "-""#),
        ("SET a = n - :one - :one", r#"Syntax error; token: "-""#),
        ("SET a = (n", r#"Syntax error; token: "<EOF>""#),
        ("SET a = :one,", r#"Syntax error; token: "<EOF>", near: ",""#),
        ("REMOVE a = :one", r#"Syntax error; token: "=", near: "a = :one""#),
        ("ADD a b", r#"Syntax error; token: "b", near: "a b""#),
        (
            "SET a = :one SET b = :one",
            "The \"SET\" section can only be used once in an update expression;",
        ),
        (
            "SET a = :one REMOVE a.b",
            "Two document paths overlap with each other; must remove or rewrite one of these \
             paths; path one: [a], path two: [a, b]",
        ),
        ("SET f = :one, f = :five", "path one: [f], path two: [f]"),
        (
            "SET a.b = :one, a[1] = :one",
            "Two document paths conflict with each other; must remove or rewrite one of these \
             paths; path one: [a, b], path two: [a, [1]]",
        ),
        (
            "ADD a :s",
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING",
        ),
        (
            "DELETE a :one",
            "Incorrect operand type for operator or function; operator: DELETE, operand type: \
             NUMBER",
        ),
        ("SET a = n + :s", "operator or function: +, operand type: S"),
        (
            "SET a = list_append(entries, :one)",
            "operator or function: list_append, operand type: N",
        ),
        ("SET a = if_not_exists(a)", "operator or function: if_not_exists, number of operands: 1"),
        (
            "SET a = if_not_exists(:one, :one)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
        ("SET a = size(b)", "The function is not allowed in an update expression; function: size"),
        ("SET a = foo(b)", "Invalid function name; function: foo"),
        ("SET value = :one", "reserved keyword: value"),
        (
            "SET a = absent",
            "The provided expression refers to an attribute that does not exist in the item",
        ),
        (
            "SET absent.b = :one",
            "The document path provided in the update expression is invalid for update",
        ),
        ("SET pk.b = :one", "is invalid for update"),
        ("REMOVE absent.b", "is invalid for update"),
        ("SET n = n + pk", "An operand in the update expression has an incorrect data type"),
        ("ADD pk :one", "has an incorrect data type"),
        ("DELETE n :set", "has an incorrect data type"),
        ("SET n = :big + :big", "Number overflow."),
    ] {
        let error = update(source).unwrap_err();
        assert!(error.contains(part), "{source}: {error}");
    }
}

#[test]
fn projections_pick_and_close_up() {
    for (source, expected) in [
        ("pk", json!({"pk": {"S": "order-1"}})),
        ("absent, #n", json!({"n": {"N": "5"}})),
        ("entries[2], entries[0]", json!({"entries": {"L": [{"S": "a"}, {"N": "3"}]}})),
        (
            "doc.deep1.x, doc.xs[0], doc.nothing.x",
            json!({"doc": {"M": {"deep1": {"M": {"x": {"N": "1"}}}, "xs": {"L": [{"N": "7"}]}}}}),
        ),
    ] {
        let projection = parse_projection(source, &mut placeholders()).unwrap();
        assert_eq!(projection.apply(&sample()), item(expected), "{source}");
    }
    for (source, part) in [
        ("", "can not be empty"),
        ("a,", "Syntax error"),
        ("a-b", r#"Syntax error; token: "-", near: "a-b""#),
        ("a.b, a", "Two document paths overlap"),
        ("status", "reserved keyword: status"),
        ("a[99999999999]", "List index is not within the allowable range"),
    ] {
        let error = parse_projection(source, &mut placeholders()).unwrap_err();
        assert!(error.to_string().contains(part), "{source}: {error}");
    }
}

#[test]
fn key_conditions_name_a_partition_and_a_range() {
    let attribute = |name: &str, key_type| KeyAttribute { name: name.to_owned(), key_type };
    let schema = KeySchema {
        partition: attribute("pk", KeyType::S),
        sort: Some(attribute("sk", KeyType::N)),
        partition_more: Vec::new(),
        sort_more: Vec::new(),
    };
    let parse = |source: &str| {
        parse_key_condition(source, &mut placeholders())
            .and_then(|tests| tests.against(&schema))
            .map_err(|error| error.to_string())
    };
    for source in [
        "pk = :s",
        "(pk = :s) AND (sk = :one)",
        "sk > :one AND pk = :s",
        ":one < sk AND pk = :s",
        "pk = :s AND sk BETWEEN :one AND :nine",
    ] {
        assert!(parse(source).is_ok(), "{source}: {:?}", parse(source));
    }
    assert_eq!(parse("sk > :one AND pk = :s"), parse(":one < sk AND :s = pk"));
    for (source, part) in [
        ("pk > :s", "Query key condition not supported"),
        ("sk = :one", "Query condition missed key schema element: pk"),
        ("pk = :s AND elsewhere = :one", "Query condition missed key schema element: sk"),
        ("pk = :s AND pk = :s", "must only contain one condition per key"),
        ("pk = :s OR sk = :one", "Invalid operator used in KeyConditionExpression: OR"),
        ("NOT pk = :s", "Invalid operator used in KeyConditionExpression: NOT"),
        ("pk = :s AND sk <> :one", "Invalid operator used in KeyConditionExpression: <>"),
        ("pk = :s AND sk IN (:one)", "Invalid operator used in KeyConditionExpression: IN"),
        ("pk = :one", "Condition parameter type does not match schema type"),
        ("pk = :s AND sk = :s", "Condition parameter type does not match schema type"),
        ("pk = :s AND begins_with(sk, :pre)", "type does not match schema type"),
        ("pk = :s AND sk > :one AND sk < :nine", "must only contain one condition per key"),
        ("pk = :s AND sk > :one AND x = :nine", "Conditions can be of length 1 or 2 only"),
        ("pk = sk", "Multiple attribute names used in one condition"),
        ("pk.x = :s", "nested attributes"),
        ("pk = ", "Invalid KeyConditionExpression: Syntax error"),
    ] {
        let error = parse(source).unwrap_err();
        assert!(error.contains(part), "{source}: {error}");
    }
}

#[test]
fn unused_placeholders_are_listed() {
    let mut placeholders = Placeholders::new(
        BTreeMap::from([("#a".to_owned(), "a".to_owned()), ("#b".to_owned(), "b".to_owned())]),
        item(json!({":x": {"N": "1"}, ":y": {"N": "1"}})).into(),
    );
    assert_eq!(placeholders.unused_names().as_deref(), Some("{#a, #b}"));
    parse_update("SET #a = :x, #b = :x", &mut placeholders).unwrap();
    assert_eq!(placeholders.unused_names(), None);
    assert_eq!(placeholders.unused_values().as_deref(), Some("{:y}"));
}
