use crate::game::Weapon;

/// One weapon group of a player line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WeaponNumbers {
    /// May exceed the shots of a splash weapon.
    pub hits: u32,
    /// Rounds fired, grenades thrown, syringes used.
    pub shots: u32,
    /// Enemies killed with this weapon.
    pub kills: u32,
    /// Times an enemy killed this player *with this weapon*.
    pub deaths: u32,
    /// Hits on a head.
    pub headshots: u32,
}

impl WeaponNumbers {
    /// Whether the writer sets the weapon's bit in the mask: headshots alone do not.
    pub(crate) fn is_listed(&self) -> bool {
        (self.hits | self.shots | self.kills | self.deaths) != 0
    }
}

/// What one player did in one round, in the units of the stats file.
///
/// Fields down to `weapons` count on from round 1 to round 2 in the file; those below it start anew each round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Hit points taken from enemies.
    pub damage_given: u32,
    /// Hit points lost to enemies.
    pub damage_received: u32,
    /// Hit points taken from teammates.
    pub team_damage_given: u32,
    /// Hit points lost to teammates.
    pub team_damage_received: u32,
    /// Dead enemies blown to pieces.
    pub gibs: u32,
    /// Deaths without an enemy: /kill, own explosive, the world.
    pub self_kills: u32,
    /// Teammates killed; not part of the kills.
    pub team_kills: u32,
    /// Dead teammates blown to pieces.
    pub team_gibs: u32,
    /// Time in a team in tenths of a minute, as the file rounds it.
    pub time_tenths: u32,
    /// The 28 weapons, by their bit.
    pub weapons: [WeaponNumbers; Weapon::COUNT as usize],
    /// Score of the round; may be negative.
    pub xp: i32,
    /// Longest run of kills, 0 or at least 3.
    pub killing_spree: u32,
    /// Longest run of deaths that a kill ended, 0 or at least 3.
    pub death_spree: u32,
    /// Enemies damaged shortly before a teammate killed them.
    pub kill_assists: u32,
    /// Kills of enemies whom a teammate had damaged more.
    pub kill_steals: u32,
    /// Kills by a bullet to the head.
    pub headshot_kills: u32,
    /// Objectives taken.
    pub objectives_stolen: u32,
    /// Objectives brought back.
    pub objectives_returned: u32,
    /// Dynamite planted.
    pub dynamites_planted: u32,
    /// Dynamite defused.
    pub dynamites_defused: u32,
    /// Times a medic revived this player.
    pub times_revived: u32,
    /// Time waiting dead, in tenths of a minute.
    pub dead_tenths: u32,
    /// Kills of enemies with at least half of the respawn wait left.
    pub useful_kills: u32,
    /// Seconds that enemies spent dead because of this player.
    pub denied_seconds: u32,
    /// Chains of exactly 2, 3, 4, 5 and of 6 or more kills.
    pub multikills: [u32; 5],
    /// Kills of enemies with less than 5 s of respawn wait left.
    pub useless_kills: u32,
    /// /kill with nearly the whole respawn wait ahead.
    pub full_selfkills: u32,
    /// Repairs and constructions.
    pub repairs: u32,
    /// Teammates revived.
    pub revives_given: u32,
}

impl Numbers {
    /// Kills of enemies, over all weapons.
    pub fn kills(&self) -> u32 {
        self.weapons.iter().map(|weapon| weapon.kills).sum()
    }

    /// Deaths by enemies, over all weapons.
    pub fn deaths(&self) -> u32 {
        self.weapons.iter().map(|weapon| weapon.deaths).sum()
    }

    /// Hits on heads, over all weapons.
    pub fn headshots(&self) -> u32 {
        self.weapons.iter().map(|weapon| weapon.headshots).sum()
    }

    /// Hits, over all weapons.
    pub fn hits(&self) -> u32 {
        self.weapons.iter().map(|weapon| weapon.hits).sum()
    }

    /// Shots, over all weapons.
    pub fn shots(&self) -> u32 {
        self.weapons.iter().map(|weapon| weapon.shots).sum()
    }

    /// What the file shows when `earlier` was counted already: sums count on, the rest is this round's.
    pub(crate) fn on_top_of(&self, earlier: &Self) -> Self {
        let mut sum = self.clone();
        for (field, more) in sum.sums_mut().into_iter().zip(earlier.sums()) {
            *field += more;
        }
        for (weapon, more) in sum.weapons.iter_mut().zip(&earlier.weapons) {
            weapon.hits += more.hits;
            weapon.shots += more.shots;
            weapon.kills += more.kills;
            weapon.deaths += more.deaths;
            weapon.headshots += more.headshots;
        }
        sum
    }

    /// Two stretches of one round together: sums and per-round counters add up, sprees are the longer one.
    pub(crate) fn together_with(&self, earlier: &Self) -> Self {
        let mut all = self.on_top_of(earlier);
        all.xp += earlier.xp;
        all.killing_spree = all.killing_spree.max(earlier.killing_spree);
        all.death_spree = all.death_spree.max(earlier.death_spree);
        for (field, more) in all.round_counts_mut().into_iter().zip(earlier.round_counts()) {
            *field += more;
        }
        for (chains, more) in all.multikills.iter_mut().zip(earlier.multikills) {
            *chains += more;
        }
        all
    }

    fn sums(&self) -> [u32; 9] {
        [
            self.damage_given,
            self.damage_received,
            self.team_damage_given,
            self.team_damage_received,
            self.gibs,
            self.self_kills,
            self.team_kills,
            self.team_gibs,
            self.time_tenths,
        ]
    }

    fn sums_mut(&mut self) -> [&mut u32; 9] {
        [
            &mut self.damage_given,
            &mut self.damage_received,
            &mut self.team_damage_given,
            &mut self.team_damage_received,
            &mut self.gibs,
            &mut self.self_kills,
            &mut self.team_kills,
            &mut self.team_gibs,
            &mut self.time_tenths,
        ]
    }

    fn round_counts(&self) -> [u32; 15] {
        [
            self.kill_assists,
            self.kill_steals,
            self.headshot_kills,
            self.objectives_stolen,
            self.objectives_returned,
            self.dynamites_planted,
            self.dynamites_defused,
            self.times_revived,
            self.dead_tenths,
            self.useful_kills,
            self.denied_seconds,
            self.useless_kills,
            self.full_selfkills,
            self.repairs,
            self.revives_given,
        ]
    }

    fn round_counts_mut(&mut self) -> [&mut u32; 15] {
        [
            &mut self.kill_assists,
            &mut self.kill_steals,
            &mut self.headshot_kills,
            &mut self.objectives_stolen,
            &mut self.objectives_returned,
            &mut self.dynamites_planted,
            &mut self.dynamites_defused,
            &mut self.times_revived,
            &mut self.dead_tenths,
            &mut self.useful_kills,
            &mut self.denied_seconds,
            &mut self.useless_kills,
            &mut self.full_selfkills,
            &mut self.repairs,
            &mut self.revives_given,
        ]
    }
}
