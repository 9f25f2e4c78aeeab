//! What went wrong, and where: the emulator's lineage turned into trees and a diagram for people.

mod depths;
mod diagram;
mod hop;
#[cfg(feature = "simulated")]
mod mentions;
mod text;

#[cfg(feature = "simulated")]
pub(crate) use depths::Gauge;
pub use depths::{DepthPoint, Depths};
pub(crate) use diagram::draw;
pub use diagram::{Diagram, Row, Tone};
pub(crate) use hop::{Evidence, gather};
pub use hop::{Explanation, Hop, NonMatch, Tree};
#[cfg(feature = "simulated")]
pub(crate) use mentions::Mentions;
pub(crate) use text::{told, write};
