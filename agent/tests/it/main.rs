//! The agent against a real hub end: QUIC, certificates, batches and acks, over loopback.
//!
//! Waits are for a state to be reached, never for time to pass, and every wait is bounded.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod agent;
mod clocks;
mod commands;
mod control;
mod faults;
mod full_disk;
mod hub;
mod joining;
mod mending;
mod outage;
mod over_tcp;
mod readmission;
mod regressions;
mod renewing;
#[path = "../../../hub/tests/it/small_disk.rs"]
mod small_disk;
mod watching;
