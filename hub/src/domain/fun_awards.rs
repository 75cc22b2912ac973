//! The fun awards of an evening: who did most of what, against a least sample.
//!
//! | rule | |
//! |---|---|
//! | totals | are compared per ten minutes, so that a long night does not decide |
//! | a sample | is asked for in what is counted ([`FunAward::sample`]) and in time: more than two minutes, and at least a third of what the longest player played |
//! | equal values | share the award; values are equal when they are shown the same |
//!
//! [`ALL`] is the one table of them. Names and least values are the community's.

use super::leaf::{Number, Sums};
use super::metrics::{self, dpm::dpm, ratio};

mod table;

pub use table::ALL;

/// Who played no longer than this gets no award.
const LEAST_SECONDS: i64 = 120;
/// Nor who played less than one part in so many of what the longest player did.
const LEAST_PART: i64 = 3;

/// One player's evening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evening {
    /// His sums over the rounds that count.
    pub sums: Sums,
    /// His longest run of kills in any of them, where a file tells.
    pub best_spree: Option<i64>,
}

/// One award.
#[derive(Debug, Clone, Copy)]
pub struct FunAward {
    /// Stable name; also the formula's.
    pub key: &'static str,
    /// Raised whenever the definition changes.
    pub version: u32,
    /// What people read.
    pub title: &'static str,
    /// The sign before it.
    pub sign: &'static str,
    /// What the value says, as in `revived 2.4 times in 10 minutes`: `{}` is the value.
    pub says: &'static str,
    /// How many of the value's digits stand behind the point.
    pub decimals: u32,
    /// The least value that wins, scaled by the decimals.
    pub least: i64,
    /// At least so much of each number.
    pub sample: &'static [(Number, i64)],
    /// The value, scaled by the decimals; the highest wins.
    formula: fn(&Evening) -> Option<i64>,
}

impl FunAward {
    /// The formula's name and version, as in `team_dad@1`.
    pub fn formula_id(&self) -> String {
        format!("{}@{}", self.key, self.version)
    }

    /// What an evening is worth here; none below the sample or the least value.
    pub fn of(&self, evening: &Evening) -> Option<i64> {
        let enough = self.sample.iter().all(|(number, least)| number.of(&evening.sums) >= *least);
        (self.formula)(evening).filter(|value| enough && *value >= self.least)
    }
}

/// An award and whose it is.
#[derive(Debug, Clone)]
pub struct Given {
    /// Which.
    pub award: &'static FunAward,
    /// The value, scaled by its decimals.
    pub value: i64,
    /// The places among the evenings of those who share it.
    pub holders: Vec<usize>,
}

/// The awards of some players' evenings, in the order of the table; what nobody earned is left out.
pub fn given(evenings: &[Evening]) -> Vec<Given> {
    let seconds = |evening: &Evening| Number::Seconds.of(&evening.sums);
    let longest = evenings.iter().map(seconds).max().unwrap_or(0);
    let played = |evening: &Evening| seconds(evening) > LEAST_SECONDS && seconds(evening) * LEAST_PART >= longest;
    let award = |award: &'static FunAward| {
        let values: Vec<(usize, i64)> = evenings
            .iter()
            .enumerate()
            .filter(|(_, evening)| played(evening))
            .filter_map(|(place, evening)| Some((place, award.of(evening)?)))
            .collect();
        let value = values.iter().map(|(_, value)| *value).max()?;
        let holders = values.into_iter().filter(|(_, own)| *own == value).map(|(place, _)| place).collect();
        Some(Given { award, value, holders })
    };
    ALL.iter().filter_map(award).collect()
}

/// A number per ten minutes in a team, in tenths.
fn per_ten_minutes(number: Number, sums: &Sums) -> Option<i64> {
    ratio(number.of(sums), 6_000, Number::Seconds.of(sums))
}

/// Damage per minute times deaths per kill, in tenths: much damage that was paid for. Only for who died at least as often
/// as he killed, and dealt 150 a minute.
fn glass_cannon(sums: &Sums) -> Option<i64> {
    let (kills, deaths) = (Number::KnownKills.of(sums), Number::Deaths.of(sums));
    let value = dpm(Number::DamageGiven.of(sums), Number::Seconds.of(sums)).filter(|value| *value >= 1_500)?;
    if deaths < kills { None } else { ratio(value, deaths, kills) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evening(numbers: &[(Number, i64)]) -> Evening {
        let mut sums = [0; Number::COUNT];
        for (number, value) in
            [(Number::Rounds, 10), (Number::KnownRounds, 10), (Number::Seconds, 3_600)].iter().chain(numbers)
        {
            sums[*number as usize] = *value;
        }
        Evening { sums, best_spree: None }
    }

    fn won(evenings: &[Evening]) -> Vec<(&'static str, i64, Vec<usize>)> {
        given(evenings).into_iter().map(|one| (one.award.key, one.value, one.holders)).collect()
    }

    #[test]
    fn a_long_night_does_not_decide() {
        let long = evening(&[(Number::Gibs, 30), (Number::Seconds, 7_200)]);
        let short = evening(&[(Number::Gibs, 20)]);
        assert_eq!(won(&[long, short]), [("cleanup_crew", 33, vec![1])], "20 in an hour are more than 30 in two");
    }

    #[test]
    fn too_small_a_sample_wins_nothing() {
        assert_eq!(won(&[evening(&[(Number::Gibs, 4)])]), [], "fewer than five");
        let visitor = evening(&[(Number::Gibs, 8), (Number::Seconds, 600)]);
        let regular = evening(&[(Number::Gibs, 6)]);
        assert_eq!(won(&[visitor.clone(), regular]), [("cleanup_crew", 10, vec![1])], "ten minutes of an hour");
        assert_eq!(won(&[visitor]), [("cleanup_crew", 80, vec![0])], "unless that is all there was");
    }

    #[test]
    fn who_is_shown_the_same_shares() {
        let (one, other) = (evening(&[(Number::Gibs, 6)]), evening(&[(Number::Gibs, 6), (Number::Seconds, 3_590)]));
        assert_eq!(won(&[one, other]), [("cleanup_crew", 10, vec![0, 1])]);
    }

    #[test]
    fn shares_need_their_least_value_and_kills() {
        let aimed = |heads: i64, kills: i64| evening(&[(Number::HeadshotKills, heads), (Number::KnownKills, kills)]);
        assert_eq!(won(&[aimed(3, 15)]), [("silent_assassin", 200, vec![0])]);
        assert_eq!(won(&[aimed(3, 16), aimed(2, 6), aimed(3, 5)]), [], "below a fifth, below three, below six kills");
    }

    #[test]
    fn a_spree_is_a_maximum_of_its_own() {
        let spree = |best| Evening { best_spree: best, ..evening(&[]) };
        assert_eq!(won(&[spree(Some(7)), spree(None), spree(Some(4))]), [("hot_streak", 7, vec![0])]);
    }

    #[test]
    fn glass_breaks_at_least_as_often_as_it_cuts() {
        let of = |damage: i64, kills: i64, deaths: i64| {
            let numbers = [(Number::DamageGiven, damage), (Number::KnownKills, kills), (Number::Deaths, deaths)];
            glass_cannon(&evening(&numbers).sums)
        };
        assert_eq!(of(12_000, 20, 30), Some(3_000), "200 a minute, one and a half deaths a kill");
        assert_eq!(of(12_000, 30, 20), None);
        assert_eq!(of(8_000, 20, 30), None, "133 a minute");
        assert_eq!(of(12_000, 0, 3), None);
    }

    #[test]
    fn names_are_unique() {
        let keys: std::collections::BTreeSet<&str> = ALL.iter().map(|award| award.key).collect();
        assert_eq!(keys.len(), ALL.len());
        assert_eq!(ALL[0].formula_id(), "zombie_mode@1");
    }
}
