//! The table of one team: name, kills, deaths, damage per minute, accuracy, revives, at most 34 columns wide.

use crate::domain::metrics::accuracy::accuracy;
use crate::domain::metrics::dpm::dpm;

use super::columns::{left, right};
use super::post::Table;
use super::words;

/// What one row of the table shows; sums over one round or many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The name.
    pub name: String,
    /// Kills.
    pub kills: i64,
    /// Deaths.
    pub deaths: i64,
    /// Damage given, where known.
    pub damage: Option<i64>,
    /// Seconds in a team, where known.
    pub seconds: Option<i64>,
    /// Hits with bullets.
    pub bullet_hits: i64,
    /// Shots with bullets.
    pub bullet_shots: i64,
    /// Revives, where the file carries them.
    pub revives: Option<i64>,
}

impl Line {
    /// Damage per minute in tenths.
    pub fn dpm(&self) -> Option<i64> {
        dpm(self.damage?, self.seconds?)
    }

    /// Accuracy in tenths of a percent.
    pub fn accuracy(&self) -> Option<i64> {
        accuracy(self.bullet_hits, self.bullet_shots)
    }

    fn add(&mut self, other: &Self) {
        let sum = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (None, None) => None,
            (a, b) => Some(a.unwrap_or(0) + b.unwrap_or(0)),
        };
        self.kills += other.kills;
        self.deaths += other.deaths;
        self.damage = sum(self.damage, other.damage);
        self.seconds = sum(self.seconds, other.seconds);
        self.bullet_hits += other.bullet_hits;
        self.bullet_shots += other.bullet_shots;
        self.revives = sum(self.revives, other.revives);
    }
}

/// The best values of a round or session, to be marked; nobody is best with nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Best {
    kills: i64,
    dpm: i64,
    accuracy: i64,
    revives: i64,
}

impl Best {
    /// The best of all lines.
    pub fn of<'a>(lines: &(impl Iterator<Item = &'a Line> + Clone)) -> Self {
        let most = |value: fn(&Line) -> Option<i64>| lines.clone().filter_map(value).max().unwrap_or(0).max(1);
        Self {
            kills: most(|line| Some(line.kills)),
            dpm: most(Line::dpm),
            // A lucky first shot is no best aim.
            accuracy: most(|line| line.accuracy().filter(|_| line.bullet_shots >= 30)),
            revives: most(|line| line.revives),
        }
    }
}

/// A team's table. `with_totals` adds a row of sums.
pub fn table(heading: String, lines: &[Line], best: Best, with_totals: bool) -> Table {
    let mut all = Line { name: "all".to_owned(), ..Line::default() };
    for line in lines {
        all.add(line);
    }
    let with_totals = with_totals && lines.len() > 1;
    let widths = Widths::of(&lines.iter().chain(with_totals.then_some(&all)));
    let mut rows = vec![widths.heading()];
    rows.extend(lines.iter().map(|line| widths.row(line, Some(best))));
    if with_totals {
        rows.push(widths.row(&all, None));
    }
    Table { heading, rows: rows.into_iter().map(|row| row.trim_end().to_owned()).collect() }
}

/// How wide each column is: as its widest number asks, the name taking what is left.
#[derive(Debug, Clone, Copy)]
struct Widths {
    name: usize,
    kills: usize,
    deaths: usize,
    dpm: usize,
    accuracy: usize,
    revives: usize,
}

impl Widths {
    fn of<'a>(lines: &(impl Iterator<Item = &'a Line> + Clone)) -> Self {
        let widest = |least: usize, text: fn(&Line) -> String| {
            lines.clone().map(|line| text(line).chars().count()).max().unwrap_or(0).max(least)
        };
        let mut widths = Self {
            name: 12,
            kills: widest(2, |line| line.kills.to_string()),
            deaths: widest(2, |line| line.deaths.to_string()),
            dpm: widest(3, |line| words::whole(line.dpm())),
            accuracy: widest(2, |line| words::whole(line.accuracy())),
            revives: widest(2, |line| words::count(line.revives)),
        };
        // Five gaps, four marks.
        let numbers = widths.kills + widths.deaths + widths.dpm + widths.accuracy + widths.revives + 9;
        widths.name = widths.name.min(super::post::TABLE_COLUMNS.saturating_sub(numbers));
        widths
    }

    fn heading(&self) -> String {
        format!(
            "{} {}  {} {}  {}  {}",
            left("", self.name),
            right("K", self.kills),
            right("D", self.deaths),
            right("DPM", self.dpm),
            right("AC", self.accuracy),
            right("RV", self.revives)
        )
    }

    fn row(&self, line: &Line, best: Option<Best>) -> String {
        let mark = |value: Option<i64>, most: fn(&Best) -> i64| {
            if best.is_some_and(|best| value == Some(most(&best))) { "*" } else { " " }
        };
        let aimed = line.accuracy().filter(|_| line.bullet_shots >= 30);
        format!(
            "{} {}{} {} {}{} {}{} {}{}",
            left(&line.name, self.name),
            right(&line.kills.to_string(), self.kills),
            mark(Some(line.kills), |best| best.kills),
            right(&line.deaths.to_string(), self.deaths),
            right(&words::whole(line.dpm()), self.dpm),
            mark(line.dpm(), |best| best.dpm),
            right(&words::whole(line.accuracy()), self.accuracy),
            mark(aimed, |best| best.accuracy),
            right(&words::count(line.revives), self.revives),
            mark(line.revives, |best| best.revives),
        )
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::reports::post::TABLE_COLUMNS;

    #[test]
    fn fits_a_phone() {
        let lines = [
            Line {
                name: "日本語の名前です長い".to_owned(),
                kills: 30,
                deaths: 12,
                damage: Some(4321),
                seconds: Some(600),
                bullet_hits: 100,
                bullet_shots: 300,
                revives: Some(12),
            },
            Line { name: "bob".to_owned(), ..Line::default() },
        ];
        let table = table("Team A".to_owned(), &lines, Best::of(&lines.iter()), true);
        for row in &table.rows {
            assert!(row.width() <= TABLE_COLUMNS, "{row}");
        }
        insta::assert_snapshot!(table.rows.join("\n"));
    }
}
