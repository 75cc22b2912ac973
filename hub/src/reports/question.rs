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
}
