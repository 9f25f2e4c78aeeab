//! GetMetricWidgetImage: pictures that programs can read.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use serde_json::{Value, json};

use super::*;

/// Width, height and pixels of a PNG, whose chunks are checked.
fn read(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut rest = png.strip_prefix(b"\x89PNG\r\n\x1a\n").expect("a PNG");
    let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
    let (mut size, mut data, mut ended) = ((0, 0), Vec::new(), false);
    while !rest.is_empty() {
        let length = number(&rest[..4]) as usize;
        let (kind, body) = (&rest[4..8], &rest[8..8 + length]);
        assert_eq!(number(&rest[8 + length..12 + length]), crc32fast::hash(&rest[4..8 + length]));
        match kind {
            b"IHDR" => size = (number(&body[..4]), number(&body[4..8])),
            b"IDAT" => data.extend(body),
            b"IEND" => ended = true,
            _ => {}
        }
        rest = &rest[12 + length..];
    }
    assert!(ended);
    let mut pixels = Vec::new();
    ZlibDecoder::new(&data[..]).read_to_end(&mut pixels).unwrap();
    assert_eq!(pixels.len() as u32, (size.0 + 1) * size.1, "a filter and a row each");
    (size.0, size.1, pixels)
}

fn image(world: &mut World, widget: Value) -> Vec<u8> {
    let input = json!({"MetricWidget": widget.to_string()});
    let answer = ok(world, "GetMetricWidgetImage", input);
    STANDARD.decode(answer["MetricWidgetImage"].as_str().unwrap()).unwrap()
}

#[test]
fn a_chart_shows_the_data() {
    let mut world = World::new();
    put(&mut world, json!({"Value": 1}));
    world.advance_seconds(60);
    put(&mut world, json!({"Value": 9}));
    world.advance_seconds(60);
    let widget = json!({
        "metrics": [["N", "m", {"id": "m1", "label": "max ${MAX}"}], [{"expression": "m1 * 2"}]],
        "period": 60, "stat": "Sum", "start": "-PT5M", "width": 300, "height": 200,
        "title": "A chart", "annotations": {"horizontal": [{"value": 5, "label": "limit"}]},
    });
    let (width, height, pixels) = read(&image(&mut world, widget.clone()));
    assert_eq!((width, height), (300, 200));
    for colour in [4, 5, 7] {
        let count = pixels.iter().filter(|pixel| **pixel == colour).count();
        assert!(count > 20, "colour {colour}: {count} pixels");
    }
    let mut empty = widget.clone();
    empty["metrics"] = json!([["N", "other"]]);
    let (_, _, none) = read(&image(&mut world, empty));
    assert!(none.len() == pixels.len() && none != pixels);
    let mut stacked = widget;
    stacked["stacked"] = true.into();
    assert_ne!(read(&image(&mut world, stacked)).2, pixels);
}

#[test]
fn bars_and_pies_show_the_latest_values() {
    let mut world = World::new();
    for (name, values) in [("a", [9, 1]), ("b", [1, 3])] {
        for value in values {
            let datum = json!({"MetricName": name, "Value": value});
            ok(&mut world, "PutMetricData", json!({"Namespace": "N", "MetricData": [datum]}));
            world.advance_seconds(60);
        }
    }
    let mut shares = |view: &str| {
        let widget = json!({
            "metrics": [["N", "a"], ["N", "b"], ["N", "none"]], "view": view, "period": 60,
            "stat": "Sum", "start": "-PT10M", "width": 300, "height": 300,
        });
        let (_, _, pixels) = read(&image(&mut world, widget));
        let of = |colour: u8| pixels.iter().filter(|pixel| **pixel == colour).count();
        of(5) as f64 / of(4) as f64
    };
    // One to three, but for the legend and the rounding of edges.
    for view in ["bar", "pie"] {
        let found = shares(view);
        assert!((2.5..3.5).contains(&found), "{view}: {found}");
    }
    assert!(!(2.5..3.5).contains(&shares("timeSeries")));
}

#[test]
fn what_is_no_widget_is_refused() {
    let mut world = World::new();
    for widget in [
        "",
        "[]",
        "{",
        r#"{"width": 1}"#,
        r#"{"height": 100000}"#,
        r#"{"start": "soon"}"#,
        r#"{"metrics": 5}"#,
        r#"{"view": "gauge"}"#,
        r#"{"metrics": [["N"]]}"#,
        r#"{"metrics": [["N", "m", "D"]]}"#,
        r#"{"metrics": [["."]]}"#,
        r#"{"start": "P0D"}"#,
        r#"{"metrics": [[{"expression": "("}]]}"#,
        r#"{"timezone": "CET"}"#,
    ] {
        let input = json!({"MetricWidget": widget});
        let refused = world.err(&format!("{TARGET}.GetMetricWidgetImage"), input);
        assert_eq!(refused.shape, "ValidationException", "{widget}");
    }
    let input = json!({"MetricWidget": "{}", "OutputFormat": "image/png"});
    let refused = world.err(&format!("{TARGET}.GetMetricWidgetImage"), input);
    assert_eq!(refused.shape, "NotImplementedException");
    for size in [50, 2000] {
        let widget = json!({"width": size, "height": size, "title": "x".repeat(500)});
        assert_eq!(read(&image(&mut world, widget)).0, size);
    }
}
