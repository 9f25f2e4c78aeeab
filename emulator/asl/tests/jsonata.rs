//! The reference implementation's cases (`jsonata/`), through the face that Step Functions uses.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use skyrig_asl::Random;
use skyrig_asl::jsonata::{Error, Expression, World};

/// Cases in which Step Functions, or what bounds the work here, differs from the reference. The
/// list may only shrink.
const DIFFERENT: &[(&str, &str)] = &[
    ("function-encodeUrl/case002", "a lone surrogate is no text here"),
    ("function-encodeUrlComponent/case002", "a lone surrogate is no text here"),
    ("range-operator/case021", "a million numbers are the bound, not ten"),
    ("range-operator/case022", "a million numbers are the bound, not ten"),
    ("range-operator/case023", "a million numbers are the bound, not ten"),
    ("range-operator/case024", "a million numbers are the bound, not ten"),
    ("tail-recursion/case002", "the case lowers the stack; the bound here is fixed"),
];

/// Groups of cases for what AWS took away.
const DIFFERENT_GROUPS: &[(&str, &str)] = &[("function-eval/", "AWS has no $eval")];

/// 2018-01-01T00:00:00Z or so; the cases want any time in its form.
const NOW: i64 = 1_514_764_800_000;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jsonata").join(name);
    fs::read_to_string(path).expect("the cases are in the repository")
}

/// serde_json reads no lone surrogates; the cases that hold them are named above.
fn without_lone_surrogates(text: &str) -> String {
    let mut clean = text.to_owned();
    for (start, _) in text.match_indices("\\ud") {
        let escape = |at: usize| {
            let code = text.get(at + 2..at + 6)?;
            u32::from_str_radix(code, 16).ok().filter(|_| text[at..].starts_with("\\u"))
        };
        let high = |at| escape(at).is_some_and(|it| (0xD800..0xDC00).contains(&it));
        let low = |at| escape(at).is_some_and(|it| (0xDC00..0xE000).contains(&it));
        let paired =
            (high(start) && low(start + 6)) || (low(start) && start >= 6 && high(start - 6));
        if (high(start) || low(start)) && !paired {
            clean.replace_range(start..start + 6, "\\ufffd");
        }
    }
    clean
}

fn evaluate(case: &Value, datasets: &Map<String, Value>) -> Result<Option<Value>, Error> {
    let input = match case.get("data") {
        Some(data) => Some(data),
        None => case["dataset"].as_str().map(|name| &datasets[name]),
    };
    let expression = Expression::parse(case["expr"].as_str().expect("an expression"))?;
    let bindings = case["bindings"].as_object();
    let variables = bindings.into_iter().flatten().map(|(name, value)| (name.as_str(), value));
    let mut random = Random::new(1);
    let mut world = World { now: NOW, random: &mut random };
    expression.evaluate(input, variables, &mut world)
}

/// Numbers may differ in the last digits, as in the reference's own comparison.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(0.0), b.as_f64().unwrap_or(0.0));
            (a - b).abs() <= 1e-13 * a.abs().max(b.abs())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => left == right,
    }
}

/// What is wrong with the outcome, if anything.
fn judge(case: &Value, outcome: &Result<Option<Value>, Error>) -> Option<String> {
    let right = match outcome {
        Ok(Some(value)) => case.get("result").is_some_and(|wanted| same(value, wanted)),
        // The reference's cases write the empty result of a function as undefined, too.
        Ok(None) => case.get("undefinedResult").is_some(),
        Err(error) => match case["code"].as_str() {
            // The stack's and the clock's bound have codes of their own in later versions.
            Some("U1001") => ["U1001", "D1011", "D1012"].contains(&error.code.as_str()),
            Some("S0106") => error.code == "S0106" || error.message.contains("comment"),
            Some(code) => error.code == code,
            None => case.get("result").is_none() && case.get("undefinedResult").is_none(),
        },
    };
    (!right).then(|| {
        let wanted = case.get("result").or(case.get("code")).cloned().unwrap_or(json!("nothing"));
        format!("{}: {} is {outcome:?}, not {wanted}", case["name"], case["expr"])
    })
}

#[test]
fn the_reference_cases_pass() {
    let cases: Vec<Value> =
        serde_json::from_str(&without_lone_surrogates(&read("cases.json"))).expect("cases");
    let datasets: Map<String, Value> =
        serde_json::from_str(&read("datasets.json")).expect("data sets");
    let (mut passed, mut wrong) = (0, Vec::new());
    for case in &cases {
        let name = case["name"].as_str().expect("a name");
        let differs = DIFFERENT.iter().any(|(other, _)| name == *other)
            || DIFFERENT_GROUPS.iter().any(|(group, _)| name.starts_with(group));
        match judge(case, &evaluate(case, &datasets)) {
            None if DIFFERENT.iter().any(|(other, _)| name == *other) => {
                wrong.push(format!("{name} passes: take it from the list"));
            }
            None => passed += 1,
            Some(problem) if !differs => wrong.push(problem),
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{passed} pass, {} do not:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed >= 1_600, "only {passed} cases were played");
}

fn value_of(source: &str, seed: u64) -> Result<Option<Value>, Error> {
    let mut random = Random::new(seed);
    let expression = Expression::parse(source)?;
    expression.evaluate(None, [], &mut World { now: NOW, random: &mut random })
}

/// Source: AWS, "Transforming data with JSONata in Step Functions", and recordings.
#[test]
fn functions_of_step_functions() {
    let cases = [
        ("$partition([1,2,3,4,5,6,7,8,9], 4)", json!([[1, 2, 3, 4], [5, 6, 7, 8], [9]])),
        ("$partition([], 4)", json!([])),
        ("$range(1, 9, 2)", json!([1, 3, 5, 7, 9])),
        ("$range(3, 1, -1)", json!([3, 2, 1])),
        ("$hash('input', 'MD5')", json!("a43c1b0aa53a0c908810c06ab1ff3967")),
        ("$parse('{\"a\": [1]}')", json!({"a": [1]})),
        ("$now()", json!("2018-01-01T00:00:00.000Z")),
        ("$now('[Y]-[M01]')", json!("2018-01")),
        ("$millis()", json!(NOW)),
        ("$toMillis('13:45', '[H]:[m]')", json!(NOW + (13 * 60 + 45) * 60_000)),
        ("$toMillis('2.1.', '[D1].[M1].')", json!(NOW + 86_400_000)),
        ("('2018-01-01T00:00:00.000Z').$toMillis()", json!(NOW)),
        ("('x').$pad(3)", json!("x  ")),
        ("$map(['x'], function($a){$pad($a, 2)})", json!("x ")),
        ("($pad := function($a){$a & '!'}; $pad('x'))", json!("x!")),
        ("('a.b c').$encodeUrlComponent()", json!("a.b%20c")),
        ("'-a.b c' ~> $encodeUrlComponent", json!("-a.b%20c")),
        ("'a.b?c d' ~> $encodeUrl", json!("a.b?c%20d")),
        ("$random(7) = $random(7)", json!(true)),
    ];
    for (source, wanted) in cases {
        assert_eq!(value_of(source, 1), Ok(Some(wanted)), "{source}");
    }
    assert_eq!(value_of("$eval('1')", 1).expect_err("no $eval").code, "T1006");
}

#[test]
fn the_same_seed_gives_the_same_values() {
    for source in ["$random()", "$uuid()", "$shuffle([1..50])", "$shuffle([$random(), $uuid()])"] {
        assert_eq!(value_of(source, 5), value_of(source, 5), "{source}");
        assert_ne!(value_of(source, 5), value_of(source, 6), "{source}");
    }
}

/// Each of these would go on for ever, or take all memory.
#[test]
fn work_is_bounded() {
    let deep = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let cases = [
        "($f := function(){$f()}; $f())",
        "($f := function($n){$n + $f($n + 1)}; $f(0))",
        "$count([1..9999][$count([1..9999][$ > 1]) > 0])",
        "[1..9999].[1..9999].[1..9999]",
        "[1..9999].{'a': [1..9999]}",
        "$reduce([1..40], function($a, $v){$a & $a}, 'xx')",
        "$reduce([1..40], function($a, $v){$append($a, $a)}, [1, 2])",
        "$reduce([1..40], function($a, $v){{'a': $a, 'b': $a}}, 1)",
        "$pad('x', 1000000000)",
        "($f := function($n, $a){$n = 0 ? $a : $f($n - 1, [[$a]])}; $f(50000, 1))",
        "$map([1..9999], function($a){$map([1..9999], function($b){$a * $b})})",
        "$range(1, 1000000000, 1)",
        "$partition([1..100], 0)",
        &deep,
    ];
    for source in cases {
        let outcome = value_of(source, 1);
        assert!(outcome.is_err(), "{source} is {:?}", outcome.map(|it| it.map(|_| "a value")));
    }
}

/// The crate asserts, in debug builds, what it does not see to.
#[test]
fn a_number_out_of_range_ends_its_expression_alone() {
    for source in ["/op/(0/(0))", "/op/(1/0)", "$match(0/0, /a/)"] {
        if let Err(error) = value_of(source, 1) {
            assert!(["D1001", "T0410"].contains(&&*error.code), "{source}: {error:?}");
        }
    }
}
