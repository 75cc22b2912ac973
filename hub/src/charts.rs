//! Pictures in one house style: SVG text first, PNG from it.
//!
//! The same SVG stands in pages and becomes the PNG of a post, so a picture is tested as text. Drawing is pure and
//! synchronous; a PNG takes tens of milliseconds and belongs on a thread that may block. Names are hostile: the writer
//! cleans and escapes all text, and keeps it inside the canvas by the font's own widths.

use resvg::{tiny_skia, usvg};

use crate::reports::plot::Plot;

mod bars;
mod columns;
mod encode;
mod fonts;
mod frame;
mod labels;
mod lines;
mod pairs;
mod palette;
mod panels;
mod radar;
mod rows;
#[cfg(test)]
mod sample;
mod scale;
mod split;
mod strip;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod timeline;
mod writer;

use writer::Svg;

/// How wide every picture is, in pixels.
pub const WIDTH: u32 = 1200;
/// How high every picture is, in pixels.
pub const HEIGHT: u32 = 675;

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The text is no SVG.
    #[error("the picture's SVG could not be read")]
    Read(#[source] usvg::Error),
    /// There is no room for the pixels.
    #[error("a picture of {WIDTH} by {HEIGHT} pixels could not be laid out")]
    Canvas,
    /// Writing the PNG failed.
    #[error("the picture could not be written as PNG")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The picture as SVG text of 1200 by 675; any values give a picture, and without any it says so.
pub fn svg(plot: &Plot) -> String {
    let mut svg = Svg::new(f64::from(WIDTH), f64::from(HEIGHT));
    match plot {
        Plot::Radar(plot) => radar::draw(&mut svg, plot),
        Plot::Bars(plot) => bars::draw(&mut svg, plot),
        Plot::Pairs(plot) => pairs::draw(&mut svg, plot),
        Plot::Columns(plot) => columns::draw(&mut svg, plot),
        Plot::Lines(plot) => lines::draw(&mut svg, plot),
        Plot::Timeline(plot) => timeline::draw(&mut svg, plot),
        Plot::Split(plot) => split::draw(&mut svg, plot),
        Plot::Panels(plot) => panels::draw(&mut svg, plot),
    }
    svg.finish()
}

/// The PNG of a picture that [`svg`] wrote, 1200 by 675 pixels.
pub fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    paint(svg)?.png()
}

/// A picture in pixels.
pub struct Pixels(tiny_skia::Pixmap);

impl Pixels {
    /// The same as PNG.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        encode::png(&self.0).map_err(|error| ChartError::Encode(Box::new(error)))
    }
}

/// Draws a picture that [`svg`] wrote.
pub fn paint(svg: &str) -> Result<Pixels, ChartError> {
    let options = usvg::Options {
        fontdb: fonts::database(),
        font_family: fonts::FAMILY.to_owned(),
        // Nothing outside of the text is ever read for a picture.
        resources_dir: None,
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(ChartError::Read)?;
    let mut canvas = tiny_skia::Pixmap::new(WIDTH, HEIGHT).ok_or(ChartError::Canvas)?;
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut canvas.as_mut());
    Ok(Pixels(canvas))
}
