//! House rules that a machine can check. Each rule also has a test of itself on a bad sample.
//!
//! Where a rule must bend, the file is in the rule's list of exceptions, with the reason.

mod layers;
mod manifests;
mod paths;
mod size;
mod source;
mod steps;
mod system_layers;
mod words;
