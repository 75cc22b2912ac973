//! The Slomix hub: receives, keeps, scores and serves what ET:Legacy servers play.

pub mod link;
