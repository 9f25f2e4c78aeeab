//! An event-driven order system on the AWS SDKs.
//!
//! Orders, stock and payments are event-sourced in DynamoDB; an outbox carries their events to
//! EventBridge, rules route them to one SQS queue a role, and a saga leads each order to delivery
//! or back to where it began. The library reads no clock, no random source and no environment:
//! whoever starts a [`domain`] action hands them in.

pub mod contracts;
pub mod domain;
