use serde_json::{Value, json};

use super::super::tests::{get, invalid, ok, put, refused, world};
use crate::cloud::testing::World;

fn execute(world: &mut World, statement: &str, parameters: Value) -> Value {
    let mut request = json!({"Statement": statement});
    if parameters != json!([]) {
        request["Parameters"] = parameters;
    }
    ok(world, "ExecuteStatement", request)
}

/// The sort keys of what is selected.
fn selected(world: &mut World, statement: &str, parameters: Value) -> Vec<String> {
    let told = execute(world, statement, parameters);
    let items = told["Items"].as_array().unwrap().iter();
    items.map(|item| item["sk"]["N"].as_str().unwrap_or("-").to_owned()).collect()
}

fn seeded() -> World {
    let mut world = world();
    for sk in 1..=5 {
        put(
            &mut world,
            json!({
                "pk": {"S": "a"}, "sk": {"N": sk.to_string()}, "n": {"N": (sk * 10).to_string()},
                "status": {"S": if sk % 2 == 0 { "new" } else { "old" }}, "at": {"N": "1"},
                "note": {"S": format!("note {sk}")}, "total": {"N": sk.to_string()},
                "doc": {"M": {"list": {"L": [{"S": "x"}, {"N": "7"}]}}}
            }),
        );
    }
    world
}

#[test]
fn statements_select_what_conditions_say() {
    let mut world = seeded();
    for (condition, expected) in [
        ("pk = 'a'", "1 2 3 4 5"),
        ("pk = 'a' AND sk > 3", "4 5"),
        ("3 < sk AND 'a' = pk", "4 5"),
        ("pk = 'a' AND sk BETWEEN 2 AND 3", "2 3"),
        ("pk = 'a' AND (n = 10 OR n = 3e1)", "1 3"),
        ("pk = 'a' AND NOT (n >= 20)", "1"),
        ("pk = 'a' AND n IN [10, 20]", "1 2"),
        ("pk = 'a' AND n NOT IN (10, 20)", "3 4 5"),
        ("pk = 'a' AND contains(\"note\", '3')", "3"),
        ("pk = 'a' AND begins_with(note, 'note ')", "1 2 3 4 5"),
        ("pk = 'a' AND size(note) = 6", "1 2 3 4 5"),
        ("pk = 'a' AND attribute_type(n, 'S')", ""),
        ("pk = 'a' AND absent IS MISSING", "1 2 3 4 5"),
        ("pk = 'a' AND absent IS NOT MISSING", ""),
        ("pk = 'a' AND doc.list[1] = 7", "1 2 3 4 5"),
        ("pk = 'a' AND status != 'new' AND sk <> 1", "3 5"),
        ("n = 40", "4"),
        ("pk = 'a' ORDER BY sk DESC", "5 4 3 2 1"),
        ("pk = 'a' and sk >= 4 order by sk asc;", "4 5"),
        ("pk = 'b'", ""),
    ] {
        let found =
            selected(&mut world, &format!("SELECT * FROM orders WHERE {condition}"), json!([]));
        assert_eq!(found.join(" "), expected, "{condition}");
    }
    let statement = "SELECT * FROM \"orders\" WHERE pk = ? AND sk > ?";
    assert_eq!(selected(&mut world, statement, json!([{"S": "a"}, {"N": "4"}])), ["5"]);
    let statement = "SELECT sk FROM orders.\"by-status\" WHERE status = 'new'";
    assert_eq!(selected(&mut world, statement, json!([])), ["2", "4"]);
    let statement = "SELECT doc.list[0], n, absent FROM orders WHERE pk = 'a' AND sk = 1";
    let told = execute(&mut world, statement, json!([]));
    assert_eq!(told["Items"], json!([{"list[0]": {"S": "x"}, "n": {"N": "10"}}]));
}

#[test]
fn pages_go_on_where_they_end() {
    for (statement, expected) in [
        ("SELECT * FROM orders WHERE pk = 'a'", "1 2 3 4 5"),
        ("SELECT * FROM orders WHERE pk = 'a' ORDER BY sk DESC", "5 4 3 2 1"),
        ("SELECT * FROM orders", "1 2 3 4 5"),
        ("SELECT * FROM orders.\"by-status\" WHERE status = 'old'", "1 3 5"),
    ] {
        let mut world = seeded();
        let (mut found, mut token) = (Vec::new(), Value::Null);
        loop {
            let mut request = json!({"Statement": statement, "Limit": 2});
            if !token.is_null() {
                request["NextToken"] = token.clone();
            }
            let told = ok(&mut world, "ExecuteStatement", request);
            for item in told["Items"].as_array().unwrap() {
                found.push(item["sk"]["N"].as_str().unwrap().to_owned());
            }
            assert_eq!(told["NextToken"].is_null(), told["LastEvaluatedKey"].is_null());
            token = told["NextToken"].clone();
            if token.is_null() {
                break;
            }
            let other =
                json!({"Statement": "SELECT * FROM orders WHERE n = 1", "NextToken": token});
            invalid(&mut world, "ExecuteStatement", other, "NextToken does not match request");
        }
        assert_eq!(found.join(" "), expected, "{statement}");
    }
}

#[test]
fn statements_write() {
    let mut world = world();
    let insert = "INSERT INTO orders VALUE {'pk': 'a', 'sk': 1, 'tags': <<'x', 'y'>>, 'l': [1, \
                  {'k': null}], 'flag': true, 'quote': 'it''s', 'n': -1.50}";
    assert_eq!(execute(&mut world, insert, json!([]))["Items"], json!([]));
    let expected = json!({
        "pk": {"S": "a"}, "sk": {"N": "1"}, "tags": {"SS": ["x", "y"]},
        "l": {"L": [{"N": "1"}, {"M": {"k": {"NULL": true}}}]}, "flag": {"BOOL": true},
        "quote": {"S": "it's"}, "n": {"N": "-1.5"}
    });
    assert_eq!(get(&mut world, "a", 1), expected);
    let again = json!({"Statement": insert});
    let part = "Duplicate primary key exists in table";
    refused(&mut world, "ExecuteStatement", again, "DuplicateItemException", part);
    let update = "UPDATE orders SET n = n + 2, l = list_append(l, [2]) SET tags = set_add(tags, \
                  <<'z'>>) REMOVE flag WHERE pk = 'a' AND sk = ? RETURNING MODIFIED NEW *";
    let told = execute(&mut world, update, json!([{"N": "1"}]));
    let list = json!([{"N": "1"}, {"M": {"k": {"NULL": true}}}, {"N": "2"}]);
    let changed = json!([{"n": {"N": "0.5"}, "l": {"L": list}, "tags": {"SS": ["x", "y", "z"]}}]);
    assert_eq!(told["Items"], changed);
    let failed = "ConditionalCheckFailedException";
    for statement in [
        "UPDATE orders SET n = 1 WHERE pk = 'a' AND sk = 2",
        "UPDATE orders SET n = 1 WHERE pk = 'a' AND sk = 1 AND n = 7",
        "DELETE FROM orders WHERE pk = 'a' AND sk = 1 AND n = 7",
    ] {
        let request = json!({"Statement": statement});
        refused(&mut world, "ExecuteStatement", request, failed, "conditional request failed");
    }
    let told = execute(
        &mut world,
        "DELETE FROM orders WHERE pk = 'a' AND sk = 1 RETURNING ALL OLD *",
        json!([]),
    );
    assert_eq!(told["Items"][0]["n"], json!({"N": "0.5"}));
    execute(&mut world, "DELETE FROM orders WHERE pk = 'a' AND sk = 1", json!([]));
    assert_eq!(get(&mut world, "a", 1), Value::Null);
}

#[test]
fn bad_statements_are_refused() {
    let mut world = seeded();
    let deep = format!("SELECT * FROM orders WHERE {}pk = 'a'{}", "(".repeat(200), ")".repeat(200));
    let value = format!("INSERT INTO orders VALUE {{'pk': {}1{}}}", "[".repeat(40), "]".repeat(40));
    for (statement, part) in [
        ("CREATE TABLE x", "can't be processed: Expected data manipulation"),
        ("", "at 'statement' failed to satisfy constraint"),
        ("SELECT * FROM", "Unexpected end of statement"),
        ("SELECT * FROM orders WHERE pk = 'a", "Unexpected end of statement"),
        ("SELECT * FROM orders WHERE", "Unexpected end of statement"),
        ("SELECT FROM orders", "Unexpected keyword"),
        ("SELECT * FROM orders WHERE pk = 'a' extra", "Unexpected token"),
        ("SELECT * FROM orders WHERE pk ~ 1", "Unexpected token"),
        ("INSERT INTO orders (pk) VALUES ('a')", "Unexpected token"),
        ("INSERT INTO orders VALUE {'pk': 'a', 'pk': 'b'}", "Duplicate key"),
        ("INSERT INTO orders VALUE {'pk': 'a', 'sk': 1, 's': <<>>}", "may not be empty"),
        ("INSERT INTO orders VALUE {'pk': 'a', 'sk': 1, 's': <<1, 'x'>>}", "members of one type"),
        ("INSERT INTO orders VALUE {'pk': 'a'}", "Missing the key sk in the item"),
        ("INSERT INTO orders VALUE {'pk': 1, 'sk': 1}", "Type mismatch for key pk"),
        ("UPDATE orders SET n = 1 WHERE pk = 'a'", "mandatory equality on all key attributes"),
        ("UPDATE orders SET n = 1 WHERE pk = 'a' OR sk = 1", "mandatory equality"),
        ("UPDATE orders SET sk = 2 WHERE pk = 'a' AND sk = 1", "part of the key"),
        ("UPDATE orders SET n = 1, n = 2 WHERE pk = 'a' AND sk = 1", "Two document paths overlap"),
        ("DELETE FROM orders WHERE sk = 1", "mandatory equality"),
        ("SELECT * FROM orders WHERE pk = ?", "Number of parameters in request"),
        ("SELECT * FROM orders ORDER BY sk", "Must have WHERE clause"),
        ("SELECT * FROM orders WHERE n = 1 ORDER BY sk", "non-optional hash key condition"),
        ("SELECT * FROM orders WHERE pk = 'a' ORDER BY n", "must be part of the primary key"),
        ("SELECT * FROM orders.nowhere", "does not have the specified index: nowhere"),
        ("SELECT n FROM orders.\"by-status\"", "does not project [n]"),
        ("EXISTS(SELECT * FROM orders WHERE pk = 'a')", "only be used within ExecuteTransaction"),
        (&deep, "too deep"),
        (&value, "Nesting Levels have exceeded"),
    ] {
        invalid(&mut world, "ExecuteStatement", json!({"Statement": statement}), part);
    }
    let many = format!("SELECT * FROM orders WHERE pk = 'a'{}", " AND n > 1".repeat(800));
    assert_eq!(selected(&mut world, &many, json!([])).len(), 5);
    let unused = json!({"Statement": "SELECT * FROM orders", "Parameters": [{"S": "x"}]});
    invalid(&mut world, "ExecuteStatement", unused, "Number of parameters in request");
    let request = json!({"Statement": "SELECT * FROM nowhere"});
    refused(&mut world, "ExecuteStatement", request, "ResourceNotFoundException", "not found");
}

#[test]
fn batches_answer_statement_by_statement() {
    let mut world = seeded();
    let batch = |statements: &[&str]| {
        let statements: Vec<Value> = statements.iter().map(|it| json!({"Statement": it})).collect();
        json!({"Statements": statements})
    };
    let told = ok(
        &mut world,
        "BatchExecuteStatement",
        batch(&[
            "INSERT INTO orders VALUE {'pk': 'b', 'sk': 1}",
            "INSERT INTO orders VALUE {'pk': 'a', 'sk': 1}",
            "UPDATE orders SET n = 1 WHERE pk = 'a' AND sk = 2",
            "UPDATE nowhere SET n = 1 WHERE pk = 'a'",
            "DELETE FROM",
        ]),
    );
    let codes: Vec<&str> = told["Responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["Error"]["Code"].as_str().unwrap_or("-"))
        .collect();
    assert_eq!(codes, ["-", "DuplicateItem", "-", "ResourceNotFound", "ValidationError"]);
    assert_eq!(told["Responses"][0], json!({"TableName": "orders"}));
    assert_eq!(get(&mut world, "a", 2)["n"], json!({"N": "1"}));
    let told = ok(
        &mut world,
        "BatchExecuteStatement",
        batch(&[
            "SELECT n FROM orders WHERE pk = 'a' AND sk = 3",
            "SELECT n FROM orders WHERE pk = 'a'",
            "SELECT n FROM orders WHERE pk = 'z' AND sk = 3",
        ]),
    );
    assert_eq!(told["Responses"][0]["Item"], json!({"n": {"N": "30"}}));
    assert_eq!(told["Responses"][1]["Error"]["Code"], "ValidationError");
    assert_eq!(told["Responses"][2], json!({"TableName": "orders"}));
    let mixed = batch(&[
        "SELECT n FROM orders WHERE pk = 'a' AND sk = 3",
        "DELETE FROM orders WHERE pk = 'a' AND sk = 3",
    ]);
    invalid(&mut world, "BatchExecuteStatement", mixed, "statements that read");
}

#[test]
fn transactions_of_statements_are_all_or_none() {
    let mut world = seeded();
    let transaction = |statements: &[&str]| {
        let statements: Vec<Value> = statements.iter().map(|it| json!({"Statement": it})).collect();
        json!({"TransactStatements": statements})
    };
    let done = ok(
        &mut world,
        "ExecuteTransaction",
        transaction(&[
            "INSERT INTO orders VALUE {'pk': 'b', 'sk': 1}",
            "UPDATE orders SET n = 1 WHERE pk = 'a' AND sk = 2",
            "EXISTS(SELECT * FROM orders WHERE pk = 'a' AND sk = 3 AND n = 30)",
        ]),
    );
    assert_eq!(done, json!({"Responses": []}));
    let cancelled = transaction(&[
        "INSERT INTO orders VALUE {'pk': 'b', 'sk': 1}",
        "DELETE FROM orders WHERE pk = 'a' AND sk = 3",
        "EXISTS(SELECT * FROM orders WHERE pk = 'a' AND sk = 4 AND n = 1)",
    ]);
    let shape = "TransactionCanceledException";
    let part = "[DuplicateItem, None, ConditionalCheckFailed]";
    refused(&mut world, "ExecuteTransaction", cancelled, shape, part);
    assert_eq!(get(&mut world, "a", 3)["n"], json!({"N": "30"}));
    let read = ok(
        &mut world,
        "ExecuteTransaction",
        transaction(&[
            "SELECT n FROM orders WHERE pk = 'a' AND sk = 2",
            "SELECT * FROM orders WHERE pk = 'z' AND sk = 2",
        ]),
    );
    assert_eq!(read["Responses"], json!([{"Item": {"n": {"N": "1"}}}, {}]));
}
