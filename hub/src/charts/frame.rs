//! What every picture has: the background, the title that is the answer, and the subtitle that defines it.

use super::fonts::Weight;
use super::writer::{Label, Rect, Svg};
use super::{HEIGHT, WIDTH, palette, text};

/// The size of all text that is not a title.
pub(super) const TEXT: f64 = 22.0;
/// The room at the left and the right of everything.
pub(super) const MARGIN: f64 = 36.0;
const TITLE_SIZES: [f64; 3] = [38.0, 34.0, 30.0];
const SUBTITLE_LINES: usize = 2;

/// Draws the frame; gives the place that is left, which has the colour of panels.
pub(super) fn draw(svg: &mut Svg, title: &str, subtitle: &str) -> Rect {
    let (width, height) = (f64::from(WIDTH), f64::from(HEIGHT));
    let room = width - 2.0 * MARGIN;
    svg.title(title);
    svg.rect(Rect { x: 0.0, y: 0.0, w: width, h: height }, 0.0, palette::BACKGROUND, 1.0);
    let title = text::clean(title);
    let size = TITLE_SIZES.into_iter().find(|&size| text::width(&title, size, Weight::Bold) <= room).unwrap_or(30.0);
    svg.text((MARGIN, 56.0), &Label::new(&title, size).bold().within(room));
    let mut y = 60.0;
    for line in text::wrap(&text::clean(subtitle), TEXT, Weight::Regular, room, SUBTITLE_LINES) {
        y += 30.0;
        svg.text((MARGIN, y), &Label::new(&line, TEXT).colour(palette::QUIET));
    }
    y += 18.0;
    let place = Rect { x: MARGIN - 12.0, y, w: width - 2.0 * (MARGIN - 12.0), h: height - 24.0 - y };
    svg.rect(place, 14.0, palette::PANEL, 1.0);
    place.inset(20.0, 16.0)
}

/// Says that there is nothing to see.
pub(super) fn empty(svg: &mut Svg, place: Rect) {
    let label = Label::new("No numbers yet: nothing was counted in this sample.", TEXT).colour(palette::QUIET);
    svg.text((place.x + place.w / 2.0, place.y + place.h / 2.0), &label.middle().within(place.w));
}
