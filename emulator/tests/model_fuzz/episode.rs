//! One cloud's life, drawn from a seed: requests, time, faults, clients that go, the world outside.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde_json::json;
use skyrig::cloud::{Input, Recorded};
use skyrig::kernel::{
    CallId, FaultRules, FunctionEnd, FunctionRun, HttpAnswer, Lifecycle, OutsideCall, OutsideId,
    OutsideRequest, PolicyMode,
};
use skyrig::{Settings, registry};

use crate::closing;
use crate::draw::Draw;
use crate::model::{Target, targets};
use crate::pool::Pool;
use crate::report::Report;
use crate::request::{Caller, request, spoilt};
use crate::subject::{Broken, FAULT, Subject};

/// Steps of time in milliseconds; years are rare, as they end everything.
const LEAPS: [u64; 12] =
    [0, 1, 10, 999, 1000, 5000, 20_000, 31_000, 61_000, 300_000, 901_000, 3_600_000];
const LONG_LEAPS: [u64; 4] = [86_400_000, 345_600_000, 1_209_600_000, 40_000_000_000];

/// Inputs at the beginning, whose requests make something.
const FIRST_MAKES: usize = 90;
/// What makes something that others need; some of it needs what stands before it.
const MAKES: [&str; 28] = [
    "sqs CreateQueue",
    "sqs CreateQueue",
    "sqs CreateQueue",
    "sqs SendMessage",
    "sqs SendMessageBatch",
    "sqs ReceiveMessage",
    "sns CreateTopic",
    "sns CreateTopic",
    "sns Subscribe",
    "sns Subscribe",
    "events CreateEventBus",
    "events CreateArchive",
    "events PutRule",
    "events PutRule",
    "events PutTargets",
    "dynamodb CreateTable",
    "dynamodb CreateTable",
    "dynamodb DescribeTable",
    "dynamodb DescribeTable",
    "dynamodb PutItem",
    "cloudwatch PutMetricAlarm",
    "cloudwatch PutDashboard",
    "logs CreateLogGroup",
    "logs CreateLogGroup",
    "logs CreateLogStream",
    "logs CreateLogStream",
    "logs PutLogEvents",
    "logs StartQuery",
];

/// A promise that was broken, and all that led to it.
pub(crate) struct Failure {
    pub(crate) settings: Settings,
    pub(crate) inputs: Vec<Recorded>,
    pub(crate) broken: Broken,
}

pub(crate) struct Episode<'a> {
    random: fastrand::Rng,
    pool: Pool,
    subject: Subject,
    inputs: Vec<Recorded>,
    /// Those that most requests are to.
    services: Vec<&'static str>,
    report: &'a mut Report,
}

/// Lives through so many requests.
pub(crate) fn live(seed: u64, requests: usize, report: &mut Report) -> Result<(), Box<Failure>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let settings = settings(seed, &mut random);
    let subject = Subject::new(settings.clone());
    let all = registry().services().iter().map(|service| service.name);
    let services = all.filter(|_| random.u32(0..3) == 0).collect();
    let (pool, inputs) = (Pool::new(), Vec::new());
    let mut episode = Episode { random, pool, subject, inputs, services, report };
    let lived = episode.all(requests);
    let Episode { mut subject, inputs, report, .. } = episode;
    report.states += subject.states_checked;
    let closed = lived
        .and_then(|()| closing::close(&mut subject, &inputs, &settings, seed.is_multiple_of(8)));
    closed.map_err(|broken| Box::new(Failure { settings, inputs, broken }))
}

fn settings(seed: u64, random: &mut fastrand::Rng) -> Settings {
    Settings {
        seed,
        resets: seed,
        policies: if random.bool() { PolicyMode::Enforce } else { PolicyMode::Warn },
        strict: random.u32(0..8) == 0,
        relaxed: random.u32(0..3) > 0,
        lifecycle: if random.u32(0..4) == 0 { Lifecycle::Timed } else { Lifecycle::UntilRead },
        lineage_bytes_max: 8 * 1024,
        ..Settings::default()
    }
}

impl Episode<'_> {
    fn all(&mut self, requests: usize) -> Result<(), Broken> {
        for _ in 0..requests {
            self.request()?;
            match self.random.u32(0..100) {
                0..12 => self.pass_time()?,
                12..15 => self.hang_up()?,
                15..17 => self.set_faults()?,
                17..50 => self.answer_from_outside()?,
                _ => {}
            }
        }
        Ok(())
    }

    fn feed(&mut self, after: Duration, input: Input) -> Result<crate::subject::Answers, Broken> {
        let recorded = Recorded { at: self.subject.driver.cloud.now() + after, input };
        self.inputs.push(recorded.clone());
        self.subject.feed(&recorded)
    }

    fn request(&mut self) -> Result<(), Broken> {
        let target = self.target();
        let now = self.subject.driver.cloud.now();
        let tree = Draw { random: &mut self.random, pool: &self.pool, target, now }.request();
        let protocols = target.service.wire.protocols;
        let protocol = protocols[self.random.usize(0..protocols.len())];
        let caller = self.caller(target);
        let mut http = request(target, protocol, &caller, &tree);
        if self.random.u32(0..150) == 0 {
            http = spoilt(http, &mut self.random);
        }
        let answers = self.feed(Duration::ZERO, Input::Request(http.into()))?;
        let own = answers.own();
        self.report.count(&target.name(), own.map(|response| response.status().as_u16()));
        if own.is_some_and(|response| response.status().is_success()) {
            self.pool.learn_request(target.service.wire.name, "", &tree);
        }
        for response in answers.all.values().chain(&answers.turned_away) {
            self.learn(target, response);
        }
        Ok(())
    }

    fn learn(&mut self, target: Target, response: &Response<Bytes>) {
        if response.status().is_success() {
            self.pool.learn_answer(target.service.wire.name, response);
        }
    }

    /// What makes something comes first and more often, what removes less; and most requests are to
    /// few services, so that they meet what others have left.
    fn target(&mut self) -> Target {
        if self.inputs.len() < FIRST_MAKES || self.random.u32(0..8) == 0 {
            let makes = MAKES[self.random.usize(0..MAKES.len())];
            return *targets().iter().find(|it| it.name() == makes).expect("an operation");
        }
        loop {
            let target = targets()[self.random.usize(0..targets().len())];
            let removes = ["Delete", "Purge", "Unsub", "RemoveTargets"]
                .iter()
                .any(|word| target.operation.starts_with(word))
                && !target.operation.starts_with("DeleteMessage");
            let aside = !self.services.contains(&target.service.wire.name);
            let likely = if removes { 5 } else { 1 } * if aside { 12 } else { 1 };
            if self.random.u32(0..likely) == 0 {
                return target;
            }
        }
    }

    fn caller(&mut self, target: Target) -> Caller {
        let region = if self.random.u32(0..40) == 0 { "eu-west-1" } else { "us-east-1" };
        let of_session = if target.service.wire.name == "sts" { 3 } else { 20 };
        if self.random.u32(0..of_session) == 0
            && let Some((key, token)) = self.pool.session(&mut self.random)
        {
            let token = Some(token.to_owned()).filter(|_| self.random.u32(0..20) > 0);
            return Caller { access_key: key.to_owned(), token, region };
        }
        let keys = ["111111111111", "AKIAIOSFODNN7EXAMPLE", "ASIAUNKNOWN"];
        let other = self.random.u32(0..25) == 0;
        let key = if other { keys[self.random.usize(0..keys.len())] } else { "test" };
        Caller { access_key: key.to_owned(), token: None, region }
    }

    fn pass_time(&mut self) -> Result<(), Broken> {
        let leaps = if self.random.u32(0..60) == 0 { &LONG_LEAPS[..] } else { &LEAPS };
        let leap = leaps[self.random.usize(0..leaps.len())];
        let answers = self.feed(Duration::from_millis(leap), Input::Time)?;
        // Long polls that have ended.
        for response in answers.all.values() {
            self.pool.learn_answer("sqs", response);
        }
        Ok(())
    }

    fn hang_up(&mut self) -> Result<(), Broken> {
        let open: Vec<CallId> = self.subject.open.iter().copied().collect();
        let call = self.random.choice(open).unwrap_or(CallId(self.random.u64(0..50)));
        self.feed(Duration::ZERO, Input::ClientGone(call)).map(|_| ())
    }

    fn set_faults(&mut self) -> Result<(), Broken> {
        let services = registry().services();
        let service = services[self.random.usize(0..services.len())].name;
        let effects = [
            json!("throttle"),
            json!({"error": {"code": FAULT, "status": 503}}),
            json!("lose-answer"),
            json!({"delay": {"seconds": 3}}),
            json!({"fail-entries": {"code": FAULT, "share": 0.5}}),
            json!("duplicate"),
            json!("reorder"),
            json!({"hide": {"seconds": 40}}),
            json!({"fail-delivery": {"times": self.random.u32(1..9)}}),
            json!("remove-policy"),
        ];
        let rules = (0..self.random.u32(0..3)).map(|_| {
            let effect = &effects[self.random.usize(0..effects.len())];
            json!({"service": service, "probability": 0.5, "until_seconds": 60, "effect": effect})
        });
        let rules = serde_json::from_value(rules.collect()).expect("rules");
        let rules = FaultRules::new(rules).expect("rules that are taken");
        self.feed(Duration::ZERO, Input::Faults(rules)).map(|_| ())
    }

    /// An HTTP server or a function answers, or one that was never asked.
    fn answer_from_outside(&mut self) -> Result<(), Broken> {
        if self.subject.asked.is_empty() {
            if self.random.u32(0..20) > 0 {
                return Ok(());
            }
            let answer = self.answer();
            let unasked = OutsideId(self.random.u64(0..100));
            return self.feed(Duration::ZERO, Input::Answered(unasked, answer)).map(|_| ());
        }
        let at = self.random.usize(0..self.subject.asked.len());
        let OutsideCall { id, request } = self.subject.asked.swap_remove(at);
        self.learn_token(&request);
        let input = match request {
            OutsideRequest::Http { .. } => Input::Answered(id, self.answer()),
            OutsideRequest::Function(_) => {
                let payload = Bytes::from_static(b"{\"a\":1}");
                let end = match self.random.u32(0..4) {
                    0 => Err("it cannot be run".to_owned()),
                    1 => Ok(FunctionEnd::Failed { payload, error_type: None }),
                    2 => Ok(FunctionEnd::TimedOut),
                    _ => Ok(FunctionEnd::Returned { payload }),
                };
                Input::FunctionDone(id, end.map(FunctionRun::of))
            }
        };
        self.feed(Duration::ZERO, input).map(|_| ())
    }

    /// A subscription is confirmed by the token that its endpoint gets.
    fn learn_token(&mut self, request: &OutsideRequest) {
        if let OutsideRequest::Http { body, .. } = request
            && let Ok(http) = Response::builder().header("content-type", "json").body(body.clone())
        {
            self.pool.learn_answer("sns", &http);
        }
    }

    fn answer(&mut self) -> Result<HttpAnswer, String> {
        let statuses = [200, 200, 204, 301, 400, 429, 500, 999];
        let status = statuses[self.random.usize(0..statuses.len())];
        if self.random.u32(0..5) == 0 {
            return Err("no route".to_owned());
        }
        let kept = ("retry-after".to_owned(), "1".to_owned());
        Ok(HttpAnswer { status, headers: vec![kept], body: Bytes::from_static(b"ok") })
    }
}
