//! The hub's integration tests: one program, so that it links once.

mod truth;
