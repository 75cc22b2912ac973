//! Which team of one evening is which of another: by who is in them, never by what they are called.

use std::collections::BTreeSet;

/// How a team came to be what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Who was in it before and is now.
    pub stayed: BTreeSet<String>,
    /// Who was in neither team before.
    pub came: BTreeSet<String>,
    /// Who was in it before and is in neither now.
    pub went: BTreeSet<String>,
    /// Who was in the other one before.
    pub switched: BTreeSet<String>,
}

/// What changed between two pairs of rosters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineups {
    /// Whether team A of the later evening is the one that was team B: it has more of its players.
    pub crossed: bool,
    /// The changes of the later evening's teams A and B.
    pub changes: [Change; 2],
}

/// Compares two pairs of teams. Of the two ways to match them the one with more players who stayed holds; of equals that
/// which leaves A with A.
pub fn compare(before: &[BTreeSet<String>; 2], now: &[BTreeSet<String>; 2]) -> Lineups {
    let common = |one: usize, other: usize| now[one].intersection(&before[other]).count();
    let crossed = common(0, 1) + common(1, 0) > common(0, 0) + common(1, 1);
    let changes = [0, 1].map(|team| {
        let own = if crossed { 1 - team } else { team };
        let (was, others) = (&before[own], &before[1 - own]);
        let of = |players: &BTreeSet<String>, fits: &dyn Fn(&String) -> bool| -> BTreeSet<String> {
            players.iter().filter(|player| fits(player)).cloned().collect()
        };
        Change {
            stayed: of(&now[team], &|player| was.contains(player)),
            came: of(&now[team], &|player| !was.contains(player) && !others.contains(player)),
            went: of(was, &|player| !now[0].contains(player) && !now[1].contains(player)),
            switched: of(&now[team], &|player| others.contains(player) && !was.contains(player)),
        }
    });
    Lineups { crossed, changes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(players: &str) -> BTreeSet<String> {
        players.chars().map(String::from).collect()
    }

    #[test]
    fn teams_are_who_is_in_them() {
        // The same six: B is called A now, z came for c, d changed teams.
        let found = compare(&[set("abc"), set("def")], &[set("efx"), set("abdz")]);
        assert!(found.crossed);
        let [first, second] = found.changes;
        assert_eq!(first, Change { stayed: set("ef"), came: set("x"), ..Change::default() });
        let expected = Change { stayed: set("ab"), came: set("z"), went: set("c"), switched: set("d") };
        assert_eq!(second, expected);
    }

    #[test]
    fn nothing_in_common_leaves_a_with_a() {
        let found = compare(&[set("ab"), set("cd")], &[set("ef"), set("gh")]);
        assert!(!found.crossed);
        assert_eq!(found.changes[0], Change { came: set("ef"), went: set("ab"), ..Change::default() });
        let same = compare(&[set("ab"), set("cd")], &[set("ab"), set("cd")]);
        assert_eq!(same.changes[1], Change { stayed: set("cd"), ..Change::default() });
    }
}
