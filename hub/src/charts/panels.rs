//! Several small pictures on one.

use crate::reports::plot::{Panel, Panels};

use super::fonts::Weight;
use super::frame::{self, TEXT};
use super::writer::{Label, Rect, Svg};
use super::{bars, pairs, palette, rows, text};

const MOST: usize = 6;
const GAP: f64 = 14.0;
const TITLE: f64 = 34.0;

pub(super) fn draw(svg: &mut Svg, plot: &Panels) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    let count = plot.parts.len().min(MOST);
    if count == 0 {
        return frame::empty(svg, place);
    }
    let columns = match count {
        1 => 1,
        2..=4 => 2,
        _ => 3,
    };
    let key = text::width(&text::clean(&plot.subtitle), TEXT, Weight::Regular) + rows::TEAMS + 40.0;
    if key <= place.w && plot.parts.iter().any(teams) {
        rows::teams(svg, place.right(), place.y - 34.0);
    }
    let lines = count.div_ceil(columns);
    let w = (place.w - GAP * 2.0 * (columns - 1) as f64) / columns as f64;
    let h = (place.h - GAP * (lines - 1) as f64) / lines as f64;
    for (at, panel) in plot.parts.iter().take(MOST).enumerate() {
        let (column, line) = (at % columns, at / columns);
        let x = place.x + (w + GAP * 2.0) * column as f64;
        let y = place.y + (h + GAP) * line as f64;
        if column > 0 {
            svg.line((x - GAP, y + 6.0), (x - GAP, y + h - 6.0), palette::GRID, 2.0, false);
        }
        if line > 0 {
            svg.line((x, y - GAP / 2.0), (x + w, y - GAP / 2.0), palette::GRID, 2.0, false);
        }
        let title = match panel {
            Panel::Bars(plot) => &plot.title,
            Panel::Pairs(plot) => &plot.title,
        };
        svg.text((x, y + TEXT), &Label::new(title, TEXT).bold().within(w));
        let inner = Rect { x, y: y + TITLE, w, h: h - TITLE };
        match panel {
            Panel::Bars(plot) => bars::draw_in(svg, inner, plot),
            Panel::Pairs(plot) => pairs::draw_in(svg, inner, plot),
        }
    }
}

/// Whether anybody in the panel is of a team.
fn teams(panel: &Panel) -> bool {
    match panel {
        Panel::Bars(plot) => plot.rows.iter().any(|row| row.team.is_some()),
        Panel::Pairs(plot) => plot.rows.iter().any(|row| row.team.is_some()),
    }
}
