//! Makes any text harmless in Discord: what was written is what is read.
//!
//! Player and team names are chosen by strangers. A name must not become bold, a link, a ping, an emoji or the end of
//! a code block, nor turn the reading direction of its line.

/// Breaks a mention without being seen.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Discord reads these as markup wherever they stand.
const MARKUP: &[char] = &['\\', '*', '_', '~', '`', '|', '<', '>', '[', ']', '(', ')', '#'];

/// A text for embed descriptions, titles, field names and field values.
pub fn markdown(text: &str) -> String {
    pieces(&plain(text)).concat()
}

/// As [`markdown`], cut with a visible `…` where it would be longer than `limit` UTF-16 units. An escape is never
/// torn apart.
pub fn markdown_within(text: &str, limit: usize) -> String {
    within(&pieces(&plain(text)), limit)
}

/// As [`plain`], cut with a visible `…` where it would be longer than `limit` UTF-16 units.
pub fn plain_within(text: &str, limit: usize) -> String {
    let chars: Vec<String> = plain(text).chars().map(String::from).collect();
    within(&chars, limit)
}

/// One row inside a code block, where only a fence of backticks is markup: they become their look-alike, which is as
/// wide and keeps the columns.
pub fn code_row(text: &str) -> String {
    plain(text).replace('`', "\u{2cb}")
}

/// The text as one line without what cannot be seen: control characters become a space, direction marks and
/// zero-width spaces go. Embed footers show no markup and need no more than this.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !is_unseen(*c))
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

/// How long Discord takes a text to be. The client counts UTF-16 units, the server characters; the larger is safe.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text as pieces that stay together when it is cut, each an escaped character.
fn pieces(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let first = chars.iter().position(|c| !c.is_whitespace()).unwrap_or(0);
    let digits = chars[first..].iter().take_while(|c| c.is_ascii_digit()).count();
    let bullet = |at: usize, c: char| match c {
        '-' | '+' => at == first,
        '.' => digits > 0 && at == first + digits,
        _ => false,
    };
    let escaped = chars.iter().enumerate().map(|(at, &c)| match c {
        '@' => format!("@{ZERO_WIDTH_SPACE}"),
        // An invite needs no `https:` to be one.
        '/' if follows_a_host(&chars, at) => format!("/{ZERO_WIDTH_SPACE}"),
        ':' if opens_something(&chars, at) => "\\:".to_owned(),
        c if MARKUP.contains(&c) || bullet(at, c) => format!("\\{c}"),
        c => c.to_string(),
    });
    escaped.collect()
}

/// A slash right behind what looks like a host's name, as in `discord.gg/`.
fn follows_a_host(chars: &[char], at: usize) -> bool {
    let word = chars[..at].iter().rev().take_while(|c| c.is_alphanumeric() || **c == '.' || **c == '-');
    word.clone().next().is_some_and(|last| last.is_alphabetic()) && word.into_iter().any(|c| *c == '.')
}

/// A colon that may begin an emoji (`:bomb:`) or the slashes of an address. Clock times stay as they are.
fn opens_something(chars: &[char], at: usize) -> bool {
    let word_after = || chars[at + 1..].iter().take_while(|c| !c.is_whitespace());
    let digit_before = at > 0 && chars[at - 1].is_ascii_digit();
    let clock =
        digit_before && word_after().next().is_some_and(char::is_ascii_digit) && !word_after().any(|c| *c == ':');
    word_after().next().is_some() && !clock
}

fn within(pieces: &[String], limit: usize) -> String {
    let whole: usize = pieces.iter().map(|piece| length(piece)).sum();
    if whole <= limit {
        return pieces.concat();
    }
    let mut text = String::new();
    let mut room = limit.saturating_sub(1);
    for piece in pieces {
        let Some(left) = room.checked_sub(length(piece)) else { break };
        room = left;
        text.push_str(piece);
    }
    if limit > 0 {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads as Discord does: a backslash before punctuation shows the punctuation. Gives what is seen, and the
    /// markup characters that were left alive.
    fn read(text: &str) -> (String, Vec<char>) {
        let (mut seen, mut alive) = (String::new(), Vec::new());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match (c, chars.peek()) {
                ('\\', Some(next)) if next.is_ascii_punctuation() => seen.extend(chars.next()),
                (ZERO_WIDTH_SPACE, _) => {}
                ('@', Some(&ZERO_WIDTH_SPACE)) => seen.push('@'),
                _ => {
                    if MARKUP.contains(&c) || c == '@' {
                        alive.push(c);
                    }
                    seen.push(c);
                }
            }
        }
        (seen, alive)
    }

    /// Whether unescaped colons enclose a word, as in `:bomb:`.
    fn has_emoji(text: &str) -> bool {
        let bare = text.replace("\\:", " ");
        let words: Vec<&str> = bare.split(':').collect();
        let enclosed = words.iter().take(words.len() - 1).skip(1);
        enclosed.into_iter().any(|word| !word.is_empty() && !word.contains(char::is_whitespace))
    }

    #[test]
    fn names_that_mean_harm() {
        for (name, escaped) in [
            ("**bold**", r"\*\*bold\*\*"),
            ("@everyone", "@\u{200b}everyone"),
            ("<@123>", "\\<@\u{200b}123\\>"),
            ("https://evil.example", r"https\://evil.example"),
            ("discord.gg/abc 1/2 a/b", "discord.gg/\u{200b}abc 1/2 a/b"),
            (":bomb:", r"\:bomb:"),
            ("- x", r"\- x"),
            ("1. x", r"1\. x"),
            ("# x", r"\# x"),
            ("a\nb\u{202e}c", "a bc"),
            ("supply R1: Team A set 8:40, 1-0", "supply R1: Team A set 8:40, 1-0"),
        ] {
            assert_eq!(markdown(name), escaped);
        }
        assert_eq!(code_row("a```b"), "aˋˋˋb");
    }

    proptest! {
        #[test]
        fn what_was_written_is_what_is_read(text in r"([\PC]|[*_~`|<>@:#\\\[\]().0-9 -]){0,40}") {
            let escaped = markdown(&text);
            let (seen, alive) = read(&escaped);
            prop_assert_eq!(seen, plain(&text));
            prop_assert_eq!(alive, Vec::<char>::new());
            // A backslash before the colon is what keeps an address from becoming a link.
            prop_assert!(!escaped.replace("\\:", "").contains("://"), "{}", escaped);
            prop_assert!(!has_emoji(&escaped), "{}", escaped);
        }

        #[test]
        fn a_cut_text_is_short_enough_and_keeps_no_half_escape(text in r"[\PC*_`@:]{0,40}", limit in 0_usize..60) {
            let cut = markdown_within(&text, limit);
            prop_assert!(length(&cut) <= limit);
            prop_assert_eq!(read(&cut).1, Vec::<char>::new());
            let whole = markdown(&text);
            if length(&whole) <= limit {
                prop_assert_eq!(cut, whole);
            } else {
                prop_assert!(limit == 0 || cut.ends_with('…'));
            }
        }

        #[test]
        fn nothing_ends_a_code_block(text in r"[\PC`\n]{0,40}") {
            let row = code_row(&text);
            prop_assert!(!row.contains('`') && !row.contains('\n'));
        }
    }
}
