//! The hub's integration tests: one program, so that it links once.

mod discord_bot;
mod discord_crashes;
mod discord_hub;
mod discord_posts;
mod discord_states;
pub mod fake_discord;
mod link_agent;
mod memory_outbox;
mod serve;
