//! Attack against defence.

use crate::domain::habits::sides::Sides;
use crate::domain::metrics::{dpm, kd};
use crate::reports::columns::{left, right};
use crate::reports::post::{Post, Table};
use crate::reports::words::{hundredths, whole};
use crate::store::read::{NamedPlayer, PlayedRound};

use super::{DAYS, about, signed};

pub(super) fn post(player: &NamedPlayer, rounds: &[PlayedRound], found: &Sides) -> Post {
    let likely = found.difference.in_percent();
    let title = match (found.difference.is_clear(), found.difference.value > 0.0) {
        (false, _) => format!("{}: as much in attack as in defence", player.name),
        (true, true) => format!("{} does more in attack ({} %)", player.name, signed(likely.value)),
        (true, false) => format!("{} does more in defence ({} % in attack)", player.name, signed(likely.value)),
    };
    let mut rows = vec![format!("{}{}{}{}", left("", 10), right("DPM", 8), right("K/D", 8), right("ROUNDS", 8))];
    for (name, attacked) in [("Attack", true), ("Defence", false)] {
        let own = || rounds.iter().filter(|round| round.attacked == Some(attacked));
        let sum = |of: fn(&PlayedRound) -> i64| own().map(of).sum::<i64>();
        let damage = dpm::dpm(sum(|round| round.damage), sum(|round| round.seconds));
        let ratio = kd::kd(sum(|round| round.kills), sum(|round| round.deaths));
        rows.push(format!(
            "{}{}{}{}",
            left(name, 10),
            right(&whole(damage), 8),
            right(&hundredths(ratio), 8),
            right(&own().count().to_string(), 8)
        ));
    }
    let lines = vec![
        format!(
            "Attack against defence: {} %, likely {} to {} %.",
            signed(likely.value),
            signed(likely.low),
            signed(likely.high)
        ),
        if found.difference.is_clear() {
            "The difference is more than chance (90 % range).".to_owned()
        } else {
            "That may be chance (90 % range), so he is called balanced.".to_owned()
        },
        format!("Seen against everybody on each map, {DAYS} days up to his last round."),
    ];
    about(player, title, lines, vec![Table { heading: String::new(), rows }], "sides@1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::habits::Estimate;

    #[test]
    fn a_label_needs_a_difference() {
        let round = |attacked, damage| PlayedRound {
            round: 1,
            session: 1,
            map: "supply".to_owned(),
            attacked,
            seconds: 600,
            damage,
            kills: 12,
            deaths: 8,
        };
        let rounds = [round(Some(true), 3_600), round(Some(true), 3_000), round(Some(false), 2_500), round(None, 9)];
        let clear = Sides { rounds: [2, 1], difference: Estimate { value: 0.27, low: 0.1, high: 0.44 } };
        insta::assert_debug_snapshot!(post(&super::super::anna(), &rounds, &clear));
        let open = Sides { difference: Estimate { low: -0.1, ..clear.difference }, ..clear };
        assert_eq!(post(&super::super::anna(), &rounds, &open).title, "anna: as much in attack as in defence");
    }
}
