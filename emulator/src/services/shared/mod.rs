//! Nouns that more than one service stands on. None of them knows a service.

pub(crate) mod account;
pub(crate) mod constraint;
pub(crate) mod deduplication;
pub mod json_text;
pub(crate) mod model;
pub(crate) mod notification;
pub mod pattern;
pub mod policy;
pub(crate) mod polling;
pub(crate) mod remembered;
pub mod schedule;
pub(crate) mod template;
pub(crate) mod units;
pub(crate) mod zone;
