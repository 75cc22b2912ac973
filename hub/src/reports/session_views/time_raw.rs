//! Time played, dead and denied by round and player, as a file for a spreadsheet.

use std::fmt::Write;

use slomix_shared::artifact::LocalStamp;
use slomix_shared::formats::stats::Field;

use crate::domain::metrics::time_dead_ratio::time_dead_ratio;
use crate::reports::answer::{Answer, TextFile};
use crate::reports::post::Post;
use crate::reports::session_numbers::SessionNumbers;
use crate::reports::words::plural;
use crate::store::read::{LineRow, RoundRow};

const HEADING: &str = "date,map,round,name,guid,played_seconds,dead_seconds,dead_percent,denied_seconds,counts";

/// The file, with a line that says what it is.
pub(super) fn answer(numbers: &SessionNumbers) -> Answer {
    let report = &numbers.report;
    let mut text = format!("{HEADING}\n");
    let mut count = 0;
    for round in &report.rounds {
        let own = numbers.lines.iter().filter(|line| line.round == round.id && line.numbers.participant);
        for line in own {
            count += 1;
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{}", row(round, line));
        }
    }
    let post = Post {
        lines: vec![format!("{}, one for each player and round.", plural(count, "line", "lines"))],
        footer: format!("{} · {}", report.handle, report.turnout()),
        timestamp_ms: Some(report.session.end_ms),
        ..Post::titled(format!("{}: times as a file", report.handle))
    };
    let file = TextFile { name: format!("times-{}.csv", report.handle), text };
    Answer { files: vec![file], ..Answer::from(post) }
}

/// What no file tells stays empty.
fn row(round: &RoundRow, line: &LineRow) -> String {
    let numbers = &line.numbers;
    let (seconds, dead) = (numbers.seconds, numbers.dead_seconds());
    let share = dead.zip(seconds).and_then(|(dead, seconds)| time_dead_ratio(dead, seconds));
    let share = share.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)).unwrap_or_default();
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    [
        LocalStamp::from_seconds(round.stamp).date().to_string(),
        cell(&round.map),
        round.half().to_string(),
        cell(&numbers.name),
        cell(numbers.key.as_str()),
        number(seconds),
        number(dead),
        share,
        number(numbers.fields.get(Field::DeniedPlaytime)),
        if line.counted && super::maps::counts(round) { "yes" } else { "no" }.to_owned(),
    ]
    .join(",")
}

/// A text as a spreadsheet reads it: quoted where it must be, and never a formula, whatever somebody calls himself.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_texts_whatever_they_are() {
        assert_eq!(cell("bob"), "bob");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-x,y"), "\"'-x,y\"");
    }
}
