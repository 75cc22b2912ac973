//! Blocks: the unit of reconciling.
//!
//! A block is a run of one server's stats files whose stamps are at most three hours apart, cut before each local
//! day's first R1 stamped at or after 06:00:00 if the run began before that hour. So a server that never pauses
//! still has evenings, and the cost of a new file never grows with what came before.
//!
//! Blocks go by names alone, so that they can be told without reading a content: a file that nobody can read, or a copy
//! of another, extends a run as any file does, and one that is labelled R1 after 06:00 cuts it. Where that falls between
//! the halves of a map, the second one is an orphan.

use slomix_shared::artifact::{LocalStamp, RoundNumber};

/// The longest pause inside a block, in seconds.
pub const LONGEST_PAUSE: i64 = 3 * 3600;
/// The hour from which on a run that goes on is cut.
const CUT_HOUR: i8 = 6;

/// What the cut needs to know of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The file's stamp.
    pub stamp: LocalStamp,
    /// Its half, as labelled.
    pub number: RoundNumber,
}

/// First and last stamp of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The lowest stamp.
    pub first: LocalStamp,
    /// The highest stamp.
    pub last: LocalStamp,
    /// Whether the block was cut off a run that went on: its first session starts at the cut.
    pub cut: bool,
}

/// Cuts marks, sorted by stamp, into blocks. `marks` must begin where a run or a day's cut begins.
pub fn spans(marks: &[Mark]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        match spans.last_mut() {
            Some(span) if mark.stamp.seconds() - span.last.seconds() <= LONGEST_PAUSE => {
                if is_cut(span, &marks[index..]) {
                    spans.push(Span { first: mark.stamp, last: mark.stamp, cut: true });
                } else {
                    span.last = mark.stamp;
                }
            }
            _ => spans.push(Span { first: mark.stamp, last: mark.stamp, cut: false }),
        }
    }
    spans
}

/// Whether `span`, which goes on with `marks`, ends here: it began before the cut hour of this day, and an R1 opens
/// the day. (An evening that begins with an R2, its R1 lost, is not cut at its first R1.)
fn is_cut(span: &Span, marks: &[Mark]) -> bool {
    let stamp = marks[0].stamp;
    let hour = stamp.date().at(CUT_HOUR, 0, 0, 0);
    // Files of one second are one moment: if any of them opens the day, the cut lies before all of them.
    let mut together = marks.iter().take_while(|mark| mark.stamp == stamp);
    span.first.civil() < hour
        && stamp.civil() >= hour
        && span.last != stamp
        && together.any(|mark| mark.number == RoundNumber::One)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(list: &[(&str, i64)]) -> Vec<Mark> {
        list.iter()
            .map(|(stamp, number)| Mark {
                stamp: LocalStamp::parse(stamp).unwrap(),
                number: RoundNumber::from_number(*number).unwrap(),
            })
            .collect()
    }

    fn firsts(list: &[(&str, i64)]) -> Vec<String> {
        spans(&marks(list)).iter().map(|span| span.first.to_string()).collect()
    }

    #[test]
    fn three_hours_stay_together_a_second_more_does_not() {
        let list = [("2026-11-09-200000", 1), ("2026-11-09-230000", 1), ("2026-11-10-020001", 1)];
        assert_eq!(firsts(&list), ["2026-11-09-200000", "2026-11-10-020001"]);
    }

    #[test]
    fn a_run_is_cut_before_the_first_r1_of_the_morning() {
        let list = [
            ("2026-11-10-040000", 1),
            ("2026-11-10-060000", 2),
            ("2026-11-10-061000", 1),
            ("2026-11-10-062000", 2),
            ("2026-11-10-080000", 1),
        ];
        assert_eq!(firsts(&list), ["2026-11-10-040000", "2026-11-10-061000"]);
    }

    #[test]
    fn a_run_that_begins_in_the_morning_is_not_cut() {
        assert_eq!(firsts(&[("2026-11-10-060000", 1), ("2026-11-10-061000", 1)]), ["2026-11-10-060000"]);
    }

    #[test]
    fn an_evening_that_begins_with_a_second_half_is_whole() {
        assert_eq!(firsts(&[("2026-11-10-195614", 2), ("2026-11-10-200637", 1)]), ["2026-11-10-195614"]);
    }

    #[test]
    fn a_server_that_never_pauses_has_a_block_for_each_day() {
        let list: Vec<(String, i64)> =
            (0..60).map(|hour| (format!("2026-11-{:02}-{:02}3000", 10 + hour / 24, hour % 24), 1)).collect();
        let list: Vec<(&str, i64)> = list.iter().map(|(stamp, number)| (stamp.as_str(), *number)).collect();
        assert_eq!(firsts(&list), ["2026-11-10-003000", "2026-11-10-063000", "2026-11-11-063000", "2026-11-12-063000"]);
    }

    #[test]
    fn a_run_over_midnight_stays_whole() {
        let list = [("2026-11-09-235307", 1), ("2026-11-10-000043", 2), ("2026-11-10-003000", 1)];
        assert_eq!(firsts(&list), ["2026-11-09-235307"]);
    }
}
