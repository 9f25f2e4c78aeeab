//! A query at work: from events, one by one, to rows.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::position::Position;
use super::aggregate::Gathered;
use super::command::{Command, Stats};
use super::evaluate::evaluate;
use super::expression::{Expression, Named};
use super::parse_command;
use super::query::Query;
use super::record::Record;
use super::row::Row;
use super::value::Value;

/// Events that a query looks at, or rows that `unnest` makes; rows that it holds while it runs,
/// groups of `stats`, and different values of `dedup`. Ours: AWS ends a query by time.
// Differs from AWS: a query of Insights that looks at more than 1,000,000 events or rows of
// `unnest`, or makes more than 100,000 groups or rows to sort, ends with the status `Timeout` and
// what it has found.
const SCANNED_MAX: u64 = 1_000_000;
const HELD_MAX: usize = 100_000;

/// Under which conditions a query runs; times in milliseconds since 1970.
pub(in crate::services::logs) struct Run {
    pub(in crate::services::logs) now: i64,
    pub(in crate::services::logs) rows_max: usize,
}

/// What a query found.
#[derive(Debug, Default)]
pub(in crate::services::logs) struct Found {
    /// Fields and their texts, in order.
    pub(in crate::services::logs) rows: Vec<Vec<(String, String)>>,
    pub(in crate::services::logs) scanned: u64,
    pub(in crate::services::logs) matched: u64,
    pub(in crate::services::logs) bytes_scanned: u64,
    /// No bound was reached.
    pub(in crate::services::logs) is_whole: bool,
}

impl Query {
    /// Runs over events, which come youngest first.
    pub(in crate::services::logs) fn run<'g>(
        &self,
        run: &Run,
        records: impl Iterator<Item = Record<'g>>,
    ) -> Found {
        let streams = |command: &Command| {
            matches!(
                command,
                Command::Fields(_)
                    | Command::Display(_)
                    | Command::Filter(_)
                    | Command::Parse(_)
                    | Command::Unnest(_)
            )
        };
        let first = self.commands.iter().position(|command| !streams(command));
        let (each, others) = self.commands.split_at(first.unwrap_or(self.commands.len()));
        let mut found = Found { is_whole: true, ..Found::default() };
        let mut stage = Stage::of(others.first(), run.rows_max);
        let mut unnested = 0;
        for record in records {
            if found.scanned == SCANNED_MAX {
                found.is_whole = false;
                break;
            }
            found.scanned += 1;
            found.bytes_scanned += record.bytes() as u64;
            let row = Row::of(record);
            let event = row.record.clone();
            let mut matches = 0;
            let mut take = |row| {
                matches = 1;
                stage.take(row, run.now)
            };
            found.is_whole &= work(each, row, run.now, &mut unnested, &mut take);
            found.matched += matches;
            event.iter().for_each(|event| event.forget());
        }
        let mut rows = stage.end(run.now);
        for command in others.iter().skip(1) {
            rows = all(command, rows, run, (&mut unnested, &mut found.is_whole));
        }
        rows.truncate(run.rows_max);
        let shown = shown(&self.commands);
        found.rows = rows.iter().map(|row| texts(row, &shown)).collect();
        found
    }
}

/// Lets commands that look at single rows work on one, and hands on what comes of it; `false` where
/// a bound is reached. `unnested` counts the rows that `unnest` has made.
fn work<'g>(
    commands: &[Command],
    mut row: Row<'g>,
    now: i64,
    unnested: &mut u64,
    take: &mut dyn FnMut(Row<'g>) -> bool,
) -> bool {
    for (number, command) in (1..).zip(commands) {
        if let Command::Unnest(unnest) = command {
            let rest = commands.get(number..).unwrap_or_default();
            let mut is_whole = true;
            for row in row.unnested(unnest) {
                *unnested += 1;
                if *unnested > SCANNED_MAX {
                    return false;
                }
                is_whole &= work(rest, row, now, unnested, take);
            }
            return is_whole;
        }
        if !passes(command, &mut row, now) {
            return true;
        }
    }
    take(row)
}

/// Lets a command that looks at single rows work on one; whether the row goes on.
fn passes(command: &Command, row: &mut Row<'_>, now: i64) -> bool {
    match command {
        Command::Filter(condition) => evaluate(condition, row, &[], now).is_true(),
        Command::Parse(parse) => {
            parse_command::run(parse, row, now);
            true
        }
        Command::Fields(fields) | Command::Display(fields) => {
            for Named { expression, name } in fields {
                if !matches!(expression, Expression::Field(field) if field == name) {
                    let value = evaluate(expression, row, &[], now);
                    row.set(name, value);
                }
            }
            true
        }
        _ => true,
    }
}

/// The first command that needs more than one row, while rows come.
enum Stage<'q, 'g> {
    Take { rows: Vec<Row<'g>>, max: usize },
    Sort { keys: &'q [(Expression, bool)], rows: Vec<(Vec<Value>, Row<'g>)> },
    Stats { stats: &'q Stats, groups: Groups<'g> },
    Dedup { names: &'q [String], seen: BTreeSet<Vec<Option<String>>>, rows: Vec<Row<'g>> },
}

impl<'q, 'g> Stage<'q, 'g> {
    fn of(command: Option<&'q Command>, rows_max: usize) -> Self {
        match command {
            Some(Command::Sort(keys)) => Self::Sort { keys, rows: Vec::new() },
            Some(Command::Stats(stats)) => Self::Stats { stats, groups: Groups::default() },
            Some(Command::Dedup(names)) => {
                Self::Dedup { names, seen: BTreeSet::new(), rows: Vec::new() }
            }
            Some(Command::Limit(limit)) => Self::Take { rows: Vec::new(), max: *limit },
            _ => Self::Take { rows: Vec::new(), max: rows_max },
        }
    }

    /// Takes a row in; `false` where a bound is reached.
    fn take(&mut self, row: Row<'g>, now: i64) -> bool {
        match self {
            Self::Take { rows, max } => {
                if rows.len() < *max {
                    rows.push(row);
                }
                true
            }
            Self::Sort { keys, rows } => {
                let key = keys.iter().map(|(key, _)| evaluate(key, &row, &[], now)).collect();
                rows.push((key, row));
                if rows.len() < 2 * HELD_MAX {
                    return true;
                }
                sort(keys, rows);
                rows.truncate(HELD_MAX);
                false
            }
            Self::Stats { stats, groups } => groups.add(stats, &row, now),
            Self::Dedup { names, seen, rows } => {
                let key = names.iter().map(|name| row.get(name).text()).collect();
                if seen.len() >= HELD_MAX {
                    return false;
                }
                if seen.insert(key) {
                    rows.push(row);
                }
                true
            }
        }
    }

    fn end(self, now: i64) -> Vec<Row<'g>> {
        match self {
            Self::Take { rows, .. } | Self::Dedup { rows, .. } => rows,
            Self::Sort { keys, mut rows } => {
                sort(keys, &mut rows);
                rows.into_iter().map(|(_, row)| row).collect()
            }
            Self::Stats { stats, groups } => groups.rows(stats, now),
        }
    }
}

fn sort(keys: &[(Expression, bool)], rows: &mut [(Vec<Value>, Row<'_>)]) {
    rows.sort_by(|(one, _), (other, _)| {
        let parts = one.iter().zip(other).zip(keys);
        let orders = parts.map(|((one, other), (_, down))| {
            let order = one.order(other);
            if *down { order.reverse() } else { order }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
}

/// The groups of `stats`, in the order in which they appeared.
#[derive(Default)]
struct Groups<'g> {
    numbers: BTreeMap<Vec<Option<String>>, usize>,
    groups: Vec<(Row<'g>, Vec<Gathered>)>,
}

impl<'g> Groups<'g> {
    fn add(&mut self, stats: &Stats, row: &Row<'_>, now: i64) -> bool {
        let values: Vec<Value> =
            stats.by.iter().map(|by| evaluate(&by.expression, row, &[], now)).collect();
        let key: Vec<Option<String>> = values.iter().map(Value::text).collect();
        let number = match self.numbers.get(&key) {
            Some(number) => *number,
            None if self.groups.len() == HELD_MAX => return false,
            None => {
                let mut made = Row::made();
                for (by, value) in stats.by.iter().zip(values) {
                    made.set(&by.name, value);
                }
                self.groups.push((made, fresh(stats)));
                self.numbers.insert(key, self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        let (_, gathered) = &mut self.groups[number];
        for (aggregation, gathered) in stats.aggregations.iter().zip(gathered) {
            let value = match &aggregation.of {
                None => Value::Bool(true),
                Some(of) => evaluate(of, row, &[], now),
            };
            if !value.is_missing() {
                gathered.add(aggregation.aggregate, &value, row.time());
            }
        }
        true
    }

    fn rows(mut self, stats: &Stats, now: i64) -> Vec<Row<'g>> {
        if self.groups.is_empty() && stats.by.is_empty() {
            self.groups.push((Row::made(), fresh(stats)));
        }
        let finished = self.groups.into_iter().map(|(mut row, gathered)| {
            let results = stats.aggregations.iter().zip(gathered);
            let results: Vec<Value> =
                results.map(|(it, gathered)| gathered.result(it.aggregate)).collect();
            for Named { expression, name } in &stats.shown {
                let value = evaluate(expression, &row, &results, now);
                row.set(name, value);
            }
            row
        });
        finished.collect()
    }
}

fn fresh(stats: &Stats) -> Vec<Gathered> {
    stats.aggregations.iter().map(|it| Gathered::new(it.aggregate)).collect()
}

/// Lets a later command work on all rows.
fn all<'g>(
    command: &Command,
    rows: Vec<Row<'g>>,
    run: &Run,
    (unnested, is_whole): (&mut u64, &mut bool),
) -> Vec<Row<'g>> {
    let now = run.now;
    let mut stage = match command {
        Command::Limit(_) | Command::Sort(_) | Command::Stats(_) | Command::Dedup(_) => {
            Stage::of(Some(command), run.rows_max)
        }
        _ => Stage::Take { rows: Vec::new(), max: usize::MAX },
    };
    for row in rows {
        let event = row.record.clone();
        let commands = std::slice::from_ref(command);
        *is_whole &= work(commands, row, now, unnested, &mut |row| stage.take(row, now));
        // Rows that wait hold their events, and not what was read of them.
        event.iter().for_each(|event| event.forget());
    }
    stage.end(now)
}

/// The fields that are shown: those of the last `display`, or of what stands behind the last
/// `stats`; times and messages where nobody says any.
fn shown(commands: &[Command]) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    let mut displayed = None;
    for command in commands {
        match command {
            Command::Fields(fields) => {
                for field in fields {
                    if !shown.contains(&field.name) {
                        shown.push(field.name.clone());
                    }
                }
            }
            Command::Display(fields) => {
                displayed = Some(fields.iter().map(|field| field.name.clone()).collect());
            }
            Command::Stats(stats) => {
                displayed = None;
                let all = stats.by.iter().chain(&stats.shown);
                shown = all.map(|field| field.name.clone()).collect();
            }
            _ => {}
        }
    }
    let shown = displayed.unwrap_or(shown);
    if shown.is_empty() {
        return ["@timestamp", "@message"].map(str::to_owned).to_vec();
    }
    shown
}

fn texts(row: &Row<'_>, shown: &[String]) -> Vec<(String, String)> {
    let of_event = row.record.is_some() && !shown.iter().any(|name| name == "@ptr");
    let pointer = of_event.then(|| "@ptr".to_owned());
    let names = shown.iter().cloned().chain(pointer);
    names.filter_map(|name| row.get(&name).text().map(|text| (name, text))).collect()
}

/// What `@ptr` says of an event: opaque to clients.
pub(super) fn pointer(group: &str, stream: &str, position: Position) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}:{group}:{stream}", position.id()))
}

/// The group, stream and place that a pointer names.
pub(in crate::services::logs) fn read_pointer(pointer: &str) -> Option<(String, String, Position)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(pointer).ok()?).ok()?;
    let mut parts = text.splitn(3, ':');
    let position = Position::of_id(parts.next()?)?;
    Some((parts.next()?.to_owned(), parts.next()?.to_owned(), position))
}
