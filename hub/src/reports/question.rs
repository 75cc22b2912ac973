//! What people ask for. A question is a value, so that two who ask the same get one answer from the
//! [`cache`](super::cache).

use super::leaderboard::category::Category;

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// One gaming session, or all of a day.
    Session {
        /// A handle, a date, `last`, `today` or `yesterday`.
        session: String,
        /// What of it.
        view: SessionView,
    },
    /// The sessions of a month, or the newest.
    Sessions {
        /// A month's number or name, or `2026-11`; none for the newest.
        month: Option<String>,
    },
    /// Who came, went and changed teams between two sessions.
    Lineups {
        /// The later one, as above.
        session: String,
        /// The earlier one; none for the one before.
        previous: Option<String>,
    },
    /// What a team with a name won and lost.
    TeamRecord {
        /// Its name.
        team: String,
        /// Over so many days.
        days: u16,
    },
    /// What two teams with names played against each other.
    HeadToHead {
        /// One name.
        one: String,
        /// The other.
        other: String,
    },
    /// All teams with names, and how they fared.
    TeamHistory {
        /// Over so many days.
        days: u16,
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
        /// The page to begin at, from 1.
        page: u16,
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
        /// A handle such as `2026-11-09a.3`, an id, a file's name, or `last`.
        round: String,
    },
    /// What somebody asks of a post, with a button under it.
    Posted {
        /// The artifact that the post is anchored to.
        artifact: i64,
        /// What the post is about.
        about: PostKind,
        /// What of it.
        view: PostView,
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
    /// Who killed most.
    Top,
    /// Damage, gibs, self kills.
    Combat,
    /// Objectives, dynamite, revives.
    Objectives,
    /// Which weapons killed, and whose.
    Weapons,
    /// Who revived whom how often.
    Support,
    /// Runs of kills and of deaths.
    Sprees,
    /// A page for each map.
    Maps,
    /// Pages for each map and each half.
    MapsFull,
    /// Everybody's numbers as pictures.
    Graphs,
    /// Time played, dead and denied.
    Time,
    /// The same by round, as a file.
    TimeRaw,
    /// How each map came to its result.
    Debug,
    /// The score, map by map.
    Score,
    /// Who played for whom.
    Teams,
    /// The fun awards.
    Awards,
    /// Which rounds have endstats.
    Endstats,
    /// The awards of the endstats.
    Medals,
}

/// What a post is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PostKind {
    /// One round.
    Round,
    /// One map: its two halves.
    Map,
    /// A session that may still go on.
    Session,
    /// A session that is over.
    Digest,
}

impl PostKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Round, Self::Map, Self::Session, Self::Digest];

    /// As the outbox has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Map => "map",
            Self::Session => "session",
            Self::Digest => "digest",
        }
    }

    /// The one that the outbox calls so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What can be asked of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PostView {
    /// Everybody's numbers.
    Details,
    /// Which weapons killed.
    Weapons,
    /// The awards of the endstats.
    Awards,
    /// Pictures of the session.
    Graphs,
    /// How the result was reached.
    Explain,
}

/// A way to look at a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlayerView {
    /// His career in numbers.
    Stats,
    /// His last sessions against his average.
    Form,
    /// What he kills with.
    Weapons,
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
