//! What somebody sees who looks into services without calling them: nothing of it is an input, so
//! nothing changes.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::call::Call;
use super::core::Cloud;
use super::effect::{AnswerFault, Reply, ReplyFormat};
use crate::kernel::{CallId, MessageId, Scope, answer};
use crate::services::cloudwatch::{CloudWatch, RawSample};
use crate::services::sns::Sns;
use crate::services::sqs::{Sqs, SqsError};

pub(crate) use crate::services::sqs::{Received, Wanted};

/// Most samples of metrics that are shown at once.
const SAMPLES_MAX: usize = 100_000;

impl Cloud {
    /// The messages of a queue, by its URL, as `asked` sees it; `None` without such a queue.
    pub(crate) fn as_received(&self, url: &str, asked: &Scope, wanted: Wanted) -> Option<Received> {
        let (scope, name) = Sqs::place(url, asked);
        self.services.all::<Sqs>().get(&scope)?.as_received(&name, self.now(), wanted)
    }

    /// The answer to a ReceiveMessage that takes nothing, in the protocol of `call`; how many
    /// messages did not fit into it is told beside it.
    pub(crate) fn answer_peek(
        &self,
        call: &Call,
        url: &str,
        wanted: Wanted,
    ) -> (Response<Bytes>, usize) {
        let peeked = self.as_received(url, &call.caller.scope, wanted);
        let left_out = peeked.as_ref().map_or(0, |peeked| peeked.left_out);
        let answered = match peeked {
            Some(peeked) => Ok(answer(peeked.shown)),
            None => Err(SqsError::QueueDoesNotExist.into()),
        };
        let request_id = MessageId(self.now().millis().unsigned_abs().into());
        let fault = AnswerFault::default();
        let format = ReplyFormat { format: call.format, request_id, fault };
        (Reply::new(CallId(0), format, answered).write(), left_out)
    }

    /// The token with which a subscription is confirmed; `None` without such a subscription, or if
    /// nobody was asked.
    pub(crate) fn subscription_token(&self, scope: &Scope, subscription: &str) -> Option<String> {
        self.services.all::<Sns>().get(scope)?.token_of(subscription).map(str::to_owned)
    }

    /// Every sample of every metric, up to a number.
    pub(crate) fn raw_metrics(&self) -> Vec<Value> {
        let mut samples = Vec::new();
        for (scope, metrics) in self.services.all::<CloudWatch>().each() {
            metrics.each_sample(|sample| {
                samples.push(shown(scope, &sample));
                samples.len() < SAMPLES_MAX
            });
        }
        samples.truncate(SAMPLES_MAX);
        samples
    }
}

fn shown(scope: &Scope, sample: &RawSample<'_>) -> Value {
    let RawSample { metric, at, value } = sample;
    let dimensions = metric.dimensions().iter();
    let dimensions: Vec<Value> =
        dimensions.map(|(name, value)| json!({"n": name, "v": value})).collect();
    json!({
        "ns": metric.namespace(),
        "n": metric.name(),
        "v": value,
        "t": at.seconds(),
        "d": dimensions,
        "account": scope.account.to_string(),
        "region": scope.region.to_string(),
    })
}
