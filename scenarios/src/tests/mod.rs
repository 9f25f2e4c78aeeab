//! What the order system promises and no scenario shows: against the emulator, in virtual time.

mod aws_words;
mod consumer;
mod cost;
mod deadlines;
mod event_schemas;
mod fifo;
mod figures;
mod forms;
mod forms_infra;
mod hanging;
mod health;
mod histories;
mod infra;
mod monitoring;
mod openapi;
mod permissions;
mod private;
mod queues;
mod quotes;
mod regions;
mod relays;
mod repeated;
mod replays;
mod repository;
mod review;
mod runbooks;
mod servers;
mod shop;
mod subscribers;
#[cfg(feature = "otel")]
mod telemetry;
mod templates;
mod told;
mod traces;
mod trail;
