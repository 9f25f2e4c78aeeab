//! Queries that were started: their rows, for as long as they are kept.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::LogsError;
use super::group::LogGroup;
use super::insights::{self, Record};
use super::position::Position;
use super::shapes::{QueryInfo, QueryStatistics, ResultField};
use super::state::Logs;
use crate::kernel::{Context, Passing};

/// All queries, by their number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Queries {
    list: BTreeMap<u64, StartedQuery>,
    numbers: BTreeMap<String, u64>,
    next: u64,
    /// Of all rows.
    bytes: usize,
}

/// A query that was started. It is run at once; that it runs passes by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StartedQuery {
    number: u64,
    id: String,
    text: String,
    pub(super) groups: Vec<String>,
    /// In milliseconds since 1970.
    created: i64,
    /// That it runs; nothing where somebody was told how it has ended.
    passing: Option<Passing>,
    /// How it ends.
    end: End,
    rows: Vec<Vec<ResultField>>,
    pub(super) statistics: QueryStatistics,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum End {
    Complete,
    Cancelled,
    Timeout,
}

/// What is asked.
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) groups: Vec<String>,
    /// In milliseconds since 1970.
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) limit: Option<usize>,
}

/// Rows of one query, and where nobody says how many.
///
/// Source: API reference "StartQuery".
pub(super) const ROWS_MAX: usize = 100_000;
const ROWS_DEFAULT: usize = 10_000;
/// Source: user guide "CloudWatch Logs quotas".
const KEPT_MILLIS: i64 = 7 * 86_400_000;
const LASTS: Duration = Duration::from_secs(1);
/// Ours: what is kept of queries that are over.
const QUERIES_MAX: usize = 1000;
const BYTES_MAX: usize = 64 * 1024 * 1024;

impl Logs {
    /// Runs a query and keeps its rows; returns its id.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn start_query(
        &mut self,
        ctx: &mut Context<'_>,
        query: &insights::Query,
        asked: Asked,
    ) -> Result<String, LogsError> {
        let now = ctx.now().millis();
        for group in &asked.groups {
            self.settled(now, group)?;
        }
        let groups = asked.groups.iter().filter_map(|name| self.groups.get(name.as_str()));
        let groups: Vec<&LogGroup> = groups.collect();
        // The end is in the range, as on AWS.
        let range = (Position::at(asked.start), Position::at(asked.end.saturating_add(1)));
        let rows_max = asked.limit.unwrap_or(ROWS_DEFAULT);
        let found = query.run(&insights::Run { now, rows_max }, records(&groups, range));
        let statistics = QueryStatistics {
            bytes_scanned: Some(found.bytes_scanned as f64),
            estimated_bytes_skipped: Some(0.0),
            estimated_records_skipped: Some(0.0),
            log_groups_scanned: Some(groups.len() as f64),
            records_matched: Some(found.matched as f64),
            records_scanned: Some(found.scanned as f64),
            result_count: Some(found.rows.len() as f64),
        };
        let rows = found.rows.into_iter().map(|row| row.into_iter().map(field).collect());
        let id = ctx.ids().uuid().to_string();
        let passing = Passing::begin(ctx, "Running", LASTS);
        let started = StartedQuery {
            number: 0,
            id: id.clone(),
            text: asked.text,
            groups: asked.groups,
            created: now,
            passing: Some(passing),
            end: if found.is_whole { End::Complete } else { End::Timeout },
            rows: rows.collect(),
            statistics,
        };
        self.queries.keep(now, started);
        Ok(id)
    }
}

/// The events of groups, the youngest first.
fn records<'g>(
    groups: &[&'g LogGroup],
    range: (Position, Position),
) -> impl Iterator<Item = Record<'g>> {
    let mut sources: Vec<_> = groups
        .iter()
        .map(|group| (*group, group.merged(|_| true, range, false).peekable()))
        .collect();
    std::iter::from_fn(move || {
        let places = sources.iter_mut().map(|(_, source)| source.peek().map(|(place, ..)| *place));
        let (number, _) = places.enumerate().max_by_key(|(_, place)| *place)?;
        let (group, source) = sources.get_mut(number)?;
        let (position, stream, event) = source.next()?;
        Some(Record::of(group, stream, position, event))
    })
}

fn field((field, value): (String, String)) -> ResultField {
    ResultField { field: Some(field), value: Some(value) }
}

impl StartedQuery {
    fn runs(&self, ctx: &Context<'_>) -> bool {
        self.end != End::Cancelled && self.passing.as_ref().is_some_and(|it| it.lasts(ctx))
    }

    /// AWS's word for how far it is.
    pub(super) fn status(&self, ctx: &Context<'_>) -> &'static str {
        match self.end {
            _ if self.runs(ctx) => "Running",
            End::Complete => "Complete",
            End::Cancelled => "Cancelled",
            End::Timeout => "Timeout",
        }
    }

    /// The rows; none while it runs.
    pub(super) fn rows(&self, ctx: &Context<'_>) -> &[Vec<ResultField>] {
        if self.runs(ctx) { &[] } else { &self.rows }
    }

    /// Its place in a list that begins with the youngest.
    pub(super) fn key(&self) -> String {
        format!("{:020}", u64::MAX - self.number)
    }

    pub(super) fn described(&self, ctx: &Context<'_>) -> QueryInfo {
        QueryInfo {
            bytes_scanned: self.statistics.bytes_scanned,
            create_time: Some(self.created),
            log_group_name: self.groups.first().cloned(),
            query_duration: None,
            query_id: Some(self.id.clone()),
            query_language: Some("CWLI".to_owned()),
            query_string: Some(self.text.clone()),
            status: Some(self.status(ctx).to_owned()),
            user_identity: None,
        }
    }

    fn bytes(&self) -> usize {
        let of = |text: &Option<String>| text.as_ref().map_or(0, String::len) + 24;
        let fields = self.rows.iter().flatten();
        self.text.len() + fields.map(|it| of(&it.field) + of(&it.value)).sum::<usize>()
    }
}

impl Queries {
    fn keep(&mut self, now: i64, query: StartedQuery) {
        let number = self.next;
        self.next += 1;
        self.bytes += query.bytes();
        self.numbers.insert(query.id.clone(), number);
        self.list.insert(number, StartedQuery { number, ..query });
        while let Some(oldest) = self.list.first_entry() {
            let too_old = oldest.get().created < now - KEPT_MILLIS;
            let too_many = self.numbers.len() > QUERIES_MAX || self.bytes > BYTES_MAX;
            if !too_old && (!too_many || self.numbers.len() == 1) {
                break;
            }
            let gone = oldest.remove();
            self.bytes -= gone.bytes();
            self.numbers.remove(&gone.id);
        }
    }

    /// Notes that somebody is told of a query.
    pub(super) fn told(&mut self, ctx: &Context<'_>, id: &str) {
        let number = self.numbers.get(id).copied();
        if let Some(query) = number.and_then(|number| self.list.get_mut(&number)) {
            query.passing = query.passing.take_if(|passing| passing.lasts(ctx));
        }
    }

    /// A query that is still kept.
    pub(super) fn find(&self, ctx: &Context<'_>, id: &str) -> Option<&StartedQuery> {
        let query = self.list.get(self.numbers.get(id)?)?;
        (query.created >= ctx.now().millis() - KEPT_MILLIS).then_some(query)
    }

    /// Ends a query; whether it ran.
    pub(super) fn stop(&mut self, ctx: &Context<'_>, id: &str) -> bool {
        let number = self.numbers.get(id).copied();
        let Some(query) = number.and_then(|number| self.list.get_mut(&number)) else {
            return false;
        };
        // Whoever stops a query at once finds that it ran, also where nothing lasts; but not where
        // somebody was told that it is over.
        let recent = ctx.now().millis() < query.created + LASTS.as_millis() as i64;
        let may_run = recent && query.passing.is_some() && query.end == End::Complete;
        let ran = query.runs(ctx) || may_run;
        if ran {
            self.bytes -= query.bytes();
            query.end = End::Cancelled;
            query.rows.clear();
            self.bytes += query.bytes();
        }
        ran
    }

    pub(super) fn youngest_first(&self, ctx: &Context<'_>) -> impl Iterator<Item = &StartedQuery> {
        let since = ctx.now().millis() - KEPT_MILLIS;
        self.list.values().rev().filter(move |query| query.created >= since)
    }
}
