//! Players against each other and against the pool's median: the shapes at the left, the numbers at the right.

use std::f64::consts::TAU;

use crate::reports::plot::{Axis, Radar, Reading};

use super::fonts::Weight;
use super::frame::TEXT;
use super::scale::drawable;
use super::writer::{Anchor, Label, Rect, Svg};
use super::{frame, palette, text};

const PLAYERS: usize = 2;
const COLOURS: [&str; PLAYERS] = [palette::ACCENT, palette::LINES[1]];
const AXES: usize = 8;
/// The room of one column of numbers.
const COLUMN: f64 = 106.0;

pub(super) fn draw(svg: &mut Svg, plot: &Radar) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    let axes = &plot.axes[..plot.axes.len().min(AXES)];
    if axes.is_empty() || plot.players.is_empty() {
        return frame::empty(svg, place);
    }
    let left = Rect { w: place.w * 0.54, ..place };
    shapes(svg, left, axes, plot.players.len().min(PLAYERS));
    let right = Rect { x: left.right() + 24.0, w: place.w * 0.46 - 24.0, ..place };
    numbers(svg, right, plot, axes);
}

/// Where an axis points, from the top and clockwise.
fn towards(at: usize, count: usize) -> (f64, f64) {
    let angle = TAU * at as f64 / count as f64;
    (angle.sin(), -angle.cos())
}

fn shapes(svg: &mut Svg, place: Rect, axes: &[Axis], players: usize) {
    let centre = (place.x + place.w / 2.0, place.y + place.h / 2.0 + 4.0);
    let radius = (place.h / 2.0 - 48.0).min(place.w / 2.0 - 122.0);
    let point = |at: usize, share: f64| {
        let (x, y) = towards(at, axes.len());
        (centre.0 + x * radius * share, centre.1 + y * radius * share)
    };
    for ring in [0.25, 0.5, 0.75, 1.0] {
        let ring: Vec<_> = (0..axes.len()).map(|at| point(at, ring)).collect();
        svg.polygon(&ring, palette::GRID, 0.0, 2.0, false);
    }
    for at in 0..axes.len() {
        svg.line(centre, point(at, 1.0), palette::GRID, 2.0, false);
    }
    let known = |reading: fn(&Axis, usize) -> Option<&Reading>, player: usize| -> Vec<(f64, f64)> {
        let share = |axis| drawable(reading(axis, player).map(|reading| reading.share));
        let shares = axes.iter().enumerate().filter_map(|(at, axis)| Some((at, share(axis)?)));
        shares.map(|(at, share)| point(at, share.clamp(0.0, 1.0))).collect()
    };
    let median = known(|axis, _| axis.median.as_ref(), 0);
    if !median.is_empty() {
        svg.polygon(&median, palette::QUIET, 0.1, 2.5, true);
    }
    for (player, colour) in COLOURS.iter().enumerate().take(players) {
        let shape = known(|axis, player| axis.readings.get(player)?.as_ref(), player);
        if !shape.is_empty() {
            svg.polygon(&shape, colour, 0.16, 4.0, false);
        }
        for corner in shape {
            svg.dot(corner, 6.0, colour);
        }
    }
    for (at, axis) in axes.iter().enumerate() {
        let (dx, dy) = towards(at, axes.len());
        let (x, y) = (centre.0 + dx * (radius + 16.0), centre.1 + dy * (radius + 16.0));
        let anchor = match dx {
            dx if dx > 0.2 => Anchor::Start,
            dx if dx < -0.2 => Anchor::End,
            _ => Anchor::Middle,
        };
        let room = match anchor {
            Anchor::Start => place.right() - x,
            Anchor::End => x - place.x,
            Anchor::Middle => place.w * 0.6,
        };
        let y = y + TEXT * (0.36 + dy * 0.4);
        svg.text((x, y), &Label::new(&axis.label, TEXT).anchor(anchor).within(room));
    }
}

fn numbers(svg: &mut Svg, place: Rect, plot: &Radar, axes: &[Axis]) {
    let players = plot.players.len().min(PLAYERS);
    let mut keys: Vec<(String, &str)> =
        plot.players.iter().zip(COLOURS).map(|(name, colour)| (text::name(name), colour)).collect();
    let median = axes.iter().any(|axis| axis.median.is_some());
    if median {
        keys.push(("median".to_owned(), palette::QUIET));
    }
    let columns = players + usize::from(median);
    let key_height = 36.0;
    let row_height = ((place.h - 20.0 - key_height * keys.len() as f64) / axes.len() as f64).min(62.0);
    let full = key_height * keys.len() as f64 + 20.0 + row_height * axes.len() as f64;
    let top = place.y + ((place.h - full) / 2.0).max(0.0);
    let end = |column: usize| place.right() - COLUMN * (columns - 1 - column) as f64;
    // Each name ends over its own column, and a line leads down to the numbers. The leftmost stands lowest, so that no
    // line runs through another name.
    for (at, (name, colour)) in keys.iter().enumerate() {
        let baseline = top + key_height * ((keys.len() - 1 - at) as f64 + 0.5) + 9.0;
        let foot = top + key_height * keys.len() as f64 + 12.0;
        let weight = if at < players { Weight::Bold } else { Weight::Regular };
        let x = end(at);
        svg.line((x - 2.0, baseline + 8.0), (x - 2.0, foot), colour, 3.0, false);
        svg.text((x, baseline), &Label::new(name, 26.0).weight(weight).colour(colour).end().within(x - place.x));
    }
    for (row, axis) in axes.iter().enumerate() {
        let y = top + key_height * keys.len() as f64 + 20.0 + row_height * row as f64;
        let two = row_height >= 54.0 && !axis.unit.trim().is_empty();
        let room = end(0) - COLUMN - place.x + 14.0;
        if row > 0 {
            svg.line((place.x, y), (place.right(), y), palette::GRID, 2.0, false);
        }
        let baseline = y + row_height / 2.0 + if two { -4.0 } else { 8.0 };
        svg.text((place.x, baseline), &Label::new(&axis.label, TEXT).within(room));
        if two {
            let label = Label::new(&axis.unit, 18.0).colour(palette::QUIET).within(room);
            svg.text((place.x, baseline + 22.0), &label);
        }
        let middle = y + row_height / 2.0 + 9.0;
        let share = |player: usize| drawable(axis.readings.get(player)?.as_ref().map(|reading| reading.share));
        let best = (0..players).filter_map(share).reduce(f64::max);
        for (player, colour) in COLOURS.into_iter().enumerate().take(players) {
            let reading = axis.readings.get(player).and_then(Option::as_ref);
            let shown = reading.map_or("–", |reading| reading.text.as_str());
            let ahead = players > 1 && share(player).is_some() && share(player) == best;
            let weight = if ahead { Weight::Bold } else { Weight::Regular };
            let label = Label::new(shown, 26.0).weight(weight).colour(colour).end().within(COLUMN - 10.0);
            svg.text((end(player), middle), &label);
        }
        if median {
            let shown = axis.median.as_ref().map_or("–", |reading| reading.text.as_str());
            let label = Label::new(shown, 26.0).colour(palette::QUIET).end().within(COLUMN - 10.0);
            svg.text((end(columns - 1), middle), &label);
        }
    }
}
