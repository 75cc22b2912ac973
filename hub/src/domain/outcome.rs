//! Held or completed: what one round came to.

use slomix_shared::artifact::RoundNumber;
use slomix_shared::formats::stats::{Header, SideField};
use slomix_shared::game::Side;

use super::next_clock::known_next;

/// What the attackers made of the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The attackers reached the objective (or the defenders gave up).
    Completed,
    /// The defenders held the clock out (or the attackers gave up).
    Held,
    /// The file does not tell.
    Unknown,
}

impl Outcome {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Held => "held",
            Self::Unknown => "unknown",
        }
    }
}

/// The side of a header field, where the field can be trusted.
pub fn trusted_side(field: SideField) -> Option<Side> {
    if field.fault.is_some() {
        return None;
    }
    Side::from_number(field.value)
}

/// Held or completed, by the sides; where these are missing, by the clock set for the next round against this
/// round's own clock: less means completed, equal means held.
pub fn outcome(number: RoundNumber, header: &Header) -> Outcome {
    match (trusted_side(header.defender), trusted_side(header.winner)) {
        (Some(defender), Some(winner)) if defender == winner => Outcome::Held,
        (Some(_), Some(_)) => Outcome::Completed,
        _ => match (known_next(number, header), header.limit) {
            (Some(next), Some(limit)) if next < limit => Outcome::Completed,
            (Some(next), Some(limit)) if next == limit => Outcome::Held,
            _ => Outcome::Unknown,
        },
    }
}

/// Seconds of play without pauses: measured by the writer; else, of a completed round, the clock that it set; else
/// the longest time that anybody was in a team, at most the round's clock.
///
/// That a round was held does not say that its clock ran out: after a surrender the header shows the same.
pub fn duration(number: RoundNumber, header: &Header, longest_in_team: Option<i64>) -> Option<i64> {
    let set_time = || {
        let completed = outcome(number, header) == Outcome::Completed;
        known_next(number, header).filter(|_| completed).map(i64::from)
    };
    let clock = header.limit.map_or(i64::MAX, i64::from);
    let in_team = || longest_in_team.filter(|&seconds| seconds > 0).map(|seconds| seconds.min(clock));
    header.playtime.seconds().or_else(set_time).or_else(in_team)
}

#[cfg(test)]
mod tests {
    use RoundNumber::{One, Two};
    use slomix_shared::formats::stats::{self, SideConfidence};

    use super::*;

    fn header(text: &str) -> Header {
        let line = "AAAA0001\\a\\0\\2\\16 10 30 3 2 1 \t1\n";
        stats::parse(format!("{text}\n{line}").as_bytes()).unwrap().header
    }

    /// Outcome of a half with this header.
    fn of(number: RoundNumber, line: &str) -> Outcome {
        outcome(number, &header(line))
    }

    #[test]
    fn case_15_completed_three_seconds_before_the_end() {
        let line = r"s\m\c\1\1\2\12:00\11:57";
        assert_eq!(of(One, line), Outcome::Completed);
        // That is the time to beat; the server's next limit, in whole minutes, is the full clock again.
        let to_beat = known_next(One, &header(line));
        assert_eq!((to_beat, to_beat.map(|seconds| seconds.div_ceil(60))), (Some(717), Some(12)));
    }

    #[test]
    fn case_16_a_fullhold() {
        let line = r"s\m\c\1\1\1\12:00\12:00";
        assert_eq!(of(One, line), Outcome::Held);
        assert_eq!(header(line).side_confidence(), SideConfidence::Verified);
        assert_eq!(known_next(One, &header(line)).map(|seconds| seconds.div_ceil(60)), Some(12));
    }

    #[test]
    fn case_17_sides_win_over_times() {
        assert_eq!(of(Two, r"s\m\c\2\1\1\12:00\10:43"), Outcome::Held);
        assert_eq!(of(One, r"s\m\c\1\2\1\12:00\12:00"), Outcome::Completed);
    }

    /// Without sides the clock set for the next round tells: less than this round's own means completed. That it is
    /// half a minute less means nothing else, since the sides cannot be had to say so.
    #[test]
    fn case_18_sides_that_cannot_be_trusted() {
        for (number, line, expected) in [
            (Two, r"s\m\c\2\1\0\10:00\10:00", Outcome::Held),
            (Two, r"s\m\c\2\1\0\10:00\9:30", Outcome::Completed),
            (Two, r"s\m\c\2\1\0\10:00\9:29", Outcome::Completed),
            (Two, r"s\m\c\2\1\axis\10:00\9:29", Outcome::Completed),
            (Two, r"s\m\c\2\5\1\10:00\10:00", Outcome::Held),
            (Two, r"s\m\c\2\1\0\6:00\0:00", Outcome::Unknown),
            (Two, r"s\m\c\2\1\0\12:00\71:05", Outcome::Unknown),
            (One, r"s\m\c\1\1\0\12:00\0:00", Outcome::Unknown),
            (One, r"s\m\c\1\1\0\12:00\soon", Outcome::Unknown),
            (One, r"s\m\c\1\1\0\long\7:36", Outcome::Unknown),
        ] {
            assert_eq!(of(number, line), expected, "{line}");
        }
    }

    #[test]
    fn case_19_a_next_clock_beyond_the_limit_is_garbage() {
        let of = |line: &str, longest| {
            let header = header(line);
            assert_eq!(known_next(Two, &header), None);
            duration(Two, &header, longest)
        };
        assert_eq!(of(r"s\m\c\2\1\2\12:00\71:05\241533", Some(300)), Some(241), "as measured");
        assert_eq!(of(r"s\m\c\2\1\2\12:00\71:05", Some(300)), Some(300), "as long as somebody played");
        assert_eq!(of(r"s\m\c\2\1\2\12:00\71:05", None), None, "neither 4,265 s nor the clock's 720");
    }

    #[test]
    fn case_20_early_writers_show_no_next_clock_after_a_hold() {
        let line = r"s\m\c\2\1\1\12:00\0:00";
        assert_eq!(of(Two, line), Outcome::Held);
        assert_eq!(duration(Two, &header(line), None), None);
    }

    #[test]
    fn case_22_a_second_half_that_beat_its_clock() {
        let line = r"s\m\c\2\1\2\5:12\4:55";
        assert_eq!((of(Two, line), known_next(Two, &header(line))), (Outcome::Completed, Some(295)));
    }

    #[test]
    fn duration_prefers_what_was_measured() {
        let of = |line: &str, longest| duration(Two, &header(line), longest);
        assert_eq!(of(r"s\m\c\2\1\1\12:00\71:05\241533", Some(72)), Some(241));
        assert_eq!(of(r"s\m\c\2\1\1\12:00\71:05", Some(72)), Some(72));
        assert_eq!(of(r"s\m\c\2\1\1\12:00\71:05", None), None);
        assert_eq!(of(r"s\m\c\2\1\1\12:00\12:00", Some(300)), Some(300), "held after a surrender");
        assert_eq!(of(r"s\m\c\2\1\1\12:00\12:00", Some(900)), Some(720), "somebody carries first-half time");
        assert_eq!(of(r"s\m\c\2\1\1\12:00\12:00", None), None);
        assert_eq!(of(r"s\m\c\2\1\2\5:12\4:55", Some(294)), Some(295));
    }
}
