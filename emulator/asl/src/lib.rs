//! The Amazon States Language as a pure package: definitions are read and judged, expressions are
//! evaluated, executions are data that goes on by inputs and says what shall be done. It knows no
//! clock, no socket, no service and no thread.

pub mod intrinsic;
pub mod jsonata;
pub mod path;
mod random;

pub use random::Random;
