/// Characters that a reason has at most: it is shown on a line, and kept for ever.
pub const MOST_OF_A_REASON: usize = 500;

/// What people wrote, as one line that a terminal and a post can show: line breaks and tabs are spaces, and whatever
/// else steers a terminal or turns the direction of writing is taken out. Spaces stand alone, and none at the ends.
pub fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter_map(|c| match c {
            '\t' | '\n' | '\u{B}' | '\u{C}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if steers(c) => None,
            c => Some(c),
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, and those of Unicode that turn the direction of writing: they are not seen and change what is.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_one_and_what_steers_a_terminal_goes() {
        assert_eq!(one_line("  the server\r\n\tcrashed \n"), "the server crashed");
        assert_eq!(one_line("\u{1b}[31mred\u{1b}[0m\u{7}\u{9b}2J"), "[31mred[0m2J");
        assert_eq!(one_line("a\u{202e}b\u{2028}c\u{85}d"), "ab c d");
        assert_eq!(one_line("é 日本 🎉"), "é 日本 🎉");
        assert_eq!(one_line("\u{1b}\n\0"), "");
    }
}
