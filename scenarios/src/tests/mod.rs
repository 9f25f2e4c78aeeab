//! What the order system promises and no scenario shows: against the emulator, in virtual time.

mod consumer;
mod deadlines;
mod figures;
mod hanging;
mod health;
mod monitoring;
mod openapi;
mod private;
mod queues;
mod quotes;
mod relays;
mod repeated;
mod replays;
mod review;
mod shop;
mod subscribers;
mod told;
mod traces;
mod trail;
