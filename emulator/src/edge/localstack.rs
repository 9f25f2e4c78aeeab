//! The pages below `/_localstack/` that tools ask who were made for LocalStack: is it there, which
//! services has it, has it begun, and begin anew.
//!
//! Source: docs.localstack.cloud, "Internal endpoints" and "Initialization hooks".

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize as _;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Value, json};

use super::admin::{self, Admin};
use crate::host::Clock as _;

/// Services that LocalStack names and that may be missing here; the others are the registry's.
const OTHER_SERVICES: [&str; 26] = [
    "acm",
    "apigateway",
    "cloudformation",
    "config",
    "ec2",
    "es",
    "firehose",
    "iam",
    "kinesis",
    "kms",
    "logs",
    "opensearch",
    "redshift",
    "resource-groups",
    "resourcegroupstaggingapi",
    "route53",
    "route53resolver",
    "s3",
    "s3control",
    "scheduler",
    "secretsmanager",
    "ses",
    "ssm",
    "stepfunctions",
    "support",
    "transcribe",
];

/// The edition whose services need no licence.
const EDITION: &str = "community";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const STAGES: [(&str, bool); 4] =
    [("BOOT", true), ("START", true), ("READY", true), ("SHUTDOWN", false)];

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_localstack/health", get(health))
        .route("/_localstack/info", get(info))
        .route("/_localstack/init", get(init))
        .route("/_localstack/init/{stage}", get(init_stage))
        .route("/_localstack/state/reset", post(admin::reset))
}

/// `running` is what was used already, `available` what is there and was not.
async fn health(State(admin): State<Admin>) -> Response {
    let Some(used) = admin.host.with_cloud(|cloud| cloud.used_services()) else {
        return admin::stopped();
    };
    let used: BTreeSet<&str> = used.into_iter().collect();
    let mut services: BTreeMap<&str, &str> =
        OTHER_SERVICES.iter().map(|name| (*name, "disabled")).collect();
    for name in admin.host.service_names() {
        let known_as = if name == "states" { "stepfunctions" } else { name };
        services.insert(known_as, if used.contains(name) { "running" } else { "available" });
    }
    spaced(&json!({ "services": services, "edition": EDITION, "version": VERSION }))
}

async fn info(State(admin): State<Admin>) -> Response {
    spaced(&json!({
        "version": VERSION,
        "edition": EDITION,
        "is_license_activated": false,
        "system": std::env::consts::OS,
        "is_docker": false,
        "server_time_utc": admin.clock.now().iso_seconds(),
    }))
}

/// There are no hooks here, so none is left to run.
async fn init() -> Response {
    let completed: BTreeMap<&str, bool> = STAGES.into_iter().collect();
    spaced(&json!({ "completed": completed, "scripts": [] }))
}

async fn init_stage(Path(stage): Path<String>) -> Response {
    let known = STAGES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&stage));
    match known {
        Some((_, completed)) => spaced(&json!({ "completed": completed, "scripts": [] })),
        None => admin::refusal(
            StatusCode::NOT_FOUND,
            format!("{stage} is no stage; the stages are boot, start, ready, shutdown"),
        ),
    }
}

/// JSON as Python writes it: scripts look for `"sqs": "available"` with that space.
fn spaced(document: &Value) -> Response {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, Spaced);
    document.serialize(&mut serializer).expect("values can be written");
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}
