use std::collections::BTreeSet;

use slomix_shared::formats::stats::{Field, WeaponLine};

use crate::domain::round::{Origin, PlayerRound};

use super::{Rule, flags};

/// A player's numbers of a round, and how long it lasted.
struct Seen<'a> {
    player: &'a PlayerRound,
    /// In seconds.
    duration: Option<i64>,
}

impl Seen<'_> {
    fn get(&self, field: Field) -> Option<i64> {
        self.player.fields.get(field)
    }

    /// Whether `number` is more than `most` for every `each` seconds in a team.
    fn outruns(&self, number: Option<i64>, most: i64, each: i64) -> bool {
        number.zip(self.player.seconds).is_some_and(|(number, seconds)| number * each > seconds * most)
    }
}

type Check = fn(&Seen<'_>) -> bool;

const RULES: [Rule<Check>; 15] = [
    Rule { flag: "headshot_kills_over_kills", found: headshot_kills_over_kills },
    Rule { flag: "dead_longer_than_played", found: dead_longer_than_played },
    Rule { flag: "longer_than_round", found: longer_than_round },
    Rule { flag: "revived_without_dying", found: revived_without_dying },
    Rule { flag: "denied_over_played", found: denied_over_played },
    Rule { flag: "accuracy_over_100", found: accuracy_over_100 },
    Rule { flag: "alive_share_odd", found: alive_share_odd },
    Rule { flag: "kill_rate", found: |seen| seen.outruns(Some(seen.player.kills()), 1, 3) },
    Rule { flag: "death_rate", found: |seen| seen.outruns(Some(seen.player.deaths()), 1, 3) },
    Rule { flag: "damage_rate", found: damage_rate },
    Rule { flag: "revive_rate", found: |seen| seen.outruns(seen.get(Field::RevivesGiven), 1, 8) },
    Rule { flag: "gib_rate", found: |seen| seen.outruns(seen.get(Field::Gibs), 1, 2) },
    Rule { flag: "dynamite_rate", found: |seen| seen.outruns(seen.get(Field::DynamitesPlanted), 1, 25) },
    Rule { flag: "xp_rate", found: |seen| seen.outruns(seen.get(Field::Xp), 3, 2) },
    Rule { flag: "shot_rate", found: |seen| seen.outruns(Some(seen.player.weapon_sum(|w| w.shots)), 15, 1) },
];

/// The most seconds by which somebody's time in a team may exceed the round's.
const LONGEST_OVER: i64 = 60;

/// What is odd about a player's numbers of a round that lasted `duration` seconds. Totals of both halves are no
/// round's numbers and are not asked.
pub fn of_player(player: &PlayerRound, duration: Option<i64>) -> BTreeSet<&'static str> {
    if player.origin == Origin::Cumulative {
        return BTreeSet::new();
    }
    flags(&RULES, &Seen { player, duration })
}

fn headshot_kills_over_kills(seen: &Seen<'_>) -> bool {
    seen.get(Field::HeadshotKills).is_some_and(|heads| heads > seen.player.kills())
}

/// Writers before August 2026 added dead time up again at every look. The time that is stored beside ends at the
/// time in a team.
fn dead_longer_than_played(seen: &Seen<'_>) -> bool {
    seen.get(Field::TimeDeadMinutes).zip(seen.get(Field::TimePlayedMinutes)).is_some_and(|(dead, played)| dead > played)
}

fn longer_than_round(seen: &Seen<'_>) -> bool {
    seen.player.seconds.zip(seen.duration).is_some_and(|(own, round)| own > round + LONGEST_OVER)
}

fn revived_without_dying(seen: &Seen<'_>) -> bool {
    let died = seen.get(Field::SelfKills).map(|own| own + seen.player.deaths());
    seen.get(Field::TimesRevived).zip(died).is_some_and(|(revived, died)| revived > died)
}

fn denied_over_played(seen: &Seen<'_>) -> bool {
    seen.get(Field::DeniedPlaytime).zip(seen.player.seconds).is_some_and(|(denied, own)| denied > own + 1)
}

/// Splash weapons may hit more often than they shoot; bullets may not.
fn accuracy_over_100(seen: &Seen<'_>) -> bool {
    let bullets = |number: fn(&WeaponLine) -> i64| -> i64 {
        seen.player.weapons.iter().filter(|line| line.weapon.has_headshots()).map(number).sum()
    };
    bullets(|line| line.hits) > bullets(|line| line.shots)
}

/// In tenths of a percent, with what rounding may add.
fn alive_share_odd(seen: &Seen<'_>) -> bool {
    seen.get(Field::TimePlayedPercent).is_some_and(|share| !(0..=1050).contains(&share))
}

fn damage_rate(seen: &Seen<'_>) -> bool {
    [Field::DamageGiven, Field::DamageReceived].into_iter().any(|field| seen.outruns(seen.get(field), 100, 1))
}
