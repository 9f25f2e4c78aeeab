use serde_json::{Value, json};

use super::{get, invalid, key, ok, orders, put, refused, with, world};
use crate::cloud::testing::World;
use crate::kernel::{Lifecycle, Settings};

fn on_orders(more: Value) -> Value {
    with(json!({"TableName": "orders"}), more)
}

fn set(world: &mut World, sk: i64, value: &str) {
    put(
        world,
        with(key("a", sk), json!({"v": {"S": value}, "status": {"S": "new"}, "at": {"N": "1"}})),
    );
}

/// The values of the table's items, in the order of their keys.
fn values(world: &mut World, table: &str) -> String {
    let told = ok(world, "Scan", json!({"TableName": table, "ConsistentRead": true}));
    let items = told["Items"].as_array().unwrap().iter();
    items.map(|item| item["v"]["S"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_backup_keeps_a_table_as_it_was() {
    let mut world = world();
    set(&mut world, 1, "one");
    let made = ok(&mut world, "CreateBackup", on_orders(json!({"BackupName": "first"})));
    assert_eq!(made["BackupDetails"]["BackupStatus"], "CREATING");
    let arn = made["BackupDetails"]["BackupArn"].clone();
    set(&mut world, 1, "changed");
    world.restart();
    let told = ok(&mut world, "DescribeBackup", json!({"BackupArn": arn}));
    let details = &told["BackupDescription"]["BackupDetails"];
    assert_eq!(
        (&details["BackupStatus"], &details["BackupType"]),
        (&json!("AVAILABLE"), &json!("USER"))
    );
    assert_eq!(told["BackupDescription"]["SourceTableDetails"]["ItemCount"], 1);
    let listed = ok(&mut world, "ListBackups", on_orders(json!({})));
    assert_eq!(listed["BackupSummaries"][0]["BackupArn"], arn);
    ok(&mut world, "DeleteTable", on_orders(json!({})));
    let restore = |target: &str| json!({"BackupArn": arn, "TargetTableName": target});
    let made = ok(&mut world, "RestoreTableFromBackup", restore("restored"));
    assert_eq!(made["TableDescription"]["RestoreSummary"]["SourceBackupArn"], arn);
    assert_eq!(values(&mut world, "restored"), "one");
    let by_status = json!({
        "TableName": "restored", "IndexName": "by-status", "KeyConditionExpression": "#s = :s",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":s": {"S": "new"}}
    });
    assert_eq!(ok(&mut world, "Query", by_status)["Count"], 1);
    let shape = "TableAlreadyExistsException";
    refused(&mut world, "RestoreTableFromBackup", restore("restored"), shape, "already exists");
    let told = ok(&mut world, "DeleteBackup", json!({"BackupArn": arn}));
    assert_eq!(told["BackupDescription"]["BackupDetails"]["BackupStatus"], "DELETED");
    let part = "Backup not found: arn:aws:dynamodb";
    refused(&mut world, "RestoreTableFromBackup", restore("x-2"), "BackupNotFoundException", part);
}

#[test]
fn a_table_is_restored_to_any_moment() {
    let mut world = world();
    set(&mut world, 1, "before");
    let recovery = |enabled: bool, days: i64| {
        on_orders(json!({"PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": enabled, "RecoveryPeriodInDays": days
        }}))
    };
    let to = |target: &str, more: Value| {
        with(json!({"SourceTableName": "orders", "TargetTableName": target}), more)
    };
    let latest = json!({"UseLatestRestorableTime": true});
    let shape = "PointInTimeRecoveryUnavailableException";
    let restore = "RestoreTableToPointInTime";
    refused(&mut world, restore, to("early", latest.clone()), shape, "not enabled");
    ok(&mut world, "UpdateContinuousBackups", recovery(true, 1));
    let began = world.now().seconds();
    let mut moments = Vec::new();
    for (sk, value) in [(1, "one"), (2, "two"), (1, "three")] {
        world.advance_seconds(10);
        set(&mut world, sk, value);
        moments.push(world.now().seconds());
    }
    world.advance_seconds(10);
    let body = on_orders(json!({"Key": key("a", 2)}));
    ok(&mut world, "DeleteItem", body);
    world.restart();
    let cases = [
        ("at-0", began, "before"),
        ("at-1", moments[0], "one"),
        ("at-2", moments[1] + 5, "one two"),
        ("at-3", moments[2], "three two"),
        ("at-4", moments[2] + 10, "three"),
    ];
    for (target, moment, expected) in cases {
        ok(&mut world, restore, to(target, json!({"RestoreDateTime": moment})));
        assert_eq!(values(&mut world, target), expected, "{target}");
    }
    ok(&mut world, restore, to("latest", latest.clone()));
    assert_eq!(values(&mut world, "latest"), "three");
    let part = "' must be within EarliestRestorableDateTime '2026-01-01T00:00:00Z' and \
                LatestRestorableDateTime '2026-01-01T00:00:40Z'";
    for moment in [began - 1, began + 9_999] {
        let body = to("never", json!({"RestoreDateTime": moment}));
        refused(&mut world, restore, body, "InvalidRestoreTimeException", part);
    }
    let part = "Either one of RestoreDateTime or UseLatestRestorableTime must be specified";
    invalid(&mut world, restore, to("never", json!({})), part);
    let both = with(latest, json!({"RestoreDateTime": began}));
    let part = "Both RestoreDateTime and UseLatestRestorableTime cannot be set";
    invalid(&mut world, restore, to("never", both), part);
    let part = "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.";
    invalid(&mut world, "UpdateContinuousBackups", recovery(false, 1), part);
    world.advance_seconds(86_400);
    let told = ok(&mut world, "DescribeContinuousBackups", on_orders(json!({})));
    let told = &told["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    assert_eq!(told["EarliestRestorableDateTime"], (world.now().seconds() - 86_400) as f64);
    let body = to("never", json!({"RestoreDateTime": moments[0]}));
    refused(&mut world, restore, body, "InvalidRestoreTimeException", "must be within");
    let part = "less than or equal to 35";
    invalid(&mut world, "UpdateContinuousBackups", recovery(true, 36), part);
}

#[test]
fn what_is_being_made_has_and_is_no_backup_yet() {
    let mut world = World::with(Settings { lifecycle: Lifecycle::Timed, ..Settings::default() });
    ok(&mut world, "CreateTable", orders());
    let create = on_orders(json!({"BackupName": "first"}));
    let recovery =
        json!({"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}});
    let shape = "ContinuousBackupsUnavailableException";
    let part = "Backups are being enabled for the table: orders. Please retry later";
    refused(&mut world, "CreateBackup", create.clone(), shape, part);
    refused(&mut world, "UpdateContinuousBackups", on_orders(recovery), shape, part);
    world.advance_seconds(30);
    let made = ok(&mut world, "CreateBackup", create);
    let arn = made["BackupDetails"]["BackupArn"].clone();
    let restore = json!({"BackupArn": arn, "TargetTableName": "restored"});
    let shape = "BackupInUseException";
    refused(&mut world, "DeleteBackup", json!({"BackupArn": arn}), shape, "being created");
    refused(&mut world, "RestoreTableFromBackup", restore.clone(), shape, "being created");
    world.advance_seconds(30);
    ok(&mut world, "RestoreTableFromBackup", restore);
    ok(&mut world, "DeleteBackup", json!({"BackupArn": arn}));
}

#[test]
fn a_deleted_table_with_recovery_leaves_a_backup() {
    let mut world = world();
    set(&mut world, 1, "one");
    let body = on_orders(json!({"PointInTimeRecoverySpecification": {
        "PointInTimeRecoveryEnabled": true
    }}));
    ok(&mut world, "UpdateContinuousBackups", body);
    ok(&mut world, "DeleteTable", on_orders(json!({})));
    let listed = ok(&mut world, "ListBackups", json!({"BackupType": "SYSTEM"}));
    let summary = &listed["BackupSummaries"][0];
    assert_eq!(summary["BackupName"], "orders$DeletedTableBackup");
    let part = "User is not allowed to delete the system backup";
    invalid(&mut world, "DeleteBackup", json!({"BackupArn": summary["BackupArn"]}), part);
    let body = json!({"BackupArn": summary["BackupArn"], "TargetTableName": "orders"});
    ok(&mut world, "RestoreTableFromBackup", body);
    assert_eq!(get(&mut world, "a", 1)["v"], json!({"S": "one"}));
    world.advance_seconds(36 * 86_400);
    assert_eq!(ok(&mut world, "ListBackups", json!({}))["BackupSummaries"], json!([]));
}
