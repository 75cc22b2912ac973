//! One value a player, as bars from longest to shortest.

use crate::reports::plot::{Bar, Bars, Order};

use super::fonts::Weight;
use super::frame::TEXT;
use super::rows::{self, Rows};
use super::scale::{Scale, drawable};
use super::writer::{Label, Rect, Svg};
use super::{frame, palette, text};

/// The room between a name, its bar and its value.
const GAP: f64 = 14.0;
/// The line of keys above the rows.
const KEYS: f64 = 34.0;

pub(super) fn draw(svg: &mut Svg, plot: &Bars) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    rows_in(svg, place, plot, plot.rows.iter().any(|row| row.team.is_some()));
}

fn below_keys(place: Rect) -> Rect {
    Rect { y: place.y + KEYS, h: place.h - KEYS, ..place }
}

/// Draws the rows into a place; as many of the best as have room.
pub(super) fn draw_in(svg: &mut Svg, place: Rect, plot: &Bars) {
    rows_in(svg, place, plot, false);
}

fn rows_in(svg: &mut Svg, place: Rect, plot: &Bars, teams: bool) {
    if plot.rows.is_empty() {
        return frame::empty(svg, place);
    }
    let reference = plot.reference.as_ref().and_then(|line| Some((drawable(Some(line.value))?, &line.label)));
    let inner = if reference.is_some() || teams { below_keys(place) } else { place };
    let bars = sorted(plot);
    let layout = Rows::new(inner, bars.len());
    let best = bars.first().and_then(|bar| drawable(bar.value)).filter(|_| plot.order != Order::Given);
    let bars = &bars[..layout.shown];

    let names: Vec<String> = bars.iter().map(|bar| text::name(&bar.name)).collect();
    let size = layout.text;
    let name_room = rows::widest(names.iter().map(String::as_str), size, Weight::Regular).min(place.w * 0.36);
    let value_room = rows::widest(bars.iter().map(|bar| shown(bar)), size, Weight::Bold).min(place.w * 0.3);
    let note_room = bars.iter().filter_map(|bar| bar.note.as_deref());
    let note_room = rows::widest(note_room, size, Weight::Regular).min(place.w * 0.28);
    let note_room = if note_room > 0.0 { note_room + GAP } else { 0.0 };
    let from = place.x + name_room + GAP;
    let to = (place.right() - value_room - note_room - GAP).max(from + 10.0);
    let scale = Scale::new(range(bars, reference.map(|line| line.0)), (from, to));
    let zero = scale.at(0.0);

    let (top, bottom) = layout.ends();
    if zero > from + 1.0 {
        svg.line((zero, top), (zero, bottom), palette::FAINT, 2.0, false);
    }
    let mut ends = Vec::with_capacity(bars.len());
    for (row, bar) in bars.iter().enumerate() {
        let is_best = best.is_some() && drawable(bar.value) == best;
        ends.push(long(svg, bar, is_best, scale, layout.middle(row), layout.bar()));
    }
    let mut key_left = false;
    if let Some((value, label)) = reference {
        let x = scale.at(value);
        svg.line((x, top), (x, bottom), palette::TEXT, 2.0, true);
        let label = Label::new(label, TEXT).colour(palette::QUIET).middle();
        svg.text((x, top - 8.0), &label.within(place.w * 0.3));
        key_left = x > place.x + place.w / 2.0;
    }
    if teams {
        let right = if key_left { place.x + rows::TEAMS } else { place.right() };
        rows::teams(svg, right, if reference.is_some() { top - 8.0 } else { place.y + TEXT * 0.8 });
    }
    for (row, ((bar, name), end)) in bars.iter().zip(&names).zip(ends).enumerate() {
        let baseline = layout.baseline(row);
        svg.text((from - GAP, baseline), &Label::new(name, size).end().within(name_room));
        let value = drawable(bar.value);
        let colour = match value {
            None => palette::QUIET,
            value if value == best => palette::ACCENT,
            Some(_) => palette::TEXT,
        };
        let label = Label::new(shown(bar), size).bold().colour(colour).within(value_room + 1.0).plated();
        let wide = svg.text((end + GAP * 0.7, baseline), &label);
        if let Some(note) = &bar.note {
            let label = Label::new(note, size).colour(palette::QUIET).within((note_room - GAP).max(0.0) + 1.0).plated();
            svg.text((end + GAP * 1.4 + wide, baseline), &label);
        }
    }
    layout.rest(svg, from);
}

/// One bar with its interval; gives where it ends at the right.
fn long(svg: &mut Svg, bar: &Bar, is_best: bool, scale: Scale, middle: f64, thick: f64) -> f64 {
    let zero = scale.at(0.0);
    let Some(value) = drawable(bar.value) else { return zero };
    let at = scale.at(value);
    let colour = if is_best && bar.team.is_none() { palette::ACCENT } else { palette::team(bar.team) };
    let place = Rect { x: zero.min(at), y: middle - thick / 2.0, w: (at - zero).abs().max(2.0), h: thick };
    svg.rect(place, 5.0, colour, 1.0);
    let Some((low, high)) = whisker(bar.interval) else { return zero.max(at) };
    let (low, high) = (scale.at(low), scale.at(high));
    for (thick, colour) in [(7.0, palette::PANEL), (3.0, palette::TEXT)] {
        svg.line((low, middle), (high, middle), colour, thick, false);
    }
    zero.max(at).max(high)
}

/// The value as people read it; unknown is a dash, and so is what is no number.
fn shown(bar: &Bar) -> &str {
    if drawable(bar.value).is_some() && !bar.text.trim().is_empty() { &bar.text } else { "–" }
}

fn whisker(interval: Option<(f64, f64)>) -> Option<(f64, f64)> {
    let (low, high) = interval?;
    let (low, high) = (drawable(Some(low))?, drawable(Some(high))?);
    Some((low.min(high), low.max(high)))
}

/// The rows in the order of the plot, those without a value last.
fn sorted(plot: &Bars) -> Vec<&Bar> {
    let mut bars: Vec<&Bar> = plot.rows.iter().collect();
    let key = |bar: &Bar| drawable(bar.value);
    match plot.order {
        Order::MostFirst => {
            bars.sort_by(|a, b| key(b).unwrap_or(f64::NEG_INFINITY).total_cmp(&key(a).unwrap_or(f64::NEG_INFINITY)));
        }
        Order::LeastFirst => {
            bars.sort_by(|a, b| key(a).unwrap_or(f64::INFINITY).total_cmp(&key(b).unwrap_or(f64::INFINITY)));
        }
        Order::Given => {}
    }
    bars
}

/// From the smallest to the greatest that is drawn, zero and the reference among them. An interval may stretch the
/// range by half, no further: one wild guess must not flatten everybody's bars.
fn range(bars: &[&Bar], reference: Option<f64>) -> (f64, f64) {
    let values = bars.iter().filter_map(|bar| drawable(bar.value));
    let (low, high) =
        values.chain(reference).fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    let widest = bars.iter().filter(|bar| drawable(bar.value).is_some()).filter_map(|bar| whisker(bar.interval));
    let stretch = 0.5 * (high - low);
    widest.fold((low, high), |(a, b), (from, to)| (a.min(from).max(low - stretch), b.max(to).min(high + stretch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, value: Option<f64>) -> Bar {
        Bar { name: name.to_owned(), team: None, value, text: "1".to_owned(), interval: None, note: None }
    }

    fn order(order: Order) -> Vec<String> {
        let rows = vec![bar("b", Some(2.0)), bar("none", None), bar("a", Some(3.0)), bar("nan", Some(f64::NAN))];
        let plot = Bars { title: String::new(), subtitle: String::new(), order, reference: None, rows };
        sorted(&plot).into_iter().map(|bar| bar.name.clone()).collect()
    }

    #[test]
    fn what_is_unknown_comes_last() {
        assert_eq!(order(Order::MostFirst), ["a", "b", "none", "nan"]);
        assert_eq!(order(Order::LeastFirst), ["b", "a", "none", "nan"]);
        assert_eq!(order(Order::Given), ["b", "none", "a", "nan"]);
    }

    #[test]
    fn a_wild_interval_does_not_flatten_the_bars() {
        let mut wild = bar("a", Some(10.0));
        wild.interval = Some((-1e9, 1e9));
        assert_eq!(range(&[&wild], Some(1.0)), (-5.0, 15.0));
    }
}
