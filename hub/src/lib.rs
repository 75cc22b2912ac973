//! The Slomix hub: receives, keeps, scores and serves what ET:Legacy servers play.

pub mod archive;
pub mod domain;
pub mod pipeline;
pub mod store;
