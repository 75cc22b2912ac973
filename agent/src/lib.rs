//! The Slomix agent: runs beside an ET:Legacy server and ships what its scripts write.
//!
//! A file travels through [`watch`] (is it finished?), [`validate`] (what do the rules say?), [`spool`] (is it
//! known, and does it survive?) and [`ship`] (to the hub, until it acknowledges).

pub mod cli;
pub mod config;
pub mod home;
pub mod join;
pub mod run;
pub mod ship;
pub mod spool;
pub mod validate;
pub mod watch;

#[cfg(test)]
mod testdata;
