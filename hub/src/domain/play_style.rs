//! `play_style@1`: what a player's numbers of an evening are most like, next to the others who played it.
//!
//! Each number is taken per time and seen against everybody's in the same rounds, in standard deviations, so that a style
//! does not come with a long night and means the same in 3v3 and in 6v6. A style's score is the mean of what it is about:
//!
//! | style | about |
//! |---|---|
//! | fragger | much damage per minute alive, many kills per death |
//! | medic | many revives |
//! | sniper | many hits to the head, few deaths |
//! | objective | many objectives and dynamites |
//! | tank | takes more than he gives, and stays alive |
//! | rusher | many deaths, much damage per minute alive |
//!
//! The highest score is the style where it is at least 0.75 and a quarter ahead of the next; else he is balanced.

use super::leaf::{Number, Sums};

/// Seconds in a team that are needed, of him and of whom he is seen against.
pub const LEAST_SECONDS: i64 = 600;
/// Players that are needed to say what is usual.
pub const LEAST_PLAYERS: usize = 4;
/// The score that a style takes.
const LEAST_SCORE: f64 = 0.75;
/// How far it must be ahead of the next.
const AHEAD: f64 = 0.25;

/// What a player is most like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Kills and damage.
    Fragger,
    /// Revives.
    Medic,
    /// Heads from where nobody gets him.
    Sniper,
    /// Objectives and dynamites.
    Objective,
    /// Takes damage and lives.
    Tank,
    /// Into the middle of it, again and again.
    Rusher,
    /// Nothing stands out.
    Balanced,
}

impl Style {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fragger => "fragger",
            Self::Medic => "medic",
            Self::Sniper => "sniper",
            Self::Objective => "objective",
            Self::Tank => "tank",
            Self::Rusher => "rusher",
            Self::Balanced => "balanced",
        }
    }
}

/// A number per time or per another one; none where it is not known.
type Feature = fn(&Sums) -> Option<f64>;

/// What each style is about, and whether much of it or little.
const STYLES: [(Style, &[(Feature, f64)]); 6] = [
    (Style::Fragger, &[(pace, 1.0), (duels, 1.0)]),
    (Style::Medic, &[(revives, 1.0)]),
    (Style::Sniper, &[(heads, 1.0), (deaths, -1.0)]),
    (Style::Objective, &[(acts, 1.0)]),
    (Style::Tank, &[(exchange, -1.0), (dead, -1.0)]),
    (Style::Rusher, &[(deaths, 1.0), (pace, 1.0)]),
];

fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn pace(sums: &Sums) -> Option<f64> {
    share(Number::DamageGiven.of(sums), Number::Seconds.of(sums) - Number::DeadSeconds.of(sums))
}

fn duels(sums: &Sums) -> Option<f64> {
    share(Number::Kills.of(sums), Number::Deaths.of(sums).max(1))
}

fn revives(sums: &Sums) -> Option<f64> {
    share(Number::RevivesGiven.of(sums), Number::RevivesKnownSeconds.of(sums))
}

fn heads(sums: &Sums) -> Option<f64> {
    share(Number::Headshots.of(sums), Number::BulletHits.of(sums))
}

fn deaths(sums: &Sums) -> Option<f64> {
    share(Number::Deaths.of(sums), Number::Seconds.of(sums))
}

fn acts(sums: &Sums) -> Option<f64> {
    let acts = [Number::Objectives, Number::DynamitesPlanted, Number::DynamitesDefused];
    share(acts.iter().map(|number| number.of(sums)).sum(), Number::Seconds.of(sums))
}

fn exchange(sums: &Sums) -> Option<f64> {
    share(Number::DamageGiven.of(sums), Number::DamageReceived.of(sums).max(1))
}

fn dead(sums: &Sums) -> Option<f64> {
    share(Number::DeadSeconds.of(sums), Number::Seconds.of(sums))
}

/// Everybody's style in their order; none of whom played too little, and of nobody where too few played enough.
pub fn styles(everybody: &[Sums]) -> Vec<Option<Style>> {
    let enough = |sums: &&Sums| Number::Seconds.of(sums) >= LEAST_SECONDS;
    let sampled: Vec<&Sums> = everybody.iter().filter(enough).collect();
    let of = |sums: &Sums| {
        if sampled.len() < LEAST_PLAYERS || !enough(&sums) {
            return None;
        }
        let score = |about: &[(Feature, f64)]| -> Option<f64> {
            let parts: Option<Vec<f64>> =
                about.iter().map(|(feature, sign)| Some(sign * standing(&sampled, *feature, sums)?)).collect();
            parts.map(|parts| parts.iter().sum::<f64>() / parts.len() as f64)
        };
        let mut scores: Vec<(Style, f64)> =
            STYLES.iter().filter_map(|(style, about)| Some((*style, score(about)?))).collect();
        scores.sort_by(|one, other| other.1.total_cmp(&one.1));
        let next = scores.get(1).map_or(0.0, |next| next.1);
        let first = scores.first().filter(|first| first.1 >= LEAST_SCORE && first.1 - next >= AHEAD);
        Some(first.map_or(Style::Balanced, |first| first.0))
    };
    everybody.iter().map(of).collect()
}

/// How many standard deviations above the mean somebody is; 0 where nobody differs.
fn standing(everybody: &[&Sums], feature: Feature, of: &Sums) -> Option<f64> {
    let values: Vec<f64> = everybody.iter().filter_map(|sums| feature(sums)).collect();
    let own = feature(of)?;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let spread = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
    Some(if spread > 1e-9 { (own - mean) / spread } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(of: &[(Number, i64)]) -> Sums {
        let mut sums = [0; Number::COUNT];
        for (number, value) in [
            (Number::Rounds, 10),
            (Number::Kills, 100),
            (Number::Deaths, 100),
            (Number::BulletHits, 1_000),
            (Number::Headshots, 100),
            (Number::Seconds, 6_000),
            (Number::DeadSeconds, 1_500),
            (Number::DamageGiven, 30_000),
            (Number::DamageReceived, 30_000),
            (Number::RevivesGiven, 10),
            (Number::RevivesKnownSeconds, 6_000),
        ]
        .iter()
        .chain(of)
        {
            sums[*number as usize] = *value;
        }
        sums
    }

    fn of_first(first: &[(Number, i64)]) -> Option<Style> {
        styles(&[sums(first), sums(&[]), sums(&[]), sums(&[]), sums(&[]), sums(&[])])[0]
    }

    #[test]
    fn what_stands_out_is_the_style() {
        let cases: [(&[(Number, i64)], Style); 7] = [
            (&[(Number::RevivesGiven, 40)], Style::Medic),
            (&[(Number::DamageGiven, 45_000), (Number::Kills, 180)], Style::Fragger),
            (&[(Number::Headshots, 250), (Number::Deaths, 60)], Style::Sniper),
            (&[(Number::DynamitesPlanted, 7)], Style::Objective),
            (&[(Number::DamageReceived, 50_000), (Number::DeadSeconds, 700)], Style::Tank),
            (&[(Number::Deaths, 170), (Number::DamageGiven, 40_000), (Number::Kills, 150)], Style::Rusher),
            (&[], Style::Balanced),
        ];
        for (numbers, style) in cases {
            assert_eq!(of_first(numbers), Some(style), "{numbers:?}");
        }
    }

    #[test]
    fn a_long_night_is_no_style() {
        let twice = sums(&[]).map(|value| value * 2);
        assert_eq!(styles(&[twice, sums(&[]), sums(&[]), sums(&[])])[0], Some(Style::Balanced));
    }

    #[test]
    fn little_play_and_little_company_tell_nothing() {
        let short = sums(&[(Number::Seconds, LEAST_SECONDS - 1)]);
        assert_eq!(styles(&[short, sums(&[]), sums(&[]), sums(&[]), sums(&[])])[0], None);
        assert_eq!(styles(&[sums(&[]), sums(&[]), sums(&[])]), [None; 3]);
    }

    #[test]
    fn what_no_file_tells_is_no_style() {
        let untold = |revives| sums(&[(Number::RevivesGiven, revives), (Number::RevivesKnownSeconds, 0)]);
        assert_eq!(styles(&[untold(90), untold(0), untold(0), untold(0)])[0], Some(Style::Balanced));
    }
}
