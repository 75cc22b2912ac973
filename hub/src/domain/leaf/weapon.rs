//! The leaves of weapons: one player's sums with one weapon in one session.

use std::collections::BTreeMap;

use super::counting;
use crate::domain::round::Round;

/// The summed numbers, by name, in the order in which tables hold them. `rounds` are those in which he fired it or it
/// killed him; `deaths` are his own, by an enemy's weapon of this kind.
pub const WEAPON_NUMBERS: [&str; 6] = ["rounds", "hits", "shots", "kills", "deaths", "headshots"];

/// The sums of one weapon leaf, in the order of [`WEAPON_NUMBERS`].
pub type WeaponSums = [i64; WEAPON_NUMBERS.len()];

/// (session, player, the weapon's bit).
pub type WeaponLeafKey = (i64, i64, i64);

/// The weapon leaves of rounds that count for a player's totals.
pub fn weapon_leaves<'a>(rounds: impl IntoIterator<Item = &'a Round>) -> BTreeMap<WeaponLeafKey, WeaponSums> {
    let mut leaves: BTreeMap<WeaponLeafKey, WeaponSums> = BTreeMap::new();
    for (round, player) in counting(rounds) {
        for line in &player.weapons {
            let key = (round.session, player.player, i64::from(line.weapon.bit()));
            let sums = leaves.entry(key).or_insert([0; WEAPON_NUMBERS.len()]);
            let parts = [1, line.hits, line.shots, line.kills, line.deaths, line.headshots];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
    }
    leaves
}
