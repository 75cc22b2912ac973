//! The domain against what really happened: evenings whose truth is known, files of real servers, and simulated
//! evenings with every accident there is.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be read has failed")]

mod aborted_cases;
mod any_order;
mod archive;
mod autumn_night;
mod books;
mod check;
mod data;
mod expected;
mod findings;
mod golden;
mod leaves;
mod line_cases;
mod match_cases;
mod numbered;
mod pairing_cases;
mod paper_cases;
mod papers_of_evenings;
mod plausible;
mod played;
mod real_server;
mod recorded_evenings;
mod regressions;
mod scoring_rows;
mod scripted;
mod session_cases;
mod shuffles;
mod simulated;
mod stats_real;
mod team_cases;
