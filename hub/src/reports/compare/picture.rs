//! The five axes as a picture.

use crate::domain::leaf::Number;
use crate::reports::plot::{Axis, Plot, Radar, Reading};
use crate::reports::words::{plural, scaled};

use super::{Comparison, RadarAxis};

/// Raised when axes or rims change.
const VERSION: u32 = 1;

/// Both players and the pool's median on five axes, under the answer that the post gives.
pub(super) fn plot(compared: &Comparison, title: &str) -> Plot {
    let rounds = compared.sums.each_ref().map(|sums| Number::Rounds.of(sums));
    let pool = plural(compared.axes.pool as i64, "player", "players");
    Plot::Radar(Radar {
        title: title.to_owned(),
        subtitle: format!(
            "Five axes from 0 to full, compare@{VERSION}. {} and {} rounds; median of {pool}",
            rounds[0], rounds[1]
        ),
        players: compared.players.iter().map(|player| player.name.clone()).collect(),
        axes: compared.axes.axes.iter().map(axis).collect(),
    })
}

fn axis(axis: &RadarAxis) -> Axis {
    let reading = |value: i64| Reading { share: axis.reach(value), text: scaled(Some(value), axis.metric.decimals) };
    let rim = axis.rim / 10_i64.pow(axis.metric.decimals);
    let unit = if axis.metric.unit == "%" { format!("%, full at {rim}") } else { format!("full at {rim}") };
    let label = match axis.metric.key {
        "kd" => "K/D",
        "dpm" => "DPM",
        "headshot_accuracy" => "Head hits",
        "games" => "Rounds",
        _ => axis.metric.label,
    };
    Axis {
        label: label.to_owned(),
        unit,
        readings: axis.players.iter().map(|value| value.map(reading)).collect(),
        median: axis.median.map(reading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics;

    #[test]
    fn an_axis_ends_at_its_rim_and_knows_what_is_unknown() {
        let of = |metric, rim, players, median| axis(&RadarAxis { metric, rim, players, median });
        let ratio = of(metrics::kd::METRIC, 500, [Some(142), Some(900)], Some(105));
        let texts: Vec<_> = ratio.readings.iter().flatten().map(|one| (one.share, one.text.as_str())).collect();
        assert_eq!((ratio.label.as_str(), ratio.unit.as_str()), ("K/D", "full at 5"));
        assert_eq!(texts, [(0.284, "1.42"), (1.0, "9.00")]);
        let aim = of(metrics::accuracy::METRIC, 500, [None, Some(310)], None);
        assert_eq!((aim.unit.as_str(), aim.readings[0].is_none(), aim.median.is_none()), ("%, full at 50", true, true));
    }
}
