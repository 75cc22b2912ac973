//! Milestones of a career: so many kills, so many rounds, a ratio of kills to deaths. One table for everything that
//! tells of them.

/// What is counted on the way to a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Kills.
    Kills,
    /// Rounds; a map has two.
    Rounds,
    /// Kills per death in hundredths, once there are [`LEAST_ROUNDS`].
    Ratio,
}

/// A ratio means nothing before so many rounds.
pub const LEAST_ROUNDS: i64 = 20;

/// One milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestone {
    /// What is counted.
    pub counted: Counted,
    /// How much of it is needed.
    pub needed: i64,
    /// What people call it.
    pub name: &'static str,
}

const fn milestone(counted: Counted, needed: i64, name: &'static str) -> Milestone {
    Milestone { counted, needed, name }
}

/// All of them, by what is counted, the easiest first.
pub static ALL: [Milestone; 16] = [
    milestone(Counted::Kills, 100, "First Blood Century"),
    milestone(Counted::Kills, 500, "Killing Machine"),
    milestone(Counted::Kills, 1_000, "Thousand Killer"),
    milestone(Counted::Kills, 2_500, "Elite Warrior"),
    milestone(Counted::Kills, 5_000, "Death Incarnate"),
    milestone(Counted::Kills, 10_000, "Legendary Slayer"),
    milestone(Counted::Rounds, 10, "Getting Started"),
    milestone(Counted::Rounds, 50, "Regular Player"),
    milestone(Counted::Rounds, 100, "Dedicated Gamer"),
    milestone(Counted::Rounds, 250, "Community Veteran"),
    milestone(Counted::Rounds, 500, "Hardcore Legend"),
    milestone(Counted::Rounds, 1_000, "Ultimate Champion"),
    milestone(Counted::Ratio, 100, "Balanced Fighter"),
    milestone(Counted::Ratio, 150, "Above Average"),
    milestone(Counted::Ratio, 200, "Elite Killer"),
    milestone(Counted::Ratio, 300, "Unstoppable"),
];

/// What somebody has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Rounds that count.
    pub rounds: i64,
    /// Kills in them.
    pub kills: i64,
    /// Deaths in them.
    pub deaths: i64,
}

impl Done {
    /// How much of what is counted there is; a ratio is unknown before [`LEAST_ROUNDS`].
    pub fn of(&self, counted: Counted) -> Option<i64> {
        match counted {
            Counted::Kills => Some(self.kills),
            Counted::Rounds => Some(self.rounds),
            Counted::Ratio if self.rounds < LEAST_ROUNDS => None,
            // Rounded down: nobody reaches 2.00 with 1.996.
            Counted::Ratio => Some(self.kills * 100 / self.deaths.max(1)),
        }
    }

    fn reaches(&self, milestone: &Milestone) -> bool {
        self.of(milestone.counted).is_some_and(|done| done >= milestone.needed)
    }
}

/// For each of [`ALL`] the session at whose end it was reached first, if it was: from a player's sessions in order of
/// play. A ratio that held within an evening and was lost before its end is none that he reached.
pub fn reached(sessions: &[(i64, Done)]) -> [Option<i64>; ALL.len()] {
    let mut reached = [None; ALL.len()];
    let mut career = Done::default();
    for (session, done) in sessions {
        career.rounds += done.rounds;
        career.kills += done.kills;
        career.deaths += done.deaths;
        for (first, milestone) in reached.iter_mut().zip(&ALL) {
            if first.is_none() && career.reaches(milestone) {
                *first = Some(*session);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(name: &str) -> usize {
        ALL.iter().position(|milestone| milestone.name == name).unwrap()
    }

    #[test]
    fn the_session_that_crosses_the_line_is_told_once() {
        let evening = |kills, deaths| Done { rounds: 10, kills, deaths };
        let reached =
            reached(&[(1, evening(99, 40)), (2, evening(1, 40)), (3, evening(500, 20)), (4, evening(0, 900))]);
        assert_eq!(reached[at("First Blood Century")], Some(2), "exactly a hundred is a hundred");
        assert_eq!(reached[at("Killing Machine")], Some(3));
        assert_eq!(reached[at("Thousand Killer")], None);
        assert_eq!(reached[at("Getting Started")], Some(1));
        assert_eq!(reached[at("Balanced Fighter")], Some(2), "99 to 40 in ten rounds is too few of them");
        assert_eq!(reached[at("Unstoppable")], Some(3), "what was reached stays");
    }

    #[test]
    fn a_ratio_is_not_rounded_up() {
        let done = Done { rounds: 20, kills: 1_996, deaths: 1_000 };
        assert_eq!(done.of(Counted::Ratio), Some(199));
        assert_eq!(Done { deaths: 0, kills: 3, rounds: 20 }.of(Counted::Ratio), Some(300));
        assert_eq!(Done { rounds: 19, ..done }.of(Counted::Ratio), None);
    }

    #[test]
    fn the_table_climbs() {
        for pair in ALL.windows(2).filter(|pair| pair[0].counted == pair[1].counted) {
            assert!(pair[0].needed < pair[1].needed, "{}", pair[1].name);
        }
    }
}
