//! Whether a player tires.

use crate::domain::habits::Half;
use crate::domain::habits::fatigue::{Fatigue, thirds};
use crate::reports::columns::{left, right};
use crate::reports::player::date;
use crate::reports::post::{Post, Table};
use crate::reports::words::plural;
use crate::store::read::NamedPlayer;

use super::{DAYS, about, signed};

/// The post about a player's evenings; `last` are the rounds of the newest, in order of play.
pub(super) fn post(player: &NamedPlayer, found: &Fatigue, last: &[Half]) -> Post {
    let likely = found.slope.in_percent();
    let title = match (found.slope.is_clear(), found.slope.value > 0.0) {
        (false, _) => format!("{}: no clear trend over an evening", player.name),
        (true, true) => format!("{} warms up ({} % an hour)", player.name, signed(likely.value)),
        (true, false) => format!("{} tires ({} % an hour)", player.name, signed(likely.value)),
    };
    let lines = vec![
        format!(
            "DPM changes by {} % an hour, likely {} to {} %.",
            signed(likely.value),
            signed(likely.low),
            signed(likely.high)
        ),
        format!(
            "{} of {}, {DAYS} days up to the last one, each against everybody on its map.",
            plural(found.rounds as i64, "round", "rounds"),
            plural(found.evenings as i64, "evening", "evenings")
        ),
    ];
    let tables = thirds(last).map(|thirds| {
        let mut rows = vec![format!("{}{}{}", left("", 10), right("DPM", 8), right("ROUNDS", 8))];
        rows.extend(["Early", "Middle", "Late"].iter().zip(thirds).map(|(name, (dpm, rounds))| {
            let dpm = (dpm.round() as i64).to_string();
            format!("{}{}{}", left(name, 10), right(&dpm, 8), right(&rounds.to_string(), 8))
        }));
        let day = last.first().map_or_else(String::new, |half| date(half.session));
        Table { heading: format!("His last evening, {day}"), rows }
    });
    about(player, title, lines, tables.into_iter().collect(), "fatigue@1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::habits::Estimate;

    #[test]
    fn the_curve_is_shown_and_no_verdict_made_of_it() {
        let half = |damage| Half {
            session: (9_440 * 86_400) << 32,
            map: "supply".to_owned(),
            attacked: None,
            hours: 0.0,
            seconds: 600,
            damage,
            level: 0.0,
        };
        let last = [4_000, 3_900, 3_000, 3_300, 2_000, 2_500, 2_100].map(half);
        let open = Fatigue { rounds: 41, evenings: 6, slope: Estimate { value: -0.03, low: -0.08, high: 0.02 } };
        insta::assert_debug_snapshot!(post(&super::super::anna(), &open, &last));
        let clear = Fatigue { slope: Estimate { high: -0.01, ..open.slope }, ..open };
        assert_eq!(post(&super::super::anna(), &clear, &last[..2]).title, "anna tires (-3 % an hour)");
    }
}
