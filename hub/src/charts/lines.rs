//! A value over the rounds of a session or the sessions of a career: named at the lines' ends, with the maps and the
//! score under the time axis.

use crate::reports::plot::{Line, Lines};

use super::fonts::Weight;
use super::frame::TEXT;
use super::scale::{Scale, drawable, short, ticks};
use super::writer::{Label, Rect, Svg};
use super::{frame, labels, palette, strip, text};

/// The room for names and last values at the lines' ends.
const NAMES: f64 = 260.0;
/// The room for the line from a line's end to its name.
const LEADER: f64 = 28.0;
/// The room for the ticks' numbers.
const TICKS: f64 = 64.0;
/// Over so few points a trend is not worth a closer look.
const FEW: usize = 6;
/// A round has a label of its own from this width on.
const ROUND: f64 = 32.0;
/// The values of a closer look reach at least over this share of the greatest.
const LEAST_RANGE: f64 = 0.3;
const STRIP: f64 = 36.0;
const AXIS: f64 = 32.0;

pub(super) fn draw(svg: &mut Svg, plot: &Lines) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    let count: usize = plot.spans.iter().map(|span| span.points.len()).sum();
    let reference = plot.reference.as_ref().and_then(|line| drawable(Some(line.value)));
    let Some((low, high)) = range(plot, count, reference) else { return frame::empty(svg, place) };
    let scored = plot.spans.iter().any(|span| span.score.is_some());
    let wide = place.w - TICKS - names_room(plot, count);
    let step = wide / count as f64;
    let labelled = plot.spans.iter().any(|span| span.points.iter().any(|point| !point.trim().is_empty()));
    let rounds = labelled && step >= ROUND;
    let under = AXIS + if rounds { AXIS * 0.85 } else { 0.0 } + if scored { STRIP + 8.0 } else { 0.0 };
    let field = Rect { x: place.x + TICKS, y: place.y + TEXT, w: wide, h: (place.h - TEXT - under).max(60.0) };
    let marks = ticks(low, high, 4.0);
    let ends = (marks.first().copied().unwrap_or(low), marks.last().copied().unwrap_or(high));
    let scale = Scale::new(ends, (field.bottom(), field.y));
    let x = |at: usize| field.x + step * (at as f64 + 0.5);

    grid(svg, field, &marks, scale, &plot.unit);
    axis(svg, field, plot, step, rounds, scored);
    if let (Some(value), Some(line)) = (reference, &plot.reference) {
        let y = scale.at(value);
        svg.line((field.x, y), (field.right(), y), palette::QUIET, 2.0, true);
        // Its name stands above, where no line ever runs through it.
        let label = Label::new(&line.label, TEXT).colour(palette::QUIET).end().within(field.w * 0.5 - 60.0);
        let from = field.right() - svg.text((field.right(), field.y - 12.0), &label);
        svg.line((from - 48.0, field.y - 19.0), (from - 10.0, field.y - 19.0), palette::QUIET, 2.0, true);
    }
    let coloured = plot.series.len().min(palette::LINES.len());
    for line in plot.series[coloured..].iter().rev() {
        trace(svg, line, count, x, scale, palette::FAINT, 2.0);
    }
    for (line, colour) in plot.series[..coloured].iter().zip(palette::LINES).rev() {
        trace(svg, line, count, x, scale, colour, 4.0);
    }
    peak(svg, plot, count, x, scale, field);
    names(
        svg,
        plot,
        count,
        x,
        scale,
        Rect { x: field.right() + LEADER, w: place.right() - field.right() - LEADER, ..field },
    );
}

/// From the smallest to the greatest value; zero is among them unless it would flatten a long line.
fn range(plot: &Lines, count: usize, reference: Option<f64>) -> Option<(f64, f64)> {
    let values =
        plot.series.iter().flat_map(|line| line.values.iter().take(count)).filter_map(|&value| drawable(value));
    let (low, high) = values.fold(None, |ends: Option<(f64, f64)>, value| {
        Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    })?;
    let (low, high) = reference.map_or((low, high), |value| (low.min(value), high.max(value)));
    if count < FEW || low <= 0.6 * high {
        return Some((low.min(0.0), high.max(0.0)));
    }
    // What hardly changes must not look as if it went up and down.
    let (middle, reach) = (f64::midpoint(low, high), (high - low).max(LEAST_RANGE * high) / 2.0);
    Some((middle - reach, middle + reach))
}

fn grid(svg: &mut Svg, field: Rect, marks: &[f64], scale: Scale, unit: &str) {
    for &mark in marks {
        let y = scale.at(mark);
        let colour = if mark == 0.0 { palette::FAINT } else { palette::GRID };
        svg.line((field.x, y), (field.right(), y), colour, 2.0, false);
        let mark = short(mark);
        let label = Label::new(&mark, TEXT).colour(palette::QUIET).end().within(TICKS - 10.0);
        svg.text((field.x - 10.0, y + 8.0), &label);
    }
    svg.text((field.x + 6.0, field.y - 12.0), &Label::new(unit, TEXT).colour(palette::QUIET).within(field.w * 0.5));
}

/// The borders of maps, their names, the rounds and the score.
fn axis(svg: &mut Svg, field: Rect, plot: &Lines, step: f64, rounds: bool, scored: bool) {
    let narrowest = plot.spans.iter().filter(|span| !span.points.is_empty()).map(|span| span.points.len()).min();
    // Names of narrow spans take turns, so that each has at least this room.
    let narrow = narrowest.unwrap_or(1) as f64 * step;
    let every = (86.0 / narrow).ceil().max(1.0) as usize;
    let borders = plot.spans.iter().any(|span| span.points.len() > 1);
    let mut from = field.x;
    let mut y = field.bottom() + 6.0;
    let rounds_y = y + 20.0;
    if rounds {
        y += AXIS * 0.85;
    }
    for (at, span) in plot.spans.iter().filter(|span| !span.points.is_empty()).enumerate() {
        let wide = step * span.points.len() as f64;
        let to = from + wide;
        if at > 0 && borders {
            let foot = if every == 1 { y + AXIS - 8.0 } else { field.bottom() };
            svg.line((from, field.y), (from, foot), palette::GRID, 2.0, false);
        }
        if rounds {
            for (point, label) in span.points.iter().enumerate() {
                let middle = from + step * (point as f64 + 0.5);
                svg.text(
                    (middle, rounds_y),
                    &Label::new(label, TEXT).colour(palette::QUIET).middle().within(step - 2.0),
                );
            }
        }
        if at.is_multiple_of(every) {
            let room = (wide.max(narrow * every as f64) - 8.0).max(0.0);
            let room = room.min(2.0 * (field.right() + 20.0 - f64::midpoint(from, to)));
            svg.text(
                (f64::midpoint(from, to), y + 18.0),
                &Label::new(&text::name(&span.name), TEXT).middle().within(room),
            );
        }
        if scored {
            let cell = Rect { x: from + 2.0, y: y + AXIS, w: wide - 4.0, h: STRIP };
            strip::cell(svg, cell, span.gained, span.score);
        }
        from = to;
    }
    if scored {
        let baseline = y + AXIS + STRIP / 2.0 + 8.0;
        svg.text((field.x - 10.0, baseline), &Label::new("score", TEXT).colour(palette::QUIET).end());
    }
}

/// One line; what is unknown is a gap, and a point by itself is a dot.
fn trace(svg: &mut Svg, line: &Line, count: usize, x: impl Fn(usize) -> f64, scale: Scale, colour: &str, thick: f64) {
    let mut run: Vec<(f64, f64)> = Vec::new();
    let values = line.values.iter().take(count).map(|&value| drawable(value)).chain([None]);
    for (at, value) in values.enumerate() {
        if let Some(value) = value {
            run.push((x(at), scale.at(value)));
            continue;
        }
        match run.as_slice() {
            [] => {}
            [only] => svg.dot(*only, thick * 1.6, colour),
            points => svg.polyline(points, colour, thick),
        }
        run.clear();
    }
}

/// Marks the highest point of the first line.
fn peak(svg: &mut Svg, plot: &Lines, count: usize, x: impl Fn(usize) -> f64, scale: Scale, field: Rect) {
    let Some(line) = plot.series.first() else { return };
    let known = line.values.iter().take(count).enumerate().filter_map(|(at, &value)| Some((at, drawable(value)?)));
    let Some((at, value)) = known.reduce(|best, next| if next.1 > best.1 { next } else { best }) else { return };
    let (x, y) = (x(at), scale.at(value));
    svg.dot((x, y), 8.0, palette::LINES[0]);
    let text = short(value.round());
    let baseline = if y - 16.0 < field.y { y + 34.0 } else { y - 16.0 };
    svg.text((x, baseline), &Label::new(&text, TEXT).bold().colour(palette::LINES[0]).middle().plated());
}

/// How much room the names at the ends need.
fn names_room(plot: &Lines, count: usize) -> f64 {
    let named = plot.series.iter().take(palette::LINES.len());
    let wide = named.filter_map(|line| {
        let value = line.values.iter().take(count).rev().find_map(|&value| drawable(value))?;
        let name = text::width(&text::name(&line.name), TEXT, Weight::Regular);
        Some(name + 12.0 + text::width(&end_text(value), TEXT, Weight::Bold))
    });
    (LEADER + wide.fold(130.0, f64::max)).min(NAMES)
}

/// The last value as people read it.
fn end_text(value: f64) -> String {
    short(if value.abs() >= 10.0 { value.round() } else { value })
}

/// The names at the lines' ends, kept apart, each with its last value.
fn names(svg: &mut Svg, plot: &Lines, count: usize, x: impl Fn(usize) -> f64, scale: Scale, place: Rect) {
    let ends: Vec<(usize, usize, f64)> = plot
        .series
        .iter()
        .take(palette::LINES.len())
        .enumerate()
        .filter_map(|(line, values)| {
            let last = values.values.iter().take(count).rposition(|&value| drawable(value).is_some())?;
            Some((line, last, drawable(values.values[last])?))
        })
        .collect();
    let wanted: Vec<f64> = ends.iter().map(|end| scale.at(end.2)).collect();
    let grey = plot.series.len().saturating_sub(palette::LINES.len());
    let bottom = if grey > 0 { place.bottom() - 30.0 } else { place.bottom() };
    let places = labels::apart(&wanted, TEXT + 6.0, (place.y + 4.0, bottom));
    for ((line, last, value), y) in ends.into_iter().zip(places) {
        let colour = palette::LINES[line];
        let from = (x(last), scale.at(value));
        svg.dot(from, 6.0, colour);
        svg.line((from.0 + 8.0, from.1), (place.x - 6.0, y), colour, 1.5, true);
        let value = end_text(value);
        let wide = text::width(&value, TEXT, Weight::Bold) + 10.0;
        let name = text::name(&plot.series[line].name);
        let label = Label::new(&name, TEXT).colour(colour).within(place.w - wide);
        let used = svg.text((place.x, y + 8.0), &label);
        svg.text((place.x + used + 10.0, y + 8.0), &Label::new(&value, TEXT).bold().colour(colour));
    }
    if grey > 0 {
        let text = if grey == 1 { "grey: 1 other".to_owned() } else { format!("grey: {grey} others") };
        svg.text((place.x, place.bottom() + 8.0), &Label::new(&text, TEXT).colour(palette::QUIET).within(place.w));
    }
}
