//! What two halves of a map come to, in stopwatch: the second half had to beat the first one's clock to complete
//! at all, so the outcomes alone decide and no times are compared.
//!
//! A surrender concedes the half and nothing more, as in the engine. A stats file cannot name one (a round held long
//! before its clock ran out is flagged `held_early`); where the round event does, a league may have it that the map is
//! conceded ([`by_concession`]).

use super::outcome::Outcome;

/// The result of one map play, told by halves: whoever attacked first, or whoever attacked second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MapResult {
    /// The team that attacked in the first half won.
    FirstAttackers,
    /// The team that attacked in the second half won.
    SecondAttackers,
    /// Double fullhold.
    Tie,
    /// A half is missing and the other one does not tell.
    Incomplete,
    /// Both halves are there, but an outcome is not known.
    Unknown,
}

impl MapResult {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstAttackers => "first",
            Self::SecondAttackers => "second",
            Self::Tie => "tie",
            Self::Incomplete => "incomplete",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the map has a result that can count.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::FirstAttackers | Self::SecondAttackers | Self::Tie)
    }
}

/// The result of two halves.
pub fn of_pair(first: Outcome, second: Outcome) -> MapResult {
    match (first, second) {
        (_, Outcome::Completed) => MapResult::SecondAttackers,
        (Outcome::Completed, Outcome::Held) => MapResult::FirstAttackers,
        (Outcome::Held, Outcome::Held) => MapResult::Tie,
        _ => MapResult::Unknown,
    }
}

/// The result that a second half tells without its first half.
///
/// It was played under the first half's time: a clock below the map's default means that the first half set one.
/// `default_clock` is the largest first-half clock seen for this map, server and config in the block.
pub fn of_second_alone(second: Outcome, clock: Option<u32>, default_clock: Option<u32>) -> MapResult {
    match (second, clock, default_clock) {
        (Outcome::Completed, ..) => MapResult::SecondAttackers,
        (Outcome::Held, Some(clock), Some(default)) if clock < default => MapResult::FirstAttackers,
        (Outcome::Held, Some(clock), Some(default)) if clock == default => MapResult::Tie,
        _ => MapResult::Incomplete,
    }
}

/// Who gave up a half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concession {
    /// Those who attacked in it.
    Attackers,
    /// Those who defended in it.
    Defenders,
}

/// The result of a map that is lost by who gives up a half, whatever the halves came to. None if nobody did, or both
/// teams: then the halves decide.
pub fn by_concession(first: Option<Concession>, second: Option<Concession>) -> Option<MapResult> {
    // Who attacked first defends in the second half.
    let of_first = first.map(|one| one == Concession::Attackers);
    let of_second = second.map(|one| one == Concession::Defenders);
    let lost_by_first_attackers = match (of_first, of_second) {
        (Some(one), Some(other)) if one != other => return None,
        (one, other) => one.or(other)?,
    };
    Some(if lost_by_first_attackers { MapResult::SecondAttackers } else { MapResult::FirstAttackers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Completed, Held, Unknown};

    #[test]
    fn outcomes_alone_decide() {
        for (first, second, result) in [
            (Completed, Completed, MapResult::SecondAttackers),
            (Completed, Held, MapResult::FirstAttackers),
            (Held, Completed, MapResult::SecondAttackers),
            (Held, Held, MapResult::Tie),
            (Unknown, Completed, MapResult::SecondAttackers),
            (Unknown, Held, MapResult::Unknown),
            (Completed, Unknown, MapResult::Unknown),
        ] {
            assert_eq!(of_pair(first, second), result, "{first:?} {second:?}");
        }
    }

    #[test]
    fn who_gives_up_a_half_loses_the_map_if_only_he_does() {
        use Concession::{Attackers, Defenders};
        for (first, second, result) in [
            (None, None, None),
            (Some(Attackers), None, Some(MapResult::SecondAttackers)),
            (Some(Defenders), None, Some(MapResult::FirstAttackers)),
            (None, Some(Attackers), Some(MapResult::FirstAttackers)),
            (None, Some(Defenders), Some(MapResult::SecondAttackers)),
            (Some(Attackers), Some(Defenders), Some(MapResult::SecondAttackers)),
            (Some(Attackers), Some(Attackers), None),
        ] {
            assert_eq!(by_concession(first, second), result, "{first:?} {second:?}");
        }
    }

    #[test]
    fn rows_24_to_26_second_half_alone() {
        assert_eq!(of_second_alone(Completed, None, None), MapResult::SecondAttackers);
        assert_eq!(of_second_alone(Held, Some(360), Some(720)), MapResult::FirstAttackers);
        assert_eq!(of_second_alone(Held, Some(720), Some(720)), MapResult::Tie);
        assert_eq!(of_second_alone(Held, Some(720), None), MapResult::Incomplete);
    }
}
