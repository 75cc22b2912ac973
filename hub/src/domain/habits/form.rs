//! `form@1`: how somebody's last sessions stand to his own average of all time.
//!
//! Each session's damage per minute is a [`level`] against the average; the newest counts most, and each third one before
//! it half as much, all by their rounds. How much his rounds usually differ tells how far that may be chance.

use super::{Estimate, level};

/// Raised whenever the definition changes.
pub const VERSION: u32 = 1;
/// Sessions that are needed.
pub const LEAST_SESSIONS: usize = 6;
/// After so many sessions one counts half.
const HALF_LIFE: f64 = 3.0;
/// A 90 % interval, in standard errors.
const REACH: f64 = 1.645;

/// A session of somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Played {
    /// Rounds whose damage and time are known.
    pub rounds: f64,
    /// Damage per minute.
    pub dpm: f64,
}

/// His form from his sessions in order of play: the level of the last ones with a 90 % interval. `average` is his damage
/// per minute of all time, `spread` how much his rounds differ, squared and relative. None with too few sessions.
pub fn form(sessions: &[Played], average: f64, spread: f64) -> Option<Estimate> {
    let sessions: Vec<&Played> = sessions.iter().filter(|one| one.rounds > 0.0).collect();
    if sessions.len() < LEAST_SESSIONS {
        return None;
    }
    let (mut weights, mut levels, mut variance) = (0.0, 0.0, 0.0);
    for (age, session) in sessions.iter().rev().enumerate() {
        let weight = session.rounds * 0.5_f64.powf(age as f64 / HALF_LIFE);
        weights += weight;
        levels += weight * level(session.dpm, average);
        variance += weight * weight * spread / session.rounds;
    }
    Some(Estimate::around(levels / weights, REACH * variance.sqrt() / weights))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions(dpm: &[f64]) -> Vec<Played> {
        dpm.iter().map(|&dpm| Played { rounds: 12.0, dpm }).collect()
    }

    #[test]
    fn the_last_sessions_count_most() {
        let up = form(&sessions(&[300.0, 300.0, 300.0, 300.0, 400.0, 400.0]), 300.0, 0.09).unwrap();
        assert!(up.is_clear() && up.value > 0.0, "{up:?}");
        let long_ago = form(&sessions(&[400.0, 400.0, 300.0, 300.0, 300.0, 300.0]), 300.0, 0.09).unwrap();
        assert!(long_ago.value < up.value && long_ago.value > 0.0);
    }

    #[test]
    fn what_may_be_chance_is_open() {
        let same = form(&sessions(&[300.0, 290.0, 310.0, 300.0, 305.0, 300.0]), 300.0, 0.09).unwrap();
        assert!(!same.is_clear(), "{same:?}");
        let few_rounds: Vec<Played> = (0..6).map(|_| Played { rounds: 1.0, dpm: 330.0 }).collect();
        assert!(!form(&few_rounds, 300.0, 0.09).unwrap().is_clear());
        assert!(form(&sessions(&[330.0; 6]), 300.0, 0.09).unwrap().is_clear());
    }

    #[test]
    fn few_sessions_have_no_form() {
        assert_eq!(form(&sessions(&[400.0; 5]), 300.0, 0.09), None);
        let empty = Played { rounds: 0.0, dpm: 0.0 };
        assert_eq!(form(&[empty; 9], 300.0, 0.09), None);
    }
}
