use std::collections::{BTreeMap, BTreeSet};

use super::book::FORGOTTEN_MS;
use super::rules::{Finding, Rule, State};
use crate::reports::alert::key;

/// What has been well for so long is well. Right after its start a hub knows little: its agents are not there yet, and
/// whether it can keep files it learns from the first of them.
const SETTLED_MS: i64 = 5 * 60_000;

/// What the rules found since the hub started, by which an alert from before is known to be over.
#[derive(Debug, Default)]
pub(super) struct Clear {
    /// What was found last, and since when without a break.
    found: BTreeMap<(Rule, String), (Mood, i64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    Unclear,
    Wrong,
}

impl Mood {
    /// How long it must hold before an alert is over for it.
    fn ends_after_ms(self) -> Option<i64> {
        match self {
            Self::Well => Some(SETTLED_MS),
            Self::Unclear => Some(FORGOTTEN_MS),
            Self::Wrong => None,
        }
    }
}

impl Clear {
    /// Takes in what the rules found. Of whom nothing is said, nothing is known: the database may be away.
    pub(super) fn look(&mut self, findings: &[Finding], now_ms: i64) {
        let mut found = BTreeMap::new();
        for finding in findings {
            let mood = match finding.state {
                State::Well => Mood::Well,
                State::Unclear => Mood::Unclear,
                State::Wrong(..) => Mood::Wrong,
            };
            found.insert((finding.rule, finding.subject.clone()), mood);
        }
        let before = std::mem::take(&mut self.found);
        self.found = found
            .into_iter()
            .map(|(about, mood)| {
                // A clock that was set back starts the count anew.
                let held = before.get(&about).filter(|(was, since_ms)| *was == mood && *since_ms <= now_ms);
                let since_ms = held.map_or(now_ms, |(_, since_ms)| *since_ms);
                (about, (mood, since_ms))
            })
            .collect();
    }

    /// The keys of alerts that are certainly not there.
    pub(super) fn keys(&self, now_ms: i64) -> BTreeSet<String> {
        let over = |mood: Mood, since_ms: i64| mood.ends_after_ms().is_some_and(|least| now_ms - since_ms >= least);
        let found = self.found.iter().filter(|(_, (mood, since_ms))| over(*mood, *since_ms));
        found.map(|((rule, subject), _)| key(rule.word(), subject)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn at(clear: &mut Clear, minute: i64, state: State) -> Vec<String> {
        let finding = Finding { rule: Rule::Silent, subject: "vienna".to_owned(), state };
        clear.look(&[finding], minute * MINUTE);
        clear.keys(minute * MINUTE).into_iter().collect()
    }

    fn wrong() -> State {
        State::Wrong("No word".to_owned(), vec![])
    }

    #[test]
    fn what_stays_well_is_clear_after_a_while() {
        let mut clear = Clear::default();
        let nothing = Vec::<String>::new();
        assert_eq!(at(&mut clear, 0, State::Well), nothing);
        assert_eq!(at(&mut clear, 4, State::Well), nothing);
        assert_eq!(at(&mut clear, 5, State::Well), ["silent vienna"]);
        assert_eq!(at(&mut clear, 6, wrong()), nothing);
        assert_eq!(at(&mut clear, 600, wrong()), nothing);
        assert_eq!(at(&mut clear, 601, State::Well), nothing, "the count begins anew");
        assert_eq!(at(&mut clear, 606, State::Well), ["silent vienna"]);
        assert_eq!(at(&mut clear, 20, State::Well), nothing, "the clock was set back");
    }

    #[test]
    fn what_is_unclear_is_clear_only_after_hours_and_what_nothing_is_said_of_never() {
        let mut clear = Clear::default();
        let nothing = Vec::<String>::new();
        assert_eq!(at(&mut clear, 0, State::Unclear), nothing);
        assert_eq!(at(&mut clear, 5 * 60, State::Unclear), nothing);
        assert_eq!(at(&mut clear, 6 * 60, State::Unclear), ["silent vienna"]);
        clear.look(&[], 7 * 60 * MINUTE);
        assert_eq!(clear.keys(7 * 60 * MINUTE), BTreeSet::new());
        assert_eq!(at(&mut clear, 8 * 60, State::Unclear), nothing);
    }
}
