//! The domain against what really happened: evenings whose truth is known, files of real servers, and simulated
//! evenings with every accident there is.

mod archive;
mod check;
mod data;
mod expected;
mod findings;
mod recorded_evenings;
