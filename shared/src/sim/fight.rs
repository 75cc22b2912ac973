//! Plays the fighting of one round, kill by kill. Shots and hits follow from the damage at the end.

mod aftermath;
mod fighter;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::class::{Class, SYRINGE};
pub(super) use aftermath::tenths_of_minutes;
use fighter::Fighter;
pub(super) use fighter::{Entrant, Fought, Stay};

/// Events of an even player per minute alive or dead, in thousandths: kill, self kill, team kill, team damage.
const PACE: [u32; 4] = [1350, 430, 40, 170];

/// A chain of kills goes on as long as no pause between two is longer, in ms.
const CHAIN_MS: u32 = 3_000;

/// What a round gives the fighting to work with.
pub(super) struct Arena<'a> {
    /// Length in ms of play; pauses are not in it.
    pub(super) duration_ms: u32,
    /// Whether runs of kills still open at the end are written down: not after a surrender or a cut-off.
    pub(super) runs_count: bool,
    /// Seconds between two waves of Axis and Allies.
    pub(super) waves: [u8; 2],
    pub(super) entrants: &'a [Entrant<'a>],
}

/// What the fighting came to.
pub(super) struct Fight {
    /// One per entrant.
    pub(super) fought: Vec<Fought>,
    /// `killed[a * n + b]`: how often entrant `a` killed entrant `b`.
    pub(super) killed: Vec<u16>,
}

pub(super) fn fight(arena: &Arena, dice: &mut ChaCha8Rng) -> Fight {
    let mut battle = Battle::new(arena, dice);
    battle.run(dice);
    let Battle { fighters, killed, .. } = battle;
    let fought = fighters.into_iter().map(|fighter| fighter.finish(arena, dice)).collect();
    Fight { fought, killed }
}

struct Battle<'a> {
    arena: &'a Arena<'a>,
    fighters: Vec<Fighter<'a>>,
    killed: Vec<u16>,
    /// Where in its wave a side is at the round's start, in ms.
    phase: [u32; 2],
}

impl<'a> Battle<'a> {
    fn new(arena: &'a Arena<'a>, dice: &mut ChaCha8Rng) -> Self {
        let count = arena.entrants.len();
        Self {
            arena,
            fighters: arena.entrants.iter().map(|entrant| Fighter::new(entrant, arena.duration_ms)).collect(),
            killed: vec![0; count * count],
            phase: arena.waves.map(|wave| dice.random_range(0..u32::from(wave) * 1000)),
        }
    }

    fn run(&mut self, dice: &mut ChaCha8Rng) {
        let pace: u32 = PACE.iter().sum();
        let players = self.fighters.iter().filter(|fighter| fighter.plays()).count().max(1) as u32;
        let gap = (60_000_000 / (pace * players)).max(1);
        let mut now = 0;
        let mut again = None;
        loop {
            let forced = again.take();
            now += match forced {
                Some(_) => dice.random_range(300..2_700),
                None => dice.random_range(0..=2 * gap),
            };
            if now >= self.arena.duration_ms {
                break;
            }
            for fighter in &mut self.fighters {
                fighter.reconnect_if_due(now);
            }
            let mut event = dice.random_range(0..pace);
            if forced.is_some() || event < PACE[0] {
                let killer = forced.or_else(|| self.pick(now, dice, |fighter| fighter.strength().max(1)));
                if let Some(killer) = killer
                    && self.kill(now, killer, dice)
                    && dice.random_range(0..100) < 9
                {
                    again = Some(killer);
                }
                continue;
            }
            event -= PACE[0];
            if event < PACE[1] {
                self.self_kill(now, dice);
            } else {
                self.hurt_a_teammate(now, event < PACE[1] + PACE[2], dice);
            }
        }
    }

    /// Draws somebody who is alive, each as likely as `weight` says; 0 is never.
    fn pick(&self, now: u32, dice: &mut ChaCha8Rng, weight: impl Fn(&Fighter) -> u32) -> Option<usize> {
        let weight_of = |fighter: &Fighter| if fighter.is_up(now) { weight(fighter) } else { 0 };
        let total: u32 = self.fighters.iter().map(weight_of).sum();
        if total == 0 {
            return None;
        }
        let mut ticket = dice.random_range(0..total);
        self.fighters.iter().position(|fighter| {
            let share = weight_of(fighter);
            let hit = ticket < share;
            ticket = ticket.saturating_sub(share);
            hit
        })
    }

    fn kill(&mut self, now: u32, killer: usize, dice: &mut ChaCha8Rng) -> bool {
        let side = self.fighters[killer].side_index();
        if !self.fighters[killer].is_up(now) {
            return false;
        }
        let foe = |fighter: &Fighter| if fighter.side_index() == side { 0 } else { fighter.weakness() };
        let Some(victim) = self.pick(now, dice, foe) else { return false };
        let weapon = self.fighters[killer].draw_arm(dice);

        // one life and what medics healed of it; a teammate may have done part
        let whole = dice.random_range(105..=215);
        let helper = (dice.random_range(0..100) < 52)
            .then(|| self.pick(now, dice, |fighter| u32::from(fighter.side_index() == side)))
            .flatten()
            .filter(|&helper| helper != killer);
        let part = if helper.is_some() { whole * dice.random_range(10..60) / 100 } else { 0 };
        self.wound(killer, victim, weapon, whole - part);
        if let Some(helper) = helper {
            let main = self.fighters[helper].main_arm();
            self.wound(helper, victim, main, part);
            if dice.random_range(0..100) < 62 {
                self.fighters[helper].tally.numbers.kill_assists += 1;
                self.fighters[killer].tally.numbers.kill_steals += u32::from(part > whole - part);
            }
        }

        if dice.random_range(0..100) < 55 {
            self.graze(now, dice);
        }

        self.killed[killer * self.fighters.len() + victim] += 1;
        let wait = self.wait(now, victim);
        let wave = u32::from(self.arena.waves[self.fighters[victim].side_index()]) * 1000;
        self.fighters[killer].scores(now, weapon, wait, wave, dice);
        self.fighters[victim].falls(weapon);

        let gibbed = dice.random_range(0..100) < 30;
        self.fighters[killer].tally.numbers.gibs += u32::from(gibbed);
        let down = if gibbed { wait } else { self.revival(now, victim, wait, dice).unwrap_or(wait) };
        let dead = self.fighters[victim].lies_dead(now, down);
        self.fighters[killer].tally.denied_ms += dead;
        true
    }

    /// Somebody hurts an enemy who gets away with it.
    fn graze(&mut self, now: u32, dice: &mut ChaCha8Rng) {
        let Some(giver) = self.pick(now, dice, |_| 1) else { return };
        let side = self.fighters[giver].side_index();
        let Some(victim) = self.pick(now, dice, |fighter| u32::from(fighter.side_index() != side)) else { return };
        let main = self.fighters[giver].main_arm();
        self.wound(giver, victim, main, dice.random_range(36..=108));
    }

    fn wound(&mut self, giver: usize, victim: usize, weapon: u8, damage: u32) {
        let tally = &mut self.fighters[giver].tally;
        tally.numbers.damage_given += damage;
        tally.damage_by[weapon as usize] += damage;
        self.fighters[victim].tally.numbers.damage_received += damage;
    }

    /// Milliseconds until the victim's side is reinforced.
    fn wait(&self, now: u32, victim: usize) -> u32 {
        let side = self.fighters[victim].side_index();
        let wave = u32::from(self.arena.waves[side]) * 1000;
        wave - (now + self.phase[side]) % wave
    }

    /// After how many ms a medic of the victim's side has him up again, if one does.
    fn revival(&mut self, now: u32, victim: usize, wait: u32, dice: &mut ChaCha8Rng) -> Option<u32> {
        if wait <= 1_500 || dice.random_range(0..100) >= 46 {
            return None;
        }
        let side = self.fighters[victim].side_index();
        let medic =
            |fighter: &Fighter| u32::from(fighter.side_index() == side && fighter.entrant.person.class == Class::Medic);
        let medic = self.pick(now, dice, medic).filter(|&medic| medic != victim)?;
        self.fighters[victim].tally.numbers.times_revived += 1;
        let tally = &mut self.fighters[medic].tally;
        tally.numbers.revives_given += 1;
        tally.numbers.xp += 4;
        let syringe = &mut tally.numbers.weapons[SYRINGE as usize];
        syringe.hits += 1;
        syringe.shots += 1 + u32::from(dice.random_range(0..100) < 25);
        Some(dice.random_range(1_000..wait.min(8_000)))
    }

    fn self_kill(&mut self, now: u32, dice: &mut ChaCha8Rng) {
        let Some(player) = self.pick(now, dice, |_| 1) else { return };
        // most give up just before a wave; now and then a fall or a wrong moment costs a whole one
        let mistake = dice.random_range(0..100) < 12;
        let wait = if mistake { self.wait(now, player) } else { dice.random_range(500..4_500) };
        let wave = u32::from(self.arena.waves[self.fighters[player].side_index()]) * 1000;
        let fighter = &mut self.fighters[player];
        fighter.tally.numbers.self_kills += 1;
        fighter.tally.numbers.full_selfkills += u32::from(wait + 2_000 >= wave);
        fighter.run_ends();
        fighter.lies_dead(now, wait);
    }

    fn hurt_a_teammate(&mut self, now: u32, kill: bool, dice: &mut ChaCha8Rng) {
        let Some(culprit) = self.pick(now, dice, |_| 1) else { return };
        let side = self.fighters[culprit].side_index();
        let Some(mate) = self.pick(now, dice, |fighter| u32::from(fighter.side_index() == side)) else { return };
        if mate == culprit {
            return;
        }
        let damage = if kill { dice.random_range(60..=140) } else { dice.random_range(6..=48) };
        let numbers = &mut self.fighters[culprit].tally.numbers;
        numbers.team_damage_given += damage;
        if kill {
            numbers.team_kills += 1;
            numbers.team_gibs += u32::from(dice.random_range(0..100) < 20);
            numbers.xp -= 3;
        }
        let wait = self.wait(now, mate);
        let victim = &mut self.fighters[mate];
        victim.tally.numbers.team_damage_received += damage;
        if kill {
            victim.run_ends();
            victim.lies_dead(now, wait);
        }
    }
}
