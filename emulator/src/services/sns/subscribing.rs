//! How subscriptions begin, are confirmed, and end.

use std::collections::BTreeMap;

use super::archive::{Replay, ReplayStatus};
use super::confirmation::{self, Asked, Confirmation};
use super::envelope::links_begin;
use super::error::SnsError;
use super::permission;
use super::protocol::{Endpoint, Protocol};
use super::subscription::{PRINCIPAL, RETRIES_OF_PEOPLE, Subscription, headers};
use super::subscription_attributes::{Ends, SubscriptionAttributes};
use super::topic::Topic;
use crate::kernel::{Context, Delivery};
use crate::wire::Timestamp;

/// Most subscriptions of one topic.
///
/// Source: "Amazon SNS endpoints and quotas".
const SUBSCRIPTIONS_MAX: usize = 12_500_000;
const SUBSCRIPTIONS_OF_FIFO_MAX: usize = 100;
const FILTER_POLICIES_MAX: usize = 200;
/// Most ended subscriptions of a topic that may be taken up again. Ours.
const ENDED_MAX: usize = 1000;
/// How many archived messages are brought at once, and how long it is until the next.
const REPLAYED_AT_ONCE: usize = 100;
const REPLAY_PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

impl Topic {
    /// The new subscription's ARN, or that of the same one that is there already, and whether it
    /// still waits to be confirmed.
    pub(super) fn subscribe(
        &mut self,
        ctx: &mut Context<'_>,
        (protocol, endpoint): (Protocol, Endpoint),
        given: &BTreeMap<String, String>,
    ) -> Result<(String, bool), SnsError> {
        let ends = Ends {
            topic_is_fifo: self.attributes.fifo,
            queue_is_fifo: endpoint.is_fifo(),
            protocol,
        };
        ends.check()?;
        if protocol == Protocol::Firehose && !given.contains_key("SubscriptionRoleArn") {
            // Unverified: AWS's words for it.
            return Err(SnsError::missing("SubscriptionRoleArn").among_attributes());
        }
        let attributes = SubscriptionAttributes::from_map(ctx, given, ends)
            .map_err(SnsError::among_attributes)?;
        self.forget_unconfirmed(ctx.now());
        let same = |old: &Subscription| old.protocol == protocol && old.endpoint == endpoint;
        let known = self.subscriptions.iter().find(|(_, old)| same(old));
        if let Some((id, old)) = known {
            let (wanted, there) = (attributes.describe(), old.attributes.describe());
            if given.keys().any(|name| wanted.get(name) != there.get(name)) {
                let reason =
                    "Attributes Reason: Subscription already exists with different attributes";
                return Err(SnsError::parameter(reason));
            }
            let (id, arn, pending) = (id.clone(), old.arn.clone(), old.confirmation.is_pending());
            if pending {
                self.ask(ctx, &id, Asked::Subscription);
            }
            return Ok((arn, pending));
        }
        self.check_quotas(&attributes)?;
        let policy = attributes.replay_policy.clone();
        let replay = policy.map(|it| Replay::begin(it, self.archive.as_ref(), ctx.now()));
        let replay = replay.transpose().map_err(SnsError::among_attributes)?;
        let id = ctx.ids().uuid().to_string();
        let owner = ctx.caller().map_or(ctx.account(), |caller| &caller.scope.account.0).to_owned();
        let at_once = !protocol.is_asked() && endpoint.is_of(&owner);
        let confirmation = if at_once { Confirmation::AtOnce } else { Confirmation::ask(ctx) };
        self.asks_until = [self.asks_until, confirmation.ends()].into_iter().flatten().min();
        let whose = (owner, ctx.caller_arn());
        let name = (self.arn.to_string(), &*self.name, id.as_str());
        let mut subscription = Subscription::new(name, whose, (protocol, endpoint), confirmation);
        let arn = subscription.arn.clone();
        let is_replayed = replay.is_some();
        (subscription.attributes, subscription.replay) = (attributes, replay);
        self.subscriptions.insert(id.clone(), subscription);
        if is_replayed {
            self.wake_replay(ctx, &id);
        }
        if !at_once {
            self.ask(ctx, &id, Asked::Subscription);
        }
        Ok((arn, !at_once))
    }

    fn check_quotas(&self, attributes: &SubscriptionAttributes) -> Result<(), SnsError> {
        let fifo = self.attributes.fifo;
        let most = if fifo { SUBSCRIPTIONS_OF_FIFO_MAX } else { SUBSCRIPTIONS_MAX };
        if self.subscriptions.len() >= most {
            return Err(SnsError::SubscriptionLimitExceeded);
        }
        if attributes.filter_policy.is_some() {
            self.check_filter_policies()?;
        }
        Ok(())
    }

    /// Whether one more subscription may have a filter policy.
    pub(super) fn check_filter_policies(&self) -> Result<(), SnsError> {
        let has = |it: &&Subscription| it.attributes.filter_policy.is_some();
        match self.subscriptions.values().filter(has).nth(FILTER_POLICIES_MAX - 1) {
            Some(_) => Err(SnsError::FilterPolicyLimitExceeded),
            None => Ok(()),
        }
    }

    /// Sends an endpoint the token with which it confirms a subscription.
    fn ask(&self, ctx: &mut Context<'_>, id: &str, asked: Asked) {
        let found = self.subscriptions.get(id).or_else(|| self.ended.get(id));
        let Some(subscription) = found else { return };
        let token = subscription.confirmation.token().unwrap_or_default();
        let (endpoint, now) = (links_begin(ctx, &self.endpoint), ctx.now());
        let message_id = ctx.ids().uuid();
        let (signer, version) = (ctx.signer(), self.attributes.signature_version());
        let json = || {
            let links = (&*endpoint, &self.arn, token);
            confirmation::json((asked, message_id), links, (&signer, version), now)
        };
        let sender = (self.arn.clone(), PRINCIPAL);
        let cause = ctx.cause();
        let delivery = match (subscription.protocol, &subscription.endpoint.arn) {
            (Protocol::Email, Some(to)) => {
                let (subject, text) = confirmation::mail(asked, &endpoint, &self.arn, token);
                let letter = Delivery::new(sender, to.clone(), text, cause);
                Delivery { subject: Some(subject), ..letter.tried_again(RETRIES_OF_PEOPLE) }
            }
            (_, Some(to)) => {
                Delivery::new(sender, to.clone(), json(), cause).tried_again(RETRIES_OF_PEOPLE)
            }
            (_, None) => {
                let mut headers = headers(asked.kind(), &message_id.to_string());
                let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
                headers.push(row("content-type", "text/plain; charset=UTF-8"));
                headers.push(row("x-amz-sns-topic-arn", &subscription.topic_arn));
                let policy =
                    subscription.effective_policy(self.attributes.delivery_policy.as_ref());
                let to = subscription.server(headers);
                Delivery::new(sender, to, json(), cause).tried_again(policy.schedule())
            }
        };
        let answer_to = Some(subscription.asking_token());
        ctx.deliver(Delivery { message_id: Some(message_id), answer_to, ..delivery });
    }

    /// Takes the answer of an endpoint; the subscription's ARN. Answering again changes nothing.
    pub(super) fn confirm(
        &mut self,
        ctx: &Context<'_>,
        token: &str,
        authenticate_on_unsubscribe: bool,
    ) -> Option<String> {
        self.forget_unconfirmed(ctx.now());
        let has = |it: &Subscription| it.confirmation.token() == Some(token);
        if let Some(id) = self.ended.iter().find(|(_, it)| has(it)).map(|(id, _)| id.clone())
            && let Some(again) = self.ended.remove(&id)
        {
            self.subscriptions_deleted = self.subscriptions_deleted.saturating_sub(1);
            self.subscriptions.insert(id, again);
        }
        let subscription = self.subscriptions.values_mut().find(|it| has(it))?;
        if subscription.confirmation.is_pending() {
            let authenticated = ctx.caller().is_some_and(|it| it.access_key_id.is_some());
            subscription.confirmation = Confirmation::Confirmed {
                token: token.to_owned(),
                authenticated,
                authenticate_on_unsubscribe,
            };
        }
        Some(subscription.arn.clone())
    }

    /// Ends a subscription; one that is not there has ended already. An endpoint whose subscription
    /// anybody else ended is told, and may take it up again.
    pub(super) fn unsubscribe(&mut self, ctx: &mut Context<'_>, id: &str) -> Result<(), SnsError> {
        self.forget_unconfirmed(ctx.now());
        let Some(subscription) = self.subscriptions.get(id) else { return Ok(()) };
        if subscription.confirmation.is_pending() {
            return Err(SnsError::parameter(
                "SubscriptionArn Reason: This operation doesn't support pending subscriptions",
            ));
        }
        let signed = ctx.caller().is_some_and(|it| it.access_key_id.is_some());
        if subscription.confirmation.is_guarded() && !signed {
            let (action, resource) = ("SNS:Unsubscribe".to_owned(), subscription.arn.clone());
            return Err(SnsError::unauthorized("anonymous", action, resource));
        }
        if signed {
            permission::check_subscriber(ctx, subscription)?;
        }
        let is_asked = subscription.protocol.is_asked();
        let Some(mut subscription) = self.subscriptions.remove(id) else { return Ok(()) };
        self.subscriptions_deleted += 1;
        if is_asked && (!signed || ctx.is_foreign()) {
            subscription.confirmation = Confirmation::ask(ctx);
            let ends = subscription.confirmation.ends();
            self.asks_until = [self.asks_until, ends].into_iter().flatten().min();
            while self.ended.len() >= ENDED_MAX {
                self.ended.pop_first();
            }
            self.ended.insert(id.to_owned(), subscription);
            self.ask(ctx, id, Asked::Unsubscription);
        }
        Ok(())
    }

    /// Forgets the subscriptions that nobody has confirmed in time.
    pub(super) fn forget_unconfirmed(&mut self, now: Timestamp) {
        if self.asks_until.is_none_or(|until| now < until) {
            return;
        }
        let stays = |it: &Subscription| it.confirmation.ends().is_none_or(|end| now < end);
        self.subscriptions.retain(|_, it| stays(it));
        self.ended.retain(|_, it| stays(it));
        let all = self.subscriptions.values().chain(self.ended.values());
        self.asks_until = all.filter_map(|it| it.confirmation.ends()).min();
    }

    /// Begins a replay to a subscription, or ends the one that there is.
    pub(super) fn set_replay(&mut self, ctx: &mut Context<'_>, id: &str) -> Result<(), SnsError> {
        let archive = self.archive.as_ref();
        let Some(subscription) = self.subscriptions.get_mut(id) else { return Ok(()) };
        let policy = subscription.attributes.replay_policy.clone();
        let replay = policy.map(|policy| Replay::begin(policy, archive, ctx.now()));
        subscription.replay = replay.transpose()?;
        if subscription.replay.is_some() {
            self.wake_replay(ctx, id);
        }
        Ok(())
    }

    fn wake_replay(&self, ctx: &mut Context<'_>, id: &str) {
        let key = format!("{}/{id}", self.name);
        ctx.set_timer(ctx.now() + REPLAY_PAUSE, &key.into());
    }

    /// Brings the next messages of a replay.
    pub(super) fn go_on_replaying(&mut self, ctx: &mut Context<'_>, id: &str) {
        let Some(subscription) = self.subscriptions.get_mut(id) else { return };
        if subscription.confirmation.is_pending() {
            return self.wake_replay(ctx, id);
        }
        let Some(replay) = subscription.replay.as_mut().filter(|it| it.is_running()) else {
            return;
        };
        let Some(archive) = &self.archive else {
            replay.status = ReplayStatus::Failed;
            return;
        };
        let some = archive.some(ctx.now(), replay, REPLAYED_AT_ONCE);
        replay.status = match some.len() {
            REPLAYED_AT_ONCE => ReplayStatus::InProgress,
            _ => ReplayStatus::Completed,
        };
        if let Some(last) = some.last().and_then(|it| it.published.sequence) {
            replay.next = last + 1;
        }
        let goes_on = replay.is_running();
        self.replay(ctx, id, &some);
        if goes_on {
            self.wake_replay(ctx, id);
        }
    }

    /// Without an archive nothing can be replayed any more.
    pub(super) fn fail_replays(&mut self) {
        for subscription in self.subscriptions.values_mut() {
            if let Some(replay) = subscription.replay.as_mut().filter(|it| it.is_running()) {
                replay.status = ReplayStatus::Failed;
            }
        }
    }
}
