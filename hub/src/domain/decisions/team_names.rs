//! What teams are called. A name belongs to a roster that people named: it holds in the session where they did, and
//! wherever at least half of the players of both rosters together are in both.

use std::collections::BTreeSet;

use slomix_shared::game::clean_name;

use super::{Correction, Identities, RoundKey};

/// A roster with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    round: RoundKey,
    team: usize,
    name: String,
    roster: BTreeSet<String>,
}

/// The names that people gave, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct TeamNames(Vec<Named>);

impl TeamNames {
    /// The names among corrections, the oldest first. A player of a roster who was merged is whom he was merged into.
    pub fn new(corrections: impl IntoIterator<Item = Correction>, identities: &Identities) -> Self {
        Self(corrections.into_iter().filter_map(|one| named(one, identities)).collect())
    }

    /// Whether nobody gave a name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rounds that names were given at.
    pub fn rounds(&self) -> BTreeSet<&RoundKey> {
        self.0.iter().map(|one| &one.round).collect()
    }

    /// Every name once, the one given last first; of names that read alike the last spelling.
    pub fn known(&self) -> Vec<String> {
        let mut known: Vec<String> = Vec::new();
        for one in self.0.iter().rev() {
            if !known.iter().any(|name| same_name(name, &one.name)) {
                known.push(one.name.clone());
            }
        }
        known
    }

    /// What teams A and B are called who played `rounds` with these cores.
    ///
    /// A name given for one of the rounds holds. Else the two get those names of which the rosters overlap most with
    /// theirs, taken together; of equals the one given later. One name is never both teams'.
    pub fn of(&self, rounds: &[RoundKey], cores: &[BTreeSet<String>; 2]) -> [Option<String>; 2] {
        let given = [0, 1].map(|team| {
            let here = |one: &&Named| one.team == team && rounds.contains(&one.round);
            self.0.iter().rev().find(here).map(|one| one.name.as_str())
        });
        let choices = [0, 1].map(|team| {
            if given[team].is_some() {
                return vec![(0, given[team])];
            }
            let fits = self.0.iter().rev().map(|one| (overlap(&one.roster, &cores[team]), Some(one.name.as_str())));
            std::iter::once((0, None)).chain(fits.filter(|(overlap, _)| *overlap >= 500)).collect()
        });
        let mut best = (-1, [None, None]);
        for (one, a) in &choices[0] {
            for (other, b) in &choices[1] {
                if one + other > best.0 && !a.zip(*b).is_some_and(|(a, b)| same_name(a, b)) {
                    best = (one + other, [*a, *b]);
                }
            }
        }
        best.1.map(|name| name.map(str::to_owned))
    }
}

/// Whether two names read alike, whatever their colours and the case of their letters.
pub fn same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| clean_name(name.as_bytes()).trim().to_lowercase();
    plain(one) == plain(other)
}

fn named(correction: Correction, identities: &Identities) -> Option<Named> {
    let Correction::Name { round, team, name, roster } = correction else { return None };
    let roster = roster.iter().map(|player| identities.resolve(player).to_owned()).collect();
    Some(Named { round, team: usize::from(team < 0), name, roster })
}

/// Players in both over players in either (Jaccard), in thousandths.
fn overlap(one: &BTreeSet<String>, other: &BTreeSet<String>) -> i64 {
    let all = one.union(other).count() as i64;
    if all == 0 { 0 } else { one.intersection(other).count() as i64 * 1000 / all }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(players: &str) -> BTreeSet<String> {
        players.chars().map(String::from).collect()
    }

    fn round(time: u32) -> RoundKey {
        RoundKey::parse(&format!("main/2026-11-09-{time}-supply-round-1")).unwrap()
    }

    fn names(of: &[(u32, usize, &str, &str)]) -> TeamNames {
        let named = |&(time, team, name, roster): &(u32, usize, &str, &str)| Named {
            round: round(time),
            team,
            name: name.to_owned(),
            roster: set(roster),
        };
        TeamNames(of.iter().map(named).collect())
    }

    fn told(names: &TeamNames, time: u32, a: &str, b: &str) -> [String; 2] {
        names.of(&[round(time)], &[set(a), set(b)]).map(Option::unwrap_or_default)
    }

    #[test]
    fn half_of_both_rosters_together_is_enough() {
        let names = names(&[(200_000, 0, "Night", "abc")]);
        assert_eq!(told(&names, 210_000, "abcdef", "xyz"), ["Night", ""], "3 of 6");
        assert_eq!(told(&names, 210_000, "xyz", "bcd"), ["", "Night"], "2 of 4");
        assert_eq!(told(&names, 210_000, "abx", "cyz"), ["Night", ""], "2 of 4 and 1 of 5");
        assert_eq!(told(&names, 210_000, "abcdefg", "xyz"), ["", ""], "3 of 7");
        assert_eq!(told(&names, 200_000, "xyz", "uvw"), ["Night", ""], "where it was given it holds whoever plays");
    }

    #[test]
    fn both_teams_are_named_together_and_never_alike() {
        let names = names(&[(200_000, 0, "Night", "abc"), (200_000, 1, "Day", "abd"), (203_000, 0, "Late", "abc")]);
        // A fits Night and Late wholly and Day by half, B fits Day best: together that is most.
        assert_eq!(told(&names, 210_000, "abc", "abd"), ["Late", "Day"], "of equals the later name");
        assert_eq!(told(&names, 210_000, "abd", "abc"), ["Day", "Late"]);
        assert_eq!(names.known(), ["Late", "Day", "Night"]);
        let alone = self::names(&[(200_000, 0, "Night", "abc")]);
        assert_eq!(told(&alone, 210_000, "ab", "abc"), ["", "Night"], "one name, and B has more of it");
        let alike = self::names(&[(200_000, 0, "Night", "abc"), (203_000, 1, "^1NIGHT", "xyz")]);
        assert_eq!(alike.known(), ["^1NIGHT"], "the last spelling");
        assert_eq!(told(&alike, 210_000, "abc", "xyz"), ["", "^1NIGHT"], "colours and case make no other name");
    }
}
