//! How soon somebody may use a command or press a button again. Both forms of a command count as one, and what Discord
//! asks while somebody types does not count.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Context;
use super::rule::Rule;

/// Entries that are kept before old ones are thrown away.
const MANY: usize = 1_000;

/// No pause is longer.
const LONGEST: Duration = Duration::from_mins(1);

/// Somebody who was told to wait is told again after so long.
const SILENCE: Duration = Duration::from_secs(15);
/// What is kept under this name is when somebody was told.
const TOLD: &str = "told to wait";

/// When who used what last.
#[derive(Default)]
pub(super) struct Cooldowns(Mutex<HashMap<(u64, String), Instant>>);

impl Cooldowns {
    /// How long whoever asks has still to wait for the command.
    pub(super) fn remaining(&self, ctx: Context<'_>) -> Option<Duration> {
        let (name, pause) = rule(ctx)?;
        self.left(ctx.author().id.get(), name, pause)
    }

    /// Notes that the command is used now.
    pub(super) fn note(&self, ctx: Context<'_>) {
        if let Some((name, _)) = rule(ctx) {
            self.used(ctx.author().id.get(), name);
        }
    }

    /// Whether whoever asks has to be told that he is too fast; he was not in the last moments.
    pub(super) fn is_first_refusal(&self, ctx: Context<'_>) -> bool {
        let who = ctx.author().id.get();
        let first = self.left(who, TOLD.to_owned(), SILENCE).is_none();
        if first {
            self.used(who, TOLD.to_owned());
        }
        first
    }

    /// How long somebody has still to wait for what he used last at a known time.
    pub(super) fn left(&self, who: u64, name: String, pause: Duration) -> Option<Duration> {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(who, name)).copied()?;
        pause.checked_sub(used.elapsed()).filter(|left| !left.is_zero())
    }

    /// Notes that somebody uses something now.
    pub(super) fn used(&self, who: u64, name: String) {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MANY {
            used.retain(|_, used| used.elapsed() < LONGEST);
        }
        used.insert((who, name), Instant::now());
    }
}

/// What the pause of a command is kept under, and how long it is; none without a pause.
fn rule(ctx: Context<'_>) -> Option<(String, Duration)> {
    let command = ctx.command();
    let rule = Rule::of(command).filter(|rule| !rule.pause.is_zero())?;
    // One function may make several commands, of which each has its own name.
    let name = format!("{} {}", command.source_code_name, command.name.trim_start_matches("top_"));
    let name = if command.source_code_name == "top" { name } else { command.source_code_name.to_string() };
    Some((name, rule.pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_waits_for_his_own_and_for_each_thing_by_itself() {
        let cooldowns = Cooldowns::default();
        let left = |user, name: &str| cooldowns.left(user, name.to_owned(), LONGEST);
        assert_eq!(left(1, "stats"), None);
        cooldowns.used(1, "stats".to_owned());
        assert!(left(1, "stats").is_some_and(|left| left <= LONGEST));
        assert_eq!((left(2, "stats"), left(1, "ping")), (None, None));
        assert_eq!(cooldowns.left(1, "stats".to_owned(), Duration::ZERO), None);
    }
}
