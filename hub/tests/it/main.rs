//! The hub's integration tests: one program, so that it links once.

mod announcing;
mod backups;
mod corrections;
mod discord_bot;
mod discord_crashes;
mod discord_hub;
mod discord_posts;
mod discord_states;
mod e2e;
pub mod fake_discord;
mod fake_discord_checks;
mod importing;
#[cfg(test)] // tells clippy that the functions beside the tests are tests as well
mod link_agent;
mod memory_outbox;
mod outbox_model;
mod pipeline;
#[cfg(test)]
mod serve;
mod truth;
