use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Arena, CHAIN_MS};
use crate::game::{Side, Weapon};
use crate::sim::class::RIFLE_GRENADE;
use crate::sim::numbers::Numbers;
use crate::sim::pool::Person;

/// When an entrant was in the round, in ms of play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sim) struct Stay {
    pub(in crate::sim) joins: u32,
    /// Left the server or the teams at this moment.
    pub(in crate::sim) leaves: Option<u32>,
    /// Dropped at the first moment and was back in a team at the second; the engine forgot his counters.
    pub(in crate::sim) drops: Option<(u32, u32)>,
}

impl Stay {
    pub(in crate::sim) const WHOLE: Self = Self { joins: 0, leaves: None, drops: None };
}

/// One player of a round.
pub(in crate::sim) struct Entrant<'a> {
    pub(in crate::sim) person: &'a Person,
    pub(in crate::sim) side: Side,
    /// Hundredths of his usual strength this evening.
    pub(in crate::sim) form: u32,
    pub(in crate::sim) stay: Stay,
}

/// What one entrant has done since he connected or the round began.
#[derive(Debug, Clone, Default)]
pub(in crate::sim) struct Tally {
    pub(in crate::sim) numbers: Numbers,
    pub(in crate::sim) played_ms: u32,
    pub(in crate::sim) dead_ms: u32,
    pub(in crate::sim) denied_ms: u32,
    /// The quickest chain of three or more kills with light weapons: kills and ms.
    pub(in crate::sim) quickest: Option<(u32, u32)>,
    /// Distance of the farthest rifle grenade kill in cm; 0 without one.
    pub(in crate::sim) farthest_cm: u32,
    /// Damage given, by weapon.
    pub(super) damage_by: [u32; Weapon::COUNT as usize],
    /// Head kills, by weapon: the head hits are at least these.
    pub(super) head_kills: [u32; Weapon::COUNT as usize],
}

/// An entrant's round.
pub(in crate::sim) struct Fought {
    /// What the engine forgot when he dropped.
    pub(in crate::sim) forgotten: Option<Tally>,
    /// What the engine's counters hold of this round.
    pub(in crate::sim) kept: Tally,
}

pub(super) struct Fighter<'a> {
    pub(super) entrant: &'a Entrant<'a>,
    pub(super) tally: Tally,
    pub(super) forgotten: Option<Tally>,
    /// Dead, not there yet or away until then.
    up_at: u32,
    /// Not in a team from then on.
    gone_at: u32,
    kill_run: u32,
    death_run: u32,
    /// Kills of the open chain, its first and its last moment.
    chain: (u32, u32, u32),
    chain_is_light: bool,
}

impl<'a> Fighter<'a> {
    pub(super) fn new(entrant: &'a Entrant<'a>, duration_ms: u32) -> Self {
        Self {
            entrant,
            tally: Tally::default(),
            forgotten: None,
            up_at: entrant.stay.joins,
            gone_at: entrant.stay.leaves.unwrap_or(duration_ms).min(duration_ms),
            kill_run: 0,
            death_run: 0,
            chain: (0, 0, 0),
            chain_is_light: true,
        }
    }

    pub(super) fn plays(&self) -> bool {
        self.entrant.stay.joins < self.gone_at
    }

    pub(super) fn is_up(&self, now: u32) -> bool {
        (self.up_at..self.gone_at).contains(&now)
    }

    pub(super) fn side_index(&self) -> usize {
        usize::from(self.entrant.side == Side::Allies)
    }

    pub(super) fn strength(&self) -> u32 {
        self.entrant.person.skill * self.entrant.form / 100
    }

    pub(super) fn weakness(&self) -> u32 {
        160 - self.strength().min(240) / 2
    }

    pub(super) fn main_arm(&self) -> u8 {
        self.entrant.person.class.arms()[0].bits[self.side_index()]
    }

    pub(super) fn draw_arm(&self, dice: &mut ChaCha8Rng) -> u8 {
        let mut ticket = dice.random_range(0..100);
        let arms = self.entrant.person.class.arms();
        let arm = arms.iter().find(|arm| {
            let hit = ticket < arm.share;
            ticket = ticket.saturating_sub(arm.share);
            hit
        });
        arm.unwrap_or(&arms[0]).bits[self.side_index()]
    }

    /// Starts the counters anew when the moment of a drop has passed.
    pub(super) fn reconnect_if_due(&mut self, now: u32) {
        let Some((from, until)) = self.entrant.stay.drops else { return };
        if self.forgotten.is_some() || now < from {
            return;
        }
        let mut forgotten = std::mem::take(&mut self.tally);
        forgotten.played_ms = from - self.entrant.stay.joins;
        forgotten.dead_ms = forgotten.dead_ms.min(forgotten.played_ms);
        self.forgotten = Some(forgotten);
        (self.kill_run, self.death_run, self.chain) = (0, 0, (0, 0, 0));
        self.up_at = until;
    }

    pub(super) fn scores(&mut self, now: u32, weapon: u8, wait: u32, wave: u32, dice: &mut ChaCha8Rng) {
        let bullets = Weapon::from_bit(weapon).is_some_and(Weapon::has_headshots);
        let head = bullets && dice.random_range(0..100) < 27;
        let numbers = &mut self.tally.numbers;
        numbers.weapons[weapon as usize].kills += 1;
        if head {
            numbers.headshot_kills += 1;
            self.tally.head_kills[weapon as usize] += 1;
        }
        if weapon == RIFLE_GRENADE {
            self.tally.farthest_cm = self.tally.farthest_cm.max(dice.random_range(400..4_800));
        }
        let numbers = &mut self.tally.numbers;
        numbers.useful_kills += u32::from(wait * 2 >= wave);
        numbers.useless_kills += u32::from(wait < 5_000);
        numbers.xp += 3 + i32::from(head) * 2;
        if self.death_run >= 3 {
            numbers.death_spree = numbers.death_spree.max(self.death_run);
        }
        self.death_run = 0;
        self.kill_run += 1;

        let light = matches!(weapon, 2..=6 | 26);
        let (kills, first, last) = self.chain;
        if kills > 0 && now - last <= CHAIN_MS {
            self.chain = (kills + 1, first, now);
            self.chain_is_light &= light;
        } else {
            self.chain_ends();
            self.chain = (1, now, now);
            self.chain_is_light = light;
        }
    }

    pub(super) fn falls(&mut self, weapon: u8) {
        self.tally.numbers.weapons[weapon as usize].deaths += 1;
        self.death_run += 1;
        self.run_ends();
    }

    /// Writes a run of kills down.
    pub(super) fn run_ends(&mut self) {
        if self.kill_run >= 3 {
            self.tally.numbers.killing_spree = self.tally.numbers.killing_spree.max(self.kill_run);
        }
        self.kill_run = 0;
    }

    /// Keeps him down for `down` ms, or as long as he is in the round; returns how long that was.
    pub(super) fn lies_dead(&mut self, now: u32, down: u32) -> u32 {
        let drop = self.entrant.stay.drops.map(|(from, _)| from).filter(|&from| from > now);
        let dead = down.min(self.gone_at - now).min(drop.map_or(u32::MAX, |from| from - now));
        self.up_at = now + down;
        self.tally.dead_ms += dead;
        dead
    }

    fn chain_ends(&mut self) {
        let (kills, first, last) = self.chain;
        if kills >= 2 {
            self.tally.numbers.multikills[kills.min(6) as usize - 2] += 1;
        }
        if kills >= 3 && self.chain_is_light {
            let chain = (kills, last - first);
            let better = self.tally.quickest.is_none_or(|(most, ms)| (kills, ms) > (most, chain.1));
            if better {
                self.tally.quickest = Some(chain);
            }
        }
        self.chain = (0, 0, 0);
    }

    pub(super) fn finish(mut self, arena: &Arena, dice: &mut ChaCha8Rng) -> Fought {
        self.reconnect_if_due(arena.duration_ms);
        // the writer closes a chain only after 3.1 s of further play
        if arena.duration_ms > self.chain.2 + 3_100 {
            self.chain_ends();
        }
        if arena.runs_count {
            self.run_ends();
        }
        let since = match self.entrant.stay.drops {
            Some((_, until)) => until,
            None => self.entrant.stay.joins,
        };
        self.tally.played_ms = self.gone_at.saturating_sub(since);
        self.tally.dead_ms = self.tally.dead_ms.min(self.tally.played_ms);
        if let Some(forgotten) = &mut self.forgotten {
            forgotten.round_off(self.entrant, dice);
        }
        self.tally.round_off(self.entrant, dice);
        Fought { forgotten: self.forgotten, kept: self.tally }
    }
}
