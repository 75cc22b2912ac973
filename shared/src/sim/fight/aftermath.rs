use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::fighter::{Entrant, Tally};
use crate::game::Side;
use crate::sim::class::{Ballistics, Class, ballistics};

impl Tally {
    /// Turns damage into hits and shots, adds what is no fighting, and rounds times as the writer does.
    pub(super) fn round_off(&mut self, entrant: &Entrant, dice: &mut ChaCha8Rng) {
        if self.played_ms == 0 {
            return;
        }
        let side = usize::from(entrant.side == Side::Allies);
        let main = entrant.person.class.arms()[0].bits[side];
        for bit in 0..self.damage_by.len() {
            let (damage, head_kills) = (self.damage_by[bit], self.head_kills[bit]);
            if damage > 0 {
                self.fire(bit, damage, head_kills, entrant, dice);
            }
        }
        // what hit nobody; everybody fires some shots, so everybody who played has a line in the file
        self.numbers.weapons[main as usize].shots += 2 + self.played_ms / 60_000 * dice.random_range(2..=7);
        self.work(entrant, dice);
        self.numbers.time_tenths = tenths_of_minutes(self.played_ms);
        self.numbers.dead_tenths = tenths_of_minutes(self.dead_ms);
        self.numbers.denied_seconds = self.denied_ms / 1000;
    }

    fn fire(&mut self, bit: usize, damage: u32, head_kills: u32, entrant: &Entrant, dice: &mut ChaCha8Rng) {
        let weapon = &mut self.numbers.weapons[bit];
        match ballistics(bit as u8) {
            Ballistics::Bullets { body, head } => {
                let share = entrant.person.head;
                let mean = body + (head - body) * share / 1000;
                let hits = (damage / mean).max(weapon.kills).max(head_kills).max(1);
                let heads = (hits * share + dice.random_range(0..1000)) / 1000;
                let aim = entrant.person.aim + dice.random_range(0..=6);
                weapon.hits += hits;
                weapon.headshots += heads.max(head_kills).min(hits);
                weapon.shots += hits * 100 / aim + dice.random_range(0..=4);
            }
            Ballistics::Splash { typical } => {
                let hits = (damage / typical).max(weapon.kills).max(1);
                weapon.hits += hits;
                // one blast may hit several: fewer throws than hits are possible
                weapon.shots += (hits * dice.random_range(65..=190) / 100).max(1);
            }
            Ballistics::Blade => {
                let hits = weapon.kills + dice.random_range(0..=1);
                weapon.hits += hits.max(1);
                weapon.shots += hits.max(1) + dice.random_range(0..=3);
            }
        }
    }

    /// Objectives, dynamite and repairs.
    fn work(&mut self, entrant: &Entrant, dice: &mut ChaCha8Rng) {
        let minutes = self.played_ms / 60_000;
        let numbers = &mut self.numbers;
        if matches!(entrant.person.class, Class::Engineer | Class::Rifle) {
            numbers.dynamites_planted += dice.random_range(0..=1 + minutes / 5);
            numbers.dynamites_defused += dice.random_range(0..=1 + minutes / 9) / 2;
            numbers.repairs += dice.random_range(0..=2 + minutes / 3);
        } else if dice.random_range(0..100) < 6 {
            numbers.objectives_stolen += 1;
        } else if dice.random_range(0..100) < 4 {
            numbers.objectives_returned += 1;
        }
        let deeds = numbers.dynamites_planted * 7 + numbers.repairs * 3 + numbers.objectives_stolen * 10;
        numbers.xp += (deeds + minutes * dice.random_range(2..=5)) as i32;
    }
}

/// Tenths of a minute, halves rounded up.
pub(in crate::sim) fn tenths_of_minutes(ms: u32) -> u32 {
    (ms + 3_000) / 6_000
}
