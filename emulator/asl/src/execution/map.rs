//! `Map`: its items, how many run at once, and the runs of distributed maps.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Effect;
use super::branch::{Children, Item, Parent, Phase, Prepared};
use super::failure::{Failure, ITEM_READER_FAILED};
use super::history::{Details, EventType};
use super::map_run::{MapRun, MapRunChange};
use super::scene::wrong_type;
use super::turn::Turn;
use crate::definition::{Batcher, ExecutionType, Map, Mode, QueryLanguage};
use crate::json::Json;
use crate::template::Template;

/// Iterations of an inline map that run at once.
const INLINE_CONCURRENCY_MAX: usize = 40;
/// Child executions that run at once here; AWS runs ten thousand.
const DISTRIBUTED_CONCURRENCY_MAX: usize = 1_000;
/// Items of a map.
const ITEMS_MAX: usize = 100_000;

/// The numbers of a map.
struct Bounds {
    concurrency: i64,
    count: i64,
    percentage: f64,
}

impl Bounds {
    /// How many of so many items may fail: the count or the percentage, whichever is more.
    fn tolerated(&self, items: usize) -> usize {
        let share = (self.percentage / 100.0 * items as f64).floor() as usize;
        usize::try_from(self.count).unwrap_or(0).max(share)
    }
}

impl Turn<'_> {
    pub(super) fn map(&mut self, id: u64, map: &Map) -> Result<(), Failure> {
        let input = match self.state(id).language {
            QueryLanguage::JsonPath => self.effective_input(id)?,
            QueryLanguage::Jsonata => self.branch(id).input.clone(),
        };
        let mocked = self.mocked();
        if map.reader.is_some() && mocked.is_none() {
            return self.refuse_reader(id, map, &input);
        }
        let items = match mocked.as_ref().filter(|_| map.reader.is_some()) {
            Some(mocked) => mocked.items.as_ref().and_then(|it| it.value().as_array().cloned()),
            None => Some(self.items(id, map, &input)?),
        };
        let items = items.unwrap_or_default();
        let length = items.len();
        let concurrency = self.concurrency(id, map, &input)?;
        let prepared = self.prepare(id, map, items, &input)?;
        if let Some(mocked) = mocked {
            let bounds = self.bounds(id, map, &input, concurrency)?;
            return self.take_mock(id, &mocked, bounds.tolerated(prepared.len()));
        }
        // As recorded: what is wrong with the rest comes after this event.
        let started =
            self.record(id, EventType::MapStateStarted, Details::new().with("length", length));
        let bounds = self.bounds(id, map, &input, concurrency)?;
        if map.writer.is_some() {
            let what = "ResultWriter".to_owned();
            self.effects.push(Effect::NotHonoured { what });
        }
        let run = match map.mode {
            Mode::Inline => None,
            Mode::Distributed(_) => {
                Some(self.begin_map_run(id, map, (prepared.len(), length), &bounds))
            }
        };
        let most = if run.is_some() { DISTRIBUTED_CONCURRENCY_MAX } else { INLINE_CONCURRENCY_MAX };
        let wanted = usize::try_from(bounds.concurrency).unwrap_or(0);
        let all = prepared.len();
        self.branch_mut(id).phase = Phase::Children(Children {
            results: vec![None; all],
            items: prepared,
            started: 0,
            running: BTreeSet::new(),
            limit: if wanted == 0 { most } else { wanted.min(most) },
            failed: 0,
            run,
            tolerated: if run.is_some() { bounds.tolerated(all) } else { 0 },
            started_event: started,
        });
        if all == 0 {
            self.go_on(id, started, started);
            return Ok(());
        }
        let limit = self.children(id).map_or(0, |it| it.limit).min(all);
        for _ in 0..limit {
            self.start_item(id, started);
        }
        Ok(())
    }

    /// Starts the next item.
    pub(super) fn start_item(&mut self, id: u64, follows: u64) {
        let Some(children) = self.children(id) else { return };
        let index = children.started;
        children.started += 1;
        let run = children.run;
        let prepared = children.items[index].clone();
        let name = self.branch(id).state.clone();
        let own = self.branch(id).child;
        let (place, last) = match run {
            Some(run) => (Some(self.begin_child(run, &prepared.input, prepared.items)), 0),
            None => {
                let details = Details::new().with("index", index).with("name", name.as_str());
                let kind = EventType::MapIterationStarted;
                (own, self.record_after(follows, own, kind, details))
            }
        };
        let parent = Parent { branch: id, index };
        let child = self.spawn(parent, (name, 0), prepared.input, last);
        let branch = self.branch_mut(child);
        branch.item = Some(prepared.item);
        branch.child = place;
        branch.begins_child = run.is_some();
    }

    fn items(&mut self, id: u64, map: &Map, input: &Json) -> Result<Vec<Value>, Failure> {
        let (value, path) = match &map.items {
            None => (input.value().clone(), "$".to_owned()),
            Some(dynamic) => match &dynamic.template {
                Template::Path(path) => {
                    let value = self.look(id, path, input.value())?;
                    // AWS shows a path into the context object with one sign.
                    let shown = path.text().replacen("$$", "$", 1);
                    (value, shown)
                }
                _ => {
                    let value = self.scene(id, input.value(), &[], |it| it.dynamic(dynamic))?;
                    if !value.is_array() {
                        return Err(wrong_type(dynamic));
                    }
                    (value, String::new())
                }
            },
        };
        match value {
            Value::Array(items) if items.len() <= ITEMS_MAX => {
                if !path.is_empty() {
                    let shown = || Value::Array(items.clone()).to_string().into();
                    self.note_value("afterItemsPath", shown);
                }
                Ok(items)
            }
            Value::Array(_) => {
                Err(Failure::runtime(format!("A Map has at most {ITEMS_MAX} items here.")))
            }
            _ => Err(Failure::runtime(format!("Reference path \"{path}\" must point to array."))),
        }
    }

    fn concurrency(&mut self, id: u64, map: &Map, input: &Json) -> Result<i64, Failure> {
        let concurrency = self.count(id, map.max_concurrency.as_ref(), input)?.unwrap_or(0);
        if concurrency < 0 {
            return Err(Failure::runtime("MaxConcurrency cannot be negative."));
        }
        self.note_value("maxConcurrency", || concurrency.into());
        Ok(concurrency)
    }

    fn bounds(
        &mut self,
        id: u64,
        map: &Map,
        input: &Json,
        concurrency: i64,
    ) -> Result<Bounds, Failure> {
        let count = self.count(id, map.tolerated_count.as_ref(), input)?;
        let percentage = self.fraction(id, map.tolerated_percentage.as_ref(), input)?;
        if count.is_some_and(|it| it < 0) {
            return Err(Failure::runtime("ToleratedFailureCount cannot be negative."));
        }
        if percentage.is_some_and(|it| !(0.0..=100.0).contains(&it)) {
            let cause = "ToleratedFailurePercentage must be between 0 and 100.";
            return Err(Failure::runtime(cause));
        }
        if let Some(count) = count {
            self.note_value("toleratedFailureCount", || count.into());
        }
        if let Some(percentage) = percentage {
            self.note_value("toleratedFailurePercentage", || percentage.into());
        }
        let (count, percentage) = (count.unwrap_or(0), percentage.unwrap_or(0.0));
        Ok(Bounds { concurrency, count, percentage })
    }

    /// What each iteration gets.
    fn prepare(
        &mut self,
        id: u64,
        map: &Map,
        items: Vec<Value>,
        input: &Json,
    ) -> Result<Vec<Prepared>, Failure> {
        let outer = self.branch(id).item.clone();
        let mut prepared = Vec::with_capacity(items.len());
        for (index, value) in items.into_iter().enumerate() {
            let item = Item { index, value };
            let selected = match &map.selector {
                None => item.value.clone(),
                Some(template) => {
                    self.branch_mut(id).item = Some(item.clone());
                    let selected = self.scene(id, input.value(), &[], |scene| {
                        scene.evaluate(template, "ItemSelector")
                    });
                    self.branch_mut(id).item.clone_from(&outer);
                    selected?
                }
            };
            Self::bound_depth(&selected)?;
            prepared.push(Prepared { input: Json::from(selected), item, items: 1 });
        }
        if map.selector.is_some() {
            self.note_inputs("afterItemSelector", &prepared);
        }
        let Some(batcher) = &map.batcher else { return Ok(prepared) };
        let batches = self.batch(id, batcher, prepared, input)?;
        self.note_inputs("afterItemBatcher", &batches);
        Ok(batches)
    }

    fn note_inputs(&mut self, name: &str, prepared: &[Prepared]) {
        self.note_value(name, || {
            let all: Value = prepared.iter().map(|it| it.input.value().clone()).collect();
            all.to_string().into()
        });
    }

    fn batch(
        &mut self,
        id: u64,
        batcher: &Batcher,
        items: Vec<Prepared>,
        input: &Json,
    ) -> Result<Vec<Prepared>, Failure> {
        let most = self.count(id, batcher.max_items.as_ref(), input)?;
        let bytes = self.count(id, batcher.max_bytes.as_ref(), input)?;
        let common = match &batcher.input {
            None => None,
            Some(template) => Some(self.scene(id, input.value(), &[], |scene| {
                scene.evaluate(template, "ItemBatcher/BatchInput")
            })?),
        };
        let most = most.and_then(|it| usize::try_from(it).ok()).unwrap_or(usize::MAX);
        let bytes = bytes.and_then(|it| usize::try_from(it).ok());
        let bytes = bytes.unwrap_or(super::PAYLOAD_BYTES_MAX);
        let mut batches = Vec::new();
        let (mut batch, mut size) = (Vec::new(), 0);
        for item in items {
            let length = item.input.text().len() + 1;
            if !batch.is_empty() && (batch.len() >= most.max(1) || size + length > bytes) {
                batches.push(std::mem::take(&mut batch));
                size = 0;
            }
            size += length;
            batch.push(item.input.value().clone());
        }
        if !batch.is_empty() {
            batches.push(batch);
        }
        let whole = |(index, items): (usize, Vec<Value>)| {
            let mut value = json!({});
            if let Some(common) = &common {
                value["BatchInput"] = common.clone();
            }
            let count = items.len();
            value["Items"] = Value::Array(items);
            Prepared { input: Json::from(value.clone()), item: Item { index, value }, items: count }
        };
        Ok(batches.into_iter().enumerate().map(whole).collect())
    }

    fn begin_map_run(
        &mut self,
        id: u64,
        map: &Map,
        (total, items): (usize, usize),
        bounds: &Bounds,
    ) -> usize {
        let about = &self.execution.about;
        let label = map.label.clone();
        let machine = about.machine_arn.replacen(":stateMachine:", ":mapRun:", 1);
        let label = label.unwrap_or_else(|| self.execution.random.uuid());
        let arn = format!("{machine}/{label}:{}", self.execution.random.uuid());
        let details = Details::new().with("mapRunArn", arn.as_str());
        self.record(id, EventType::MapRunStarted, details);
        let parent = self.branch(id).child;
        let express = matches!(map.mode, Mode::Distributed(ExecutionType::Express));
        self.execution.map_runs.push(MapRun {
            arn,
            parent,
            express,
            started_at: self.now,
            stopped_at: None,
            succeeded_in_the_end: None,
            total,
            items,
            succeeded: 0,
            failed: 0,
            max_concurrency: bounds.concurrency,
            tolerated_count: bounds.count,
            tolerated_percentage: bounds.percentage,
            redrives: 0,
            redriven_at: None,
            children: Vec::new(),
        });
        self.execution.map_runs.len() - 1
    }

    /// Changes the numbers of a run that is under way; more items start if more may.
    pub(super) fn update_map_run(&mut self, arn: &str, change: &MapRunChange) {
        let runs = &mut self.execution.map_runs;
        let Some(index) = runs.iter().position(|run| run.arn == arn) else { return };
        let run = &mut runs[index];
        run.max_concurrency = change.max_concurrency.unwrap_or(run.max_concurrency);
        run.tolerated_count = change.tolerated_count.unwrap_or(run.tolerated_count);
        run.tolerated_percentage = change.tolerated_percentage.unwrap_or(run.tolerated_percentage);
        let bounds = Bounds {
            concurrency: run.max_concurrency,
            count: run.tolerated_count,
            percentage: run.tolerated_percentage,
        };
        let branches = self.execution.branches.iter();
        let of_run = |phase: &Phase| matches!(phase, Phase::Children(it) if it.run == Some(index));
        let found = branches.filter(|(_, it)| of_run(&it.phase)).map(|(id, _)| *id).next();
        let Some(id) = found else { return };
        let Some(children) = self.children(id) else { return };
        children.tolerated = bounds.tolerated(children.items.len());
        let wanted = usize::try_from(bounds.concurrency).unwrap_or(0);
        let most = DISTRIBUTED_CONCURRENCY_MAX;
        children.limit = if wanted == 0 { most } else { wanted.min(most) };
        let (left, running) = (children.items.len() - children.started, children.running.len());
        let more = children.limit.saturating_sub(running).min(left);
        let event = children.started_event;
        for _ in 0..more {
            self.start_item(id, event);
        }
    }

    /// Ends a distributed map's run, well or with a failure. Gives the event, if it is one.
    pub(super) fn end_map_run(&mut self, id: u64, failure: Option<&Failure>) -> Option<u64> {
        let run = self.children(id)?.run?;
        let now = self.now;
        let ended = &mut self.execution.map_runs[run];
        ended.stopped_at = Some(now);
        ended.succeeded_in_the_end = Some(failure.is_none());
        let (previous, place) = (self.branch(id).last_event, self.branch(id).child);
        let (kind, details) = match failure {
            None => (EventType::MapRunSucceeded, Details::new()),
            Some(failure) => (
                EventType::MapRunFailed,
                Details::new()
                    .with_some("error", failure.error.clone())
                    .with_some("cause", failure.cause.clone()),
            ),
        };
        Some(self.record_after(previous, place, kind, details))
    }

    /// Readers read from S3, which is not here.
    fn refuse_reader(&mut self, id: u64, map: &Map, input: &Json) -> Result<(), Failure> {
        let concurrency = self.concurrency(id, map, input)?;
        let started = self.record(id, EventType::MapStateStarted, Details::new().with("length", 0));
        let bounds = self.bounds(id, map, input, concurrency)?;
        let run = self.begin_map_run(id, map, (0, 0), &bounds);
        self.branch_mut(id).phase = Phase::Children(Children {
            results: Vec::new(),
            items: Vec::new(),
            started: 0,
            running: BTreeSet::new(),
            limit: 0,
            failed: 0,
            run: Some(run),
            tolerated: 0,
            started_event: started,
        });
        let cause = "ItemReader is not implemented: it reads from Amazon S3, which is not emulated";
        let failure = Failure::new(ITEM_READER_FAILED, cause);
        let event = self.end_map_run(id, Some(&failure));
        let branch = self.branch_mut(id);
        branch.last_event = event.unwrap_or(branch.last_event);
        Err(Failure { of_branch: true, ..failure })
    }
}
