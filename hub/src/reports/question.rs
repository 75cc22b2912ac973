//! What people ask for. A question is a value, so that two who ask the same get one answer from the
//! [`cache`](super::cache).

use super::leaderboard::category::Category;

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// One gaming session.
    Session {
        /// A handle, a date, `last`, `today` or `yesterday`.
        session: String,
        /// What of it.
        view: SessionView,
    },
    /// One player, by id.
    Player {
        /// Who.
        player: i64,
        /// What of him.
        view: PlayerView,
    },
    /// Two players side by side, by id.
    Compare {
        /// One.
        one: i64,
        /// The other.
        other: i64,
    },
    /// Who is called so, or nearly.
    FindPlayers {
        /// A name, a part of one, a key.
        text: String,
    },
    /// Everybody who plays here.
    Players {
        /// Only whoever played in the last thirty days.
        active: bool,
        /// The page to begin at, from 1.
        page: u16,
    },
    /// What badges or milestones there are.
    Legend(Legend),
    /// The season of today, and who leads it.
    Season,
    /// The weapon rows of a round.
    WeaponRows {
        /// Its id; none for the newest.
        round: Option<i64>,
    },
    /// Who leads.
    Leaderboard {
        /// In what: the key of a [`Category`].
        category: &'static str,
        /// Over what: `all`, `season`, `month`, a map, or a scope as the store has it.
        scope: String,
    },
}

impl Question {
    /// Who leads in a category.
    pub fn leaderboard(category: &Category, scope: &str) -> Self {
        Self::Leaderboard { category: category.key, scope: scope.to_owned() }
    }
}

/// A way to look at a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionView {
    /// The score, the maps, both teams.
    Overview,
}

/// A way to look at a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlayerView {
    /// His career in numbers.
    Stats,
    /// The names he bore.
    Aliases,
    /// Milestones that he reached, and what is missing to the others.
    Achievements,
    /// How much his rounds differ.
    Consistency,
    /// On which maps he does more, or less.
    Maps,
    /// Whether he does more in attack or in defence.
    Sides,
    /// Whether he does less as an evening goes on.
    Fatigue,
}

/// What is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Legend {
    /// The badges beside names.
    Badges,
    /// The milestones of a career.
    Milestones,
}
