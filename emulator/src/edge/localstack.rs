//! The pages that tools ask who were made for LocalStack or moto: is it there, which services has
//! it, has it begun, and begin anew. `developer` has those below `/_aws/`.
//!
//! Source: docs.localstack.cloud, "Internal Endpoints" and "Initialization Hooks", with the
//! document of its REST API; docs.getmoto.org, "Moto APIs".

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize as _};
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Value, json};

use super::admin::{self, Admin};
use super::stages::Stage;
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

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_localstack/health", get(health).post(act))
        .route("/_localstack/info", get(info))
        .route("/_localstack/diagnose", get(diagnose))
        .route("/_localstack/init", get(init))
        .route("/_localstack/init/{stage}", get(init_stage))
        .route("/_localstack/state/reset", post(admin::reset))
        .route("/moto-api/reset", post(moto_reset))
}

/// `running` is what was used already, `available` what is there and was not.
async fn health(State(admin): State<Admin>) -> Response {
    match services(&admin) {
        None => admin::stopped(),
        Some(services) => {
            spaced(&json!({ "services": services, "edition": EDITION, "version": VERSION }))
        }
    }
}

fn services(admin: &Admin) -> Option<BTreeMap<&'static str, &'static str>> {
    let used = admin.host.with_cloud(|cloud| cloud.used_services())?;
    let used: BTreeSet<&str> = used.into_iter().collect();
    let mut services: BTreeMap<&str, &str> =
        OTHER_SERVICES.iter().map(|name| (*name, "disabled")).collect();
    for name in admin.host.service_names() {
        let known_as = if name == "states" { "stepfunctions" } else { name };
        services.insert(known_as, if used.contains(name) { "running" } else { "available" });
    }
    Some(services)
}

/// What `POST /_localstack/health` takes.
#[derive(Deserialize)]
struct Action {
    action: String,
}

async fn act(State(admin): State<Admin>, body: String) -> Response {
    let action = serde_json::from_str(&body).map(|Action { action }| action);
    match action.as_deref() {
        Ok("restart") => admin::reset(State(admin)).await.into_response(),
        Ok("kill") => {
            let reason = "kill is not implemented: end the process, or its container";
            admin::refusal(StatusCode::NOT_IMPLEMENTED, reason)
        }
        Ok(other) => {
            let reason = format!("{other} is no action; restart is");
            admin::refusal(StatusCode::BAD_REQUEST, reason)
        }
        Err(error) => admin::refusal(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

/// Begins anew, and says so as moto does.
async fn moto_reset(State(admin): State<Admin>) -> Response {
    let _said_otherwise = admin::reset(State(admin)).await;
    spaced(&json!({ "status": "ok" }))
}

async fn info(State(admin): State<Admin>) -> Response {
    spaced(&info_document(&admin))
}

fn info_document(admin: &Admin) -> Value {
    let process = std::process::id();
    json!({
        "version": VERSION,
        "edition": EDITION,
        "is_license_activated": false,
        "session_id": format!("skyrig-{process}"),
        "machine_id": "skyrig",
        "system": std::env::consts::OS,
        "is_docker": false,
        "server_time_utc": admin.clock.now().iso_seconds(),
        "uptime": admin.stages.uptime(),
    })
}

/// What somebody needs who is asked why it does not work. Holds no secrets.
async fn diagnose(State(admin): State<Admin>) -> Response {
    let settings = admin.host.with_cloud(|cloud| {
        let settings = cloud.settings();
        json!({
            "seed": settings.seed,
            "policies": format!("{:?}", settings.policies),
            "strict": settings.strict,
            "relaxed": settings.relaxed,
            "signatures": format!("{:?}", settings.signatures),
            "lifecycle": format!("{:?}", settings.lifecycle),
            "queue_urls": settings.public.queue_urls,
            "public_host": settings.public.host,
            "resets": settings.resets,
        })
    });
    spaced(&json!({
        "version": { "localstack-version": VERSION },
        "info": info_document(&admin),
        "services": services(&admin),
        "config": settings,
        "clock": admin.clock.mode(),
        "init": init_document(&admin),
        "panics": admin.host.panics(),
    }))
}

async fn init(State(admin): State<Admin>) -> Response {
    spaced(&init_document(&admin))
}

fn init_document(admin: &Admin) -> Value {
    let completed: BTreeMap<&str, bool> =
        Stage::ALL.into_iter().map(|it| (it.name(), admin.stages.is_complete(it))).collect();
    json!({ "completed": completed, "scripts": scripts(admin, None) })
}

fn scripts(admin: &Admin, stage: Option<Stage>) -> Vec<Value> {
    let scripts = admin.stages.scripts(stage);
    let shown = scripts.iter().map(|script| {
        let (stage, state) = (script.stage.name(), script.state.name());
        json!({ "stage": stage, "name": script.name, "state": state })
    });
    shown.collect()
}

async fn init_stage(State(admin): State<Admin>, Path(stage): Path<String>) -> Response {
    let known = Stage::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(&stage));
    match known {
        Some(stage) => {
            let completed = admin.stages.is_complete(stage);
            spaced(&json!({ "completed": completed, "scripts": scripts(&admin, Some(stage)) }))
        }
        None => admin::refusal(
            StatusCode::NOT_FOUND,
            format!("{stage} is no stage; the stages are boot, start, ready, shutdown"),
        ),
    }
}

/// JSON as Python writes it: scripts look for `"sqs": "available"` with that space.
pub(super) fn spaced(document: &Value) -> Response {
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
