//! One file an operation: what it reads, what it answers, what it does.

pub mod confirm_subscription;
pub mod create_topic;
pub mod data_protection_policy;
pub mod delete_topic;
pub mod endpoint_attributes;
pub mod get_subscription_attributes;
pub mod get_topic_attributes;
pub mod list_subscriptions;
pub mod list_subscriptions_by_topic;
pub mod list_topics;
pub mod opt_outs;
pub mod permissions;
pub mod phone_numbers;
pub mod platform_application_attributes;
pub mod platform_applications;
pub mod platform_endpoints;
pub mod publish;
pub mod publish_batch;
pub mod set_subscription_attributes;
pub mod set_topic_attributes;
pub mod sms_attributes;
pub mod sms_sandbox;
pub mod subscribe;
pub mod tags;
pub mod unsubscribe;
