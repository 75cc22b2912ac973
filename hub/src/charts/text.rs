//! Text that is safe to draw: cleaned, cut by display width, and measured by the font's own widths.

use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthChar;

use super::fonts::{self, Weight};

/// How many columns of a terminal a name may take in a picture.
const NAME_COLUMNS: usize = 16;
/// Marks over and under letters that still look like a name.
const MARKS_PER_LETTER: usize = 2;

/// The text without what XML cannot hold, what turns the direction of writing, and heaps of marks; spaces are folded.
pub(super) fn clean(raw: &str) -> String {
    let mut clean = String::with_capacity(raw.len());
    let mut marks = 0;
    for letter in raw.chars() {
        if letter.is_whitespace() || letter.is_control() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
            continue;
        }
        if invisible(letter) {
            continue;
        }
        marks = if letter.width() == Some(0) { marks + 1 } else { 0 };
        if marks > MARKS_PER_LETTER {
            continue;
        }
        // Decorated letters that the font lacks are shown as the plain letters that they stand for.
        if !fonts::has(letter) && std::iter::once(letter).nfkc().all(fonts::has) {
            clean.extend(std::iter::once(letter).nfkc());
        } else {
            clean.push(letter);
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// Letters that draw nothing or break the text that holds them.
fn invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A name as pictures show it: clean, at most 16 columns wide, and never nothing.
pub(super) fn name(raw: &str) -> String {
    let clean = clean(raw);
    if clean.is_empty() {
        return "–".to_owned();
    }
    let columns = |letter: char| letter.width().unwrap_or(0);
    if clean.chars().map(columns).sum::<usize>() <= NAME_COLUMNS {
        return clean;
    }
    let mut used = 0;
    let kept = clean.chars().take_while(|&letter| {
        used += columns(letter);
        used < NAME_COLUMNS
    });
    let mut short = kept.collect::<String>().trim_end().to_owned();
    short.push('…');
    short
}

/// How wide the text is in pixels at this size.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    text.chars().map(|letter| fonts::advance(letter, weight)).sum::<f64>() * size
}

/// The text, cut with an ellipsis where it would be wider than this; nothing when not even that has room.
pub(super) fn fit(text: &str, size: f64, weight: Weight, room: f64) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size, weight);
    if left < 0.0 {
        return String::new();
    }
    let kept = text.chars().take_while(|&letter| {
        left -= fonts::advance(letter, weight) * size;
        left >= 0.0
    });
    let mut short = kept.collect::<String>().trim_end().to_owned();
    short.push('…');
    short
}

/// The text in at most so many lines of this width, broken between words; the last is cut.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let full = lines.len() >= most;
        match lines.last_mut() {
            Some(line) if full || width(line, size, weight) + width(&format!(" {word}"), size, weight) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter().map(|line| fit(&line, size, weight, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_by_display_width() {
        assert_eq!(name("short"), "short");
        assert_eq!(name("exactly16columns"), "exactly16columns");
        assert_eq!(name("seventeen columns"), "seventeen colum…");
        assert_eq!(name("漢漢漢漢漢漢漢漢漢"), "漢漢漢漢漢漢漢…");
    }

    #[test]
    fn a_name_of_nothing_still_shows() {
        assert_eq!(name(""), "–");
        assert_eq!(name("\u{200b}\u{202e}\u{7} \t"), "–");
    }

    #[test]
    fn marks_do_not_pile_up() {
        assert_eq!(clean("a\u{301}\u{301}\u{301}\u{301}b"), "a\u{301}\u{301}b");
    }

    #[test]
    fn spaces_fold_and_what_breaks_xml_is_gone() {
        assert_eq!(clean(" a\0\u{1}\u{fffe}  b\r\n"), "a b");
    }

    #[test]
    fn decorated_letters_are_plain_and_unknown_ones_stay() {
        assert_eq!(clean("ＷＩＤＥ 𝓯𝓪𝓷𝓬𝔂 漢🦊"), "WIDE fancy 漢🦊");
    }

    #[test]
    fn what_fits_is_whole_and_the_rest_is_cut() {
        assert_eq!(fit("abc", 22.0, Weight::Regular, 200.0), "abc");
        let cut = fit("a long sentence about nothing", 22.0, Weight::Regular, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 22.0, Weight::Regular) <= 100.0, "{cut}");
        assert_eq!(fit("abc", 22.0, Weight::Regular, 1.0), "");
    }

    #[test]
    fn lines_break_between_words() {
        let lines = wrap("one two three four five six", 22.0, Weight::Regular, 120.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert!(wrap("", 22.0, Weight::Regular, 120.0, 2).is_empty());
    }
}
