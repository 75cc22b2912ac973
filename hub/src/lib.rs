//! The Slomix hub: receives, keeps, scores and serves what ET:Legacy servers play.
//!
//! In the order in which a file travels: [`link`] > [`archive`] > [`pipeline`] > [`domain`] > [`store`] > [`reports`] >
//! [`discord`].

pub mod archive;
pub mod discord;
pub mod domain;
pub mod link;
pub mod pipeline;
pub mod reports;
pub mod store;
