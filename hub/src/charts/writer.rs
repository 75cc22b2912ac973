//! Writes SVG, the few shapes that pictures are made of. All text is cleaned, escaped and kept inside the canvas here.

use std::fmt::{self, Display, Write};

use super::fonts::{FAMILIES, Weight};
use super::text;

/// A place on the canvas, from its left top corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl Rect {
    pub(super) fn right(self) -> f64 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// The same place, smaller on every side.
    pub(super) fn inset(self, x: f64, y: f64) -> Self {
        Self { x: self.x + x, y: self.y + y, w: (self.w - 2.0 * x).max(0.0), h: (self.h - 2.0 * y).max(0.0) }
    }
}

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text and how it looks.
#[derive(Debug, Clone)]
pub(super) struct Label<'a> {
    text: &'a str,
    size: f64,
    weight: Weight,
    colour: &'a str,
    anchor: Anchor,
    room: f64,
    plated: bool,
}

impl<'a> Label<'a> {
    /// A plain text of this size in the colour of texts.
    pub(super) fn new(text: &'a str, size: f64) -> Self {
        let colour = super::palette::TEXT;
        Self { text, size, weight: Weight::Regular, colour, anchor: Anchor::Start, room: f64::MAX, plated: false }
    }

    pub(super) fn bold(mut self) -> Self {
        self.weight = Weight::Bold;
        self
    }

    pub(super) fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    pub(super) fn colour(mut self, colour: &'a str) -> Self {
        self.colour = colour;
        self
    }

    pub(super) fn middle(mut self) -> Self {
        self.anchor = Anchor::Middle;
        self
    }

    pub(super) fn end(mut self) -> Self {
        self.anchor = Anchor::End;
        self
    }

    pub(super) fn anchor(mut self, anchor: Anchor) -> Self {
        self.anchor = anchor;
        self
    }

    /// Cuts the text to this width.
    pub(super) fn within(mut self, room: f64) -> Self {
        self.room = room;
        self
    }

    /// Keeps the text readable over lines by a plate in the colour of panels.
    pub(super) fn plated(mut self) -> Self {
        self.plated = true;
        self
    }
}

/// A picture in the making.
#[derive(Debug)]
pub(super) struct Svg {
    out: String,
    width: f64,
    height: f64,
}

impl Svg {
    /// An empty canvas of this size.
    pub(super) fn new(width: f64, height: f64) -> Self {
        let out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
             role=\"img\" font-family=\"{FAMILIES}\" font-stretch=\"condensed\">\n",
            w = Number(width),
            h = Number(height),
        );
        Self { out, width, height }
    }

    /// The whole text.
    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// What a reader hears instead of seeing the picture.
    pub(super) fn title(&mut self, text: &str) {
        self.write(format_args!("<title>{}</title>\n", Escaped(&text::clean(text))));
    }

    /// A filled rectangle with round corners.
    pub(super) fn rect(&mut self, place: Rect, round: f64, colour: &str, opacity: f64) {
        let (x, y, w, h) = (Number(place.x), Number(place.y), Number(place.w.max(0.0)), Number(place.h.max(0.0)));
        let round = Number(round.min(place.w / 2.0).min(place.h / 2.0).max(0.0));
        self.write(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{round}\" fill=\"{colour}\""
        ));
        self.opacity(opacity);
        self.out.push_str("/>\n");
    }

    /// A straight line; dashed when asked for.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, thick: f64, dashed: bool) {
        let (x1, y1, x2, y2) = (Number(from.0), Number(from.1), Number(to.0), Number(to.1));
        let thick = Number(thick);
        self.write(format_args!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" stroke-width=\"{thick}\"{}/>\n",
            if dashed { " stroke-dasharray=\"6 6\"" } else { " stroke-linecap=\"round\"" },
        ));
    }

    /// A line through points.
    pub(super) fn polyline(&mut self, points: &[(f64, f64)], colour: &str, thick: f64) {
        self.points("polyline", points);
        self.write(format_args!(
            " fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n",
            Number(thick)
        ));
    }

    /// A closed shape, filled lightly; its outline is dashed when asked for.
    pub(super) fn polygon(&mut self, points: &[(f64, f64)], colour: &str, fill: f64, thick: f64, dashed: bool) {
        self.points("polygon", points);
        self.write(format_args!(
            " fill=\"{colour}\" fill-opacity=\"{}\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}/>\n",
            Number(fill),
            Number(thick),
            if dashed { " stroke-dasharray=\"7 6\"" } else { "" },
        ));
    }

    /// A dot.
    pub(super) fn dot(&mut self, at: (f64, f64), radius: f64, colour: &str) {
        let (x, y, radius) = (Number(at.0), Number(at.1), Number(radius));
        self.write(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{colour}\"/>\n"));
    }

    /// A ring on the colour of panels.
    pub(super) fn ring(&mut self, at: (f64, f64), radius: f64, colour: &str, thick: f64) {
        let (x, y, radius, thick) = (Number(at.0), Number(at.1), Number(radius), Number(thick));
        self.write(format_args!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\" stroke=\"{colour}\" stroke-width=\"{thick}\"/>\n",
            super::palette::PANEL,
        ));
    }

    /// A text with its baseline here; gives its width. It never leaves the canvas: what has no room is cut.
    pub(super) fn text(&mut self, (x, y): (f64, f64), label: &Label<'_>) -> f64 {
        let edge = match label.anchor {
            Anchor::Start => self.width - x,
            Anchor::Middle => 2.0 * x.min(self.width - x),
            Anchor::End => x,
        };
        let (clean, room) = (text::clean(label.text), label.room.min(edge));
        let shown = text::fit(&clean, label.size, label.weight, room);
        if shown.is_empty() {
            return 0.0;
        }
        let y = y.clamp(label.size, self.height - label.size * 0.3);
        let wide = text::width(&shown, label.size, label.weight);
        if label.plated {
            let left = match label.anchor {
                Anchor::Start => x,
                Anchor::Middle => x - wide / 2.0,
                Anchor::End => x - wide,
            };
            let plate = Rect { x: left - 4.0, y: y - label.size * 0.8, w: wide + 8.0, h: label.size * 1.06 };
            self.rect(plate, 4.0, super::palette::PANEL, 0.85);
        }
        self.write(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"",
            Number(x),
            Number(y),
            Number(label.size),
            label.colour
        ));
        if label.weight == Weight::Bold {
            self.out.push_str(" font-weight=\"700\"");
        }
        match label.anchor {
            Anchor::Start => {}
            Anchor::Middle => self.out.push_str(" text-anchor=\"middle\""),
            Anchor::End => self.out.push_str(" text-anchor=\"end\""),
        }
        self.write(format_args!(">{}</text>\n", Escaped(&shown)));
        wide
    }

    fn points(&mut self, shape: &str, points: &[(f64, f64)]) {
        self.write(format_args!("<{shape} points=\""));
        for (at, (x, y)) in points.iter().enumerate() {
            self.write(format_args!("{}{},{}", if at == 0 { "" } else { " " }, Number(*x), Number(*y)));
        }
        self.out.push('"');
    }

    fn opacity(&mut self, opacity: f64) {
        if opacity < 1.0 {
            self.write(format_args!(" fill-opacity=\"{}\"", Number(opacity)));
        }
    }

    fn write(&mut self, what: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(what);
    }
}

/// A coordinate with at most two decimals; what is no number is 0, so that no shape can break the others.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 * 100.0).round() / 100.0;
        if !rounded.is_finite() || rounded == 0.0 {
            return f.write_str("0");
        }
        write!(f, "{rounded}")
    }
}

/// Text that XML takes as text.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_never_markup() {
        let mut svg = Svg::new(400.0, 100.0);
        svg.text((10.0, 50.0), &Label::new("<b>&\"]]>\u{1b}", 22.0));
        assert!(svg.finish().contains(">&lt;b&gt;&amp;&quot;]]&gt;</text>"));
    }

    #[test]
    fn a_text_is_cut_at_the_edge() {
        let mut svg = Svg::new(100.0, 100.0);
        assert!(svg.text((50.0, 50.0), &Label::new("a long sentence", 22.0)) <= 50.0);
        assert!(svg.text((50.0, 50.0), &Label::new("a long sentence", 22.0).end()) <= 50.0);
        assert!(svg.text((90.0, 50.0), &Label::new("a long sentence", 22.0).middle()) <= 20.0);
    }

    #[test]
    fn coordinates_are_short_numbers() {
        let shown = [1.0, 1.005, -0.001, 1.0 / 3.0, f64::NAN, f64::INFINITY].map(|value| Number(value).to_string());
        assert_eq!(shown, ["1", "1", "0", "0.33", "0", "0"]);
    }
}
