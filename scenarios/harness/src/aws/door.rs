//! The emulator as words ask it: its pages. Knows no word.

use crate::stage::http;
use crate::world::WorldError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use skyrig::wire::Timestamp;

/// The account that callers without a key of their own have.
const ACCOUNT: &str = "000000000000";
const REGION: &str = "us-east-1";

/// An emulated AWS, asked at its address.
#[derive(Clone, Debug)]
pub struct Aws {
    address: String,
}

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
        Self { address: address.into() }
    }

    pub fn address(&self) -> &str {
        &self.address
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
        let question = json!({ "service": service, "operation": operation, "input": input });
        let (status, answer) = self.call("POST", "/_skyrig/rehearsal/ask", &question).await?;
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

    /// What a page shows.
    ///
    /// # Errors
    /// What the page says, or why there is no answer.
    pub async fn page<T: DeserializeOwned>(&self, path: &str) -> Result<T, WorldError> {
        let (status, answer) = self.call("GET", path, &Value::Null).await?;
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
        let (status, answer) = self.call("POST", path, body).await?;
        Self::read(path, status, answer)
    }

    pub(crate) async fn under_way(&self) -> Result<UnderWay, WorldError> {
        self.page("/_skyrig/rehearsal").await
    }

    /// The time, in seconds since 1970.
    pub(super) async fn now_seconds(&self) -> Result<i64, WorldError> {
        let clock: Value = self.page("/_skyrig/clock").await?;
        Ok(millis(clock["now"].as_str().unwrap_or_default()).div_euclid(1000))
    }

    fn read<T: DeserializeOwned>(path: &str, status: u16, answer: Value) -> Result<T, WorldError> {
        if status != 200 {
            let told = answer["error"].as_str().map(str::to_owned);
            return Err(WorldError(told.unwrap_or_else(|| format!("{path} answers {status}"))));
        }
        serde_json::from_value(answer).map_err(|error| WorldError(format!("{path}: {error}")))
    }

    async fn call(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<(u16, Value), WorldError> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = http::call(&self.address, method, path, &body).await;
        let gone = |error| WorldError(format!("the emulator gives no answer: {error}"));
        let (status, answer) = answer.map_err(gone)?;
        let answer = serde_json::from_str(&answer)
            .map_err(|error| WorldError(format!("{path} answers {status}: {error}")))?;
        Ok((status, answer))
    }
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
