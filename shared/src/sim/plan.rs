use jiff::civil::DateTime;

use super::accidents::Accidents;
use super::pool;

/// What is played: everything in the bytes follows from this and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Two plans that differ in nothing but this give different evenings.
    pub seed: u64,
    /// The server's wall clock when the first evening's players gather; its date is the first evening's.
    pub first_evening: DateTime,
    /// How many evenings.
    pub evenings: u32,
    /// When the next evening follows.
    pub rhythm: Rhythm,
    /// Maps of an evening; a map played twice counts twice.
    pub maps_per_evening: u32,
    /// Players in each team, 1 to 16.
    pub players_per_side: u8,
    /// Whether sides change before every round (`g_altStopwatchMode`) and not only between a map's halves.
    pub alternate_sides: bool,
    /// `sv_hostname`, colour codes included.
    pub hostname: String,
    /// `g_customConfig`; may be empty.
    pub config: String,
    /// Which generation of the writer runs.
    pub layout: Layout,
    /// Whether the header has its ninth field, the measured play time.
    pub playtime_field: bool,
    /// Whether endstats name the subject of each versus block; older writers did not.
    pub versus_headers: bool,
    /// What goes wrong.
    pub accidents: Accidents,
}

impl Plan {
    /// One plain evening of six maps, six against six, by the current writers.
    pub fn new(seed: u64, first_evening: DateTime) -> Self {
        Self {
            seed,
            first_evening,
            evenings: 1,
            rhythm: Rhythm::EveryDays(2),
            maps_per_evening: 6,
            players_per_side: 6,
            alternate_sides: false,
            hostname: "^4Slomix ^7play".to_owned(),
            config: "legacy6".to_owned(),
            layout: Layout::Fields38,
            playtime_field: true,
            versus_headers: true,
            accidents: Accidents::default(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), PlanError> {
        let most = (pool::PEOPLE / 3) as u8;
        if !(1..=most).contains(&self.players_per_side) {
            return Err(PlanError::PlayersPerSide { asked: self.players_per_side, most });
        }
        if self.hostname.contains(['\\', '\n', '\r']) || self.config.contains(['\\', '\n', '\r']) {
            return Err(PlanError::Header);
        }
        let evening_hours = match self.rhythm {
            Rhythm::EveryDays(days) => 24 * i64::from(days.max(1)),
            // more than a map takes on average even if everything goes wrong
            Rhythm::Pauseless => i64::from(self.maps_per_evening),
        };
        let hours = i64::from(self.evenings).saturating_mul(evening_hours).saturating_add(24);
        let last = self.first_evening.checked_add(jiff::SignedDuration::from_hours(hours.min(1 << 24)));
        if self.first_evening.year() < 2020 || last.map_or(true, |last| last.year() > 2035) {
            return Err(PlanError::Years);
        }
        Ok(())
    }
}

/// When the next evening follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// So many days later, at about the same time of day. 0 counts as 1.
    EveryDays(u32),
    /// At once: a server that never pauses, where only the players change.
    Pauseless,
}

/// How many TAB fields a player line has, by the writer's generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// April to October 2024: multikills at 28, nothing behind them.
    Fields33,
    /// January to May 2025: denied time at 28, multikills from 29, two more.
    Fields36,
    /// May to October 2025: and repairs.
    Fields37,
    /// Since October 2025: and revives given. Only here is the bullets field the sum of the shots.
    Fields38,
}

/// Why a plan cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Too few or too many players.
    #[error("a team of {asked} cannot be simulated; the pool is good for 1 to {most} a side")]
    PlayersPerSide {
        /// What the plan says.
        asked: u8,
        /// What the pool allows.
        most: u8,
    },
    /// A backslash or a line break.
    #[error("the host name or config holds a backslash or a line break, which the engine does not allow")]
    Header,
    /// File names carry the years 2020 to 2035 only.
    #[error("the evenings do not all lie in the years 2020 to 2035; start earlier or play fewer or closer evenings")]
    Years,
}
