//! The Slomix hub: receives, keeps, scores and serves what ET:Legacy servers play.
//!
//! In the order in which a file travels: [`link`] > [`archive`] > [`pipeline`] > [`domain`] > [`store`] > [`reports`] >
//! [`discord`]. Around them: [`config`] and [`data_dir`] say what to run and where, [`serve`] runs it all,
//! and [`web`] answers over HTTP.

pub mod archive;
pub mod charts;
pub mod cli;
pub mod config;
pub mod data_dir;
pub mod demo;
pub mod discord;
pub mod domain;
pub mod link;
pub mod pipeline;
pub mod reports;
pub mod serve;
pub mod store;
pub mod web;
