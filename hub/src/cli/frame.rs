//! A post as a framed block in the terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::reports::columns::{left, wrap};
use crate::reports::post::{Post, Table};

use super::paint::{QUIET, STRONG, accent, painted, width};

/// Prints a post; `aside` stands at the right edge of its title, as in `close to post 14 ms`.
pub(super) fn print_post(post: &Post, aside: &str) {
    anstream::print!("{}", render(post, aside, width()));
}

/// The block as text with colour codes, `width` columns wide.
pub(crate) fn render(post: &Post, aside: &str, width: usize) -> String {
    let bar = accent(post.accent);
    let inner = width - 4;
    let mut text = String::new();
    let edge = "─".repeat(width - 2);
    let mut line = |shown: &str, style: Option<anstyle::Style>| {
        let fitted = fit(shown, inner);
        let fitted = style.map_or(fitted.clone(), |style| painted(style, &fitted));
        let _ = writeln!(text, "{} {fitted} {}", painted(bar, "│"), painted(QUIET, "│"));
    };
    let room = inner.saturating_sub(aside.width() + 1);
    let title = left(&post.title, room);
    line(&format!("{title} {aside}"), Some(STRONG));
    for story in &post.lines {
        for part in wrap(story, inner) {
            line(&part, None);
        }
    }
    for row in side_by_side(&post.tables, inner) {
        line(&row, None);
    }
    for note in &post.notes {
        for part in wrap(&format!("• {note}"), inner) {
            line(&part, None);
        }
    }
    if !post.footer.is_empty() {
        line(&post.footer, Some(QUIET));
    }
    format!("{}\n{text}{}\n", painted(QUIET, &format!("╭{edge}╮")), painted(QUIET, &format!("╰{edge}╯")))
}

/// Tables beside each other as far as they fit.
fn side_by_side(tables: &[Table], inner: usize) -> Vec<String> {
    const GAP: usize = 4;
    let mut rows = Vec::new();
    let wide = tables.iter().flat_map(|table| &table.rows).map(|row| row.width()).max().unwrap_or(0).max(12);
    let abreast = ((inner + GAP) / (wide + GAP)).clamp(1, 2);
    for group in tables.chunks(abreast) {
        rows.push(String::new());
        let height = group.iter().map(|table| table.rows.len()).max().unwrap_or(0) + 1;
        for index in 0..height {
            let mut row = String::new();
            for table in group {
                let cell = match index.checked_sub(1) {
                    None => &table.heading,
                    Some(index) => table.rows.get(index).map_or("", |row| row),
                };
                // Rows are laid out already: leading spaces are columns.
                let fill = (wide + GAP).saturating_sub(cell.width());
                row.push_str(cell);
                row.push_str(&" ".repeat(fill));
            }
            rows.push(row.trim_end().to_owned());
        }
    }
    if !rows.is_empty() {
        rows.push(String::new());
    }
    rows
}

/// `text` in exactly `width` columns; unlike a name, a laid-out row keeps its leading spaces.
fn fit(text: &str, width: usize) -> String {
    let room = text.width();
    if room <= width { format!("{text}{}", " ".repeat(width - room)) } else { left(text, width) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::post::Accent;

    #[test]
    fn block_is_straight_on_both_sides() {
        let table = |heading: &str| Table {
            heading: heading.to_owned(),
            rows: vec!["              K   D  DPM".to_owned(), "日本語の名前  12   7  312".to_owned()],
        };
        let post = Post {
            title: "supply R1: Team A set 8:40".to_owned(),
            accent: Accent::TeamA,
            lines: vec!["Time to beat: 8:40 (Team B attacks next)".to_owned()],
            tables: vec![table("Team A (Allies, attack)"), table("Team B (Axis, defence)")],
            notes: vec!["bob spree of 7 kills".to_owned()],
            footer: "2026-11-09a.1 · 12 players".to_owned(),
            timestamp_ms: None,
        };
        for width in [80, 44] {
            let text = anstream::adapter::strip_str(&render(&post, "close to post 14 ms", width)).to_string();
            for line in text.lines() {
                assert_eq!(line.width(), width, "{line}");
            }
            insta::assert_snapshot!(format!("block_{width}"), text);
        }
    }
}
