//! Compares JSONata with its reference implementation: generated expressions are evaluated here,
//! and by a program that says what the reference makes of them (`tests/differential/jsonata.sh`).
//!
//!     differential-jsonata EXPRESSIONS SEED PROGRAM [ARGUMENTS]

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};

use serde_json::{Value, json};
use skyrig_asl::Random;
use skyrig_asl::jsonata::{Expression, World};

/// Differences that are shown.
const SHOWN_MAX: usize = 40;
/// One expression in so many may differ: `docs/differences.md` says which do.
const KNOWN_SHARE: usize = 500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, seed, program, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: differential-jsonata EXPRESSIONS SEED PROGRAM [ARGUMENTS]");
        return ExitCode::FAILURE;
    };
    let count: usize = count.parse().expect("a number of expressions");
    let mut random = Random::new(seed.parse().expect("a seed"));
    let input = input();
    let all: Vec<String> =
        (0..count).map(|_| Generator { random: &mut random }.expression(4)).collect();

    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut to = child.stdin.take().expect("it is piped");
    let lines: Vec<String> =
        all.iter().map(|it| json!({"expression": it, "input": input}).to_string()).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            if writeln!(to, "{line}").is_err() {
                return;
            }
        }
    });
    let from = BufReader::new(child.stdout.take().expect("it is piped"));
    let (mut compared, mut different) = (0, 0);
    for (expression, line) in all.iter().zip(from.lines()) {
        let wanted: Value = serde_json::from_str(&line.expect("a line")).expect("a verdict");
        let ours = verdict(expression, &input);
        compared += 1;
        if !same(&ours, &wanted) {
            different += 1;
            if different <= SHOWN_MAX {
                println!("{expression}\n    here       {ours}\n    reference  {wanted}");
            }
        }
    }
    writer.join().expect("the writer ends");
    let _ = child.wait();
    println!("{compared} expressions, {different} differ");
    let few = different * KNOWN_SHARE <= compared;
    if compared == count && few { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn input() -> Value {
    json!({
        "a": {"b": [{"c": 1, "d": "x"}, {"c": 2, "d": "y"}, {"c": 3, "d": "x"}], "e": "text"},
        "n": [3, 1, 2], "s": "hello world", "t": true, "z": null, "m": [[1, 2], [3]], "o": {},
        "l": [], "f": -2.5,
    })
}

fn verdict(expression: &str, input: &Value) -> Value {
    let mut random = Random::new(1);
    let mut world = World { now: 0, random: &mut random };
    let outcome = Expression::parse(expression)
        .and_then(|expression| expression.evaluate(Some(input), [], &mut world));
    match outcome {
        Ok(Some(value)) => json!({"value": value}),
        Ok(None) => json!({}),
        Err(error) => json!({"error": error.code}),
    }
}

/// Numbers may differ in their last digits. Where several parts fail, either error is right: the
/// reference evaluates them at once, and shows whichever it comes upon.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) if a.contains_key("error") => b.contains_key("error"),
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(0.0), b.as_f64().unwrap_or(0.0));
            (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
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

struct Generator<'a> {
    random: &'a mut Random,
}

const PATHS: &[&str] = &[
    "a.b.c",
    "a.b.d",
    "a.e",
    "n",
    "n[0]",
    "n[-1]",
    "s",
    "t",
    "z",
    "m",
    "o",
    "l",
    "f",
    "missing",
    "a.b[0].c",
    "a.b[c>1].d",
    "a.b[d='x'].c",
    "a.*",
    "**.c",
    "m.$",
    "a.b.c[0]",
    "(a.b.c)[1]",
    "a.b^(>c).d",
    "a.b{d: c}",
    "a.b{d: $sum(c)}",
    "a.b.{'k': c, 'v': d}",
    "a.b.[c, d]",
    "n[]",
    "a.b[0,1].c",
    "a.b[[0..1]].c",
    "a.b@$x.c",
    "a.b#$i.$i",
    "m[0]",
    "m.$[0]",
    "a.missing.b",
    "$",
    "$$.n",
    "a.b.%.e",
    "`a`.e",
];
const LITERALS: &[&str] =
    &["0", "1", "2.5", "-3", "10", "1e3", "'x'", "''", "'hello'", "\"1\"", "true", "false", "null"];
const BINARY: &[&str] =
    &["+", "-", "*", "/", "%", "&", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "?:", "??"];
const ONE: &[&str] = &[
    "sum",
    "count",
    "max",
    "min",
    "average",
    "string",
    "length",
    "uppercase",
    "lowercase",
    "trim",
    "number",
    "floor",
    "ceil",
    "round",
    "abs",
    "sqrt",
    "boolean",
    "not",
    "exists",
    "sort",
    "reverse",
    "distinct",
    "keys",
    "merge",
    "spread",
    "type",
    "base64encode",
    "encodeUrlComponent",
];
const TWO: &[&str] = &[
    "split",
    "join",
    "contains",
    "append",
    "zip",
    "lookup",
    "power",
    "substring",
    "substringBefore",
    "substringAfter",
    "pad",
    "round",
    "formatBase",
];
const LAMBDAS: &[&str] = &[
    "function($v){$v}",
    "function($v){$v & 'x'}",
    "function($v, $i){$i}",
    "function($v){$v > 1}",
    "$string",
    "$uppercase",
    "function($v, $i, $a){$count($a)}",
];

impl Generator<'_> {
    fn one(&mut self, of: &[&'static str]) -> &'static str {
        of[self.random.below(of.len() as u64) as usize]
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            let simple = if self.random.below(2) == 0 { PATHS } else { LITERALS };
            return self.one(simple).to_owned();
        }
        let inside = depth - 1;
        match self.random.below(14) {
            0 | 1 => self.one(PATHS).to_owned(),
            2 | 3 => {
                let (left, right) = (self.expression(inside), self.expression(inside));
                format!("({left} {} {right})", self.one(BINARY))
            }
            4 => {
                let parts: Vec<String> = (0..3).map(|_| self.expression(inside)).collect();
                format!("({} ? {} : {})", parts[0], parts[1], parts[2])
            }
            5 => format!("[{}, {}]", self.expression(inside), self.expression(inside)),
            6 => format!("{{'k': {}, 'l': {}}}", self.expression(inside), self.expression(inside)),
            7 | 8 => format!("${}({})", self.one(ONE), self.expression(inside)),
            9 => {
                let (first, second) = (self.expression(inside), self.expression(inside));
                format!("${}({first}, {second})", self.one(TWO))
            }
            10 => {
                let function = self.one(&["map", "filter", "each", "sift"]);
                format!("${function}({}, {})", self.expression(inside), self.one(LAMBDAS))
            }
            11 => format!("($v := {}; [$v, $v])", self.expression(inside)),
            12 => format!("({})[{}]", self.expression(inside), self.expression(inside)),
            _ => format!("({} ~> ${})", self.expression(inside), self.one(ONE)),
        }
    }
}
