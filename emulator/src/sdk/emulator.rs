//! The face of the in-process emulator.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;

use super::clock::{SdkTime, TokioClock};
use super::connector::Connector;
use super::endpoints::{EndpointError, Endpoints};
use super::functions::{self, FunctionContext, Functions, NoFunction};
use super::outside::Closures;
use crate::cloud::{Cloud, Why};
use crate::host::{Body, Clock, Driving, Host};
use crate::kernel::{
    FaultError, FaultReport, FaultRule, Letter, Lifecycle, MessageId, PolicyMode, Scope, Settings,
    SignatureMode, SigningMode, Trace,
};
use crate::wire::Timestamp;

/// The account and region of [`Emulator::sdk_config`].
const ACCOUNT: &str = "000000000000";
const REGION: &str = "us-east-1";
/// The secret with which the clients of [`Emulator::sdk_config`] sign.
const SECRET: &str = "skyrig";
/// Only seen in queue URLs: nothing listens there.
const ENDPOINT: &str = "http://localhost:4566";

/// An AWS of one's own, in this process.
///
/// ```no_run
/// # async fn demo() {
/// let emulator = skyrig::Emulator::new();
/// let config = emulator.sdk_config();
/// // let sqs = aws_sdk_sqs::Client::new(&config);
/// # }
/// ```
#[derive(Clone)]
pub struct Emulator {
    host: Arc<Host>,
    clock: Arc<TokioClock>,
    closures: Closures,
}

/// What an [`Emulator`] is told before it begins.
#[derive(Clone, Debug, Default)]
pub struct EmulatorBuilder {
    settings: Settings,
}

impl EmulatorBuilder {
    /// Seed of every id that the emulator makes.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// When virtual time begins.
    pub fn start(mut self, start: Timestamp) -> Self {
        self.settings.start = start;
        self
    }

    /// Whether deliveries between services need resource policies (the default, as on AWS).
    pub fn policies(mut self, policies: PolicyMode) -> Self {
        self.settings.policies = policies;
        self
    }

    /// Refuse settings that are stored but have no effect here.
    pub fn strict(mut self, strict: bool) -> Self {
        self.settings.strict = strict;
        self
    }

    /// Lift the rules that only make a client wait.
    pub fn relaxed(mut self, relaxed: bool) -> Self {
        self.settings.relaxed = relaxed;
        self
    }

    /// How long states such as `CREATING` last.
    pub fn lifecycle(mut self, lifecycle: Lifecycle) -> Self {
        self.settings.lifecycle = lifecycle;
        self
    }

    /// Whether requests must be signed with a key that is known: those of
    /// [`EmulatorBuilder::access_key`], those that STS issues, and the account numbers with which
    /// the clients of [`Emulator::sdk_config`] sign.
    pub fn signatures(mut self, signatures: SignatureMode) -> Self {
        self.settings.signatures = signatures;
        self
    }

    /// Whether SNS signs what it sends; it does not unless asked, as that costs more than all else.
    pub fn signing(mut self, signing: SigningMode) -> Self {
        self.settings.signing = signing;
        self
    }

    /// An access key that is known from the start.
    pub fn access_key(mut self, id: &str, secret: &str) -> Self {
        self.settings.credentials.insert(id, secret);
        self
    }

    pub fn build(mut self) -> Emulator {
        if self.settings.signatures == SignatureMode::Verify {
            self.settings.credentials.of_accounts = Some(SECRET.into());
        }
        let clock = Arc::new(TokioClock::new(self.settings.start));
        let shared: Arc<dyn Clock> = clock.clone();
        let functions = Functions::new(self.settings.seed);
        let closures = Closures { endpoints: Endpoints::default(), functions };
        let outside = Box::new(closures.clone());
        let host = Host::shared(self.settings, shared, Driving::Callers, outside);
        Emulator { host, clock, closures }
    }
}

impl Default for Emulator {
    fn default() -> Self {
        Self::new()
    }
}

impl Emulator {
    /// An empty AWS with default settings.
    pub fn new() -> Self {
        Self::builder().build()
    }

    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// The configuration for any AWS SDK client: account 000000000000, region us-east-1.
    ///
    /// Bodies are handed over whole, so no stream can stall, and the SDK does not watch for it:
    /// that would take forty looks in each long poll.
    pub fn sdk_config(&self) -> SdkConfig {
        self.sdk_config_for(ACCOUNT, REGION)
    }

    /// The same for another account (12 digits) and region.
    pub fn sdk_config_for(&self, account: &str, region: &str) -> SdkConfig {
        let credentials = Credentials::new(account, SECRET, None, None, "skyrig");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(ENDPOINT)
            .http_client(self.http_client())
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .time_source(SharedTimeSource::new(SdkTime(Arc::clone(&self.clock))))
            .build()
    }

    /// The HTTP client alone, for configurations of one's own.
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(Connector(Arc::clone(&self.host)))
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        Clock::now(&*self.clock)
    }

    /// Moves virtual time on, at once, and does what is due on the way.
    pub fn advance(&self, by: Duration) {
        self.clock.add(by);
        self.host.advance();
    }

    /// The same, from one moment at which something is due to the next. At each of them the
    /// handlers of [`Emulator::endpoint`] answer before time goes on, so that a retry is counted
    /// from the failure before it. What a handler waits for by tokio's time comes on top of `by`.
    pub async fn travel(&self, by: Duration) {
        let for_ever = Duration::MAX;
        self.host
            .travel((by, for_ever), || Clock::now(&*self.clock), |step| self.clock.add(step))
            .await;
    }

    /// Lets `handler` answer for the HTTP server at `url`, and at all paths below it for which no
    /// other handler is there: to SNS's HTTP subscriptions and EventBridge's API destinations. No
    /// socket is opened; without a handler a server can't be reached.
    ///
    /// It runs as a task on the tokio runtime of whoever's call led to it, and may take as much
    /// virtual time as AWS gives a server. It should hold no [`Emulator`], or neither is ever
    /// dropped: clients of [`Emulator::sdk_config`] hold one too.
    ///
    /// # Errors
    /// [`EndpointError`] when `url` names no server.
    pub fn endpoint<F>(
        &self,
        url: &str,
        handler: impl Fn(Request<Bytes>) -> F + Send + Sync + 'static,
    ) -> Result<(), EndpointError>
    where
        F: Future<Output = Response<Bytes>> + Send + 'static,
    {
        self.closures.endpoints.insert(url, handler)
    }

    /// The server at `url` is gone; `false` if there was none.
    pub fn remove_endpoint(&self, url: &str) -> bool {
        self.closures.endpoints.remove(url)
    }

    /// Lets `handler` be the code of the Lambda function `name`, in all accounts, regions and
    /// versions, instead of whatever code it was created with. If there is no such function in the
    /// account and region of [`Emulator::sdk_config`], it is made, with a time-out of 3 seconds;
    /// create it before, or update it, for other settings.
    ///
    /// It gets the event and a context, and returns a document or an error, whose type's name is
    /// `errorType`. It runs as a task on the tokio runtime of whoever's call led to it, in virtual
    /// time where tokio's is, which also the function's time-out counts in. A panic is an error of
    /// the type `Panic`. It should hold no [`Emulator`], or neither is ever dropped: clients of
    /// [`Emulator::sdk_config`] hold one too.
    ///
    /// # Errors
    /// [`NoFunction`] when none of that name can be made.
    pub fn function<F, E>(
        &self,
        name: &str,
        handler: impl Fn(Value, FunctionContext) -> F + Send + Sync + 'static,
    ) -> Result<(), NoFunction>
    where
        F: Future<Output = Result<Value, E>> + Send + 'static,
        E: Display + 'static,
    {
        functions::ensured(&self.host, name, &Scope::new(ACCOUNT, REGION))?;
        self.closures.functions.insert(name, handler);
        Ok(())
    }

    /// No closure is the function's code any more; `false` if none was.
    pub fn remove_function(&self, name: &str) -> bool {
        self.closures.functions.remove(name)
    }

    /// The certificate in PEM that SNS's messages name as `SigningCertURL`.
    pub fn signing_certificate(&self) -> Option<String> {
        self.host.with_cloud(Cloud::signer).map(|signer| signer.certificate())
    }

    /// The story of a message, an event or a publication by its id, of what a request with that id
    /// led to, or of all that mentions a text, such as an order's number in a body
    /// ([`Cloud::trace_text`]). Printed, it is text for people.
    pub fn trace(&self, id: &str) -> Option<Trace> {
        self.host.with_cloud(|cloud| {
            let by_id = id.parse::<MessageId>().ok().and_then(|id| cloud.trace(id));
            by_id.or_else(|| cloud.trace_text(id))
        })?
    }

    /// Why nothing is in a queue, or comes to a topic or bus, by its name, ARN or URL; one for each
    /// of that name in all accounts and regions. Printed, it is text for people.
    pub fn why(&self, resource: &str) -> Vec<Why> {
        self.host.with_cloud(|cloud| cloud.why(resource)).unwrap_or_default()
    }

    /// What would have left the cloud for people and devices, oldest first: mail, texts, notes to
    /// phones. The latest 16 MiB are kept.
    pub fn outbox(&self) -> Vec<Letter> {
        self.with_cloud(|cloud| cloud.letters().iter().cloned().collect()).unwrap_or_default()
    }

    /// Lets a phone answer the latest text that it got, such as `STOP`; `false` if it got none that
    /// is still kept. The number is as in [`Emulator::outbox`]: a plus sign and digits.
    pub fn answer_text(&self, phone: &str, text: &str) -> bool {
        self.host.text(phone, text)
    }

    /// Replaces the fault rules; their windows begin now.
    ///
    /// # Errors
    /// [`FaultError`] with the reason; then the old rules stay.
    pub fn set_faults(&self, rules: Vec<FaultRule>) -> Result<(), FaultError> {
        self.host.set_faults(rules)
    }

    /// The fault rules, with how often each has fired.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.with_cloud(Cloud::faults).unwrap_or_default()
    }

    /// Asks an operation that answers at once, in JSON, as the emulator's own pages do: by its
    /// service and name as AWS's model has them, and its input as its members are called. Fault
    /// rules never meet it, and no policy refuses it. An answer has an HTTP status; a refusal is
    /// an answer, too.
    ///
    /// # Errors
    /// Why there is no answer: an operation that is not known, or one that waits.
    pub fn ask(
        &self,
        (service, operation): (&str, &str),
        input: &Value,
    ) -> Result<(u16, Value), String> {
        self.host.ask_fully((service, operation), Scope::new(ACCOUNT, REGION), input)
    }

    /// Answers a request of any HTTP client of AWS, as long as that may take.
    ///
    /// # Errors
    /// The connection broke, as a fault rule wanted; the emulator is closed by a bug; or the answer
    /// is a stream.
    pub async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, String> {
        let (parts, body) = request.into_parts();
        let answer = self.host.call(&parts, &body).await.map_err(|lost| lost.to_string())?;
        let (head, body) = answer.into_parts();
        match body {
            Body::Whole(bytes) => Ok(Response::from_parts(head, bytes)),
            Body::Stream(_) => Err("the answer is a stream, which an SDK can read".to_owned()),
        }
    }

    /// Looks at the cloud; `None` after a bug of the emulator has made its state untrustworthy.
    pub fn with_cloud<T>(&self, look: impl FnOnce(&Cloud) -> T) -> Option<T> {
        self.host.with_cloud(look)
    }
}
