use slomix_shared::formats::stats::{Field, PlayerLine};

use super::Rule;

type Check = fn(&PlayerLine) -> bool;

pub(super) const RULES: [Rule<Check>; 4] = [
    Rule { flag: "bullets_mismatch", found: bullets_mismatch },
    Rule { flag: "headshots_over_hits", found: headshots_over_hits },
    Rule { flag: "dead_ratio_mismatch", found: dead_ratio_mismatch },
    Rule { flag: "spree_below_three", found: spree_below_three },
];

/// The writer shows a share of dead time only from two minutes in a team on, in tenths of a minute.
const RATIO_FROM: i64 = 20;
/// Dead and played time are rounded to tenths of a minute each: that much the share may be off, in tenths of a percent.
const RATIO_OFF: i64 = 50;

/// The current writer's shots are the weapons' sum (true of every real line seen); older ones' count was never right.
fn bullets_mismatch(line: &PlayerLine) -> bool {
    let current = line.fields.get(Field::RevivesGiven).is_some();
    let shown = line.fields.get(Field::BulletsFired);
    current && shown.is_some_and(|shots| shots != line.weapon_sum(|weapon| weapon.shots))
}

/// A hit to the head is a hit.
fn headshots_over_hits(line: &PlayerLine) -> bool {
    line.weapons.iter().any(|weapon| weapon.headshots > weapon.hits)
}

/// The share of dead time is not that of the dead time beside it. In a second half both stand against the whole map.
fn dead_ratio_mismatch(line: &PlayerLine) -> bool {
    let get = |field| line.fields.get(field);
    let (Some(ratio), Some(dead), Some(played)) =
        (get(Field::TimeDeadRatio), get(Field::TimeDeadMinutes), get(Field::TimePlayedMinutes))
    else {
        return false;
    };
    played > RATIO_FROM && (dead * 1000 / played - ratio).abs() > RATIO_OFF
}

/// A spree is none, or at least three long.
fn spree_below_three(line: &PlayerLine) -> bool {
    [Field::KillingSpree, Field::DeathSpree]
        .into_iter()
        .filter_map(|field| line.fields.get(field))
        .any(|spree| matches!(spree, 1 | 2))
}
