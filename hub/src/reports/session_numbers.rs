//! Everybody's numbers in a session, whole or in a part of its rounds: one player is one, whatever he called himself.

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::formats::stats::Field;
use slomix_shared::game::Side;

use crate::domain::leaf::{self, Number, Sums};
use crate::domain::metrics::Metric;
use crate::domain::round::{Origin, PlayerRound};
use crate::store::read::{LineRow, MapPlayRow, RoundRow};
use crate::store::{Store, StoreError};

use super::session::{self, SessionReport};
use super::words::scaled;

/// A session's report with every line of its rounds.
#[derive(Debug, Clone)]
pub struct SessionNumbers {
    /// The report.
    pub report: SessionReport,
    /// The lines, by round and player.
    pub lines: Vec<LineRow>,
}

/// One player in some rounds.
#[derive(Debug, Clone)]
pub struct Somebody<'a> {
    /// Who.
    pub player: i64,
    /// The name that he bore last in the session.
    pub name: &'a str,
    /// The team that he played for most in these rounds: +1 A, −1 B, 0 unknown.
    pub team: i64,
    /// His sums.
    pub sums: Sums,
    /// His line in each of the rounds.
    pub rounds: Vec<&'a PlayerRound>,
}

impl Somebody<'_> {
    /// Whether a second half's totals of both halves are in it. Dead time, denied play, revives, headshot kills and runs
    /// are the second half's alone there, as the game's script writes them, and so of nothing else that is shown.
    pub fn is_of_both_halves(&self) -> bool {
        self.rounds.iter().any(|round| round.origin == Origin::Cumulative)
    }
}

impl SessionNumbers {
    /// Reads the lines that a report is about.
    pub async fn read(store: &Store, report: SessionReport) -> Result<Self, StoreError> {
        let lines = store.session_lines(report.session.id).await?;
        Ok(Self { report, lines })
    }

    /// Everybody, over the rounds that count for totals, or over all where none does.
    pub fn everybody(&self) -> Vec<Somebody<'_>> {
        let shown: BTreeSet<i64> = session::shown(&self.report.rounds).map(|round| round.id).collect();
        self.over(|round| shown.contains(&round.id))
    }

    /// Everybody in the halves of a map play.
    pub fn in_play(&self, play: &MapPlayRow) -> Vec<Somebody<'_>> {
        self.over(|round| [play.first_half, play.second_half].contains(&Some(round.id)))
    }

    /// Everybody whose numbers in some rounds are those rounds' and his own, the one with the most kills first.
    pub fn over(&self, which: impl Fn(&RoundRow) -> bool) -> Vec<Somebody<'_>> {
        let rounds: BTreeMap<i64, &RoundRow> =
            self.report.rounds.iter().filter(|round| which(round)).map(|round| (round.id, round)).collect();
        let mut players: BTreeMap<i64, (Somebody<'_>, i64)> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.counted) {
            let Some(round) = rounds.get(&line.round) else { continue };
            let numbers = &line.numbers;
            let (somebody, teams) = players.entry(numbers.player).or_insert_with(|| {
                let name = self.name(numbers.player).unwrap_or(&numbers.name);
                let sums = [0; Number::COUNT];
                (Somebody { player: numbers.player, name, team: 0, sums, rounds: Vec::new() }, 0)
            });
            leaf::add(&mut somebody.sums, numbers, round.winner.and_then(Side::from_number));
            somebody.rounds.push(numbers);
            *teams += line.team;
        }
        let mut everybody: Vec<Somebody<'_>> = Vec::with_capacity(players.len());
        everybody.extend(players.into_values().map(|(one, teams)| Somebody { team: teams.signum(), ..one }));
        everybody.sort_by_key(|one| std::cmp::Reverse(one.number(Number::Kills)));
        everybody
    }

    /// What a player was called last in the session.
    pub fn name(&self, player: i64) -> Option<&str> {
        let members = self.report.epochs.iter().rev().flat_map(|epoch| &epoch.members);
        let own = members.filter(|member| member.player == player).map(|member| member.name.as_str()).next();
        own.or_else(|| {
            let last = self.lines.iter().rfind(|line| line.numbers.player == player)?;
            Some(&last.numbers.name)
        })
    }
}

impl Somebody<'_> {
    /// A sum.
    pub fn number(&self, number: Number) -> i64 {
        number.of(&self.sums)
    }

    /// A sum of what only some files tell: a dash where none told it.
    pub fn known(&self, number: Number, told_by: Number) -> Option<i64> {
        (self.number(told_by) > 0).then(|| self.number(number))
    }

    /// A metric, as it is shown.
    pub fn metric(&self, metric: &Metric) -> String {
        scaled(metric.of(&self.sums), metric.decimals)
    }

    /// The sum of a field over the rounds that tell it; unknown where none does.
    pub fn total(&self, field: Field) -> Option<i64> {
        self.rounds.iter().filter_map(|round| round.fields.get(field)).reduce(|sum, value| sum + value)
    }

    /// The most of a field in one round; unknown where none tells it.
    pub fn most(&self, field: Field) -> Option<i64> {
        self.rounds.iter().filter_map(|round| round.fields.get(field)).max()
    }
}

/// The first ones as people say them, where they share the lead: `bob`, `bob and ann`, `bob and 3 more`. None where nobody
/// has anything.
pub fn leaders<'a>(
    everybody: &'a [Somebody<'a>],
    value: impl Fn(&Somebody<'a>) -> Option<i64>,
) -> Option<(String, i64)> {
    let most = everybody.iter().filter_map(&value).max().filter(|most| *most > 0)?;
    let names: Vec<&str> = everybody.iter().filter(|one| value(one) == Some(most)).map(|one| one.name).collect();
    let said = match names.as_slice() {
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} and {other}"),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
        [] => return None,
    };
    Some((said, most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{evening, line, round};

    #[test]
    fn a_player_is_one_whatever_he_called_himself() {
        let mut lines = vec![line(1, 7, "ann", 10), line(2, 7, "anna", 5), line(2, 8, "bob", 12)];
        lines[1].numbers.fields.set(Field::KillingSpree, Some(9));
        lines.push(LineRow { counted: false, ..line(1, 8, "bob", 99) });
        let numbers = evening(vec![round(1, "supply", 1), round(2, "supply", 2)], lines);
        let everybody = numbers.everybody();
        let told: Vec<_> =
            everybody.iter().map(|one| (one.name, one.number(Number::Kills), one.rounds.len())).collect();
        // Two of each round are the grenade's.
        assert_eq!(told, [("anna", 19, 2), ("bob", 14, 1)]);
        // A spree is a maximum, and what one file does not tell is no zero.
        assert_eq!(
            (everybody[0].most(Field::KillingSpree), everybody[0].total(Field::KillingSpree)),
            (Some(9), Some(13))
        );
        assert_eq!(everybody[0].total(Field::FullSelfkills), None);
        assert_eq!(leaders(&everybody, |one| Some(one.number(Number::Kills))), Some(("anna".to_owned(), 19)));
        assert_eq!(leaders(&everybody, |one| one.total(Field::FullSelfkills)), None);
    }

    #[test]
    fn rounds_that_count_for_nobody_count_for_nobody() {
        let mut lost = round(1, "supply", 1);
        lost.counts_for = 0;
        let numbers = evening(vec![lost], vec![line(1, 7, "ann", 10)]);
        assert!(numbers.everybody().is_empty());
        assert_eq!(numbers.over(|round| round.id == 1).len(), 1, "but they are shown where they are asked for");
    }
}
