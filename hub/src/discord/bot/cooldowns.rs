//! How soon somebody may use a command again. Both forms of a command count as one, and what Discord asks while
//! somebody types does not count.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Context;
use crate::discord::commands::Rule;

/// Entries that are kept before old ones are thrown away.
const MANY: usize = 1_000;

/// When who used what last.
#[derive(Default)]
pub(super) struct Cooldowns(Mutex<HashMap<(u64, String), Instant>>);

impl Cooldowns {
    /// How long whoever asks has still to wait for the command.
    pub(super) fn remaining(&self, ctx: Context<'_>) -> Option<Duration> {
        let (key, pause) = key(ctx)?;
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied()?;
        pause.checked_sub(used.elapsed()).filter(|left| !left.is_zero())
    }

    /// Notes that the command is used now.
    pub(super) fn note(&self, ctx: Context<'_>) {
        let Some((key, _)) = key(ctx) else { return };
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MANY {
            used.retain(|_, used| used.elapsed() < Duration::from_mins(1));
        }
        used.insert(key, Instant::now());
    }
}

/// Who and what, and how long that command's pause is; none without a pause.
fn key(ctx: Context<'_>) -> Option<((u64, String), Duration)> {
    let command = ctx.command();
    let rule = command.custom_data.downcast_ref::<Rule>().filter(|rule| !rule.pause.is_zero())?;
    // One function may make several commands, of which each has its own name.
    let name = format!("{} {}", command.source_code_name, command.name.trim_start_matches("top_"));
    let name = if command.source_code_name == "top" { name } else { command.source_code_name.to_string() };
    Some(((ctx.author().id.get(), name), rule.pause))
}
