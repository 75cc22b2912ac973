//! The leaves that every total is made of: one player's sums on one map in one session.
//!
//! Totals by month, season and for all time are sums of leaves, kept by adding the difference whenever a leaf
//! changes. All numbers are integers, so a total equals its recomputation to the last unit.

use std::collections::BTreeMap;

use slomix_shared::formats::stats::Field;
use slomix_shared::game::Side;

use super::round::{CountsFor, PlayerRound, Round};

/// The summed numbers, by name, in the order in which tables hold them.
pub const NUMBERS: [&str; 30] = [
    "rounds",
    "rounds_won",
    "seconds",
    "kills",
    "deaths",
    "damage_given",
    "damage_received",
    "team_damage_given",
    "team_damage_received",
    "gibs",
    "self_kills",
    "team_kills",
    "team_gibs",
    "bullet_hits",
    "bullet_shots",
    "headshots",
    "headshot_kills",
    "revives_given",
    "revives_rounds",
    "times_revived",
    "kill_assists",
    "useful_kills",
    "useless_kills",
    "denied_seconds",
    "denied_rounds",
    "dead_seconds",
    "dynamites_planted",
    "dynamites_defused",
    "xp",
    "multikills",
];

/// The sums of one leaf, in the order of [`NUMBERS`].
pub type Sums = [i64; NUMBERS.len()];

/// (session, player, map).
pub type LeafKey = (i64, i64, String);

/// The leaves of rounds that count for a player's totals.
pub fn leaves<'a>(rounds: impl IntoIterator<Item = &'a Round>) -> BTreeMap<LeafKey, Sums> {
    let mut leaves: BTreeMap<LeafKey, Sums> = BTreeMap::new();
    for round in rounds {
        if !round.counts_for.has(CountsFor::LIFETIME) {
            continue;
        }
        for player in round.players.iter().filter(|player| counts(player)) {
            let sums = leaves.entry((round.session, player.player, round.map.clone())).or_insert([0; NUMBERS.len()]);
            for (sum, part) in sums.iter_mut().zip(of_player(player, round.winner)) {
                *sum += part;
            }
        }
    }
    leaves
}

/// Whether a player's numbers are this round's and his own.
pub fn counts(player: &PlayerRound) -> bool {
    player.participant && !player.bot && !player.flags.contains("r1_part_missing")
}

fn of_player(player: &PlayerRound, winner: Option<Side>) -> Sums {
    let known = |field: Field| player.fields.get(field);
    let value = |field: Field| known(field).unwrap_or(0);
    let bullets = |number: fn(&slomix_shared::formats::stats::WeaponLine) -> i64| -> i64 {
        player.weapons.iter().filter(|line| line.weapon.has_headshots()).map(number).sum()
    };
    let seconds = player.seconds.unwrap_or(0);
    [
        1,
        i64::from(winner.is_some() && winner == player.side),
        seconds,
        player.kills(),
        player.deaths(),
        value(Field::DamageGiven),
        value(Field::DamageReceived),
        value(Field::TeamDamageGiven),
        value(Field::TeamDamageReceived),
        value(Field::Gibs),
        value(Field::SelfKills),
        value(Field::TeamKills),
        value(Field::TeamGibs),
        bullets(|line| line.hits),
        bullets(|line| line.shots),
        bullets(|line| line.headshots),
        value(Field::HeadshotKills),
        value(Field::RevivesGiven),
        i64::from(known(Field::RevivesGiven).is_some()),
        value(Field::TimesRevived),
        value(Field::KillAssists),
        value(Field::UsefulKills),
        value(Field::UselessKills),
        value(Field::DeniedPlaytime),
        i64::from(known(Field::DeniedPlaytime).is_some()),
        (value(Field::TimeDeadMinutes) * 6).min(seconds),
        value(Field::DynamitesPlanted),
        value(Field::DynamitesDefused),
        value(Field::Xp),
        [Field::Multikill2, Field::Multikill3, Field::Multikill4, Field::Multikill5, Field::Multikill6]
            .into_iter()
            .map(value)
            .sum(),
    ]
}
