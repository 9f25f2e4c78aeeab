//! What keeps the project honest, in one binary.

mod coverage;
mod error_rows;
mod model;
mod model_conformance;
mod repository;
