//! Shapes that several operations have.

mod configuration;
mod resources;

pub use configuration::*;
pub use resources::*;
