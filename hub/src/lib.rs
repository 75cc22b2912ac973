//! Receives, keeps, scores and serves what ET:Legacy servers play.

pub mod discord;
pub mod reports;
