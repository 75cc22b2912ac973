//! `course@1`: how an evening's rounds went for somebody, in a word. It describes these rounds and is no verdict on him.

use super::{mean, variance};

/// Rounds that are needed.
pub const LEAST_ROUNDS: usize = 4;
/// Rounds that differ by more than this share of their mean go up and down.
const VOLATILE: f64 = 0.4;
/// The second half is more, or less, than the first by this factor.
const CHANGE: f64 = 1.15;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Up and down.
    Volatile,
    /// More and more.
    Rising,
    /// Less and less.
    Fading,
    /// About the same.
    Steady,
}

impl Course {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Volatile => "volatile",
            Self::Rising => "rising",
            Self::Fading => "fading",
            Self::Steady => "steady",
        }
    }
}

/// The course of a value over somebody's rounds in order of play; none with too few of them.
pub fn course(rounds: &[f64]) -> Option<Course> {
    if rounds.len() < LEAST_ROUNDS {
        return None;
    }
    let (before, after) = rounds.split_at(rounds.len() / 2);
    let (before, after) = (mean(before), mean(after));
    Some(if variance(rounds).sqrt() > VOLATILE * mean(rounds) {
        Course::Volatile
    } else if after > before * CHANGE {
        Course::Rising
    } else if before > after * CHANGE {
        Course::Fading
    } else {
        Course::Steady
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_rounds_have_a_course() {
        assert_eq!(course(&[300.0, 300.0, 300.0]), None);
        assert_eq!(course(&[300.0, 310.0, 300.0, 305.0]), Some(Course::Steady));
        assert_eq!(course(&[300.0, 310.0, 380.0, 400.0]), Some(Course::Rising));
        assert_eq!(course(&[400.0, 380.0, 310.0, 300.0, 290.0]), Some(Course::Fading));
        assert_eq!(course(&[100.0, 400.0, 120.0, 500.0]), Some(Course::Volatile));
        assert_eq!(course(&[0.0; 4]), Some(Course::Steady));
    }
}
