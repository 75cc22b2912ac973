//! Text in columns, by display width: a name of wide glyphs takes the room that it takes on the screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `text` cut to at most `width` columns; a cut is marked by an ellipsis. Control characters and what has no width of
/// its own before anything else are dropped, and so are marks that turn the reading direction.
pub fn cut(text: &str, width: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown: String = text.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let shown = shown.trim();
    if shown.width() <= width {
        return shown.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in shown.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// `text` cut and filled with spaces on the right.
pub fn left(text: &str, width: usize) -> String {
    let cut = cut(text, width);
    let fill = width.saturating_sub(cut.width());
    cut + &" ".repeat(fill)
}

/// `text` filled with spaces on the left.
pub fn right(text: &str, width: usize) -> String {
    let fill = width.saturating_sub(text.width());
    " ".repeat(fill) + text
}

/// Words of a text in lines of at most `width` columns.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            *last = cut(word, width);
        } else if last.width() + 1 + word.width() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(cut(word, width));
        }
    }
    lines
}

/// The same for text with commands, paths and ids in it: what is too long for a line stands whole on one of its own.
pub fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && last.width() + 1 + word.width() > width {
            lines.push(word.to_owned());
        } else {
            last.push_str(if last.is_empty() { "" } else { " " });
            last.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_copy_stays_whole() {
        assert_eq!(fold("see /a/very/long/path now", 10), ["see", "/a/very/long/path", "now"]);
        assert_eq!(fold("a b  c", 3), ["a b", "c"]);
    }

    #[test]
    fn columns_hold_whatever_the_name() {
        for name in ["bob", "a very long name indeed", "日本語の名前です", "e\u{301}e\u{301}e\u{301}", "", "\u{200b}x"]
        {
            assert_eq!(left(name, 12).width(), 12, "{name}");
        }
        assert_eq!(cut("日本語の名前です", 7), "日本語…");
        assert_eq!(right("7", 3), "  7");
    }
}
