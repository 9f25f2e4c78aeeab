//! Executions: what was not recorded on AWS, and what holds for all of them.

mod driver;
mod flow;
mod limits;
mod maps;
mod redrive;
mod small_model;
