//! The second half's own numbers: match totals minus the first half.
//!
//! In a second half's file some fields count the whole map, some only this half ([`Scope`]). A player whose counters
//! started anew in between (a reconnect) is taken as written: a plain subtraction would hide what he did.

use std::collections::{BTreeMap, HashMap};

use slomix_shared::formats::stats::{Field, Fields, PlayerLine, Scope, StatsFile, WeaponLine};
use slomix_shared::game::{Side, Weapon};

use super::ids::player_id;
use super::roster::{PlayerKey, keys};
use super::round::{Origin, PlayerRound};

/// Seconds in one tenth of a minute, the writer's resolution of play time.
pub const SECONDS_PER_TENTH: i64 = 6;

/// The players of a first half, of an orphan or of a cut-off round: numbers as written.
pub fn as_written(stats: &StatsFile, origin: Origin) -> Vec<PlayerRound> {
    let lines = keyed(stats);
    lines.into_iter().map(|(key, line)| player(key, line, origin, line.fields, line.weapons.clone(), None)).collect()
}

/// The second half's players and what is odd about the pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Everybody in the second file.
    pub players: Vec<PlayerRound>,
    /// Every shared player's counters had started anew: a referee restarted the half.
    pub not_cumulative: bool,
}

/// Takes `first` off `second`, player by player.
pub fn difference(first: &StatsFile, second: &StatsFile) -> Difference {
    let old: HashMap<PlayerKey, &PlayerLine> = keyed(first).into_iter().collect();
    let new = keyed(second);
    let shared: Vec<bool> = new.iter().filter_map(|(key, line)| old.get(key).map(|old| was_reset(old, line))).collect();
    let not_cumulative = !shared.is_empty() && shared.iter().all(|reset| *reset);
    let players = new
        .into_iter()
        .map(|(key, line)| match old.get(&key) {
            Some(old) if was_reset(old, line) => {
                player(key, line, Origin::Reset, line.fields, line.weapons.clone(), old.side())
            }
            Some(old) => {
                let (fields, weapons) = subtract(old, line);
                player(key, line, Origin::Difference, fields, weapons, old.side())
            }
            None => player(key, line, Origin::AsWritten, line.fields, line.weapons.clone(), None),
        })
        .collect();
    Difference { players, not_cumulative }
}

/// Flags players of a second half who have no line in the first file and yet more play time than the half lasted:
/// there are first-half numbers in theirs.
pub fn flag_leftovers(players: &mut [PlayerRound], duration: Option<i64>) {
    let Some(duration) = duration else { return };
    for player in players.iter_mut().filter(|player| player.origin == Origin::AsWritten) {
        if player.seconds.is_some_and(|own| own > duration + SECONDS_PER_TENTH) {
            player.flags.insert("r1_part_missing");
        }
    }
}

/// Whether the counters of `second` stand on another first half than `first`, whatever the clocks say.
///
/// Somebody of whom a counter fell started anew, so he cannot have been in a team for longer than the second half
/// lasted (at most `longest` seconds). If he has been, his counters go on from a first half that is not this one: it was
/// run again, and the file of the run that counts is lost.
pub fn stands_on_another(first: &StatsFile, second: &StatsFile, longest: Option<i64>) -> bool {
    let Some(longest) = longest else { return false };
    let old: HashMap<PlayerKey, &PlayerLine> = keyed(first).into_iter().collect();
    let carries_more = |line: &PlayerLine| {
        let tenths = line.fields.get(Field::TimePlayedMinutes);
        tenths.is_some_and(|tenths| tenths * SECONDS_PER_TENTH > longest + 2 * SECONDS_PER_TENTH)
    };
    keyed(second)
        .into_iter()
        .filter(|(_, line)| carries_more(line))
        .any(|(key, line)| old.get(&key).is_some_and(|old| a_counter_fell(old, line)))
}

/// Whether a player's counters started anew between the halves: `rounds` grows by one for a client that stays, and
/// no counter falls.
pub fn was_reset(old: &PlayerLine, new: &PlayerLine) -> bool {
    let rounds_broken = matches!((old.rounds, new.rounds), (Some(old), Some(new)) if new != old + 1);
    rounds_broken || a_counter_fell(old, new)
}

/// Whether one of the match counters is lower than before. None of them can fall while a client stays (shots and hits
/// can: a shot into a corpse takes one back).
fn a_counter_fell(old: &PlayerLine, new: &PlayerLine) -> bool {
    let fell = |field: Field| matches!((old.fields.get(field), new.fields.get(field)), (Some(o), Some(n)) if n < o);
    Field::all().filter(|field| field.scope() == Scope::Match && *field != Field::BulletsFired).any(fell)
        || new.weapon_sum(|weapon| weapon.kills) < old.weapon_sum(|weapon| weapon.kills)
        || new.weapon_sum(|weapon| weapon.deaths) < old.weapon_sum(|weapon| weapon.deaths)
}

fn subtract(old: &PlayerLine, new: &PlayerLine) -> (Fields, Vec<WeaponLine>) {
    let mut fields = Fields::default();
    for field in Field::all() {
        let value = match field.scope() {
            Scope::Round => new.fields.get(field),
            Scope::Match => match (old.fields.get(field), new.fields.get(field)) {
                (Some(old), Some(new)) => Some((new - old).max(0)),
                _ => None,
            },
            Scope::Ratio => None,
        };
        fields.set(field, value);
    }
    fields.set(Field::TimePlayedPercent, alive_percent(old, new));
    let before: BTreeMap<Weapon, &WeaponLine> = old.weapons.iter().map(|line| (line.weapon, line)).collect();
    let weapons = new
        .weapons
        .iter()
        .map(|line| match before.get(&line.weapon) {
            None => *line,
            Some(old) => WeaponLine {
                weapon: line.weapon,
                hits: (line.hits - old.hits).max(0),
                shots: (line.shots - old.shots).max(0),
                kills: (line.kills - old.kills).max(0),
                deaths: (line.deaths - old.deaths).max(0),
                headshots: (line.headshots - old.headshots).max(0),
            },
        })
        .collect();
    (fields, weapons)
}

/// The share of the half that the player was alive, in tenths of a percent, from the shares of one and of both halves.
fn alive_percent(old: &PlayerLine, new: &PlayerLine) -> Option<i64> {
    let both = |line: &PlayerLine| {
        Some((line.fields.get(Field::TimePlayedPercent)?, line.fields.get(Field::TimePlayedMinutes)?))
    };
    let ((share_1, time_1), (share_2, time_2)) = (both(old)?, both(new)?);
    let time = time_2 - time_1;
    (time > 0).then(|| {
        let alive = (share_2 * time_2 - share_1 * time_1).max(0);
        ((alive + time / 2) / time).min(1000)
    })
}

fn keyed(stats: &StatsFile) -> Vec<(PlayerKey, &PlayerLine)> {
    let mut lines: Vec<_> = keys(&stats.players).into_iter().zip(&stats.players).collect();
    // Hash order means nothing; by key, and where two share GUID and name by content, the rows are always the same.
    lines.sort_by(|(key_a, a), (key_b, b)| {
        key_a.cmp(key_b).then_with(|| b.weapon_sum(|w| w.shots).cmp(&a.weapon_sum(|w| w.shots)))
    });
    lines.dedup_by(|(later, _), (earlier, _)| later == earlier);
    lines
}

fn player(
    key: PlayerKey,
    line: &PlayerLine,
    origin: Origin,
    mut fields: Fields,
    mut weapons: Vec<WeaponLine>,
    first_side: Option<Side>,
) -> PlayerRound {
    let mut flags: std::collections::BTreeSet<&'static str> = line.flags.iter().map(|flag| flag.as_str()).collect();
    weapons.retain(|w| w.hits != 0 || w.shots != 0 || w.kills != 0 || w.deaths != 0 || w.headshots != 0);
    // Less than nothing is not a number of anything but XP: the line is flagged, and what it was stays in the file.
    for field in Field::all().filter(|field| *field != Field::Xp) {
        fields.set(field, fields.get(field).filter(|&value| value >= 0));
    }
    for weapon in &mut weapons {
        for number in
            [&mut weapon.hits, &mut weapon.shots, &mut weapon.kills, &mut weapon.deaths, &mut weapon.headshots]
        {
            *number = (*number).max(0);
        }
    }
    let shots = weapons.iter().map(|weapon| weapon.shots).sum();
    // Old writers added shots up again at every look; the weapons' own sum is right in every generation.
    fields.set(Field::BulletsFired, Some(shots));
    for ratio in [Field::Dpm, Field::KdRatio, Field::TankMeatshield, Field::TimeDeadRatio] {
        fields.set(ratio, None);
    }
    let seconds = fields.get(Field::TimePlayedMinutes).map(|tenths| tenths.max(0) * SECONDS_PER_TENTH);
    if let (Some(dead), Some(played)) = (fields.get(Field::TimeDeadMinutes), fields.get(Field::TimePlayedMinutes))
        && dead > played
    {
        flags.insert("dead_longer_than_played");
    }
    if !key.is_real() && !line.is_bot() {
        flags.insert("shared_or_placeholder_guid");
    }
    if origin == Origin::Reset {
        flags.insert("counters_reset");
    }
    let participant = match line.side() {
        Some(_) => true,
        None => seconds.is_some_and(|seconds| seconds > 0) && origin != Origin::Cumulative,
    };
    let side = line.side().or_else(|| {
        let inferred = first_side.filter(|_| participant)?.other();
        flags.insert("side_inferred");
        Some(inferred)
    });
    PlayerRound {
        player: player_id(&key),
        key,
        name: line.name(),
        raw_name: line.raw_name.clone(),
        bot: line.is_bot(),
        side,
        participant,
        seconds,
        fields,
        weapons,
        origin,
        rounds: line.rounds,
        flags,
    }
}

#[cfg(test)]
mod tests;
