//! Colours of the terminal. They are stripped where nobody sees them: in a pipe, or where `NO_COLOR` is set.

use std::io::IsTerminal;

use anstyle::{AnsiColor, Color, RgbColor, Style};

use crate::reports::post::Accent;

/// Text of no weight.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// Text that must be seen.
pub(crate) const STRONG: Style = Style::new().bold();
/// All is well.
pub(crate) const GOOD: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green)));
/// Needs attention.
pub(crate) const BAD: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red)));

/// The colour of a post's bar.
pub(crate) fn accent(accent: Accent) -> Style {
    let [_, red, green, blue] = accent.rgb().to_be_bytes();
    Style::new().fg_color(Some(Color::Rgb(RgbColor(red, green, blue))))
}

/// `text` in a style.
pub(crate) fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The width of the terminal where there is one: what programs and files get is not broken into lines.
pub(crate) fn terminal() -> Option<usize> {
    std::io::stdout().is_terminal().then(width)
}

/// The width of the terminal, at most 100 columns; 80 where there is none.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0).clamp(40, 100))
}
