//! The milestones of a player: when he reached which, and what is missing to the others.

use crate::domain::milestones::{self, Counted, Done, LEAST_ROUNDS, Milestone};
use crate::reports::columns::{left, right};
use crate::reports::player::date;
use crate::reports::post::{Accent, Post, Table};
use crate::reports::words::{hundredths, plural};
use crate::store::read::NamedPlayer;

/// The post of a player's milestones, from what he did in each of his sessions, in order of play.
pub(super) fn post(player: &NamedPlayer, sessions: &[(i64, Done)]) -> Post {
    let reached = milestones::reached(sessions);
    let career = sessions.iter().fold(Done::default(), |sum, (_, done)| Done {
        rounds: sum.rounds + done.rounds,
        kills: sum.kills + done.kills,
        deaths: sum.deaths + done.deaths,
    });
    let many = reached.iter().flatten().count();
    let tables = [Counted::Kills, Counted::Rounds, Counted::Ratio].map(|counted| {
        let own = milestones::ALL.iter().zip(&reached).filter(|(milestone, _)| milestone.counted == counted);
        let rows = own.map(|(milestone, at)| row(milestone, *at, &career)).collect();
        Table { heading: heading(counted, &career), rows }
    });
    let next = milestones::ALL.iter().zip(&reached).filter(|(_, at)| at.is_none()).filter_map(|(milestone, _)| {
        let done = career.of(milestone.counted)?;
        (milestone.counted != Counted::Ratio).then_some((done * 1_000 / milestone.needed, milestone, done))
    });
    let next = next.max_by_key(|(share, ..)| *share).map(|(_, milestone, done)| {
        let left = milestone.needed - done;
        let left = match milestone.counted {
            Counted::Kills => plural(left, "kill", "kills"),
            _ => plural(left, "round", "rounds"),
        };
        format!("Next: {}, {left} to go.", milestone.name)
    });
    Post {
        title: format!("{}: {many} of {} milestones", player.name, milestones::ALL.len()),
        accent: Accent::Neutral,
        lines: next.into_iter().collect(),
        tables: tables.into(),
        notes: vec!["A day is that of the evening at whose end it was reached; -12 is what is missing.".to_owned()],
        footer: player.key.clone(),
        timestamp_ms: None,
    }
}

fn heading(counted: Counted, career: &Done) -> String {
    match (counted, career.of(counted)) {
        (Counted::Kills, _) => format!("Kills: {}", career.kills),
        (Counted::Rounds, _) => format!("Rounds: {}", career.rounds),
        (Counted::Ratio, None) => {
            format!("K/D: {} to go", plural(LEAST_ROUNDS - career.rounds, "round", "rounds"))
        }
        (Counted::Ratio, ratio) => format!("K/D: {}", hundredths(ratio)),
    }
}

fn row(milestone: &Milestone, reached: Option<i64>, career: &Done) -> String {
    let needed = match milestone.counted {
        Counted::Ratio => hundredths(Some(milestone.needed)),
        _ => milestone.needed.to_string(),
    };
    let when = match (reached, milestone.counted) {
        (Some(session), _) => date(session)[2..].to_owned(),
        (None, Counted::Ratio) => "–".to_owned(),
        (None, counted) => format!("-{}", left_over(milestone.needed - career.of(counted).unwrap_or(0))),
    };
    format!("{}{}{}", left(milestone.name, 19), right(&needed, 6), right(&when, 9))
}

/// What is missing, never rounded to less.
fn left_over(missing: i64) -> String {
    if missing < 1_000 {
        return missing.to_string();
    }
    let tenths = missing.div_euclid(100) + i64::from(missing % 100 > 0);
    format!("{}.{}k", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reached_has_a_day_and_the_rest_what_is_missing() {
        let day = |days: i64| ((9_440 + days) * 86_400) << 32;
        let player =
            NamedPlayer { player: 1, key: "A1000000".to_owned(), name: "anna".to_owned(), last_round: day(30) };
        let done = |rounds, kills, deaths| Done { rounds, kills, deaths };
        insta::assert_debug_snapshot!(post(&player, &[(day(0), done(12, 240, 100)), (day(7), done(14, 200, 300))]));
        let new = post(&player, &[(day(0), done(2, 3, 4))]);
        assert_eq!(new.tables[2].heading, "K/D: 18 rounds to go");
        assert_eq!((left_over(999), left_over(9_901)), ("999".to_owned(), "10.0k".to_owned()));
    }
}
