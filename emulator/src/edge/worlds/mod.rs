//! Worlds: any number of clouds in one server, each with its own clock, seed, faults and functions.
//!
//! A request names its world by its path, a header, its access key or its host (`naming`); one that
//! names none is for the world that every server has.

mod made;
mod naming;
mod pages;
mod world;

pub use made::WorldSettings;
pub(super) use made::{Maker, Worlds};
pub(super) use naming::take;
pub(super) use pages::{has, router};
pub(super) use world::World;
