//! What the hub did in the last hours.

use crate::reports::answer::Answer;
use crate::reports::columns::{left, right};
use crate::reports::post::{Accent, Post, Table};
use crate::reports::words::plural;
use crate::serve::hourly::Sample;

/// A share of failures in thousandths from which it is worth a look.
const WORTH_A_LOOK: u64 = 10;

/// What was done between two samples.
pub(super) fn answer(title: &str, now: &Sample, then: &Sample) -> Answer {
    let done = now.since(then);
    let rate = |failed: u64, all: u64| (failed * 1_000).checked_div(all).unwrap_or(0);
    let rates = [rate(done.command_errors, done.commands), rate(done.failed, done.posted + done.failed)];
    let row = |what: &str, count: i64| format!("{}{}", left(what, 24), right(&count.to_string(), 10));
    let rows = vec![
        row("files kept", done.files),
        row("of them in quarantine", done.quarantined),
        row("posts sent or edited", done.posted as i64),
        row("tries that failed", done.failed as i64),
        row("commands", done.commands as i64),
        row("commands that failed", done.command_errors as i64),
        row("Discord lost", done.broken as i64),
    ];
    let hours = (done.at_ms + 1_800_000) / 3_600_000;
    let told = if hours == 0 { "less than an hour".to_owned() } else { plural(hours, "hour", "hours") };
    let bad = rates.iter().any(|rate| *rate >= WORTH_A_LOOK);
    Answer::from(Post {
        title: title.to_owned(),
        accent: if bad { Accent::Trouble } else { Accent::Neutral },
        lines: vec![format!("Over {told}. Numbers begin when the hub starts.")],
        tables: vec![Table { heading: String::new(), rows }],
        notes: bad
            .then(|| "More than one in a hundred failed: the hub's log says why.".to_owned())
            .into_iter()
            .collect(),
        footer: String::new(),
        timestamp_ms: Some(now.at_ms),
    })
}
