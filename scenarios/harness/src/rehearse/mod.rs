//! Rehearsing a system of real processes, in any language, on an emulated AWS whose time is moved.
//!
//! A system file says how the system is started; scripts are those of every other stage, with words
//! for AWS itself. Each process talks to the emulator through a doorway of its own, so it is known
//! who asks for what, who has which messages in hand, and when nothing is under way: only then the
//! cloud's time moves on to what is due next.

mod call;
mod company;
mod conductor;
mod doing;
mod doorway;
mod drawing;
mod first;
mod play;
mod setup;
pub mod system;
mod traffic;
mod words;
mod world;

pub use drawing::Drawing;
pub use first::{First, first};
pub use play::{Rehearsal, play};
pub use system::System;
pub use words::catalog;
