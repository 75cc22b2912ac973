//! How even a player's rounds are.

use crate::domain::habits::consistency::{Consistency, LEAST_FOR_TREND, Trend};
use crate::reports::post::Post;
use crate::store::read::NamedPlayer;

use super::{CONSISTENCY_DAYS, about};

pub(super) fn post(player: &NamedPlayer, found: &Consistency) -> Post {
    let whole = |value: f64| value.round() as i64;
    let share = |value: f64| whole(value * 100.0);
    let spread = &found.spread;
    let title = match found.score {
        Some(score) => format!("{}: consistency {} of 100", player.name, whole(score.value)),
        None => format!("{}: rounds differ by {} %", player.name, share(spread.value)),
    };
    let mut lines = vec![format!(
        "{} DPM ± {} % from round to round, likely {} to {} %.",
        whole(found.dpm),
        share(spread.value),
        share(spread.low),
        share(spread.high)
    )];
    if let Some(score) = found.score {
        lines.push(format!(
            "{} of 100 players differ more, likely {} to {}.",
            whole(score.value),
            whole(score.low),
            whole(score.high)
        ));
    }
    lines.push(match found.trend {
        Some(Trend::Steadier) => "The newer half of the rounds is steadier than the older one.".to_owned(),
        Some(Trend::Wilder) => "The newer half of the rounds is wilder than the older one.".to_owned(),
        None if found.rounds < LEAST_FOR_TREND => format!("A trend would take {LEAST_FOR_TREND} rounds."),
        None => "No trend: newer and older rounds differ about as much.".to_owned(),
    });
    lines.push(format!("{} rounds, {CONSISTENCY_DAYS} days up to the last one.", found.rounds));
    about(player, title, lines, Vec::new(), "consistency@1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::habits::Estimate;

    #[test]
    fn a_score_comes_with_its_range() {
        let found = Consistency {
            rounds: 24,
            dpm: 312.4,
            spread: Estimate { value: 0.31, low: 0.26, high: 0.384 },
            score: Some(Estimate { value: 71.0, low: 48.0, high: 90.0 }),
            trend: None,
        };
        insta::assert_debug_snapshot!(post(&super::super::anna(), &found));
        let few = post(&super::super::anna(), &Consistency { rounds: 12, score: None, ..found });
        assert_eq!(few.title, "anna: rounds differ by 31 %");
        assert_eq!(few.lines[1], "A trend would take 20 rounds.");
    }
}
