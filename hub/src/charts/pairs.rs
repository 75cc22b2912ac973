//! Two values a player, as two dots on a line: the gap between them is what the eye sees.

use crate::reports::plot::{Pair, Pairs};

use super::fonts::Weight;
use super::frame::TEXT;
use super::rows::{self, Rows};
use super::scale::{Scale, drawable};
use super::writer::{Anchor, Label, Rect, Svg};
use super::{frame, palette, text};

const GAP: f64 = 14.0;
const KEYS: f64 = 34.0;

pub(super) fn draw(svg: &mut Svg, plot: &Pairs) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    draw_in(svg, place, plot);
    let labels = text::width(&plot.labels.concat(), TEXT, Weight::Bold) + 120.0;
    if plot.rows.iter().any(|row| row.team.is_some()) && labels + rows::TEAMS <= place.w {
        rows::teams(svg, place.right(), place.y + TEXT * 0.8);
    }
}

/// Draws the key and the rows into a place; as many of the first as have room.
pub(super) fn draw_in(svg: &mut Svg, place: Rect, plot: &Pairs) {
    if plot.rows.is_empty() {
        return frame::empty(svg, place);
    }
    let mut pairs: Vec<&Pair> = plot.rows.iter().collect();
    let first = |pair: &Pair| drawable(pair.values[0]).unwrap_or(f64::NEG_INFINITY);
    pairs.sort_by(|a, b| first(b).total_cmp(&first(a)));
    key(svg, place, &plot.labels);
    let inner = Rect { y: place.y + KEYS, h: (place.h - KEYS).max(0.0), ..place };
    let layout = Rows::new(inner, pairs.len());
    let pairs = &pairs[..layout.shown];

    let size = layout.text;
    let names: Vec<String> = pairs.iter().map(|pair| text::name(&pair.name)).collect();
    let name_room = rows::widest(names.iter().map(String::as_str), size, Weight::Bold).min(place.w * 0.32);
    let texts = pairs.iter().flat_map(|pair| [shown(pair, 0), shown(pair, 1)]);
    let value_room = rows::widest(texts, size, Weight::Bold).min(place.w * 0.2);
    let radius = (layout.height * 0.24).min(10.0);
    let from = place.x + name_room + value_room + 2.0 * GAP + radius;
    let to = (place.right() - value_room - GAP - radius).max(from + 10.0);
    let values = || pairs.iter().flat_map(|pair| pair.values).filter_map(drawable);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    let low = values().fold(f64::INFINITY, f64::min);
    // Places are compared here and no lengths, so zero is only shown when it is near.
    let low = if low > 0.0 && low < 0.3 * high { 0.0 } else { low };
    let scale = Scale::new(if low.is_finite() { (low, high) } else { (0.0, 1.0) }, (from, to));

    for (row, (pair, name)) in pairs.iter().zip(&names).enumerate() {
        let (middle, baseline) = (layout.middle(row), layout.baseline(row));
        svg.line((from, middle), (to, middle), palette::GRID, 2.0, false);
        let name_colour = if pair.team.is_some() { palette::team(pair.team) } else { palette::TEXT };
        let label = Label::new(name, size).colour(name_colour).end().within(name_room);
        svg.text((place.x + name_room, baseline), &label);
        let values = pair.values.map(drawable);
        let places = values.map(|value| value.map(|value| scale.at(value)));
        if let ([Some(given), Some(other)], [Some(x), Some(y)]) = (values, places) {
            let colour = if given >= other { palette::AHEAD } else { palette::FAINT };
            svg.line((x, middle), (y, middle), colour, radius * 0.8, false);
        }
        let [x, y] = places;
        if let Some(y) = y {
            svg.ring((y, middle), radius - 1.5, palette::QUIET, 3.0);
        }
        if let Some(x) = x {
            svg.dot((x, middle), radius, palette::TEXT);
        }
        // Each number stands outside of its dot, so that the two never meet.
        let first_is_right = match (x, y) {
            (Some(x), Some(y)) => x >= y,
            (None, Some(_)) => false,
            _ => true,
        };
        for at in [0, 1] {
            let right = (at == 0) == first_is_right;
            let edge = if right { to } else { from };
            let x = places[at].or(places[1 - at]).unwrap_or(edge);
            let shift = GAP * 0.6 + radius;
            let (x, anchor) = if right { (x + shift, Anchor::Start) } else { (x - shift, Anchor::End) };
            let (weight, colour) =
                if at == 0 { (Weight::Bold, palette::TEXT) } else { (Weight::Regular, palette::QUIET) };
            let label = Label::new(shown(pair, at), size).weight(weight).colour(colour).anchor(anchor).plated();
            svg.text((x, baseline), &label.within(value_room + 1.0));
        }
    }
    layout.rest(svg, place.x + name_room + GAP);
}

fn shown(pair: &Pair, at: usize) -> &str {
    if drawable(pair.values[at]).is_some() && !pair.texts[at].trim().is_empty() { &pair.texts[at] } else { "–" }
}

/// What the two dots mean, above the rows.
fn key(svg: &mut Svg, place: Rect, labels: &[String; 2]) {
    let baseline = place.y + TEXT * 0.8;
    let room = place.w / 2.0 - 40.0;
    svg.dot((place.x + 10.0, baseline - 8.0), 9.0, palette::TEXT);
    let label = Label::new(&labels[0], TEXT).bold().within(room);
    let x = place.x + 28.0 + svg.text((place.x + 28.0, baseline), &label) + 36.0;
    svg.ring((x, baseline - 8.0), 7.5, palette::QUIET, 3.0);
    svg.text((x + 18.0, baseline), &Label::new(&labels[1], TEXT).colour(palette::QUIET).within(room));
}
