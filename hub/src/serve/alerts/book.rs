use std::collections::BTreeMap;

use super::rules::{Finding, Rule, State};
use crate::reports::alert::Alert;

/// An alert of which nothing can be said for so long is over: an agent that left for good is nobody's trouble.
pub(super) const FORGOTTEN_MS: i64 = 6 * 60 * 60_000;
/// How long one that is over is remembered.
const REMEMBERED_MS: i64 = 60 * 60_000;

/// What is wrong at the moment, and since when.
#[derive(Debug, Default)]
pub(super) struct Book {
    entries: BTreeMap<(Rule, String), Entry>,
}

#[derive(Debug)]
struct Entry {
    /// Since when it has been wrong without a break.
    wrong_since_ms: Option<i64>,
    /// When something could be said of it last.
    said_ms: i64,
    /// What was told.
    alert: Option<Alert>,
}

impl Book {
    /// Takes in what the rules found. Those of whom nothing is said are well; an alert keeps the words with which it
    /// began.
    pub(super) fn look(&mut self, findings: Vec<Finding>, now_ms: i64) {
        let mut found: BTreeMap<(Rule, String), State> = BTreeMap::new();
        for Finding { rule, subject, state } in findings {
            found.insert((rule, subject), state);
        }
        for (key, entry) in &mut self.entries {
            let state = found.remove(key).unwrap_or(State::Well);
            entry.look(key, state, now_ms);
        }
        for (key, state) in found {
            let mut entry = Entry { wrong_since_ms: None, said_ms: now_ms, alert: None };
            entry.look(&key, state, now_ms);
            self.entries.insert(key, entry);
        }
        self.entries.retain(|_, entry| entry.wrong_since_ms.is_some() || entry.alert.is_some());
    }

    /// The alerts there are, and those that are over since a short while, by rule and subject.
    pub(super) fn alerts(&self) -> Vec<Alert> {
        self.entries.values().filter_map(|entry| entry.alert.clone()).collect()
    }
}

impl Entry {
    fn look(&mut self, (rule, subject): &(Rule, String), state: State, now_ms: i64) {
        let stands = self.alert.as_ref().is_some_and(|alert| alert.over_ms.is_none());
        let silent_ms = now_ms - self.said_ms;
        if state != State::Unclear || silent_ms < 0 {
            self.said_ms = now_ms;
        }
        match state {
            State::Wrong(title, lines) => {
                // A clock that was set back starts the count anew.
                let since_ms = self.wrong_since_ms.filter(|since_ms| *since_ms <= now_ms).unwrap_or(now_ms);
                self.wrong_since_ms = Some(since_ms);
                if !stands && now_ms - since_ms >= rule.patience().as_millis() as i64 {
                    let (rule, subject) = (rule.word(), subject.clone());
                    self.alert = Some(Alert { rule, subject, title, lines, since_ms, over_ms: None });
                }
            }
            State::Unclear if stands && silent_ms < FORGOTTEN_MS => {}
            State::Unclear if !stands => self.wrong_since_ms = None,
            State::Unclear | State::Well => {
                self.wrong_since_ms = None;
                if let Some(alert) = &mut self.alert {
                    // A clock that was set back does not make it last.
                    alert.over_ms = Some(alert.over_ms.map_or(now_ms, |over_ms| over_ms.min(now_ms)));
                }
            }
        }
        self.alert.take_if(|alert| alert.over_ms.is_some_and(|over_ms| now_ms - over_ms > REMEMBERED_MS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn silent(state: State) -> Vec<Finding> {
        vec![Finding { rule: Rule::Silent, subject: "vienna".to_owned(), state }]
    }

    fn wrong() -> State {
        State::Wrong("No word".to_owned(), vec![])
    }

    fn told(book: &Book) -> Vec<(i64, Option<i64>)> {
        book.alerts().iter().map(|alert| (alert.since_ms, alert.over_ms)).collect()
    }

    #[test]
    fn what_lasts_is_told_once_and_ends() {
        let mut book = Book::default();
        for (now, state, expected) in [
            (0, wrong(), vec![]),
            (1, wrong(), vec![]),
            (2, wrong(), vec![(0, None)]),
            (3, wrong(), vec![(0, None)]),
            (4, State::Unclear, vec![(0, None)]),
            (5, State::Well, vec![(0, Some(5 * MINUTE))]),
            (6, State::Well, vec![(0, Some(5 * MINUTE))]),
            (66, State::Well, vec![]),
        ] {
            book.look(silent(state), now * MINUTE);
            assert_eq!(told(&book), expected, "minute {now}");
        }
    }

    #[test]
    fn what_passes_is_not_told() {
        let mut book = Book::default();
        for now in 0..20 {
            let state = if now % 2 == 0 { wrong() } else { State::Well };
            book.look(silent(state), now * MINUTE);
            assert_eq!(told(&book), vec![]);
        }
        book.look(silent(wrong()), 20 * MINUTE);
        book.look(silent(State::Unclear), 21 * MINUTE);
        book.look(silent(wrong()), 22 * MINUTE);
        assert_eq!(told(&book), vec![], "nothing was known in between");
    }

    #[test]
    fn it_may_come_again_and_who_is_gone_is_well() {
        let mut book = Book::default();
        for now in [0, 2] {
            book.look(silent(wrong()), now * MINUTE);
        }
        book.look(vec![], 3 * MINUTE);
        assert_eq!(told(&book), [(0, Some(3 * MINUTE))]);
        for now in [4, 6] {
            book.look(silent(wrong()), now * MINUTE);
        }
        assert_eq!(told(&book), [(4 * MINUTE, None)]);
    }

    #[test]
    fn what_nothing_is_heard_of_any_more_is_over_at_last() {
        let mut book = Book::default();
        for now in [0, 2] {
            book.look(silent(wrong()), now * MINUTE);
        }
        for (hours, expected) in [(1, None), (5, None), (7, Some(7 * 60 * MINUTE))] {
            book.look(silent(State::Unclear), hours * 60 * MINUTE);
            assert_eq!(told(&book), [(0, expected)], "{hours} h");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_starts_the_count_anew() {
        let mut book = Book::default();
        book.look(silent(wrong()), 100 * MINUTE);
        book.look(silent(wrong()), 40 * MINUTE);
        book.look(silent(wrong()), 42 * MINUTE);
        assert_eq!(told(&book), [(40 * MINUTE, None)]);
    }
}
