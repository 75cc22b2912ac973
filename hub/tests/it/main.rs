//! The hub's integration tests: one program, so that it links once.

mod announcing;
mod backups;
mod careers;
mod corrections;
mod discord_bot;
mod discord_commands;
mod discord_crashes;
mod discord_hub;
mod discord_posts;
mod discord_states;
mod e2e;
#[cfg(test)]
mod engines;
pub mod fake_discord;
mod fake_discord_checks;
mod importing;
mod laws;
mod layers;
#[cfg(test)] // tells clippy that the functions beside the tests are tests as well
mod link_agent;
mod memory_outbox;
mod outbox_model;
mod pictures;
mod pipeline;
mod rollups;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod small_disk;
mod truth;
