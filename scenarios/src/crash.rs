//! `scenario crash`: one role at a time dies at one of its calls to AWS or to the stream: the call
//! is done, and its answer never comes. Then the role is started again, and the story must end as
//! if nothing had happened.
//!
//! A role waits at these calls and nowhere else that matters, so it can be dropped there only.
//! To be dropped before a call, or while it reads, is to be dropped after the call before it that
//! had an effect. So these are all the moments with something half done.

mod stream;

use crate::form::Form;
use crate::stages::{self, Extras};
use crate::words::CATALOG;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use harness::{Script, say};
use orderflow::{Aws, Deps, Gate, Role};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Two orders, one of which is called off when it is paid for, and the role is started again after
/// everything that takes a while. The story waits for the last of these starts.
const SCRIPT: &str = r#"
name: crash
story: A role dies at one of its calls.
given:
  - { do: receive_stock, with: { product: lamp, quantity: 12 } }
nemesis:
  - { fault: restart, on: { role: ROLE }, from: 20s }
  - { fault: restart, on: { role: ROLE }, from: 110s }
  - { fault: restart, on: { role: ROLE }, from: 260s }
  - { fault: restart, on: { role: ROLE }, from: 420s }
when:
  - at: 1s
    each: [o-1, o-2]
    do: place_order
    with:
      id: "${each}"
      customer: ann
      items: [{ product: lamp, quantity: 2, unit_price: "5.00" }]
  - each: [o-1, o-2]
    do: confirm_order
    with: { order: "${each}", payment_method: card, if_allowed: true }
  - at: 10s
    each: [1, 2, 3]
    do: shipping_quote
    with:
      insist: true
      items: [{ product: lamp, quantity: 1 }]
      address: { street: 4 Test Ave, city: Portland, state: OR, zip_code: "97201", country: US }
  - do: cancel_order
    with: { order: o-2, reason: changed my mind, if_allowed: true }
  - at: 430s
then:
  - eventually: { see: order_status, of: { order: o-1 }, equals: delivered, within: 15m }
invariants: all
"#;

/// When the story begins.
const FIRST: Duration = Duration::from_secs(1);
/// Bytes of the answer to a receive that found nothing, and a few more.
const EMPTY: usize = 20;

/// Where a role dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) role: Role,
    /// The how-manieth call of the role, from its start, counted from zero.
    pub(crate) call: usize,
}

/// Watches the calls of all roles, and lets one of them die. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Crash(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    point: Option<Point>,
    calls: BTreeMap<Role, Vec<Call>>,
    gates: BTreeMap<Role, Gate>,
    /// When the first role was there.
    since: Option<Instant>,
}

/// A call that was made.
#[derive(Clone, Debug, Default)]
struct Call {
    operation: String,
    /// Something is different after it: in a table, a queue, or in the hands of the role.
    effect: bool,
}

impl Crash {
    fn at(point: Option<Point>) -> Self {
        Self(Arc::new(Mutex::new(State { point, ..State::default() })))
    }

    /// How `role` reaches AWS.
    pub(crate) fn around(&self, role: Role, aws: &Aws) -> Aws {
        let crash = self.clone();
        aws.clone().through(|inner| SharedHttpClient::new(Fragile { crash, role, inner }))
    }

    /// What else the role needs, with the stream as it reaches it.
    pub(crate) fn within(&self, role: Role, deps: Deps) -> Deps {
        let around = |inner| stream::Fragile::around(self.clone(), role, inner);
        Deps { stream: deps.stream.map(|inner| Arc::new(around(inner)) as Arc<_>), ..deps }
    }

    /// From now on the calls of the role count; it dies by its gate.
    pub(crate) fn arm(&self, role: Role, gate: &Gate) {
        let mut state = self.lock();
        state.since.get_or_insert_with(Instant::now);
        state.gates.insert(role, gate.clone());
    }

    /// The number of this call, if it counts.
    fn begin(&self, role: Role, operation: &str) -> Option<usize> {
        let mut state = self.lock();
        // What is given is given.
        state.gates.get(&role).filter(|_| state.since.is_some_and(|at| at.elapsed() >= FIRST))?;
        let calls = state.calls.entry(role).or_default();
        calls.push(Call { operation: operation.to_owned(), effect: true });
        Some(calls.len() - 1)
    }

    fn answered(&self, role: Role, call: usize, reply: &HttpResponse) {
        let mut state = self.lock();
        let one = &mut state.calls.get_mut(&role).expect("it began")[call];
        let empty = reply.body().bytes().is_some_and(|body| body.len() < EMPTY);
        let (_, name) = one.operation.split_once('.').unwrap_or_default();
        one.effect = match name {
            "ReceiveMessage" => !empty,
            // Without a name: SNS takes a message, or CloudWatch takes figures.
            name => !["Get", "BatchGet", "Query"].iter().any(|reads| name.starts_with(reads)),
        };
    }

    /// Lets the role die if this is where it shall.
    fn dies(&self, role: Role, call: usize) -> bool {
        let state = self.lock();
        let here = state.point == Some(Point { role, call });
        if here {
            state.gates[&role].remove();
        }
        here
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing inside can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An HTTP client of one role.
struct Fragile<Inner> {
    crash: Crash,
    role: Role,
    inner: Inner,
}

impl<Inner> fmt::Debug for Fragile<Inner> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fragile")
    }
}

impl HttpClient for Fragile<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Fragile { crash: self.crash.clone(), role: self.role, inner })
    }
}

impl HttpConnector for Fragile<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let Some(call) = self.crash.begin(self.role, &operation) else {
            return self.inner.call(request);
        };
        let (crash, role, inner) = (self.crash.clone(), self.role, self.inner.clone());
        HttpConnectorFuture::new(async move {
            let reply = inner.call(request).await;
            if let Ok(reply) = &reply {
                crash.answered(role, call, reply);
            }
            if crash.dies(role, call) {
                return std::future::pending().await;
            }
            reply
        })
    }
}

/// What the sweep of one role found.
#[derive(Default)]
pub(crate) struct Swept {
    pub(crate) points: usize,
    /// The calls at which it died.
    pub(crate) operations: BTreeSet<String>,
    /// The report of each run that failed.
    pub(crate) failed: Vec<(Point, String)>,
}

/// At how many of its calls a role dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// At each that has an effect.
    Whole,
    /// At one of each operation, the same each time; each role at other ones.
    Sample,
}

/// Calls by operation, each by its number.
type Points = BTreeMap<String, Vec<usize>>;

/// Lets `role` die at its calls, in a simulation of its own each time.
pub(crate) fn sweep(role: Role, extent: Extent, form: Form) -> Result<Swept, String> {
    let script = script(role)?;
    let calm = Crash::at(None);
    play(&script, &calm, form)?.map_err(|report| format!("without a crash: {report}"))?;
    let calls = calm.lock().calls.remove(&role).unwrap_or_default();
    let mut points = Points::new();
    for (call, made) in calls.into_iter().enumerate().filter(|(_, made)| made.effect) {
        points.entry(made.operation).or_default().push(call);
    }
    if extent == Extent::Sample {
        sample(role, &mut points);
    }
    let mut swept = Swept::default();
    for (operation, calls) in points {
        for call in calls {
            let point = Point { role, call };
            swept.points += 1;
            if let Err(report) = play(&script, &Crash::at(Some(point)), form)? {
                swept.failed.push((point, format!("{operation}: {report}")));
            }
        }
        swept.operations.insert(operation);
    }
    Ok(swept)
}

/// Leaves one call of each operation. What early calls are for one role and operation, late ones
/// are for another, so that together they are spread over the story.
fn sample(role: Role, points: &mut Points) {
    let (roles, mut turn) = (Role::ALL.len(), role as usize);
    for calls in points.values_mut() {
        let part = turn % roles;
        *calls = vec![calls[part * calls.len() / roles]];
        turn += roles / 2;
    }
}

/// Sweeps all roles and prints what was found. True if nothing was lost or done twice.
pub(crate) fn sweep_and_show(
    only: Option<Role>,
    extent: Extent,
    form: Form,
) -> Result<bool, String> {
    let mut well = true;
    for role in Role::ALL.into_iter().filter(|role| only.is_none_or(|only| only == *role)) {
        let Swept { points, operations, failed } = sweep(role, extent, form)?;
        let (operations, failures) = (operations.len(), failed.len());
        say!("{role:<14} {points:>4} points of {operations} operations, {failures} failed");
        for (point, report) in &failed {
            say!("{point:?}\n{report}");
        }
        well &= failed.is_empty();
    }
    Ok(well)
}

fn script(role: Role) -> Result<Script, String> {
    let text = SCRIPT.replace("ROLE", role.as_str());
    harness::script::parse("crash", &text, &CATALOG).map_err(|errors| errors.to_string())
}

/// The report, if it failed.
fn play(script: &Script, crash: &Crash, form: Form) -> Result<Result<(), String>, String> {
    let extras = Extras { crash: Some(crash.clone()), form, ..Extras::default() };
    let run = stages::play_with(script, 1, extras)?;
    Ok(if run.passed { Ok(()) } else { Err(run.text("-")) })
}

#[cfg(test)]
mod tests {
    use super::{Extent, Form, Points, sample, sweep};
    use orderflow::Role;
    use std::collections::BTreeSet;

    /// Each point plays minutes of calls; `scenario crash` leaves none out. Among them are these.
    fn check(role: Role, needed: &[&str]) {
        let swept = sweep(role, Extent::Sample, Form::default()).expect("it can be played");
        assert!(swept.points > 2, "{role} made calls of {} operations", swept.points);
        for operation in needed {
            assert!(swept.operations.contains(*operation), "{role} made no call {operation}");
        }
        if let Some((point, report)) = swept.failed.first() {
            panic!("{} of {} points, first {point:?}: {report}", swept.failed.len(), swept.points);
        }
    }

    /// Each role has a test of its own, so that they are swept side by side.
    #[test]
    fn every_role_is_swept() {
        let tests = include_str!("crash.rs");
        for role in Role::ALL {
            let is_swept = tests.contains(&format!("        check(Role::{role:?}, "));
            assert!(is_swept, "no test lets {role} die");
        }
    }

    #[test]
    fn each_role_has_a_sample_of_its_own() {
        let sampled = |role, length: usize| {
            let calls = |first: usize| (first..first + length).collect::<Vec<_>>();
            let operations = [("delete", 100), ("put", 200), ("send", 300)];
            let operations = operations.map(|(name, first)| (name.to_owned(), calls(first)));
            let mut points = Points::from(operations);
            sample(role, &mut points);
            assert!(points.values().all(|calls| calls.len() == 1), "{points:?}");
            points.into_values().flatten().collect::<Vec<_>>()
        };
        for length in [11, 12, 50] {
            let all: BTreeSet<_> = Role::ALL.map(|role| sampled(role, length)).into();
            assert_eq!(all.len(), Role::ALL.len());
            let first: BTreeSet<_> = all.iter().map(|calls| calls[0]).collect();
            assert_eq!(first.len(), Role::ALL.len());
        }
        assert!(Role::ALL.iter().all(|role| sampled(*role, 1) == [100, 200, 300]));
    }

    #[test]
    fn the_api_may_die_at_any_call() {
        check(Role::Api, &[]);
    }

    #[test]
    fn orders_may_die_at_any_call() {
        check(Role::Orders, &[]);
    }

    #[test]
    fn inventory_may_die_at_any_call() {
        check(Role::Inventory, &[]);
    }

    #[test]
    fn payments_may_die_at_any_call() {
        check(Role::Payments, &[]);
    }

    #[test]
    fn fulfilment_may_die_at_any_call() {
        check(Role::Fulfilment, &[]);
    }

    #[test]
    fn the_carrier_may_die_at_any_call() {
        check(Role::Carrier, &[]);
    }

    #[test]
    fn notifications_may_die_at_any_call() {
        check(Role::Notifications, &[]);
    }

    #[test]
    fn the_projector_may_die_at_any_call() {
        check(Role::Projector, &[]);
    }

    #[test]
    fn the_audit_may_die_at_any_call() {
        check(Role::Audit, &[]);
    }

    #[test]
    fn the_bridge_may_die_at_any_call() {
        check(Role::Bridge, &["stream.append"]);
    }

    #[test]
    fn the_analytics_may_die_at_any_call() {
        check(Role::Analytics, &["stream.join", "stream.next", "stream.commit"]);
    }
}
