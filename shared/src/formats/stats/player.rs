use crate::game::{Guid, Side, Weapon, clean_name};

use super::field::{Field, Fields, Layout};
use super::number::{integer, plain_digits, tenths};
use super::remark::{LineFault, LineFlag};

/// The game allows 35 bytes; a longer name than this is damage, and no index would hold it.
const MOST_OF_A_NAME: usize = 256;

/// No count of one weapon in one map comes near this; beyond it a line is forged or broken.
const MOST_OF_A_WEAPON: i64 = 1_000_000;
/// Nor any field after the weapons.
const MOST_OF_A_FIELD: i64 = 10_000_000;

/// One player's line.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerLine {
    /// The first eight characters of the GUID.
    pub guid: Guid,
    /// The name with its colour codes, byte for byte.
    pub raw_name: Vec<u8>,
    /// `sess.rounds`: rounds finished since the client connected. A continuing player has one more in round 2.
    pub rounds: Option<i64>,
    /// 1 Axis, 2 Allies, 3 spectator, 0 nobody, at the writer's last look.
    pub team: i64,
    /// The weapons with numbers, by ascending bit.
    pub weapons: Vec<WeaponLine>,
    /// The fields after the weapons.
    pub fields: Fields,
    /// What was odd.
    pub flags: Vec<LineFlag>,
}

/// One weapon's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeaponLine {
    /// Which weapon.
    pub weapon: Weapon,
    /// Hits; splash weapons can hit more often than they shoot.
    pub hits: i64,
    /// Shots; can fall between the halves, since shooting a corpse takes one back.
    pub shots: i64,
    /// Kills with it.
    pub kills: i64,
    /// How often an enemy killed this player *with that weapon*.
    pub deaths: i64,
    /// Hits to the head.
    pub headshots: i64,
}

impl PlayerLine {
    /// The name without colour codes; the GUID where nothing is left.
    pub fn name(&self) -> String {
        let clean = clean_name(&self.raw_name);
        if clean.trim().is_empty() { self.guid.as_str().to_owned() } else { clean }
    }

    /// The army the player was in at the end.
    pub fn side(&self) -> Option<Side> {
        Side::from_number(self.team)
    }

    /// One rule everywhere: an Omni-bot's GUID or a name that starts with `[BOT]`.
    pub fn is_bot(&self) -> bool {
        self.guid.is_omnibot()
            || clean_name(&self.raw_name).get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("[BOT]"))
    }

    /// Sum over the weapons.
    pub fn weapon_sum(&self, number: impl Fn(&WeaponLine) -> i64) -> i64 {
        self.weapons.iter().map(number).fold(0, i64::saturating_add)
    }
}

/// Reads one line; a line without a backslash is none.
pub(super) fn parse_line(line: &[u8]) -> Result<Option<PlayerLine>, LineFault> {
    let Some(guid_end) = line.iter().position(|&b| b == b'\\') else {
        return Ok(None);
    };
    // The last three backslashes delimit rounds, team and weapons; a forged name may hold more of them.
    let mut from_right = line[guid_end + 1..].rsplitn(4, |&b| b == b'\\');
    let (Some(numbers), Some(team), Some(rounds), Some(raw_name)) =
        (from_right.next(), from_right.next(), from_right.next(), from_right.next())
    else {
        return Err(LineFault::Parts);
    };
    let guid = Guid::from_bytes(&line[..guid_end]).ok_or(LineFault::Guid)?;
    if raw_name.len() > MOST_OF_A_NAME {
        return Err(LineFault::Name);
    }

    let mut flags = Vec::new();
    let (weapon_part, field_part) = match numbers.iter().position(|&b| b == b'\t') {
        Some(tab) => (&numbers[..tab], Some(&numbers[tab + 1..])),
        None => (numbers, None),
    };
    let weapons = parse_weapons(weapon_part, &mut flags)?;
    let fields = parse_fields(field_part, &mut flags);

    let mut digits_or_zero = |text: &[u8]| {
        plain_digits(text).unwrap_or_else(|| {
            flags.push(LineFlag::OddNumber);
            0
        })
    };
    let team = digits_or_zero(team);
    digits_or_zero(rounds);
    let mut player =
        PlayerLine { guid, raw_name: raw_name.to_vec(), rounds: plain_digits(rounds), team, weapons, fields, flags };
    flag_kills_without_weapon(&mut player);
    Ok(Some(player))
}

fn parse_weapons(part: &[u8], flags: &mut Vec<LineFlag>) -> Result<Vec<WeaponLine>, LineFault> {
    let mut tokens = part.split(|&b| b == b' ').filter(|token| !token.is_empty());
    let mask = integer(tokens.next().ok_or(LineFault::NoWeapon)?).ok_or(LineFault::WeaponNumber)?;
    let mut numbers = Vec::with_capacity(64);
    for token in tokens {
        numbers.push(integer(token).ok_or(LineFault::WeaponNumber)?);
    }
    if numbers.iter().any(|number| number.abs() > MOST_OF_A_WEAPON) {
        return Err(LineFault::Absurd);
    }
    if numbers.len() < 5 || mask <= 0 {
        return Err(LineFault::NoWeapon);
    }
    if mask >> Weapon::COUNT != 0 {
        flags.push(LineFlag::UnknownWeapon);
    }
    let mut groups = numbers.chunks_exact(5);
    let mut weapons = Vec::with_capacity((numbers.len() / 5).min(usize::from(Weapon::COUNT)));
    let known = (0..Weapon::COUNT).filter(|bit| mask & (1 << bit) != 0).filter_map(Weapon::from_bit);
    let mut missing = false;
    for weapon in known {
        let Some(&[hits, shots, kills, deaths, headshots]) = groups.next() else {
            missing = true;
            break;
        };
        weapons.push(WeaponLine { weapon, hits, shots, kills, deaths, headshots });
    }
    if missing {
        flags.push(LineFlag::WeaponsMissing);
    } else if groups.len() > 0 || !groups.remainder().is_empty() {
        flags.push(LineFlag::WeaponsSurplus);
    }
    if numbers.iter().any(|&number| number < 0) {
        flags.push(LineFlag::Negative);
    }
    Ok(weapons)
}

fn parse_fields(part: Option<&[u8]>, flags: &mut Vec<LineFlag>) -> Fields {
    let mut fields = Fields::default();
    let Some(part) = part else {
        flags.push(LineFlag::NoFields);
        return fields;
    };
    let count = part.iter().filter(|&&b| b == b'\t').count() + 1;
    if Layout::of(count).is_none() {
        flags.push(LineFlag::OddLayout);
    }
    for (position, text) in part.split(|&b| b == b'\t').enumerate() {
        let Some(field) = Layout::field_at(count, position) else {
            continue;
        };
        let value = if field.is_tenths() { tenths(text) } else { integer(text) };
        let value = value.filter(|value| value.abs() <= MOST_OF_A_FIELD);
        if value.is_none() && !flags.contains(&LineFlag::OddField) {
            flags.push(LineFlag::OddField);
        }
        let may_be_negative = field == Field::Xp;
        if value.is_some_and(|value| value < 0) && !may_be_negative && !flags.contains(&LineFlag::Negative) {
            flags.push(LineFlag::Negative);
        }
        fields.set(field, value);
    }
    fields
}

/// The engine counts a few kill types that have no weapon slot; only the writer's ratio shows them.
fn flag_kills_without_weapon(player: &mut PlayerLine) {
    let Some(shown) = player.fields.get(Field::KdRatio) else {
        return;
    };
    let kills = player.weapon_sum(|weapon| weapon.kills);
    let deaths = player.weapon_sum(|weapon| weapon.deaths);
    let agrees = if deaths == 0 {
        shown == (kills + 1) * 10 || (kills == 0 && shown == 0)
    } else {
        // The writer rounds or cuts to one decimal, depending on its version: allow either.
        (shown * deaths - kills * 10).abs() <= deaths
    };
    if !agrees {
        player.flags.push(LineFlag::KillWithoutWeapon);
    }
}
