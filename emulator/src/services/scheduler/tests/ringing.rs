//! When schedules ring.

use serde_json::{Value, json};

use super::Scheduler;

/// Seconds of virtual time since 1970.
fn now(scheduler: &Scheduler) -> i64 {
    scheduler.world.now().seconds()
}

fn iso(seconds: i64) -> String {
    crate::wire::Timestamp::from_millis(seconds * 1000).iso_seconds()
}

#[test]
fn a_rate_begins_at_once_and_goes_on() {
    let mut scheduler = Scheduler::new();
    let begun = now(&scheduler);
    scheduler.schedule("s", "rate(5 minutes)", &json!({}));
    scheduler.world.advance_seconds(899);
    let times: Vec<String> = [0, 300, 600].map(|after| iso(begun + after)).into();
    assert_eq!(scheduler.bodies(), times);
    scheduler.world.advance_seconds(1);
    assert_eq!(scheduler.bodies(), [iso(begun + 900)]);
}

#[test]
fn start_and_end_bound_a_rate() {
    let mut scheduler = Scheduler::new();
    let begun = now(&scheduler);
    let bounds = json!({"StartDate": begun + 100, "EndDate": begun + 220});
    scheduler.schedule("s", "rate(1 minute)", &bounds);
    scheduler.world.advance_seconds(86_400);
    assert_eq!(scheduler.bodies(), [100, 160, 220].map(|after| iso(begun + after)));
    // It stays, and is over.
    scheduler.ok("GET", "/schedules/s", &Value::Null);
}

#[test]
fn a_moment_comes_once_and_the_schedule_may_end_with_it() {
    let mut scheduler = Scheduler::new();
    let begun = now(&scheduler);
    let moment = iso(begun + 50);
    let expression = format!("at({})", moment.trim_end_matches('Z'));
    scheduler.schedule("stays", &expression, &json!({}));
    scheduler.schedule("ends", &expression, &json!({"ActionAfterCompletion": "DELETE"}));
    scheduler.schedule("off", &expression, &json!({"State": "DISABLED"}));
    scheduler.world.advance_seconds(86_400);
    assert_eq!(scheduler.bodies(), [moment.clone(), moment]);
    scheduler.ok("GET", "/schedules/stays", &Value::Null);
    assert_eq!(scheduler.ask("GET", "/schedules/ends", &Value::Null).status, 404);
}

#[test]
fn a_year_of_cron_costs_what_it_rings() {
    let mut scheduler = Scheduler::new();
    scheduler.schedule("s", "cron(30 9 1 * ? *)", &json!({}));
    let mut bodies = Vec::new();
    for _ in 0..366 {
        scheduler.world.advance_seconds(86_400);
        bodies.extend(scheduler.bodies());
    }
    assert!(bodies.len() == 12 || bodies.len() == 13, "{bodies:?}");
    assert!(bodies.iter().all(|it| it.ends_with("-01T09:30:00Z")), "{bodies:?}");
}

#[test]
fn a_disabled_schedule_is_silent_until_it_is_enabled() {
    let mut scheduler = Scheduler::new();
    scheduler.schedule("s", "rate(1 minute)", &json!({"State": "DISABLED"}));
    scheduler.world.advance_seconds(600);
    assert_eq!(scheduler.bodies().len(), 0);
    let begun = now(&scheduler);
    let on = super::schedule("rate(1 minute)", &json!({}));
    scheduler.ok("PUT", "/schedules/s", &on);
    scheduler.world.advance_seconds(60);
    assert_eq!(scheduler.bodies(), [iso(begun), iso(begun + 60)]);
    scheduler.ok("DELETE", "/schedules/s", &Value::Null);
    scheduler.world.advance_seconds(600);
    assert_eq!(scheduler.bodies().len(), 0);
}

#[test]
fn a_window_is_drawn_from_the_seed() {
    let run = |seed| {
        let settings = crate::kernel::Settings { seed, ..Default::default() };
        let mut scheduler = Scheduler::with(settings);
        let window = json!({"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60});
        let window = json!({"FlexibleTimeWindow": window});
        scheduler.schedule("s", "cron(0 * * * ? *)", &window);
        let mut late = Vec::new();
        for minute in 0..(10 * 60) {
            scheduler.world.advance_seconds(60);
            late.extend(scheduler.bodies().iter().map(|_| minute));
        }
        assert!((9..=10).contains(&late.len()), "{late:?}");
        late
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}
