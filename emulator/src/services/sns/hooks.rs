//! What SNS does when none of its operations is called.

use std::sync::Arc;

use super::activity::{Count, METRICS};
use super::state::Sns;
use super::subscription::ASKED;
use crate::kernel::{
    Answered, Arn, CallError, Context, Delivery, DeliveryError, DeliveryTarget, Hooks, PhoneText,
    Topology, WantedMetrics,
};
use crate::wire::Timestamp;

impl Hooks for Sns {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.told(topology);
    }

    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        self.take_in(ctx, to, delivery)
    }

    /// A replay goes on; the key is the topic's name, a slash and the subscription's id.
    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        if let Some((topic, id)) = key.split_once('/')
            && let Some(topic) = self.topics.get_mut(topic)
        {
            topic.go_on_replaying(ctx, id);
        }
    }

    /// A delivery to a subscription was taken or given up; the token begins as a timer's key, and
    /// goes on with what `delivery_status` has to know.
    fn on_answer(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        if let Some((topic, rest)) = token.split_once('/')
            && let Some(topic) = self.topics.get_mut(topic)
        {
            let (id, remembered) = match rest.split_once('/') {
                Some((id, remembered)) => (id, Some(remembered)),
                None => (rest, None),
            };
            topic.delivered(ctx, (id, remembered), &answer);
        }
    }

    /// Of HTTP servers each try counts.
    ///
    /// Source: developer guide "Monitoring Amazon SNS topics using CloudWatch",
    /// `NumberOfNotificationsFailed`.
    fn on_failed_try(
        &mut self,
        ctx: &mut Context<'_>,
        delivery: &Delivery,
        _error: &DeliveryError,
        _is_final: bool,
    ) {
        let asks = delivery.answer_to.as_ref().is_some_and(|token| token.ends_with(ASKED));
        if let (DeliveryTarget::Http(_), false) = (&delivery.to, asks)
            && let Some(topic) = self.topics.get_mut(delivery.from.resource.as_str())
        {
            topic.activity.count(ctx, &topic.name, Count::Failed);
        }
    }

    fn on_redriven(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        if let Some(topic) = self.topics.get_mut(delivery.from.resource.as_str()) {
            topic.activity.count(ctx, &topic.name, Count::RedrivenToDlq);
        }
    }

    /// A delivery was given up; on its way to a dead-letter queue for the second time.
    fn on_given_up(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        if delivery.given_up
            && let Some(topic) = self.topics.get_mut(delivery.from.resource.as_str())
        {
            topic.activity.count(ctx, &topic.name, Count::FailedToRedriveToDlq);
        }
    }

    fn on_text(&mut self, ctx: &mut Context<'_>, text: &PhoneText) {
        let _unused = ctx;
        self.phones.answered(text);
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        match wanted.resources(METRICS.0, METRICS.1) {
            None => {
                self.topics.values_mut().for_each(|topic| topic.activity.publish(ctx, &topic.name));
            }
            Some(names) => names.into_iter().for_each(|name| {
                if let Some(topic) = self.topics.get_mut(name) {
                    topic.activity.publish(ctx, &topic.name);
                }
            }),
        }
    }
}
