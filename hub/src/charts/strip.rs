//! The score after each map, as a strip.

use crate::reports::plot::Team;

use super::frame::TEXT;
use super::palette;
use super::writer::{Label, Rect, Svg};

/// One cell: tinted by who gained, with the score after it.
pub(super) fn cell(svg: &mut Svg, place: Rect, gained: Option<Team>, score: Option<[u32; 2]>) {
    let (colour, opacity) = match gained {
        Some(team) => (palette::team(Some(team)), 0.3),
        None => (palette::GRID, 1.0),
    };
    svg.rect(place, 6.0, colour, opacity);
    let baseline = place.y + place.h / 2.0 + TEXT * 0.36;
    let text = score.map_or_else(|| "–".to_owned(), |[a, b]| format!("{a}–{b}"));
    let colour = if score.is_some() { palette::TEXT } else { palette::QUIET };
    svg.text(
        (place.x + place.w / 2.0, baseline),
        &Label::new(&text, TEXT).bold().colour(colour).middle().within(place.w - 4.0),
    );
}
