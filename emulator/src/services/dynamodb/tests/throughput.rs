//! How often capacities, billing modes and classes change, and what is told meanwhile.

use serde_json::{Value, json};

use super::{invalid, ok, refused, with};
use crate::cloud::testing::World;
use crate::kernel::{Lifecycle, Settings};

const LIMIT: &str = "LimitExceededException";

fn provisioned() -> World {
    timed(Lifecycle::default())
}

fn timed(lifecycle: Lifecycle) -> World {
    let mut world = World::with(Settings { lifecycle, ..Settings::default() });
    let table = json!({
        "TableName": "table", "BillingMode": "PROVISIONED", "ProvisionedThroughput": units(50, 50),
        "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [{
            "IndexName": "index", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": units(50, 50)
        }]
    });
    ok(&mut world, "CreateTable", table);
    world
}

fn units(read: i64, write: i64) -> Value {
    json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write})
}

fn update(more: Value) -> Value {
    with(json!({"TableName": "table"}), more)
}

fn of_table(read: i64, write: i64) -> Value {
    update(json!({"ProvisionedThroughput": units(read, write)}))
}

fn of_index(read: i64, write: i64) -> Value {
    let change = json!({"IndexName": "index", "ProvisionedThroughput": units(read, write)});
    update(json!({"GlobalSecondaryIndexUpdates": [{"Update": change}]}))
}

#[test]
fn capacities_are_decreased_four_times_a_day_and_then_once_an_hour() {
    for of in [of_table, of_index] {
        let mut world = provisioned();
        // 20:15:00, so that midnight comes before all hours are over.
        world.advance_seconds(20 * 3600 + 900);
        for at in 1..=4 {
            ok(&mut world, "UpdateTable", of(50 - at, 50 - at));
        }
        let last = "Number of decreases today: 4. Last decrease at Thursday, January 1, 2026 at \
                    8:15:00 PM Coordinated Universal Time. Next decrease can be made at Thursday, \
                    January 1, 2026 at 9:15:00 PM Coordinated Universal Time";
        refused(&mut world, "UpdateTable", of(45, 60), LIMIT, last);
        ok(&mut world, "UpdateTable", of(60, 60));
        world.advance_seconds(3599);
        refused(&mut world, "UpdateTable", of(45, 45), LIMIT, "Number of decreases today: 4");
        world.advance_seconds(1);
        ok(&mut world, "UpdateTable", of(45, 45));
        world.advance_seconds(2 * 3600);
        ok(&mut world, "UpdateTable", of(44, 44));
        let midnight = "Next decrease can be made at Friday, January 2, 2026 at 12:00:00 AM";
        refused(&mut world, "UpdateTable", of(43, 43), LIMIT, midnight);
        world.advance_seconds(2700);
        for at in 0..4 {
            ok(&mut world, "UpdateTable", of(43 - at, 43 - at));
        }
        refused(&mut world, "UpdateTable", of(1, 1), LIMIT, "Number of decreases today: 4");
    }
}

#[test]
fn the_old_capacities_are_told_while_they_are_updated() {
    let mut world = provisioned();
    let shown = |of: &Value, read: i64, today: i64| {
        let of = &of["ProvisionedThroughput"];
        assert_eq!(of["ReadCapacityUnits"], read);
        assert_eq!(of["NumberOfDecreasesToday"], today);
    };
    let told = ok(&mut world, "UpdateTable", of_table(40, 40))["TableDescription"].clone();
    assert_eq!(told["TableStatus"], "UPDATING");
    shown(&told, 50, 0);
    shown(&ok(&mut world, "DescribeTable", update(json!({})))["Table"], 40, 1);
    let told = ok(&mut world, "UpdateTable", of_index(30, 30))["TableDescription"].clone();
    let index = &told["GlobalSecondaryIndexes"][0];
    assert_eq!(index["IndexStatus"], "UPDATING");
    shown(index, 50, 0);
    shown(&told, 40, 1);
    let table = ok(&mut world, "DescribeTable", update(json!({})))["Table"].clone();
    let index = &table["GlobalSecondaryIndexes"][0];
    shown(index, 30, 1);
    assert!(index["ProvisionedThroughput"]["LastDecreaseDateTime"].is_number(), "{index}");
}

#[test]
fn only_its_protection_changes_while_capacities_are_updated() {
    let mut world = timed(Lifecycle::Timed);
    world.advance_seconds(60);
    ok(&mut world, "UpdateTable", of_table(40, 40));
    let shape = "ResourceInUseException";
    let part = "still in use: Table IOPS are currently being updated. Table: table";
    refused(&mut world, "UpdateTable", of_table(30, 30), shape, part);
    let by_request = update(json!({"BillingMode": "PAY_PER_REQUEST"}));
    refused(&mut world, "UpdateTable", by_request, shape, part);
    let protect = |protected: bool| update(json!({"DeletionProtectionEnabled": protected}));
    let told = ok(&mut world, "UpdateTable", protect(true))["TableDescription"].clone();
    assert_eq!(told["TableStatus"], "UPDATING");
    assert_eq!(told["ProvisionedThroughput"]["ReadCapacityUnits"], 50);
    let part = "Table: table is in the process of being updated.";
    refused(&mut world, "DeleteTable", update(json!({})), shape, part);
    world.advance_seconds(10);
    let told = ok(&mut world, "UpdateTable", protect(false))["TableDescription"].clone();
    assert_eq!(told["TableStatus"], "ACTIVE");
    assert_eq!(told["ProvisionedThroughput"]["ReadCapacityUnits"], 40);
}

#[test]
fn warm_throughput_never_gets_less() {
    let mut world = provisioned();
    let warm = |reads: i64, writes: i64| {
        update(json!({"WarmThroughput": {
            "ReadUnitsPerSecond": reads, "WriteUnitsPerSecond": writes
        }}))
    };
    let shown = |world: &mut World| {
        let warm = ok(world, "DescribeTable", update(json!({})))["Table"]["WarmThroughput"].clone();
        (warm["ReadUnitsPerSecond"].clone(), warm["WriteUnitsPerSecond"].clone())
    };
    for (reads, writes, member) in [(49, 50, "ReadUnitsPerSecond"), (50, 49, "WriteUnitsPerSecond")]
    {
        let part = format!(
            "Requested {member} for WarmThroughput for table is lower than current WarmThroughput, \
             decreasing WarmThroughput is not supported"
        );
        invalid(&mut world, "UpdateTable", warm(reads, writes), &part);
    }
    ok(&mut world, "UpdateTable", warm(50, 60));
    ok(&mut world, "UpdateTable", update(json!({"WarmThroughput": {"ReadUnitsPerSecond": 70}})));
    assert_eq!(shown(&mut world), (json!(70), json!(60)));
    ok(&mut world, "UpdateTable", of_table(100, 10));
    ok(&mut world, "UpdateTable", of_table(20, 20));
    assert_eq!(shown(&mut world), (json!(100), json!(60)));
    let of_index = |reads: i64| {
        let change = json!({"IndexName": "index", "WarmThroughput": {"ReadUnitsPerSecond": reads}});
        update(json!({"GlobalSecondaryIndexUpdates": [{"Update": change}]}))
    };
    let part = "for WarmThroughput for index index is lower than current WarmThroughput";
    invalid(&mut world, "UpdateTable", of_index(49), part);
    ok(&mut world, "UpdateTable", of_index(51));
}

#[test]
fn a_table_is_set_to_be_paid_by_request_four_times_a_day() {
    let mut world = provisioned();
    let gone = json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "index"}}]});
    ok(&mut world, "UpdateTable", update(gone));
    let by_request = update(json!({"BillingMode": "PAY_PER_REQUEST"}));
    let back = with(of_table(1, 1), json!({"BillingMode": "PROVISIONED"}));
    for _ in 0..4 {
        ok(&mut world, "UpdateTable", by_request.clone());
        ok(&mut world, "UpdateTable", back.clone());
        world.advance_seconds(3600);
    }
    let part = "Update to PayPerRequest mode are limited to 4 times in 1 day(s). Last update at \
                Thu Jan 01 03:00:00 UTC 2026. Next update can be made at Fri Jan 02 00:00:00 UTC \
                2026";
    refused(&mut world, "UpdateTable", by_request.clone(), LIMIT, part);
    world.restart();
    world.advance_seconds(20 * 3600);
    ok(&mut world, "UpdateTable", by_request);
}

#[test]
fn the_class_of_a_table_changes_twice_in_thirty_days() {
    let mut world = provisioned();
    let class = |name: &str| update(json!({"TableClass": name}));
    ok(&mut world, "UpdateTable", class("STANDARD_INFREQUENT_ACCESS"));
    ok(&mut world, "UpdateTable", class("STANDARD_INFREQUENT_ACCESS"));
    world.advance_seconds(86_400);
    ok(&mut world, "UpdateTable", class("STANDARD"));
    let part = "Next update can be made at Sat Jan 31 00:00:00 UTC 2026";
    refused(&mut world, "UpdateTable", class("STANDARD_INFREQUENT_ACCESS"), LIMIT, part);
    world.advance_seconds(29 * 86_400);
    ok(&mut world, "UpdateTable", class("STANDARD_INFREQUENT_ACCESS"));
}
