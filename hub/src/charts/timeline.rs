//! The maps of a session in order, one row a map: both halves against the clock, and the score after it.

use crate::reports::plot::{Half, Outcome, Team, Timeline};

use super::fonts::Weight;
use super::frame::TEXT;
use super::rows::{self, Rows};
use super::writer::{Label, Rect, Svg};
use super::{frame, palette, strip, text};

const SCORE: f64 = 96.0;
const HEAD: f64 = 34.0;
const GAP: f64 = 16.0;

pub(super) fn draw(svg: &mut Svg, plot: &Timeline) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    if plot.maps.is_empty() {
        return frame::empty(svg, place);
    }
    let inner = Rect { y: place.y + HEAD, h: place.h - HEAD, ..place };
    let layout = Rows::new(inner, plot.maps.len());
    // Of a very long evening the end is shown: that is where it was decided.
    let maps = &plot.maps[layout.hidden..];
    let size = layout.text.min(26.0);
    let names: Vec<String> = maps.iter().map(|map| text::name(&map.map)).collect();
    let name_room = rows::widest(names.iter().map(String::as_str), size, Weight::Regular).clamp(80.0, place.w * 0.22);
    let score = place.right() - SCORE;
    let track = (score - place.x - name_room - 3.0 * GAP) / 2.0;
    let starts = [place.x + name_room + GAP, place.x + name_room + 2.0 * GAP + track];
    let limit = maps.iter().flat_map(|map| map.halves.iter().flatten()).map(longest).max().unwrap_or(0);

    let head = layout.ends().0 - 10.0;
    for (x, label) in starts.into_iter().zip(["R1", "R2"]) {
        svg.text((x, head), &Label::new(label, TEXT).colour(palette::QUIET));
    }
    rows::named_teams(svg, (score - GAP, head), track - 50.0, &plot.teams);
    svg.text((score + SCORE / 2.0, head), &Label::new("score", TEXT).colour(palette::QUIET).middle());
    for (row, (map, name)) in maps.iter().zip(&names).enumerate() {
        let (middle, baseline) = (layout.middle(row), layout.middle(row) + size * 0.36);
        svg.text((place.x, baseline), &Label::new(name, size).within(name_room));
        let high = layout.height - 6.0;
        for (half, x) in map.halves.iter().zip(starts) {
            let whole = Rect { x, y: middle - high / 2.0, w: track, h: high };
            attack(svg, whole, half.as_ref(), limit, size);
        }
        let cell = Rect { x: score, y: middle - layout.height / 2.0 + 1.0, w: SCORE, h: layout.height - 2.0 };
        strip::cell(svg, cell, map.gained, map.score);
    }
    if layout.hidden > 0 {
        let text = format!("the first {} maps are not shown", layout.hidden);
        let y = layout.baseline(layout.shown);
        svg.text((starts[0], y), &Label::new(&text, TEXT).colour(palette::QUIET));
    }
}

/// One half: how much of the clock the attack took. A set time has the attackers' colour and its length; a hold has
/// the defenders' colour, over all of the clock, and is paler.
fn attack(svg: &mut Svg, whole: Rect, half: Option<&Half>, limit: u32, size: f64) {
    svg.rect(whole, 6.0, palette::BACKGROUND, 1.0);
    let baseline = whole.y + whole.h / 2.0 + size * 0.36;
    let Some(half) = half else {
        svg.text((whole.x + 12.0, baseline), &Label::new("not played", size).colour(palette::QUIET));
        return;
    };
    let share = |seconds: u32| if limit == 0 { 1.0 } else { f64::from(seconds) / f64::from(limit) };
    let clock = half.seconds.map(|seconds| format!("{}:{:02}", seconds / 60, seconds % 60));
    let (team, opacity, said) = match half.outcome {
        Outcome::Set => (half.attacker, 0.55, format!("set {}", clock.as_deref().unwrap_or("–"))),
        Outcome::Held => (
            half.attacker.map(other),
            0.22,
            match &clock {
                Some(clock) => format!("held {clock}"),
                None => "held".to_owned(),
            },
        ),
        Outcome::Unknown => (
            None,
            0.3,
            match &clock {
                Some(clock) => format!("unknown, {clock}"),
                None => "unknown".to_owned(),
            },
        ),
    };
    let reach = half.seconds.or(half.limit).map_or(1.0, share).clamp(0.0, 1.0);
    let colour = palette::team(team);
    let filled = Rect { w: (whole.w * reach).max(6.0), ..whole };
    svg.rect(filled, 6.0, colour, opacity);
    svg.rect(Rect { x: filled.right() - 6.0, w: 6.0, ..whole }, 3.0, colour, 1.0);
    let weight = if half.outcome == Outcome::Set { Weight::Bold } else { Weight::Regular };
    // Beside the end's mark, and not under it.
    let wide = text::width(&said, size, weight);
    let after = filled.right() + 10.0;
    let x = if 12.0 + wide + 14.0 > filled.w && after + wide <= whole.right() { after } else { whole.x + 12.0 };
    svg.text((x, baseline), &Label::new(&said, size).weight(weight).within(whole.right() - x - 6.0));
}

fn longest(half: &Half) -> u32 {
    half.seconds.unwrap_or(0).max(half.limit.unwrap_or(0))
}

fn other(team: Team) -> Team {
    match team {
        Team::A => Team::B,
        Team::B => Team::A,
    }
}
