//! The milestones of careers that fell in a session.

use std::cmp::Reverse;

use crate::domain::milestones::{self, Counted, Milestone};
use crate::store::{Store, StoreError};

use super::columns::cut;
use super::session_numbers::SessionNumbers;
use super::words::{hundredths, plural};

/// So many are told; the rarest come first.
const MOST: usize = 3;
/// The widest that a name is shown.
const NAME: usize = 20;

/// Somebody reached something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The name that he bore last in the session.
    pub name: String,
    /// What he reached.
    pub milestone: &'static Milestone,
}

/// What everybody of a session reached by its end and not before. It is read from the careers as they are now, so a
/// session that came late moves what others had reached.
pub async fn read(store: &Store, numbers: &SessionNumbers) -> Result<Vec<Reached>, StoreError> {
    let session = numbers.report.session.id;
    let mut all = Vec::new();
    for one in numbers.everybody() {
        let reached = milestones::reached(&store.done_by_session(one.player).await?);
        let here = milestones::ALL.iter().zip(reached).filter(|(_, at)| *at == Some(session));
        all.extend(here.map(|(milestone, _)| Reached { name: one.name.to_owned(), milestone }));
    }
    Ok(all)
}

/// A line for each of the rarest.
pub fn lines(reached: &[Reached]) -> Vec<String> {
    let mut rarest: Vec<&Reached> = reached.iter().collect();
    rarest.sort_by_key(|one| (Reverse(step(one.milestone)), one.milestone.name, &one.name));
    let line = |one: &&Reached| format!("🏁 {}: {}, {}", one.milestone.name, cut(&one.name, NAME), what(one.milestone));
    let mut lines: Vec<String> = rarest.iter().take(MOST).map(line).collect();
    if rarest.len() > MOST {
        lines.push(format!("and {}", plural((rarest.len() - MOST) as i64, "more milestone", "more milestones")));
    }
    lines
}

/// How many easier ones there are of its kind.
fn step(milestone: &Milestone) -> usize {
    milestones::ALL.iter().filter(|one| one.counted == milestone.counted && one.needed < milestone.needed).count()
}

fn what(milestone: &Milestone) -> String {
    match milestone.counted {
        Counted::Kills => plural(milestone.needed, "kill", "kills"),
        Counted::Rounds => plural(milestone.needed, "round", "rounds"),
        Counted::Ratio => format!("K/D {}", hundredths(Some(milestone.needed))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(name: &str, milestone: &str) -> Reached {
        let milestone = milestones::ALL.iter().find(|one| one.name == milestone).expect("a milestone of that name");
        Reached { name: name.to_owned(), milestone }
    }

    #[test]
    fn the_rarest_are_told_and_the_rest_counted() {
        assert!(lines(&[]).is_empty());
        let all = [
            reached("ann", "Getting Started"),
            reached("bob", "Legendary Slayer"),
            reached("cat", "First Blood Century"),
            reached("dan", "Above Average"),
            reached("ann", "First Blood Century"),
        ];
        assert_eq!(
            lines(&all),
            [
                "🏁 Legendary Slayer: bob, 10000 kills",
                "🏁 Above Average: dan, K/D 1.50",
                "🏁 First Blood Century: ann, 100 kills",
                "and 2 more milestones",
            ]
        );
        assert_eq!(lines(&all[..1]), ["🏁 Getting Started: ann, 10 rounds"]);
    }
}
