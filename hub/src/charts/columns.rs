//! Several values a player: a row of cells each, with the number on a bar that tells how it stands to the column's
//! greatest.

use crate::reports::plot::{Cell, Column, Columns, Order, Row};

use super::fonts::Weight;
use super::frame::TEXT;
use super::rows::{self, Rows};
use super::scale::{Scale, drawable};
use super::writer::{Label, Rect, Svg};
use super::{frame, palette, text};

/// Columns that have room.
const MOST: usize = 7;
/// The line of the columns' names.
const HEAD: f64 = 32.0;
/// The room between cells.
const GAP: f64 = 10.0;
/// Cells that are wider than this tear a row apart.
const WIDEST: f64 = 280.0;

pub(super) fn draw(svg: &mut Svg, plot: &Columns) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    let columns = &plot.columns[..plot.columns.len().min(MOST)];
    if columns.is_empty() || plot.rows.is_empty() {
        return frame::empty(svg, place);
    }
    if plot.rows.iter().any(|row| row.team.is_some()) {
        // Beside the subtitle, or where that is long beside the title.
        let room = |text: &str, size, weight| place.w - text::width(&text::clean(text), size, weight) - 40.0;
        let beside = room(&plot.subtitle, TEXT, Weight::Regular);
        let (line, room) = if beside >= rows::TEAMS {
            (place.y - 34.0, beside)
        } else {
            (56.0, room(&plot.title, 40.0, Weight::Bold))
        };
        rows::named_teams(svg, (place.right(), line), room, &plot.teams);
    }
    let inner = Rect { y: place.y + HEAD, h: place.h - HEAD, ..place };
    let layout = Rows::new(inner, plot.rows.len());
    let shown = &plot.rows[..layout.shown];
    let size = layout.text.min(26.0);
    let names: Vec<String> = shown.iter().map(|row| text::name(&row.name)).collect();
    let name_room = rows::widest(names.iter().map(String::as_str), size, Weight::Regular).min(place.w * 0.2);
    let from = place.x + name_room + GAP;
    let wide = ((place.right() - from) / columns.len() as f64).min(WIDEST);

    let head = layout.ends().0 - 9.0;
    for (at, column) in columns.iter().enumerate() {
        let x = from + wide * at as f64 + GAP;
        svg.text((x, head), &Label::new(&column.label, TEXT).colour(palette::QUIET).within(wide - GAP));
    }
    for (row, name) in names.iter().enumerate() {
        let label = Label::new(name, size).end().within(name_room);
        svg.text((place.x + name_room, layout.middle(row) + size * 0.36), &label);
    }
    for (at, column) in columns.iter().enumerate() {
        let place = Rect { x: from + wide * at as f64 + GAP, y: 0.0, w: wide - GAP, h: 0.0 };
        cells(svg, place, layout, size, column, shown, at);
    }
    layout.rest(svg, from + GAP);
}

/// One column from top to bottom.
fn cells(svg: &mut Svg, place: Rect, layout: Rows, size: f64, column: &Column, rows: &[Row], at: usize) {
    let value = |row: &Row| row.cells.get(at).and_then(|cell| drawable(cell.value));
    let known = || rows.iter().filter_map(value);
    let best = match column.best {
        // Nobody is best with nothing.
        Order::MostFirst => known().reduce(f64::max).filter(|most| *most > 0.0),
        Order::LeastFirst => known().reduce(f64::min),
        Order::Given => None,
    };
    let (low, high) = known().fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    let scale = Scale::new((low, high), (place.x, place.right()));
    let zero = scale.at(0.0);
    for (line, row) in rows.iter().enumerate() {
        let (middle, high) = (layout.middle(line), layout.height - 5.0);
        svg.rect(Rect { y: middle - high / 2.0, h: high, ..place }, 4.0, palette::BACKGROUND, 0.5);
        let value = value(row);
        let is_best = value.is_some() && value == best && rows.len() > 1;
        // Nothing has no bar, not even a short one.
        if let Some(value) = value.filter(|value| *value != 0.0) {
            let end = scale.at(value);
            let (x, w) = (zero.min(end), (end - zero).abs().max(3.0));
            let bar = Rect { x, y: middle - high / 2.0, w, h: high };
            svg.rect(bar, 4.0, palette::team(row.team), 0.42);
        }
        let (text, colour) = match (value, is_best) {
            (None, _) => ("–", palette::QUIET),
            (Some(_), true) => (shown(&row.cells[at]), palette::ACCENT),
            (Some(_), false) => (shown(&row.cells[at]), palette::TEXT),
        };
        let weight = if is_best { Weight::Bold } else { Weight::Regular };
        let label = Label::new(text, size).weight(weight).colour(colour).within(place.w - 12.0);
        svg.text((place.x + 8.0, middle + size * 0.36), &label);
    }
}

/// The value as people read it; what has no words is a dash.
fn shown(cell: &Cell) -> &str {
    if cell.text.trim().is_empty() { "–" } else { &cell.text }
}
