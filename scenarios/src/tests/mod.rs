//! What the order system promises and no scenario shows: against the emulator, in virtual time.

mod consumer;
mod deadlines;
mod figures;
mod forms;
mod hanging;
mod health;
mod monitoring;
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
mod trail;
