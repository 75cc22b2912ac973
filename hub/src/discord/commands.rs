//! The commands, one per file. Each has a text form (`!stats bob`) under its old name and aliases, and a slash form
//! (`/player stats bob`) in a group, since Discord takes a hundred slash commands and no more.
//!
//! [`CATALOGUE`] lists them all: what people read of a command in `help` and in the documentation is made from it.

use super::bot::{Command, rule::Rule};

mod admin;
mod careers;
mod catalogue;
mod evenings;
mod help;
mod last_session;
mod leaderboard;
mod ping;
mod replaced;
mod session;
mod stats;
mod sync;
mod top;

pub(super) use catalogue::{CATALOGUE, Entry, Group};

/// Every command: those of text, and the groups of slash commands.
///
/// A group's name may be a text command's name too (`!session`), so text commands come first: poise takes the first
/// that fits.
pub(super) fn all() -> Vec<Command> {
    let mut text: Vec<Command> = CATALOGUE.iter().flat_map(Entry::text).collect();
    text.extend(CATALOGUE.iter().filter(|entry| entry.group == Group::Alone).flat_map(Entry::slash));
    text.extend(Group::ALL.into_iter().map(Group::command));
    text
}

#[cfg(test)]
mod tests;
