//! The world of a rehearsal: AWS, the system's processes and its HTTP interface, as scripts see
//! them.

use super::company::Company;
use super::words::{ALL_RUN, CATALOG, CONSERVED, NO_DEAD_LETTERS};
use crate::aws::{self, Aws, Queues};
use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::processes::{Disturbance, Processes};
use crate::script::Span;
use crate::stage::http as exchange;
use crate::world::{Arguments, World, WorldError, text};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use serde_json::{Map, Value, json};
use std::time::Duration;

type Done = Result<Value, WorldError>;

/// How often, and how long apart, somebody asks who insists.
const TRIES_MAX: u32 = 60;
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(2);

pub(super) struct Stage {
    pub(super) clock: Clock,
    pub(super) aws: Aws,
    pub(super) company: Company,
    /// Where calls begin whose address begins with a slash.
    pub(super) base: Option<String>,
    /// The system's queues; all without any.
    pub(super) queues: Vec<String>,
}

impl World for Stage {
    const CATALOG: Catalog = CATALOG;

    async fn act(&mut self, action: &str, with: &Arguments) -> Done {
        let how = match action {
            "kill" => Disturbance::Kill,
            "pause" => Disturbance::Pause,
            "resume" => Disturbance::Resume,
            "stop" | "restart" => Disturbance::Stop,
            "start" => Disturbance::Start,
            "http" => return self.insist(with).await.and_then(accepted),
            _ => {
                let _doing = self.company.doing.ask();
                return match action {
                    "move_clock" => self.move_clock(with).await,
                    _ => aws::act(&self.aws, action, with).await,
                };
            }
        };
        let process = text(with, "process")?;
        self.company.act(process, how).await?;
        if action == "restart" {
            self.company.act(process, Disturbance::Start).await?;
        }
        Ok(Value::Null)
    }

    async fn observe(&mut self, what: &str, of: &Arguments) -> Done {
        let _doing = (what != "http").then(|| self.company.doing.ask());
        let process = || text(of, "process");
        let unknown = |name: &str| WorldError(format!("there is no process {name}"));
        match what {
            "http" => {
                let before = self.company.traffic.before_a_look();
                let seen = self.call(of).await;
                self.company.traffic.after_a_look(before);
                seen.map(|mut seen| {
                    // They say the time and more that nobody looks for.
                    seen.as_object_mut().and_then(|seen| seen.remove("headers"));
                    seen
                })
            }
            "process" => {
                let state = self.company.state(process()?);
                state.map(|state| json!(state)).ok_or_else(|| unknown(process().unwrap_or("")))
            }
            "output" => {
                let logs = self.company.logs();
                let found = logs.into_iter().find(|(name, _)| Ok(name.as_str()) == process());
                let (_, log) = found.ok_or_else(|| unknown(process().unwrap_or("")))?;
                Ok(log.lines().collect())
            }
            _ => aws::observe(&self.aws, what, of).await,
        }
    }

    fn processes(&mut self) -> impl Processes + use<> {
        self.company.clone()
    }

    /// No message is left but dead letters.
    async fn at_rest(&mut self) -> Result<bool, WorldError> {
        let _doing = self.company.doing.ask();
        let queues = Queues::read(&self.aws, &self.queues).await?;
        let own = |name: &str| queues.all.contains(name) && !queues.dead_letters.contains(name);
        let under_way = self.aws.under_way().await?;
        let left: Vec<String> = under_way
            .queues
            .iter()
            .filter(|depth| own(depth.name()) && depth.total() > 0)
            .map(|depth| format!("{} holds {}", depth.name(), depth.total()))
            .collect();
        match left.is_empty() {
            true => Ok(under_way.servers + under_way.functions == 0),
            // Looked at once more, and at last it is the reason.
            false => Err(WorldError(format!("it does not come to rest: {}", left.join(", ")))),
        }
    }

    async fn check(&mut self, invariant: &str) -> Result<(), WorldError> {
        let _doing = self.company.doing.ask();
        let queues = Queues::read(&self.aws, &self.queues).await?;
        let found = match invariant {
            CONSERVED => aws::lost(&self.aws, &queues).await?,
            NO_DEAD_LETTERS => {
                let depths = self.aws.under_way().await?.queues.into_iter();
                let dead = depths.filter(|it| queues.dead_letters.contains(it.name()));
                let dead = dead.filter(|depth| depth.total() > 0);
                dead.map(|it| format!("{} holds {}", it.name(), it.total())).collect()
            }
            ALL_RUN => {
                let ended = self.company.ended();
                ended.iter().map(|name| format!("{name} has ended by itself")).collect()
            }
            other => vec![format!("nothing checks `{other}`")],
        };
        if found.is_empty() { Ok(()) } else { Err(WorldError(found.join("; "))) }
    }

    async fn finish(&mut self) -> Value {
        Value::Null
    }
}

impl Stage {
    async fn move_clock(&self, with: &Arguments) -> Done {
        let by: Span = text(with, "by")?.parse().map_err(|error: &str| WorldError(error.into()))?;
        let change = json!({ "advance_seconds": by.0.as_secs_f64() });
        let clock: Value = self.aws.post("/_skyrig/clock", &change).await?;
        Ok(json!({ "now": clock["now"] }))
    }

    /// A customer who insists asks until there is an answer.
    async fn insist(&self, with: &Arguments) -> Done {
        let insists = with.get("insist").and_then(Value::as_bool).unwrap_or_default();
        let mut tries = 1;
        loop {
            let answer = self.call(with).await;
            let is_answered =
                answer.as_ref().is_ok_and(|it| it["status"].as_u64().is_some_and(|it| it < 500));
            if is_answered || !insists || tries >= TRIES_MAX {
                return answer;
            }
            tries += 1;
            self.clock.sleep_until(self.clock.now() + TRY_AGAIN_AFTER).await;
        }
    }

    async fn call(&self, with: &Arguments) -> Done {
        let _doing = self.company.doing.ask();
        let url = text(with, "url")?;
        let url = match (url.starts_with('/'), &self.base) {
            (false, _) => url.to_owned(),
            (true, Some(base)) => format!("{}{url}", base.trim_end_matches('/')),
            (true, None) => {
                let reason =
                    format!("{url} begins with a slash, and the system file has no `http`");
                return Err(WorldError(reason));
            }
        };
        let rest = url.strip_prefix("http://");
        let rest = rest.ok_or_else(|| WorldError(format!("{url} does not begin with http://")))?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let request = request(with, host, path).map_err(WorldError)?;
        let refused = |error: String| WorldError(format!("{url}: {error}"));
        let answer = exchange::send(host, request).await.map_err(refused)?;
        let status = answer.status().as_u16();
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (name.to_string(), json!(String::from_utf8_lossy(value.as_bytes())))
        };
        let headers: Map<String, Value> = answer.headers().iter().map(header).collect();
        let body = exchange::whole(answer).await.map_err(refused)?;
        let text = String::from_utf8_lossy(&body);
        let body = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        Ok(json!({ "status": status, "body": body, "headers": headers }))
    }
}

fn request(with: &Arguments, host: &str, path: &str) -> Result<Request<Full<Bytes>>, String> {
    let body = with.get("body");
    let default = if body.is_some() { "POST" } else { "GET" };
    let method = with.get("method").and_then(Value::as_str).unwrap_or(default);
    let method: Method = method.parse().map_err(|_| format!("no method is called {method}"))?;
    let mut request = Request::builder().method(method);
    request = request.uri(if path.is_empty() { "/" } else { path }).header("host", host);
    let headers = with.get("headers").and_then(Value::as_object).into_iter().flatten();
    let mut has_type = false;
    for (name, value) in headers {
        has_type |= name.eq_ignore_ascii_case("content-type");
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        request = request.header(name, value);
    }
    let (text, kind) = match body {
        None => (String::new(), None),
        Some(Value::String(text)) => (text.clone(), Some("text/plain")),
        Some(other) => (other.to_string(), Some("application/json")),
    };
    if let Some(kind) = kind.filter(|_| !has_type) {
        request = request.header("content-type", kind);
    }
    request.body(Full::new(Bytes::from(text))).map_err(|error| error.to_string())
}

/// What the system did, unless it refused.
fn accepted(answer: Value) -> Done {
    match answer["status"].as_u64() {
        Some(status) if status >= 400 => {
            let body = &answer["body"];
            Err(WorldError(format!("{status}: {}", crate::check::plain(body))))
        }
        _ => Ok(answer),
    }
}
