//! What there is to lead in.

use slomix_shared::game::Weapon;

use crate::domain::leaf::Number;
use crate::domain::metrics::{self, Metric};

/// One kind of leaderboard.
#[derive(Debug, Clone, Copy)]
pub struct Category {
    /// Its name.
    pub key: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// What is shown.
    pub metric: Metric,
    /// What ranks.
    pub order: Order,
    /// The number that tells how much is known of a player, and what people call it.
    pub sample: (Number, &'static str),
    /// Another metric worth seeing beside it.
    pub beside: Option<Metric>,
}

/// What puts one player above another.
#[derive(Debug, Clone, Copy)]
pub enum Order {
    /// The plain value.
    Value,
    /// The value with one weapon.
    Weapon(Weapon),
    /// The worse end of what the share of a part in a part and a rest is likely to be, times the scale.
    Share(Share),
    /// The worse end of what the share is likely to be, as odds of the part against the rest, times the scale.
    Odds(Share),
    /// The worse end of what the damage per second is likely to be, times the scale.
    DamageRate {
        /// What one damage per second is in the metric.
        scale: f64,
    },
}

/// Two numbers of which one is a part of both together.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// The part.
    pub part: Number,
    /// What it is seen against.
    pub against: Against,
    /// How many units are one observation: points of damage come in hundreds.
    pub unit: f64,
    /// What a share or odds of 1 is in the metric.
    pub scale: f64,
}

/// What a part is seen against.
#[derive(Debug, Clone, Copy)]
pub enum Against {
    /// The whole, the part in it.
    Whole(Number),
    /// The rest, the part not in it.
    Rest(Number),
}

/// Points of damage that are one observation: about what a kill takes.
pub const DAMAGE_UNIT: f64 = 100.0;

const ROUNDS: (Number, &str) = (Number::Rounds, "rounds");

const KILLS_AGAINST_DEATHS: Share =
    Share { part: Number::Kills, against: Against::Rest(Number::Deaths), unit: 1.0, scale: 1.0 };

const fn board(key: &'static str, aliases: &'static [&'static str], metric: Metric, order: Order) -> Category {
    Category { key, aliases, metric, order, sample: ROUNDS, beside: None }
}

/// All of them.
pub static ALL: [Category; 13] = [
    Category { beside: Some(metrics::kd::METRIC), ..board("kills", &["k", "kill"], metrics::KILLS, Order::Value) },
    board("kd", &["ratio", "k/d"], metrics::kd::METRIC, Order::Odds(Share { scale: 100.0, ..KILLS_AGAINST_DEATHS })),
    board("dpm", &["damage"], metrics::dpm::METRIC, Order::DamageRate { scale: 600.0 }),
    Category {
        sample: (Number::BulletShots, "shots"),
        ..board(
            "accuracy",
            &["acc"],
            metrics::accuracy::METRIC,
            Order::Share(Share {
                part: Number::BulletHits,
                against: Against::Whole(Number::BulletShots),
                unit: 1.0,
                scale: 1000.0,
            }),
        )
    },
    Category {
        sample: (Number::BulletHits, "hits"),
        ..board(
            "headshots",
            &["hs", "headshot"],
            metrics::headshot_accuracy::METRIC,
            Order::Share(Share {
                part: Number::Headshots,
                against: Against::Whole(Number::BulletHits),
                unit: 1.0,
                scale: 1000.0,
            }),
        )
    },
    Category { beside: Some(metrics::KILLS), ..board("games", &["played", "rounds"], metrics::GAMES, Order::Value) },
    Category {
        beside: Some(metrics::revive_rate::METRIC),
        ..board("revives", &["revive", "medic"], metrics::REVIVES, Order::Value)
    },
    Category { beside: Some(metrics::gib_rate::METRIC), ..board("gibs", &["gib"], metrics::GIBS, Order::Value) },
    Category {
        beside: Some(metrics::objective_rate::METRIC),
        ..board("objectives", &["obj", "objective"], metrics::OBJECTIVES, Order::Value)
    },
    board(
        "efficiency",
        &["ef", "eff"],
        metrics::efficiency::METRIC,
        Order::Share(Share { scale: 1000.0, ..KILLS_AGAINST_DEATHS }),
    ),
    board(
        "teamwork",
        &["team"],
        metrics::team_damage_share::METRIC,
        Order::Odds(Share {
            part: Number::TeamDamageGiven,
            against: Against::Rest(Number::DamageGiven),
            unit: DAMAGE_UNIT,
            scale: 1000.0,
        }),
    ),
    board("multikills", &["multi", "multikill"], metrics::multikills::METRIC, Order::Value),
    Category {
        beside: Some(metrics::accuracy::METRIC),
        ..board("grenades", &["grenade", "nade", "nades"], metrics::GRENADE_KILLS, Order::Weapon(Weapon::GRENADE))
    },
];

/// The category with this name.
pub fn find(text: &str) -> Option<&'static Category> {
    let text = text.to_lowercase();
    ALL.iter().find(|category| category.key == text || category.aliases.contains(&text.as_str()))
}

impl Category {
    /// Whether an estimate ranks and not the plain value.
    pub fn is_estimated(&self) -> bool {
        !matches!(self.order, Order::Value | Order::Weapon(_))
    }

    /// Whether there are totals for it in a scope: weapons are not counted by map.
    pub fn is_counted_in(&self, scope: &str) -> bool {
        !(matches!(self.order, Order::Weapon(_)) && scope.starts_with("map:"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_means_one_category() {
        let names: Vec<&str> = ALL.iter().flat_map(|one| one.aliases.iter().chain([&one.key])).copied().collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for category in &ALL {
            for name in category.aliases.iter().chain([&category.key]) {
                assert_eq!(find(&name.to_uppercase()).map(|found| found.key), Some(category.key));
            }
        }
        assert!(find("nothing").is_none());
    }
}
