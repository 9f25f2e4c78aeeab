//! `skyrig metrics` beside a server.

use std::process::Command;

use serde_json::json;

use crate::process::{Skyrig, read};

/// Runs `skyrig metrics`; whether it succeeded, and what it wrote.
fn metrics(skyrig: &Skyrig, arguments: &[&str]) -> (bool, String) {
    let endpoint = format!("http://{}", skyrig.address());
    let mut command = Command::new(env!("CARGO_BIN_EXE_skyrig"));
    command.arg("metrics").args(arguments).args(["--endpoint", &endpoint]);
    for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let written = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(written).unwrap())
}

/// A server whose time stands still, with values of three minutes under two shops.
fn with_metrics() -> Skyrig {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    for (shop, values) in [("north", [1, 2, 4]), ("south", [3, 3, 3])] {
        for value in values {
            let datum = json!({
                "MetricName": "sales", "Value": value,
                "Dimensions": [{"Name": "Shop", "Value": shop}],
            });
            let input = json!({"Namespace": "Shops", "MetricData": [datum]});
            let target = "GraniteServiceVersion20100801.PutMetricData";
            assert_eq!(read(skyrig.start_json(target, &input)).0, 200);
            skyrig.post("/_skyrig/clock", json!({"advance_seconds": 60}));
        }
    }
    skyrig
}

#[test]
fn metrics_are_listed_and_drawn() {
    let skyrig = with_metrics();
    let (succeeded, text) = metrics(&skyrig, &["Shops"]);
    assert!(succeeded && text == "sales\n  Shop=north\n  Shop=south\n", "{text}");
    let (succeeded, text) = metrics(&skyrig, &["Shops", "sales", "--stat", "Sum"]);
    assert!(succeeded, "{text}");
    for part in [
        "Shops sales: Sum of each minute, ",
        "\nShop=north\n  4 │",
        "  latest 4, lowest 1, highest 4\n\nShop=south\n  3 │",
        "  0 │                                                     ███\n",
        "  latest 3, lowest 3, highest 3\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let only = ["Shops", "sales", "--dimension", "Shop=south"];
    let (_, text) = metrics(&skyrig, &only);
    assert!(text.contains("Shop=south") && !text.contains("north"), "{text}");
}

#[test]
fn what_is_not_there_is_said() {
    let skyrig = with_metrics();
    for (arguments, told) in [
        (
            &["Shops", "sale"][..],
            "no metric Shops sale; there are the \
          metrics sales\n",
        ),
        (&["Shop"], "there are the namespaces Shops\n"),
        (&["Shops", "sales", "--stat", "Middle"], "skyrig: "),
        (&["Shops", "sales", "--dimension", "Shop"], "NAME=VALUE is wanted"),
        (&["Shops", "--region", "a b"], "\"a b\" can be no part of a request"),
    ] {
        let (succeeded, text) = metrics(&skyrig, arguments);
        assert!(!succeeded && text.contains(told), "{arguments:?}: {text}");
    }
}
