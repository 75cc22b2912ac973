//! The five axes as a picture.

use crate::domain::leaf::Number;
use crate::domain::metrics;
use crate::reports::columns::cut;
use crate::reports::plot::{Axis, Plot, Radar, Reading};
use crate::reports::words::{plural, scaled};

use super::{Comparison, RadarAxis};

/// Raised when axes or rims change.
const VERSION: u32 = 2;

/// Both players and the pool's median on five axes, under what each leads in.
pub(super) fn plot(compared: &Comparison) -> Plot {
    let rounds = compared.sums.each_ref().map(|sums| Number::Rounds.of(sums));
    let pool = plural(compared.axes.pool as i64, "player", "players");
    Plot::Radar(Radar {
        title: title(compared),
        subtitle: format!(
            "Full is just above the best of {pool}, compare@{VERSION}. {} and {} rounds; the median is theirs",
            rounds[0], rounds[1]
        ),
        players: compared.players.iter().map(|player| player.name.clone()).collect(),
        axes: compared.axes.axes.iter().map(axis).collect(),
    })
}

fn axis(axis: &RadarAxis) -> Axis {
    let reading = |value: i64| Reading { share: axis.reach(value), text: scaled(Some(value), axis.metric.decimals) };
    let rim = scaled(Some(axis.rim), axis.metric.decimals);
    let rim = if rim.contains('.') { rim.trim_end_matches('0').trim_end_matches('.') } else { &rim };
    let unit = if axis.metric.unit == "%" { format!("%, full at {rim}") } else { format!("full at {rim}") };
    Axis {
        label: label(axis).to_owned(),
        unit,
        readings: axis.players.iter().map(|value| value.map(reading)).collect(),
        median: axis.median.map(reading),
    }
}

/// Who leads in which of the axes; rounds are none that anybody leads in.
fn title(compared: &Comparison) -> String {
    let led = |who: usize| -> Vec<&str> {
        let leads = |axis: &&RadarAxis| match axis.players {
            [Some(one), Some(other)] if axis.metric.key != metrics::GAMES.key => {
                one != other && usize::from(other > one) == who
            }
            _ => false,
        };
        compared.axes.axes.iter().filter(leads).map(label).collect()
    };
    let said = |who: usize| {
        let led = led(who);
        (!led.is_empty()).then(|| format!("{}: {}", cut(&compared.players[who].name, 12), led.join(", ")))
    };
    let said: Vec<String> = [said(0), said(1)].into_iter().flatten().collect();
    if said.is_empty() { "Nobody leads in anything".to_owned() } else { said.join(" · ") }
}

fn label(axis: &RadarAxis) -> &'static str {
    match axis.metric.key {
        "kd" => "K/D",
        "dpm" => "DPM",
        "headshot_accuracy" => "Head hits",
        "games" => "Rounds",
        _ => axis.metric.label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
