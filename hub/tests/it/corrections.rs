//! What people decide: each decision's effect, its undoing, and that neither order nor repetition leaves a trace.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod any_order;
mod command;
mod copies;
mod effects;
mod identities;
mod many;
mod posts;
mod refusals;
mod table;
