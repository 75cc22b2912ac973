//! The commands, one per file. Each has a text form and a slash form and answers with posts from the reports.

use super::bot::{CommandError, Data};

mod last_session;

/// Every command.
pub(super) fn all() -> Vec<poise::Command<Data, CommandError>> {
    vec![last_session::last_session()]
}
