//! Badges beside names: one a row of the table, the highest step that a career has reached.

use super::leaf::{Number, Sums};
use super::milestones::{Counted, Done};

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What is counted, in players' words.
    pub label: &'static str,
    counted: Source,
    /// What is needed, and the badge; the lowest step first.
    pub steps: &'static [(i64, &'static str)],
}

#[derive(Debug, Clone, Copy)]
enum Source {
    Number(Number),
    /// In hundredths, with a least sample.
    Ratio,
}

const fn row(label: &'static str, number: Number, steps: &'static [(i64, &'static str)]) -> Row {
    Row { label, counted: Source::Number(number), steps }
}

/// All rows, in the order in which badges stand beside a name.
pub static ALL: [Row; 8] = [
    row("Kills", Number::Kills, &[(1_000, "🎯"), (5_000, "💀"), (10_000, "☠️"), (20_000, "👑")]),
    row("Rounds", Number::Rounds, &[(50, "🎮"), (500, "🕹️"), (5_000, "🏆"), (10_000, "⭐"), (30_000, "💎")]),
    Row {
        label: "K/D",
        counted: Source::Ratio,
        steps: &[(0, "⚰️"), (100, "⚖️"), (150, "📈"), (200, "🔥"), (250, "⚡"), (300, "💯")],
    },
    row("Revives given", Number::RevivesGiven, &[(100, "💉"), (500, "🏥"), (5_000, "⚕️")]),
    row("Times revived", Number::TimesRevived, &[(100, "🔄"), (500, "♻️"), (3_000, "🔁")]),
    row("Dynamite planted", Number::DynamitesPlanted, &[(50, "💣"), (200, "🧨"), (1_000, "💥")]),
    row("Dynamite defused", Number::DynamitesDefused, &[(50, "🛡️"), (200, "🔰"), (1_000, "🏛️")]),
    row("Objectives", Number::Objectives, &[(25, "🚩"), (250, "🎖️"), (2_500, "🏅")]),
];

impl Row {
    /// How much a career has of it, ratios in hundredths; unknown where there are too few rounds for a ratio.
    pub fn of(&self, sums: &Sums) -> Option<i64> {
        match self.counted {
            Source::Number(number) => Some(number.of(sums)),
            Source::Ratio => {
                let [rounds, kills, deaths] = [Number::Rounds, Number::Kills, Number::Deaths].map(|one| one.of(sums));
                Done { rounds, kills, deaths }.of(Counted::Ratio)
            }
        }
    }

    /// Whether it is a ratio in hundredths.
    pub fn is_ratio(&self) -> bool {
        matches!(self.counted, Source::Ratio)
    }

    /// The badge of a career.
    pub fn badge(&self, sums: &Sums) -> Option<&'static str> {
        let done = self.of(sums)?;
        self.steps.iter().rev().find(|(needed, _)| done >= *needed).map(|(_, badge)| *badge)
    }
}

/// All badges of a career, joined as they stand beside a name.
pub fn beside(sums: &Sums) -> String {
    ALL.iter().filter_map(|row| row.badge(sums)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_step_of_each_row_counts() {
        let mut sums = [0; Number::COUNT];
        assert_eq!(beside(&sums), "");
        for (number, value) in
            [(Number::Rounds, 499), (Number::Kills, 5_000), (Number::Deaths, 5_001), (Number::Objectives, 25)]
        {
            sums[number as usize] = value;
        }
        assert_eq!(beside(&sums), "💀🎮⚰️🚩");
        sums[Number::Rounds as usize] = 19;
        assert_eq!(beside(&sums), "💀🚩", "no ratio of a few rounds");
    }

    #[test]
    fn every_row_climbs_and_no_badge_means_two_things() {
        let mut known = std::collections::BTreeSet::new();
        for row in &ALL {
            assert!(row.steps.is_sorted_by_key(|(needed, _)| *needed), "{}", row.label);
            assert!(row.steps.iter().all(|(_, badge)| known.insert(*badge)), "{}", row.label);
        }
    }
}
