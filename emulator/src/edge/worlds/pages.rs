//! The pages `/_skyrig/worlds` and `/_skyrig/worlds/NAME`: which worlds there are; to make, fork
//! and give up.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::made::{NotMade, Wanted, Worlds};
use super::naming::DEFAULT;
use super::world::World;
use crate::edge::admin::{self, refusal};
use crate::edge::clock::Mode;
use crate::host::Clock as _;
use crate::wire::Timestamp;

const PAGE: &str = "/_skyrig/worlds";

/// Whether a path, its own world being taken from it, is one of these pages.
pub(in crate::edge) fn has(path: &str) -> bool {
    path.strip_prefix(PAGE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(in crate::edge) fn router(worlds: Arc<Worlds>) -> Router {
    Router::new()
        .route(PAGE, get(list))
        .route("/_skyrig/worlds/{name}", get(show).post(make).put(keep).delete(give_up))
        .fallback(admin::not_found)
        .method_not_allowed_fallback(admin::method_not_allowed)
        .with_state(worlds)
}

fn shown(world: &World) -> Value {
    let seed = world.host.with_cloud(|cloud| cloud.settings().seed);
    let mut document = json!({
        "name": &**world.name(),
        "now": world.clock.now().iso_millis(),
        "seed": seed,
        "idle_seconds": world.idle().as_secs(),
        "panics": world.host.panics(),
    });
    let mode = serde_json::to_value(world.clock.mode()).unwrap_or_default();
    if let (Some(document), Value::Object(mode)) = (document.as_object_mut(), mode) {
        document.extend(mode);
    }
    document
}

async fn list(State(worlds): State<Arc<Worlds>>) -> Json<Value> {
    let limits = worlds.limits();
    Json(json!({
        "worlds": worlds.all().iter().map(|world| shown(world)).collect::<Vec<_>>(),
        "worlds_max": limits.worlds_max,
        "on_first_use": limits.on_first_use,
        "idle_seconds_max": limits.idle_max.map(|idle| idle.as_secs()),
    }))
}

async fn show(State(worlds): State<Arc<Worlds>>, Path(name): Path<String>) -> Response {
    match worlds.get(&name) {
        Some(world) => Json(shown(&world)).into_response(),
        None => not_there(&name),
    }
}

fn not_there(name: &str) -> Response {
    refusal(StatusCode::NOT_FOUND, format!("there is no world {name}"))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Source {
    /// The world that it goes on as.
    from: Option<String>,
}

/// What a world may be told; nothing need be said.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Seed of all its ids; else one that the server's and the name decide.
    seed: Option<u64>,
    /// `real` or `manual`; else as the server's.
    clock: Option<String>,
    /// When its virtual time begins, such as `2026-01-01T00:00:00Z`; else now.
    start: Option<String>,
}

impl Settings {
    fn read(body: &str) -> Result<Wanted, String> {
        let settings: Self = match body.trim() {
            "" => Self::default(),
            body => serde_json::from_str(body).map_err(|error| error.to_string())?,
        };
        let mode = match settings.clock.as_deref() {
            None => None,
            Some("real") => Some(Mode::Real),
            Some("manual") => Some(Mode::Manual),
            Some(_) => return Err("clock is \"real\" or \"manual\"".to_owned()),
        };
        let start = settings.start.map(|text| {
            Timestamp::parse_iso(&text).ok_or_else(|| format!("{text} is no time in ISO 8601"))
        });
        Ok(Wanted { seed: settings.seed, mode, start: start.transpose()? })
    }
}

async fn make(
    State(worlds): State<Arc<Worlds>>,
    Path(name): Path<String>,
    Query(source): Query<Source>,
    body: String,
) -> Response {
    made(begun(&worlds, &name, source, &body))
}

/// The same, but one that is there is as good.
async fn keep(
    State(worlds): State<Arc<Worlds>>,
    Path(name): Path<String>,
    Query(source): Query<Source>,
    body: String,
) -> Response {
    match begun(&worlds, &name, source, &body) {
        Ok(Err(NotMade::There(_))) => match worlds.get(&name) {
            Some(world) => Json(shown(&world)).into_response(),
            None => not_there(&name),
        },
        begun => made(begun),
    }
}

/// A world, or why there is none; or what is wrong with the request.
type Begun = Result<Result<Arc<World>, NotMade>, String>;

fn begun(worlds: &Worlds, name: &str, source: Source, body: &str) -> Begun {
    let wanted = Settings::read(body)?;
    let is_told = wanted.seed.is_some() || wanted.mode.is_some() || wanted.start.is_some();
    Ok(match source.from {
        Some(_) if is_told => {
            return Err("a world that goes on as another one has its seed and clock".to_owned());
        }
        Some(from) => worlds.fork(name, &from),
        None => worlds.make(name, &wanted),
    })
}

fn made(begun: Begun) -> Response {
    let error = match begun {
        Err(reason) => return refusal(StatusCode::BAD_REQUEST, reason),
        Ok(Err(error)) => error,
        Ok(Ok(world)) => return (StatusCode::CREATED, Json(shown(&world))).into_response(),
    };
    let status = match &error {
        NotMade::Name(_) | NotMade::Clock(_) => StatusCode::BAD_REQUEST,
        NotMade::There(_) => StatusCode::CONFLICT,
        NotMade::NoSource(_) => StatusCode::NOT_FOUND,
        NotMade::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        NotMade::Full(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    refusal(status, error.to_string())
}

async fn give_up(State(worlds): State<Arc<Worlds>>, Path(name): Path<String>) -> Response {
    if name == DEFAULT {
        let reason = "the server's own world can't be given up; POST /_skyrig/reset empties it";
        return refusal(StatusCode::BAD_REQUEST, reason);
    }
    match worlds.remove(&name) {
        true => Json(json!({ "status": "given up" })).into_response(),
        false => not_there(&name),
    }
}
