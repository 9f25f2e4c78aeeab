//! The emulated services, one folder each, and the nouns that they share.

pub mod shared;
