//! Publishes notifications to a topic; attributes let subscribers filter.

use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;

use super::aws::Aws;
use crate::failure::{Dependency, Failure};
use crate::trace;

#[derive(Clone, Debug)]
pub struct Notifier {
    client: Client,
    topic_arn: String,
}

impl Notifier {
    pub fn new(aws: &Aws, topic_arn: String) -> Self {
        Self { client: aws.sns(), topic_arn }
    }

    /// `subject` must be ASCII and at most a hundred characters, as SNS wants it.
    pub async fn publish(
        &self,
        subject: &str,
        message: &str,
        attributes: &[(&str, &str)],
    ) -> Result<(), Failure> {
        let mut call =
            self.client.publish().topic_arn(&self.topic_arn).subject(subject).message(message);
        for (name, value) in attributes {
            let value = MessageAttributeValue::builder()
                .data_type("String")
                .string_value(*value)
                .build()
                .expect("the type is given");
            call = call.message_attributes(*name, value);
        }
        // It has no member for it.
        let trace = trace::current();
        let call = call.customize().mutate_request(move |request| {
            if let Some(trace) = &trace {
                request.headers_mut().insert(trace::HEADER, trace.to_string());
            }
        });
        call.send().await.map_err(|error| Failure::of_call(Dependency::Sns, "Publish", &error))?;
        Ok(())
    }
}
