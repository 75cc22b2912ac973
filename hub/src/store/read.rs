//! What the reports read.
