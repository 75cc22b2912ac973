//! Bytes of one file to one typed document, without knowledge of other files.

pub mod endstats;
pub mod gametime;
pub mod stats;
