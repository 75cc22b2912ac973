//! What a doctor finds.

use serde::Serialize;

use super::paint::Paint;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Good,
    /// Works, but worth a look.
    Odd,
    /// Keeps the agent from working.
    Bad,
}

/// One thing that was looked at, and what to do about it.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) state: State,
    pub(super) what: String,
}

pub(super) fn good(what: impl Into<String>) -> Finding {
    Finding { state: State::Good, what: what.into() }
}

pub(super) fn odd(what: impl Into<String>) -> Finding {
    Finding { state: State::Odd, what: what.into() }
}

pub(super) fn bad(what: impl Into<String>) -> Finding {
    Finding { state: State::Bad, what: what.into() }
}

/// Prints it as a line.
pub(super) fn print(finding: &Finding) {
    let paint = Paint::for_stdout();
    let mark = match finding.state {
        State::Good => paint.good("ok   "),
        State::Odd => paint.odd("note "),
        State::Bad => paint.bad("FAIL "),
    };
    println!("{mark}{}", finding.what);
}
