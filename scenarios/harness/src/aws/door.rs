//! The emulator as words ask it: by its pages, or in this process. Knows no word.

use crate::stage::http;
use crate::world::WorldError;
use ::http as types;
use ::http::request::Builder;
use bytes::Bytes;
use http_body_util::Full;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
#[cfg(feature = "simulated")]
use skyrig::kernel::Scope;
use skyrig::kernel::TraceNode;
use skyrig::wire::Timestamp;
#[cfg(feature = "simulated")]
use skyrig::{Cloud, Emulator};

/// The account that callers without a key of their own have.
const ACCOUNT: &str = "000000000000";
const REGION: &str = "us-east-1";

/// An emulated AWS.
#[derive(Clone)]
pub struct Aws(Way);

#[derive(Clone)]
enum Way {
    /// At its address.
    At(String),
    /// In this process.
    #[cfg(feature = "simulated")]
    Here(Emulator),
    /// At AWS itself, which is asked by nobody but the system.
    Absent,
}

/// So many messages are looked at where nothing is said.
#[cfg(feature = "simulated")]
const MESSAGES: u64 = 100;

/// What is under way in and around the emulator.
#[derive(Clone, Debug, Deserialize)]
pub struct UnderWay {
    now: String,
    next_deadline: Option<String>,
    /// Calls that wait for something to happen in the cloud.
    pub waiting: usize,
    /// Calls whose answers a fault delays.
    pub delayed: usize,
    /// Servers outside that have not answered.
    pub servers: usize,
    /// Functions that run.
    pub functions: usize,
    pub queues: Vec<Depth>,
}

/// How full a queue is.
#[derive(Clone, Debug, Deserialize)]
pub struct Depth {
    /// Its ARN.
    pub queue: String,
    pub visible: usize,
    pub in_flight: usize,
    pub delayed: usize,
}

impl UnderWay {
    /// In milliseconds since 1970.
    pub fn now(&self) -> i64 {
        millis(&self.now)
    }

    /// When something is due, in milliseconds since 1970.
    pub fn next_deadline(&self) -> Option<i64> {
        self.next_deadline.as_deref().map(millis)
    }
}

impl Depth {
    pub fn name(&self) -> &str {
        short(&self.queue)
    }

    pub fn total(&self) -> usize {
        self.visible + self.in_flight + self.delayed
    }
}

impl Aws {
    /// The emulator at `address`, such as `127.0.0.1:4566`.
    pub fn at(address: impl Into<String>) -> Self {
        Self(Way::At(address.into()))
    }

    /// The emulator of a simulation.
    #[cfg(feature = "simulated")]
    pub fn here(emulator: Emulator) -> Self {
        Self(Way::Here(emulator))
    }

    /// No emulator: whatever is asked is refused.
    pub fn absent() -> Self {
        Self(Way::Absent)
    }

    /// Asks an operation that answers at once. Fault rules never meet it.
    ///
    /// # Errors
    /// AWS's code and message, or why there is no answer.
    pub async fn ask(
        &self,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, WorldError> {
        let (status, answer) = match &self.0 {
            #[cfg(feature = "simulated")]
            Way::Here(emulator) => emulator.ask((service, operation), input).map_err(WorldError)?,
            Way::Absent => return Err(absent()),
            Way::At(address) => {
                let question =
                    json!({ "service": service, "operation": operation, "input": input });
                call(address, "POST", "/_skyrig/rehearsal/ask", &question).await?
            }
        };
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let member = |names: &[&str]| names.iter().find_map(|name| answer[*name].as_str());
        let code = member(&["__type", "code", "Code"]).map_or("", short_code);
        let told = member(&["message", "Message", "error"]).unwrap_or_default();
        Err(WorldError(match code {
            "" => format!("{operation}: {told}"),
            code => format!("{operation}: {code}: {told}"),
        }))
    }

    /// What a page shows. There are pages only at an address.
    ///
    /// # Errors
    /// What the page says, or why there is no answer.
    pub async fn page<T: DeserializeOwned>(&self, path: &str) -> Result<T, WorldError> {
        let (status, answer) = call(self.address()?, "GET", path, &Value::Null).await?;
        Self::read(path, status, answer)
    }

    /// Changes something by a page, and what it answers.
    ///
    /// # Errors
    /// As [`Aws::page`] has.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
    ) -> Result<T, WorldError> {
        let (status, answer) = call(self.address()?, "POST", path, body).await?;
        Self::read(path, status, answer)
    }

    pub(crate) async fn under_way(&self) -> Result<UnderWay, WorldError> {
        self.page("/_skyrig/rehearsal").await
    }

    /// The time, in ISO 8601.
    pub(super) async fn now(&self) -> Result<String, WorldError> {
        #[cfg(feature = "simulated")]
        if let Way::Here(emulator) = &self.0 {
            return Ok(emulator.now().iso_millis());
        }
        let clock: Value = self.page("/_skyrig/clock").await?;
        Ok(clock["now"].as_str().unwrap_or_default().to_owned())
    }

    /// The time, in seconds since 1970.
    pub(super) async fn now_seconds(&self) -> Result<i64, WorldError> {
        Ok(millis(&self.now().await?).div_euclid(1000))
    }

    /// The messages of a queue, without taking them: as many as are asked for, or a hundred.
    pub(super) async fn messages(
        &self,
        queue: &str,
        count: Option<u64>,
    ) -> Result<Value, WorldError> {
        #[cfg(feature = "simulated")]
        if let Way::Here(emulator) = &self.0 {
            let count = usize::try_from(count.unwrap_or(MESSAGES)).unwrap_or(usize::MAX);
            let scope = Scope::new(ACCOUNT, REGION);
            let found = look(emulator, |cloud| cloud.peek(&scope, queue, count))?;
            let none = || WorldError(format!("there is no queue {queue} in {REGION}"));
            return Ok(json!(found.ok_or_else(none)?));
        }
        let count = count.map(|count| format!("&count={count}")).unwrap_or_default();
        let page = format!("/_skyrig/rehearsal/messages?queue={queue}{count}");
        let mut found: Value = self.page(&page).await?;
        Ok(found["messages"].take())
    }

    /// What would have left the cloud for people, oldest first: maps with `to`, `subject`, `body`
    /// and `protocol`, and more.
    pub(super) async fn letters(&self) -> Result<Vec<Value>, WorldError> {
        #[cfg(feature = "simulated")]
        if let Way::Here(emulator) = &self.0 {
            return Ok(emulator.outbox().iter().map(|letter| json!(letter)).collect());
        }
        let mut found: Value = self.page("/_skyrig/outbox").await?;
        Ok(found["letters"].as_array_mut().map(std::mem::take).unwrap_or_default())
    }

    /// All that the lineage has kept, oldest first.
    pub(super) async fn lineage(&self) -> Result<Vec<TraceNode>, WorldError> {
        #[cfg(feature = "simulated")]
        if let Way::Here(emulator) = &self.0 {
            return look(emulator, |cloud| cloud.lineage().entries().collect());
        }
        self.page("/_skyrig/lineage").await
    }

    /// Sends any request, which may take as long as it takes; its status, whether it was a function
    /// that failed, and the body.
    pub(super) async fn send(
        &self,
        request: Builder,
        body: String,
    ) -> Result<(u16, bool, String), WorldError> {
        let body = Bytes::from(body);
        let bad = |error: types::Error| WorldError(error.to_string());
        let answer = match &self.0 {
            #[cfg(feature = "simulated")]
            Way::Here(emulator) => {
                let request = request.header("host", "localhost:4566").body(body).map_err(bad)?;
                emulator.call(request).await.map_err(WorldError)?
            }
            Way::Absent => return Err(absent()),
            Way::At(address) => {
                let request = request.header("host", address).body(Full::new(body)).map_err(bad)?;
                let answer = http::send(address, request).await.map_err(WorldError)?;
                let (head, body) = answer.into_parts();
                let body = http::whole(types::Response::new(body)).await.map_err(WorldError)?;
                types::Response::from_parts(head, body)
            }
        };
        let failed = answer.headers().contains_key("x-amz-function-error");
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        Ok((answer.status().as_u16(), failed, text))
    }

    fn address(&self) -> Result<&str, WorldError> {
        match &self.0 {
            Way::At(address) => Ok(address),
            Way::Absent => Err(absent()),
            #[cfg(feature = "simulated")]
            Way::Here(_) => Err(WorldError("there are no pages in a simulation".to_owned())),
        }
    }

    fn read<T: DeserializeOwned>(path: &str, status: u16, answer: Value) -> Result<T, WorldError> {
        if status != 200 {
            let told = answer["error"].as_str().map(str::to_owned);
            return Err(WorldError(told.unwrap_or_else(|| format!("{path} answers {status}"))));
        }
        serde_json::from_value(answer).map_err(|error| WorldError(format!("{path}: {error}")))
    }
}

fn absent() -> WorldError {
    WorldError("there is no emulator that could be asked: this is played at AWS itself".to_owned())
}

async fn call(
    address: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> Result<(u16, Value), WorldError> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = http::call(address, method, path, &body).await;
    let gone = |error| WorldError(format!("the emulator gives no answer: {error}"));
    let (status, answer) = answer.map_err(gone)?;
    let answer = serde_json::from_str(&answer)
        .map_err(|error| WorldError(format!("{path} answers {status}: {error}")))?;
    Ok((status, answer))
}

#[cfg(feature = "simulated")]
fn look<T>(emulator: &Emulator, look: impl FnOnce(&Cloud) -> T) -> Result<T, WorldError> {
    let stopped = || WorldError("a bug of the emulator stopped it".to_owned());
    emulator.with_cloud(look).ok_or_else(stopped)
}

/// What stands last in a name, an ARN or a queue's URL.
pub(super) fn short(name: &str) -> &str {
    name.rsplit(['/', ':']).next().unwrap_or(name)
}

/// The ARN of a resource of the default account, unless it is one already.
pub(super) fn arn(service: &str, kind: &str, name: &str) -> String {
    match name.starts_with("arn:") {
        true => name.to_owned(),
        false => format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}{name}"),
    }
}

/// The code without the namespace that stands before it.
fn short_code(code: &str) -> &str {
    code.rsplit('#').next().unwrap_or(code)
}

fn millis(at: &str) -> i64 {
    Timestamp::parse_iso(at).map_or(0, Timestamp::millis)
}
