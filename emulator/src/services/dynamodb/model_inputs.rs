//! Which constraints the members of requests have.
//!
//! Source: the model of 2012-08-10, and AWS's answers where it counts otherwise.

use super::model::Shape::{Any, List, Name, Number, Object, Table, Text, Word};
use super::model::{MANY, Member, Shape};

const ARN: Shape = Text(1, 1024);
const RESOURCE_ARN: Shape = Text(1, 1283);
const BACKUP_ARN: Shape = Text(37, 1024);
const STREAM_ARN: Shape = Text(37, 1024);
const ATTRIBUTE: Shape = Text(1, 255);
const BILLING: Shape = Word(&["PROVISIONED", "PAY_PER_REQUEST"]);
const PAGE: Shape = Number(1, 100);

const DEFINITION: Shape = Object(
    "AttributeDefinition",
    &[("AttributeName", true, &ATTRIBUTE), ("AttributeType", true, &Word(&["B", "N", "S"]))],
);
const DEFINITIONS: Shape = List(&DEFINITION, 0, MANY);

const KEY_ELEMENT: Shape = Object(
    "KeySchemaElement",
    &[("AttributeName", true, &ATTRIBUTE), ("KeyType", true, &Word(&["HASH", "RANGE"]))],
);
/// The key of a table or of a local index.
const KEY: Shape = List(&KEY_ELEMENT, 1, 2);
/// The key of a global index, whose sides are counted elsewhere.
const GLOBAL_KEY: Shape = List(&KEY_ELEMENT, 1, MANY);

const PROJECTION: Shape = Object(
    "Projection",
    &[
        ("ProjectionType", false, &Word(&["ALL", "INCLUDE", "KEYS_ONLY"])),
        ("NonKeyAttributes", false, &List(&ATTRIBUTE, 1, 20)),
    ],
);

const THROUGHPUT: Shape = Object(
    "ProvisionedThroughput",
    &[
        ("WriteCapacityUnits", true, &Number(1, i64::MAX)),
        ("ReadCapacityUnits", true, &Number(1, i64::MAX)),
    ],
);

const GLOBAL_INDEX: Shape = Object(
    "GlobalSecondaryIndex",
    &[
        ("IndexName", true, &Name),
        ("KeySchema", true, &GLOBAL_KEY),
        ("Projection", true, &PROJECTION),
        ("ProvisionedThroughput", false, &THROUGHPUT),
    ],
);
const GLOBAL_INDEXES: Shape = List(&GLOBAL_INDEX, 0, MANY);

const LOCAL_INDEX: Shape = Object(
    "LocalSecondaryIndex",
    &[("IndexName", true, &Name), ("KeySchema", true, &KEY), ("Projection", true, &PROJECTION)],
);
const LOCAL_INDEXES: Shape = List(&LOCAL_INDEX, 0, MANY);

const ENCRYPTION: Shape =
    Object("SSESpecification", &[("SSEType", false, &Word(&["AES256", "KMS"]))]);

const STREAM: Shape = Object(
    "StreamSpecification",
    &[
        ("StreamEnabled", true, &Any),
        (
            "StreamViewType",
            false,
            &Word(&["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"]),
        ),
    ],
);

pub(super) const CREATE_TABLE: &[Member] = &[
    ("AttributeDefinitions", true, &DEFINITIONS),
    ("TableName", true, &Table),
    ("BillingMode", false, &BILLING),
    ("ProvisionedThroughput", false, &THROUGHPUT),
    ("KeySchema", true, &KEY),
    ("LocalSecondaryIndexes", false, &LOCAL_INDEXES),
    ("GlobalSecondaryIndexes", false, &GLOBAL_INDEXES),
    ("StreamSpecification", false, &STREAM),
    ("SSESpecification", false, &ENCRYPTION),
];

const INDEX_UPDATE: Shape = Object(
    "GlobalSecondaryIndexUpdate",
    &[
        (
            "Update",
            false,
            &Object(
                "UpdateGlobalSecondaryIndexAction",
                &[("IndexName", true, &Name), ("ProvisionedThroughput", false, &THROUGHPUT)],
            ),
        ),
        ("Create", false, &GLOBAL_INDEX),
        (
            "Delete",
            false,
            &Object("DeleteGlobalSecondaryIndexAction", &[("IndexName", true, &Name)]),
        ),
    ],
);

const OF_REGION: &[Member] = &[("RegionName", true, &Any)];
const REPLICA_UPDATE: Shape = Object(
    "ReplicationGroupUpdate",
    &[
        ("Create", false, &Object("CreateReplicationGroupMemberAction", OF_REGION)),
        ("Update", false, &Object("UpdateReplicationGroupMemberAction", OF_REGION)),
        ("Delete", false, &Object("DeleteReplicationGroupMemberAction", OF_REGION)),
    ],
);

pub(super) const UPDATE_TABLE: &[Member] = &[
    ("AttributeDefinitions", false, &DEFINITIONS),
    ("TableName", true, &Table),
    ("BillingMode", false, &BILLING),
    ("MultiRegionConsistency", false, &Word(&["EVENTUAL", "STRONG"])),
    ("ProvisionedThroughput", false, &THROUGHPUT),
    ("GlobalSecondaryIndexUpdates", false, &List(&INDEX_UPDATE, 0, MANY)),
    ("ReplicaUpdates", false, &List(&REPLICA_UPDATE, 1, MANY)),
    ("StreamSpecification", false, &STREAM),
    ("SSESpecification", false, &ENCRYPTION),
];

/// What describes a table, or the state of one of its features.
pub(super) const OF_TABLE: &[Member] = &[("TableName", true, &Table)];

pub(super) const LIST_TABLES: &[Member] =
    &[("ExclusiveStartTableName", false, &Name), ("Limit", false, &PAGE)];

pub(super) const CREATE_BACKUP: &[Member] =
    &[("TableName", true, &Table), ("BackupName", true, &Name)];

pub(super) const OF_BACKUP: &[Member] = &[("BackupArn", true, &BACKUP_ARN)];

pub(super) const LIST_BACKUPS: &[Member] = &[
    ("BackupType", false, &Word(&["USER", "SYSTEM", "AWS_BACKUP", "ALL"])),
    ("ExclusiveStartBackupArn", false, &BACKUP_ARN),
    ("Limit", false, &PAGE),
    ("TableName", false, &Table),
];

pub(super) const UPDATE_CONTINUOUS_BACKUPS: &[Member] = &[
    ("TableName", true, &Table),
    (
        "PointInTimeRecoverySpecification",
        true,
        &Object(
            "PointInTimeRecoverySpecification",
            &[
                ("PointInTimeRecoveryEnabled", true, &Any),
                ("RecoveryPeriodInDays", false, &Number(1, 35)),
            ],
        ),
    ),
];

pub(super) const RESTORE_FROM_BACKUP: &[Member] = &[
    ("TargetTableName", true, &Name),
    ("BackupArn", true, &BACKUP_ARN),
    ("BillingModeOverride", false, &BILLING),
    ("GlobalSecondaryIndexOverride", false, &GLOBAL_INDEXES),
    ("LocalSecondaryIndexOverride", false, &LOCAL_INDEXES),
    ("ProvisionedThroughputOverride", false, &THROUGHPUT),
    ("SSESpecificationOverride", false, &ENCRYPTION),
];

pub(super) const RESTORE_TO_POINT_IN_TIME: &[Member] = &[
    ("SourceTableArn", false, &ARN),
    ("SourceTableName", false, &Name),
    ("TargetTableName", true, &Name),
    ("BillingModeOverride", false, &BILLING),
    ("GlobalSecondaryIndexOverride", false, &GLOBAL_INDEXES),
    ("LocalSecondaryIndexOverride", false, &LOCAL_INDEXES),
    ("ProvisionedThroughputOverride", false, &THROUGHPUT),
    ("SSESpecificationOverride", false, &ENCRYPTION),
];

pub(super) const OF_RESOURCE: &[Member] = &[("ResourceArn", true, &RESOURCE_ARN)];

pub(super) const TAG_RESOURCE: &[Member] =
    &[("ResourceArn", true, &RESOURCE_ARN), ("Tags", true, &Any)];

pub(super) const UNTAG_RESOURCE: &[Member] =
    &[("ResourceArn", true, &RESOURCE_ARN), ("TagKeys", true, &Any)];

pub(super) const PUT_RESOURCE_POLICY: &[Member] = &[
    ("ResourceArn", true, &RESOURCE_ARN),
    ("Policy", true, &Any),
    ("ExpectedRevisionId", false, &ATTRIBUTE),
];

pub(super) const DELETE_RESOURCE_POLICY: &[Member] =
    &[("ResourceArn", true, &RESOURCE_ARN), ("ExpectedRevisionId", false, &ATTRIBUTE)];

pub(super) const UPDATE_TIME_TO_LIVE: &[Member] = &[
    ("TableName", true, &Table),
    (
        "TimeToLiveSpecification",
        true,
        &Object(
            "TimeToLiveSpecification",
            &[("Enabled", true, &Any), ("AttributeName", true, &ATTRIBUTE)],
        ),
    ),
];

const PRECISION: &[Member] =
    &[("ApproximateCreationDateTimePrecision", false, &Word(&["MILLISECOND", "MICROSECOND"]))];

pub(super) const KINESIS_DESTINATION: &[Member] = &[
    ("TableName", true, &Table),
    ("StreamArn", true, &STREAM_ARN),
    (
        "EnableKinesisStreamingConfiguration",
        false,
        &Object("EnableKinesisStreamingConfiguration", PRECISION),
    ),
    (
        "UpdateKinesisStreamingConfiguration",
        false,
        &Object("UpdateKinesisStreamingConfiguration", PRECISION),
    ),
];

pub(super) const UPDATE_INSIGHTS: &[Member] = &[
    ("ContributorInsightsAction", true, &Word(&["ENABLE", "DISABLE"])),
    ("ContributorInsightsMode", false, &Word(&["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"])),
    ("TableName", true, &Table),
];

pub(super) const LIST_INSIGHTS: &[Member] =
    &[("MaxResults", false, &Number(i64::MIN, 100)), ("TableName", false, &Table)];

pub(super) const OF_GLOBAL_TABLE: &[Member] = &[("GlobalTableName", true, &Any)];

pub(super) const CREATE_GLOBAL_TABLE: &[Member] =
    &[("GlobalTableName", true, &Any), ("ReplicationGroup", true, &Any)];

pub(super) const UPDATE_GLOBAL_TABLE: &[Member] =
    &[("GlobalTableName", true, &Any), ("ReplicaUpdates", true, &Any)];

pub(super) const LIST_GLOBAL_TABLES: &[Member] =
    &[("ExclusiveStartGlobalTableName", false, &Name), ("Limit", false, &Number(1, i64::MAX))];
