//! The leaves that every total is made of: one player's sums on one map in one session, and with one weapon.
//!
//! Totals by map, month, season and for all time are sums of leaves, kept by adding the difference whenever a leaf
//! changes. All numbers are integers, so a total equals its recomputation to the last unit.

use std::collections::BTreeMap;

use slomix_shared::formats::stats::{Field, WeaponLine};
use slomix_shared::game::Side;

use super::round::{CountsFor, PlayerRound, Round};

mod number;
mod weapon;

pub use number::{NUMBERS, Number, Sums};
pub use weapon::{WEAPON_NUMBERS, WeaponLeafKey, WeaponSums, weapon_leaves};

/// (session, player, map).
pub type LeafKey = (i64, i64, String);

/// The leaves of rounds that count for a player's totals.
pub fn leaves<'a>(rounds: impl IntoIterator<Item = &'a Round>) -> BTreeMap<LeafKey, Sums> {
    let mut leaves: BTreeMap<LeafKey, Sums> = BTreeMap::new();
    for (round, player) in counting(rounds) {
        let sums = leaves.entry((round.session, player.player, round.map.clone())).or_insert([0; Number::COUNT]);
        add(sums, player, round.winner);
    }
    leaves
}

/// The players of rounds that count for totals, where their numbers count.
fn counting<'a>(rounds: impl IntoIterator<Item = &'a Round>) -> impl Iterator<Item = (&'a Round, &'a PlayerRound)> {
    let rounds = rounds.into_iter().filter(|round| round.counts_for.has(CountsFor::LIFETIME));
    rounds.flat_map(|round| round.players.iter().filter(|player| counts(player)).map(move |player| (round, player)))
}

/// Whether a player's numbers are this round's and his own.
pub fn counts(player: &PlayerRound) -> bool {
    player.participant && !player.bot && !player.flags.contains("r1_part_missing")
}

/// Fields that every writer has, each with the number that it adds to. A line that lacks one of them or its times (none
/// does unless it is damaged) tells none of them: a rate of sums that come from different rounds would be nobody's.
const COMMON: [(Field, Number); 17] = [
    (Field::DamageGiven, Number::DamageGiven),
    (Field::DamageReceived, Number::DamageReceived),
    (Field::TeamDamageGiven, Number::TeamDamageGiven),
    (Field::TeamDamageReceived, Number::TeamDamageReceived),
    (Field::Gibs, Number::Gibs),
    (Field::SelfKills, Number::SelfKills),
    (Field::TeamKills, Number::TeamKills),
    (Field::TeamGibs, Number::TeamGibs),
    (Field::Xp, Number::Xp),
    (Field::KillAssists, Number::KillAssists),
    (Field::HeadshotKills, Number::HeadshotKills),
    (Field::ObjectivesStolen, Number::Objectives),
    (Field::ObjectivesReturned, Number::Objectives),
    (Field::DynamitesPlanted, Number::DynamitesPlanted),
    (Field::DynamitesDefused, Number::DynamitesDefused),
    (Field::TimesRevived, Number::TimesRevived),
    (Field::UsefulKills, Number::UsefulKills),
];

const MULTIKILLS: [Field; 5] =
    [Field::Multikill2, Field::Multikill3, Field::Multikill4, Field::Multikill5, Field::Multikill6];

/// Adds one player's numbers of a round, which `winner` won. Whether they count is for the caller to say ([`counts`]).
pub fn add(sums: &mut Sums, player: &PlayerRound, winner: Option<Side>) {
    let mut add = |number: Number, value: i64| sums[number as usize] += value;
    let known = |field: Field| player.fields.get(field);
    let bullets = |of: fn(&WeaponLine) -> i64| -> i64 {
        player.weapons.iter().filter(|line| line.weapon.has_headshots()).map(of).sum()
    };
    let kills = player.kills();
    add(Number::Rounds, 1);
    add(Number::RoundsWon, i64::from(winner.is_some() && winner == player.side));
    add(Number::Kills, kills);
    add(Number::Deaths, player.deaths());
    add(Number::BulletHits, bullets(|line| line.hits));
    add(Number::BulletShots, bullets(|line| line.shots));
    add(Number::Headshots, bullets(|line| line.headshots));
    if let Some(useless) = known(Field::UselessKills) {
        add(Number::UselessKills, useless);
        add(Number::UselessKnownKills, kills);
    }

    let Some(seconds) = player.seconds else { return };
    for (field, number, known_seconds) in [
        (Field::DeniedPlaytime, Number::DeniedSeconds, Number::DeniedKnownSeconds),
        (Field::RevivesGiven, Number::RevivesGiven, Number::RevivesKnownSeconds),
    ] {
        if let Some(value) = known(field) {
            add(number, value);
            add(known_seconds, seconds);
        }
    }
    if let Some(multikills) = MULTIKILLS.into_iter().map(known).sum::<Option<i64>>() {
        add(Number::Multikills, multikills);
        add(Number::MultikillsKnownSeconds, seconds);
    }

    let (Some(dead), Some(damage)) = (player.dead_seconds(), known(Field::DamageGiven)) else { return };
    if COMMON.iter().any(|(field, _)| known(*field).is_none()) {
        return;
    }
    add(Number::KnownRounds, 1);
    add(Number::KnownKills, kills);
    add(Number::Seconds, seconds);
    add(Number::DeadSeconds, dead);
    add(Number::DamageSpread, if seconds > 0 { (damage * damage + seconds / 2) / seconds } else { 0 });
    for (field, number) in COMMON {
        add(number, known(field).unwrap_or(0));
    }
}
