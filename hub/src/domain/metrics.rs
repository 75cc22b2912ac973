//! Every published number of a player, each a pure function with one definition, a name and a version.
//!
//! All are taken over the sums of a leaf or total ([`Sums`]): rates are ratios of sums, never means of ratios. Without a
//! denominator, or where no file told what goes into it, a value is unknown, not 0. Values are whole numbers scaled by
//! their decimals, rounded half up; they are computed when shown and never stored. Versions are shown with the values,
//! and one is raised whenever its definition changes.
//!
//! Definitions follow the community's scoring rules; where other programs show another number under the same name, the
//! definition says what this one is.

use super::leaf::{Number, Sums};

mod counts;
mod registry;

/// Hits per shot.
pub mod accuracy;
/// Time alive per time dead.
pub mod alive_dead_ratio;
/// Damage given per damage received.
pub mod damage_efficiency;
/// Deaths per round.
pub mod deaths_per_round;
/// Enemies' time taken, in seconds.
pub mod denied_playtime;
/// Enemies' time taken per minute.
pub mod denied_rate;
/// Damage per minute.
pub mod dpm;
/// Kills per kills and deaths.
pub mod efficiency;
/// Damage per minute alive.
pub mod frag_potential;
/// Gibs per ten minutes.
pub mod gib_rate;
/// Headshot accuracy.
pub mod headshot_accuracy;
/// Kills by a hit to the head per kill.
pub mod headshot_kill_rate;
/// Kills per death.
pub mod kd;
/// Kills per round.
pub mod kills_per_round;
/// Runs of kills.
pub mod multikills;
/// Objectives per ten minutes.
pub mod objective_rate;
/// Revives per ten minutes.
pub mod revive_rate;
/// Share of the time alive.
pub mod survival_rate;
/// Team damage per damage to enemies.
pub mod team_damage_share;
/// Share of the time dead.
pub mod time_dead_ratio;
/// Useful kills per kill.
pub mod useful_rate;
/// Useless kills per kill.
pub mod useless_rate;
/// Hits per shot with one weapon.
pub mod weapon_accuracy;

pub use counts::{GAMES, GIBS, GRENADE_KILLS, KILLS, OBJECTIVES, REVIVES};
pub use registry::{ALL, find};

/// What a metric is about; players' numbers are shown in these groups, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Kills, deaths, damage.
    Fighting,
    /// Hits and heads.
    Aim,
    /// Time alive and dead, on either side.
    Time,
    /// What helps the team, or hurts it.
    Team,
}

impl Group {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Fighting, Self::Aim, Self::Time, Self::Team];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fighting => "fighting",
            Self::Aim => "aim",
            Self::Time => "time",
            Self::Team => "team",
        }
    }
}

/// Which values are good ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// High ones.
    Higher,
    /// Low ones.
    Lower,
}

/// One published number.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Stable name; also the formula's.
    pub key: &'static str,
    /// Raised whenever the definition changes.
    pub version: u32,
    /// What people read.
    pub label: &'static str,
    /// Heading of a column, at most six characters.
    pub column: &'static str,
    /// What it is about.
    pub group: Group,
    /// The definition in players' words.
    pub definition: &'static str,
    /// Unit of the value, empty for plain counts and ratios.
    pub unit: &'static str,
    /// How many of the value's digits stand behind the point.
    pub decimals: u32,
    /// Which values are good ones.
    pub better: Better,
    /// The least sample that means something: more than so many of each number.
    pub minimum: &'static [(Number, i64)],
    /// The formula over sums of at least one round.
    formula: fn(&Sums) -> Option<i64>,
}

impl Metric {
    /// The value over some sums, scaled by [`Metric::decimals`]; unknown without a round.
    pub fn of(&self, sums: &Sums) -> Option<i64> {
        if Number::Rounds.of(sums) > 0 { (self.formula)(sums) } else { None }
    }

    /// The formula's name and version, as in `dpm@1`.
    pub fn formula_id(&self) -> String {
        format!("{}@{}", self.key, self.version)
    }

    /// Whether some sums are more than the least sample.
    pub fn has_sample(&self, sums: &Sums) -> bool {
        self.minimum.iter().all(|(number, over)| number.of(sums) > *over)
    }
}

/// More rounds than this make a rate worth comparing.
const RATE_MINIMUM: &[(Number, i64)] = &[(Number::Rounds, 50)];

/// More rounds than this make a total worth listing.
const TOTAL_MINIMUM: &[(Number, i64)] = &[(Number::Rounds, 10)];

/// `part · scale / whole`, rounded half up; unknown without a whole.
pub(super) fn ratio(part: i64, scale: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * scale * 2 + whole).div_euclid(whole * 2))
}

#[cfg(test)]
mod tests;
