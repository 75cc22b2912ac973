//! What badges and milestones there are.

use crate::domain::{badges, milestones};

use super::answer::Answer;
use super::columns::{left, right};
use super::post::{Post, Table};
use super::question::Legend;
use super::words::hundredths;

/// The legend of badges or of milestones.
pub(super) fn answer(of: Legend) -> Answer {
    Answer::from(match of {
        Legend::Badges => of_badges(),
        Legend::Milestones => of_milestones(),
    })
}

fn of_badges() -> Post {
    let lines = badges::ALL.iter().map(|row| {
        let steps = row.steps.iter().map(|(needed, badge)| {
            let needed = if row.is_ratio() { hundredths(Some(*needed)) } else { needed.to_string() };
            format!("{badge} {needed}")
        });
        format!("{}: {}", row.label, steps.collect::<Vec<_>>().join("  "))
    });
    let least = milestones::LEAST_ROUNDS;
    Post {
        lines: lines.collect(),
        notes: vec![
            format!("K/D counts from {least} rounds on. A map has two rounds."),
            "Objectives are those stolen and returned.".to_owned(),
        ],
        footer: "check_achievements tells how far somebody is".to_owned(),
        ..Post::titled("Badges: the highest step of each row counts")
    }
}

fn of_milestones() -> Post {
    use milestones::Counted;
    let table = |counted: Counted, heading: String| {
        let own = milestones::ALL.iter().filter(|milestone| milestone.counted == counted);
        let needed = |needed: i64| match counted {
            Counted::Ratio => hundredths(Some(needed)),
            _ => needed.to_string(),
        };
        let row = |one: &milestones::Milestone| format!("{}{}", left(one.name, 24), right(&needed(one.needed), 8));
        Table { heading, rows: own.map(row).collect() }
    };
    let least = milestones::LEAST_ROUNDS;
    Post {
        lines: vec!["check_achievements tells how far somebody is; badges, what stands beside names.".to_owned()],
        tables: vec![
            table(Counted::Kills, "Kills".to_owned()),
            table(Counted::Rounds, "Rounds, of which a map has two".to_owned()),
            table(Counted::Ratio, format!("K/D, from {least} rounds on")),
        ],
        ..Post::titled(format!("{} milestones of a career", milestones::ALL.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legends_tell_the_tables() {
        insta::assert_debug_snapshot!([of_badges(), of_milestones()]);
    }
}
