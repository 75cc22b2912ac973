//! The numbers that leaves and totals hold.

/// The sums of one leaf or total, in the order of [`Number::ALL`].
pub type Sums = [i64; Number::COUNT];

macro_rules! numbers {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One summed number. What depends on a field that some files lack has its own known time or kills beside it,
        /// so that a rate is taken over what is known and what nobody wrote down is never read as nothing done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Number { $($(#[$doc])* $variant),* }

        /// The names of the numbers, in the order in which tables hold them.
        pub const NUMBERS: [&str; Number::COUNT] = [$($name),*];

        impl Number {
            /// How many there are.
            pub const COUNT: usize = [$(Self::$variant),*].len();

            /// All of them, in the order in which tables hold them.
            pub const ALL: [Self; Self::COUNT] = [$(Self::$variant),*];
        }
    };
}

numbers! {
    /// Rounds.
    Rounds = "rounds",
    /// Rounds that his army won.
    RoundsWon = "rounds_won",
    /// Kills with any weapon.
    Kills = "kills",
    /// Deaths by an enemy's weapon.
    Deaths = "deaths",
    /// Hits with weapons whose bullets can hit a head.
    BulletHits = "bullet_hits",
    /// Shots with weapons whose bullets can hit a head.
    BulletShots = "bullet_shots",
    /// Hits to the head.
    Headshots = "headshots",
    /// Rounds whose line tells what stands behind the weapons, of which the numbers down to `useful_kills` are sums.
    KnownRounds = "known_rounds",
    /// Kills in those rounds.
    KnownKills = "known_kills",
    /// Seconds in a team.
    Seconds = "seconds",
    /// Seconds spent waiting dead, in each round at most the seconds in a team.
    DeadSeconds = "dead_seconds",
    /// Damage to enemies.
    DamageGiven = "damage_given",
    /// Damage from enemies.
    DamageReceived = "damage_received",
    /// Each round's damage squared over its seconds, rounded: tells how much damage per minute differs from round to
    /// round.
    DamageSpread = "damage_spread",
    /// Damage to team mates.
    TeamDamageGiven = "team_damage_given",
    /// Damage from team mates.
    TeamDamageReceived = "team_damage_received",
    /// Enemies gibbed.
    Gibs = "gibs",
    /// Deaths without an enemy.
    SelfKills = "self_kills",
    /// Team mates killed; no part of the kills.
    TeamKills = "team_kills",
    /// Team mates gibbed.
    TeamGibs = "team_gibs",
    /// Experience points; may be negative.
    Xp = "xp",
    /// Kills that somebody else finished.
    KillAssists = "kill_assists",
    /// Kills by a hit to the head.
    HeadshotKills = "headshot_kills",
    /// Objectives stolen or returned; old writers never count them.
    Objectives = "objectives",
    /// Dynamites planted.
    DynamitesPlanted = "dynamites_planted",
    /// Dynamites defused.
    DynamitesDefused = "dynamites_defused",
    /// How often a medic revived him.
    TimesRevived = "times_revived",
    /// Kills whose victim had at least half of his side's wait before him.
    UsefulKills = "useful_kills",
    /// Runs of two or more kills within three seconds each.
    Multikills = "multikills",
    /// Seconds in a team in rounds that tell of multikills.
    MultikillsKnownSeconds = "multikills_known_seconds",
    /// Seconds that enemies were dead because of him.
    DeniedSeconds = "denied_seconds",
    /// Seconds in a team in rounds that tell of denied play.
    DeniedKnownSeconds = "denied_known_seconds",
    /// Kills whose victim had less than five seconds of wait before him.
    UselessKills = "useless_kills",
    /// Kills in rounds that tell of useless ones.
    UselessKnownKills = "useless_known_kills",
    /// Team mates revived.
    RevivesGiven = "revives_given",
    /// Seconds in a team in rounds that tell of revives.
    RevivesKnownSeconds = "revives_known_seconds",
}

impl Number {
    /// Its name.
    pub fn name(self) -> &'static str {
        NUMBERS[self as usize]
    }

    /// Its value among `sums`.
    pub fn of(self, sums: &Sums) -> i64 {
        sums[self as usize]
    }
}
