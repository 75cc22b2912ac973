//! Blocks: the unit of reconciling.
//!
//! A block is a run of one server's stats files whose stamps are at most three hours apart, cut before each local
//! day's first R1 stamped at or after 06:00:00 if the run began earlier. So a server that never pauses still has
//! evenings, and the cost of a new file never grows with what came before.

use slomix_shared::artifact::{LocalStamp, RoundNumber};

/// The longest pause inside a block, in seconds.
pub const LONGEST_PAUSE: i64 = 3 * 3600;
/// The hour at which a run that goes on is cut.
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
        let previous = index.checked_sub(1).map(|before| marks[before]);
        match previous {
            Some(before) if mark.stamp.seconds() - before.stamp.seconds() <= LONGEST_PAUSE => {
                let same_instant = before.stamp == mark.stamp;
                if !same_instant && is_cut(marks, index) {
                    spans.push(Span { first: mark.stamp, last: mark.stamp, cut: true });
                } else if let Some(span) = spans.last_mut() {
                    span.last = mark.stamp;
                }
            }
            _ => spans.push(Span { first: mark.stamp, last: mark.stamp, cut: false }),
        }
    }
    spans
}

/// Whether the file at `index` is its local day's first R1 at or after the cut hour.
fn is_cut(marks: &[Mark], index: usize) -> bool {
    let opens = |mark: &Mark| mark.number == RoundNumber::One && mark.stamp.civil().hour() >= CUT_HOUR;
    let mark = &marks[index];
    let is_first = |index: usize| {
        marks[..index]
            .iter()
            .rev()
            .take_while(|before| before.stamp.date() == mark.stamp.date())
            .all(|before| !opens(before))
    };
    // Files of one second are one moment: if any of them opens the day, the cut lies before all of them.
    let together = marks[index..].iter().take_while(|other| other.stamp == mark.stamp);
    is_first(index) && together.clone().any(opens)
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
    fn a_run_over_midnight_stays_whole() {
        let list = [("2026-11-09-235307", 1), ("2026-11-10-000043", 2), ("2026-11-10-003000", 1)];
        assert_eq!(firsts(&list), ["2026-11-09-235307"]);
    }
}
