use super::super::synthetic::{AnomalyKind, Random, Series};
use super::*;

/// None of these was looked at when thresholds and windows were chosen; those were 1 to 12.
const SEEDS: std::ops::Range<u64> = 101..109;
const WEEKS_BEFORE: i64 = 4;

/// A season of an hour in slots of five minutes, that is learned in two.
fn hourly() -> DetectorSettings {
    let (season, slot, seasons_kept, seasons_needed) = (60, 5, 4, 2);
    DetectorSettings { season, slot, seasons_kept, seasons_needed, ..DetectorSettings::default() }
}

/// The minutes in which an alarm is raised when all values are so many times as large.
fn raised(series: &Series, times: f64) -> Vec<MinuteNumber> {
    let mut detector = Detector::new(DetectorSettings::default());
    let alarms = series.minutes().filter(|(minute, value)| {
        let verdict = detector.observe(*minute, value * times).expect("in order");
        verdict.change == Some(AlarmChange::Raised)
    });
    alarms.map(|it| it.0).collect()
}

/// Feeds minutes from 0 on; answers with the minutes of changes.
fn changes(detector: &mut Detector, values: &[f64]) -> Vec<(i64, AlarmChange)> {
    let minutes = (0..).zip(values);
    let seen = minutes.filter_map(|(minute, value)| {
        let verdict = detector.observe(MinuteNumber(minute), *value).expect("in order");
        Some((minute, verdict.change?))
    });
    seen.collect()
}

/// Around `mean` by a fixed pattern.
fn steady(minutes: usize, mean: f64) -> Vec<f64> {
    (0..minutes).map(|it| mean + [0.0, 6.0, -3.0, 3.0, -6.0, 1.0, -1.0][it % 7]).collect()
}

#[test]
fn a_labelled_week_is_read_as_labelled() {
    println!("seed | found of 50 | spikes drops shifts drifts | false | median delay, minutes");
    for seed in SEEDS {
        let series = Series::generate(seed, WEEKS_BEFORE);
        assert_eq!(series.anomalies.len(), 50);
        let raised = raised(&series, 1.0);
        let mut result = series.compare(&raised);
        result.delays.sort_unstable();
        let of = |kind| result.found.iter().filter(|it| it.kind == kind).count();
        println!(
            "{seed:4} | {:11} | {:6} {:5} {:6} {:6} | {:5} | {:?}",
            result.found.len(),
            of(AnomalyKind::Spike),
            of(AnomalyKind::Drop),
            of(AnomalyKind::LevelShift),
            of(AnomalyKind::Drift),
            result.false_alarms,
            result.delays[result.delays.len() / 2],
        );
        assert!(result.found.len() >= 45, "seed {seed}: missed {:?}", result.missed);
        assert!(result.false_alarms <= 10, "seed {seed}: {}", result.false_alarms);
    }
}

#[test]
fn the_unit_does_not_matter() {
    let series = Series::generate(SEEDS.start, WEEKS_BEFORE);
    let result = series.compare(&raised(&series, 2_500.0));
    assert!(result.found.len() >= 45 && result.false_alarms <= 10, "{result:?}");
}

/// Revenue: a sum over orders of 5 to 100 EUR each, so noisier than a count.
#[test]
fn revenue_is_read_nearly_as_well_as_orders() {
    for seed in SEEDS {
        let mut random = Random::new(seed ^ 0x5eed);
        let mut series = Series::generate(seed, WEEKS_BEFORE);
        for orders in &mut series.values {
            *orders = (0..*orders as u32).map(|_| random.between(500.0, 10_000.0)).sum();
        }
        let result = series.compare(&raised(&series, 1.0));
        println!("{seed:4} | {:3} of 50, {} false", result.found.len(), result.false_alarms);
        assert!(result.found.len() >= 45 && result.false_alarms <= 10, "{seed}: {result:?}");
    }
}

#[test]
fn the_labels_do_not_touch_what_is_seen() {
    let series = Series::generate(7, 2);
    let again = Series::generate(7, 2);
    assert_eq!((&series.values, &series.anomalies), (&again.values, &again.anomalies));
    assert_ne!(series.values, Series::generate(8, 2).values);
    let ends = series.anomalies.iter().map(|it| it.span.end);
    let starts = series.anomalies.iter().skip(1).map(|it| it.span.start);
    assert!(ends.zip(starts).all(|(end, start)| end < start), "spans overlap");
    let inside = |it: i64| series.labelled_from <= it && it <= series.values.len() as i64;
    assert!(series.anomalies.iter().all(|it| inside(it.span.start) && inside(it.span.end)));
}

#[test]
fn an_alarm_begins_once_and_ends_once() {
    let mut values = steady(3_000, 100.0);
    values[2_500..2_520].iter_mut().for_each(|it| *it *= 2.0);
    let found = changes(&mut Detector::new(hourly()), &values);
    let [(raised, AlarmChange::Raised), (ended, AlarmChange::Ended)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(*raised, 2_500);
    assert!((2_520..2_570).contains(ended), "{ended}");
}

#[test]
fn nothing_is_said_before_enough_was_seen() {
    let mut detector = Detector::new(hourly());
    for (minute, value) in (0..).zip(steady(119, 100.0)) {
        let verdict = detector.observe(MinuteNumber(minute), value).expect("in order");
        assert_eq!((verdict.expected.is_some(), verdict.change), (false, None), "{minute}");
    }
    let verdict = detector.observe(MinuteNumber(130), 1e9).expect("in order");
    assert_eq!(verdict.change, None, "the spread is not known yet");
}

#[test]
fn what_lasts_is_learned() {
    let mut values = steady(12_000, 100.0);
    values[3_000..].iter_mut().for_each(|it| *it *= 1.5);
    let found = changes(&mut Detector::new(hourly()), &values);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0], (3_000, AlarmChange::Raised));
}

#[test]
fn minutes_may_be_missing_but_not_come_twice() {
    let mut detector = Detector::new(hourly());
    changes(&mut detector, &steady(3_000, 100.0));
    let before = detector.clone();
    assert_eq!(detector.observe(MinuteNumber(2_999), 1e9), None);
    assert_eq!(detector.observe(MinuteNumber(9_000), f64::NAN), None);
    assert_eq!(detector, before);
    let verdict = detector.observe(MinuteNumber(6_000), 100.0).expect("in order");
    assert_eq!(verdict.change, None);
    assert!(verdict.expected.is_some_and(|it| (it - 100.0).abs() < 5.0), "{verdict:?}");
}

#[test]
fn state_reads_back_and_goes_on_the_same() {
    let series = Series::generate(3, 3);
    let mut live = Detector::new(DetectorSettings::default());
    let mut restored = live.clone();
    for (minute, value) in series.minutes() {
        if minute.0 % 1_009 == 0 {
            let text = serde_json::to_string(&restored).expect("JSON");
            assert!(text.len() < 40_000, "{} bytes", text.len());
            restored = serde_json::from_str(&text).expect("a detector");
        }
        assert_eq!(restored.observe(minute, value), live.observe(minute, value));
    }
    assert_eq!(restored, live);
}
