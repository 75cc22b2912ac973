//! Seasons: the quarters of a year, each with a name.

use jiff::civil::{Date, date};

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Season {
    year: i16,
    /// From 0.
    quarter: i8,
}

impl Season {
    /// The season that a day is in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), quarter: (day.month() - 1) / 3 }
    }

    /// Its id, as in `2026-Q4`.
    pub fn id(self) -> String {
        format!("{}-Q{}", self.year, self.quarter + 1)
    }

    /// What people call it.
    pub fn name(self) -> String {
        let name = match self.quarter {
            0 => "Spring",
            1 => "Summer",
            2 => "Fall",
            _ => "Winter",
        };
        format!("{name} {}", self.year)
    }

    /// Its first day.
    pub fn start(self) -> Date {
        date(self.year, self.quarter * 3 + 1, 1)
    }

    /// Its last day.
    pub fn end(self) -> Date {
        date(self.year, self.quarter * 3 + 3, 1).last_of_month()
    }

    /// Days that come after this one until the season ends; 0 on its last day.
    pub fn days_left(self, day: Date) -> i32 {
        day.duration_until(self.end()).as_hours().div_euclid(24).try_into().unwrap_or(i32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_is_a_quarter() {
        for (day, id, name, start, end, left) in [
            (date(2026, 1, 1), "2026-Q1", "Spring 2026", date(2026, 1, 1), date(2026, 3, 31), 89),
            (date(2024, 6, 30), "2024-Q2", "Summer 2024", date(2024, 4, 1), date(2024, 6, 30), 0),
            (date(2026, 8, 15), "2026-Q3", "Fall 2026", date(2026, 7, 1), date(2026, 9, 30), 46),
            (date(2026, 12, 30), "2026-Q4", "Winter 2026", date(2026, 10, 1), date(2026, 12, 31), 1),
        ] {
            let season = Season::of(day);
            assert_eq!((season.id().as_str(), season.name().as_str()), (id, name));
            assert_eq!((season.start(), season.end(), season.days_left(day)), (start, end, left));
        }
    }
}
