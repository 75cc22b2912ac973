//! The award lines of an endstats file, in the order of their emission, with the script's own slips.

use crate::sim::class::RIFLE_GRENADE;
use crate::sim::numbers::{Numbers, WeaponNumbers};

/// A player of a team who is still connected at the round's end, in the order of the slots.
pub(in crate::sim) struct Contestant<'a> {
    /// Cleaned as the engine cleans names.
    pub(in crate::sim) name: Vec<u8>,
    pub(in crate::sim) guid: &'a str,
    /// 1 Axis, 2 Allies.
    pub(in crate::sim) team: u8,
    /// Sums over the match, per-round counters of this round.
    pub(in crate::sim) all: &'a Numbers,
    /// This round alone.
    pub(in crate::sim) round: &'a Numbers,
    /// Time in a team over the match.
    pub(in crate::sim) played_ms: u32,
    /// Time dead in this round.
    pub(in crate::sim) dead_ms: u32,
    /// Quickest chain of three or more kills with light weapons: kills and ms.
    pub(in crate::sim) quickest: Option<(u32, u32)>,
    /// Distance of the farthest rifle grenade kill in cm; 0 without one.
    pub(in crate::sim) farthest_cm: u32,
}

/// The weapons of the last four awards.
const LIGHT: [usize; 6] = [2, 3, 4, 5, 6, 26];

/// Awards for kills with a kind of weapon in this round.
const KILLS_WITH: [(&str, &[usize]); 11] = [
    ("Most light weapon kills", &[4, 5, 6, 7, 26]),
    ("Most pistol kills", &[2, 3]),
    ("Most rifle kills", &[22, 23]),
    ("Most riflenade kills", &[RIFLE_GRENADE as usize]),
    ("Most sniper kills", &[24, 25]),
    ("Most knife kills", &[0, 1]),
    ("Most air support kills", &[15, 16]),
    ("Most mine kills", &[19]),
    ("Most grenade kills", &[11]),
    ("Most panzer kills", &[8, 9]),
    ("Most mortar kills", &[12, 13]),
];

struct Awards<'a> {
    out: Vec<u8>,
    contestants: &'a [Contestant<'a>],
}

/// All award lines. `limit_ms` is the round's clock.
pub(in crate::sim) fn write(contestants: &[Contestant], limit_ms: u32) -> Vec<u8> {
    let mut awards = Awards { out: Vec::with_capacity(1024), contestants };
    awards.damage();
    awards.weapons();
    awards.deeds();
    awards.time(limit_ms);
    awards.aim();
    awards.out
}

impl<'a> Awards<'a> {
    /// The first contestant with the largest value above 1.
    fn best(&self, value: impl Fn(&Contestant) -> u64) -> Option<(&'a Contestant<'a>, u64)> {
        let mut best = None;
        for contestant in self.contestants {
            let value = value(contestant);
            if value > best.map_or(1, |(_, most)| most) {
                best = Some((contestant, value));
            }
        }
        best
    }

    fn line(&mut self, award: &str, winner: &Contestant, value: &str) {
        self.out.extend_from_slice(award.as_bytes());
        self.out.push(b'\t');
        self.out.extend_from_slice(&winner.name);
        self.out.push(b'\t');
        self.out.extend_from_slice(value.as_bytes());
        self.out.push(b'\n');
    }

    fn most(&mut self, award: &str, value: impl Fn(&Contestant) -> u32) {
        if let Some((winner, value)) = self.best(|contestant| u64::from(value(contestant))) {
            self.line(award, winner, &value.to_string());
        }
    }

    /// Like [`Self::most`] with a value in hundredths.
    fn most_hundredths(&mut self, award: &str, unit: &str, value: impl Fn(&Contestant) -> u64) {
        if let Some((winner, value)) = self.best(value).filter(|&(_, value)| value > 100) {
            self.line(award, winner, &format!("{}{unit}", lua_number(value as f64 / 100.0)));
        }
    }

    fn damage(&mut self) {
        self.most("Most damage given", |c| c.all.damage_given);
        self.most("Most damage received", |c| c.all.damage_received);
        self.most("Most team damage given", |c| c.all.team_damage_given);
        self.most("Most team damage received", |c| c.all.team_damage_received);
        self.most("Most teamkills", |c| c.all.team_kills);
        self.most("Most selfkills", |c| c.all.self_kills);
        self.most("Most deaths", |c| c.all.deaths());
        self.most_hundredths("Most kills per minute", "", |c| {
            let kills = u64::from(c.all.kills());
            if kills > 10 { share(kills * 60_000, c.played_ms) } else { 0 }
        });
        let quickest = self.contestants.iter().filter_map(|c| c.quickest.map(|(kills, ms)| (c, kills, ms)));
        let quickest = quickest.min_by_key(|&(_, kills, ms)| (std::cmp::Reverse(kills), ms));
        if let Some((winner, kills, ms)) = quickest {
            self.most("Most doublekills", |c| c.round.multikills[0]);
            let chains = |c: &Contestant| c.round.multikills[1..].iter().sum::<u32>();
            if let Some(most) = self.contestants.iter().rev().max_by_key(|&c| chains(c)) {
                self.line("Most multikills", most, &chains(most).to_string());
            }
            let seconds = lua_number(f64::from(ms / 10) / 100.0);
            self.line("Quickest multikill w/ light weapons", winner, &format!("{kills} kills in {seconds}s"));
        }
    }

    fn weapons(&mut self) {
        self.most_hundredths("Farthest riflenade kill", " m", |c| u64::from(c.farthest_cm));
        for (award, weapons) in KILLS_WITH {
            self.most(award, |c| sum(c.round, weapons, |weapon| weapon.kills));
            if award == "Most panzer kills" {
                self.most("Most panzer deaths", |c| sum(c.round, &[8, 9], |weapon| weapon.deaths));
            }
        }
        self.most("Mortarmagnet", |c| sum(c.round, &[12, 13], |weapon| weapon.deaths));
        self.most("Most MG42 kills", |c| sum(c.round, &[20, 21], |weapon| weapon.kills));
        self.most("Most MG42 deaths", |c| sum(c.round, &[20, 21], |weapon| weapon.deaths));
    }

    fn deeds(&mut self) {
        self.most("Most revives", |c| c.round.revives_given);
        self.most("Most revived", |c| c.round.times_revived);
        // ten digits are enough to rank ratios; the line has all fourteen that Lua prints
        let ratio = |c: &Contestant| {
            let (kills, deaths) = (c.all.kills(), c.all.deaths());
            if kills > 9 { f64::from(kills) / f64::from(deaths.max(1)) } else { 0.0 }
        };
        if let Some((winner, _)) = self.best(|c| (ratio(c) * 1e9) as u64).filter(|&(_, value)| value > 1_000_000_000) {
            self.line("Best K/D ratio", winner, &lua_number(ratio(winner)));
        }
        self.most("Most dynamites planted", |c| c.round.dynamites_planted);
        self.most("Most dynamites defused", |c| c.round.dynamites_defused);
        self.most("Longest killing spree", |c| c.round.killing_spree);
        self.most("Longest death spree", |c| c.round.death_spree);
        self.most("Most objectives stolen", |c| c.round.objectives_stolen);
        self.most("Most objectives returned", |c| c.round.objectives_returned);
        self.most("Most corpse gibs", |c| c.all.gibs);
        self.most("Most kill assists", |c| c.round.kill_assists);
        self.most("Most killsteals", |c| c.round.kill_steals);
        self.most("Most headshot kills", |c| c.round.headshot_kills);
        let tank = |c: &Contestant| {
            let (received, deaths) = (c.all.damage_received, c.all.deaths());
            if received > 2000 { u64::from(received) * 100 / u64::from(deaths.max(1) * 130) } else { 0 }
        };
        // not the best: the last who qualifies
        if let Some(winner) = self.contestants.iter().rev().find(|&c| tank(c) > 300) {
            let value = tank(winner);
            let text = format!("Damage received vs death ratio: {}.{:02}x", value / 100, value % 100);
            self.line("Tank/Meatshield (Refuses to die)", winner, &text);
        }
        // where useful kills belong, the script prints the spree again and useless kills under a wrong name
        self.most("Longest killing spree", |c| c.round.killing_spree);
        if let Some((winner, value)) = self.best(|c| u64::from(c.round.useless_kills)).filter(|&(_, value)| value > 3) {
            self.line("Most objectives stolen", winner, &value.to_string());
        }
    }

    fn time(&mut self, limit_ms: u32) {
        let long_enough = |c: &&Contestant| c.played_ms > 600_000 || c.played_ms >= limit_ms;
        let dead = |c: &Contestant| share(u64::from(c.dead_ms) * 100, c.played_ms);
        let most = self.contestants.iter().rev().filter(long_enough).max_by_key(|&c| dead(c));
        let least = self.contestants.iter().filter(long_enough).min_by_key(|&c| dead(c));
        for (award, winner) in [("Full respawn king", most), ("Least time dead (What spawn?)", least)] {
            if let Some(winner) = winner.filter(|&winner| dead(winner) > 100) {
                let percent = lua_number(dead(winner) as f64 / 100.0);
                let minutes = lua_number(share(u64::from(winner.dead_ms), 60_000) as f64 / 100.0);
                self.line(award, winner, &format!("{percent} percent, {minutes} min"));
            }
        }
        if let Some((winner, value)) = self.best(|c| u64::from(c.round.denied_seconds)) {
            self.line("Most playtime denied", winner, &format!("{value} seconds"));
        }
    }

    fn aim(&mut self) {
        let light = |c: &Contestant, of: fn(&WeaponNumbers) -> u32| sum(c.all, &LIGHT, of);
        self.most_hundredths("Highest light weapons accuracy", " percent", |c| {
            let (hits, shots) = (light(c, |weapon| weapon.hits), light(c, |weapon| weapon.shots));
            if shots > 100 { share(u64::from(hits) * 100, shots) } else { 0 }
        });
        self.most_hundredths("Highest headshot accuracy", " percent", |c| {
            let (hits, shots) = (light(c, |weapon| weapon.hits), light(c, |weapon| weapon.shots));
            let heads = light(c, |weapon| weapon.headshots);
            if hits > 10 && shots > 100 { share(u64::from(heads) * 100, hits) } else { 0 }
        });
        self.most("Most headshots", |c| light(c, |weapon| weapon.headshots));
        self.most("Most bullets fired", |c| light(c, |weapon| weapon.shots));
    }
}

fn sum(numbers: &Numbers, weapons: &[usize], of: fn(&WeaponNumbers) -> u32) -> u32 {
    weapons.iter().map(|&bit| of(&numbers.weapons[bit])).sum()
}

/// `part / whole` in hundredths, half rounded up; 0 of nothing.
fn share(part: u64, whole: u32) -> u64 {
    let whole = u64::from(whole);
    if whole == 0 { 0 } else { (200 * part + whole) / (2 * whole) }
}

/// A float as Lua 5.4 prints it: 14 significant digits, no needless noughts, but always a decimal.
fn lua_number(number: f64) -> String {
    let whole_digits = (number as u64).to_string().len();
    let text = format!("{number:.decimals$}", decimals = 14 - whole_digits.min(14));
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_lua_prints_them() {
        let shown = [7.0 / 3.0, 1.875, 15.0 / 9.0, 2.0, 35.53, 0.71, 31.0 / 18.0, 24.0];
        let expected =
            ["2.3333333333333", "1.875", "1.6666666666667", "2.0", "35.53", "0.71", "1.7222222222222", "24.0"];
        assert_eq!(shown.map(lua_number), expected);
    }
}
