//! The Slomix agent: runs beside an ET:Legacy server and ships what its scripts write.
//!
//! A file travels through [`watch`] (is it finished?), [`validate`] (what do the rules say?), [`spool`] (is it
//! known, and does it survive?) and [`ship`] (to the hub, until it acknowledges).
//!
//! Beside them [`gameserver`] looks at the game server itself, and [`control`] does there what the hub may ask for.

pub mod cli;
pub mod config;
pub mod control;
pub mod gameserver;
pub mod home;
pub mod join;
pub mod run;
pub mod ship;
pub mod spool;
pub mod validate;
pub mod watch;

#[cfg(test)]
mod testdata;
