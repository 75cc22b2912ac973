/// What Windows-1252 has where Latin-1 has control characters; five places are empty.
const HIGH: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}', '\u{FFFD}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

/// A name or a text of the game as text: UTF-8, or else Windows-1252, which is what the game's own fonts have. Control
/// characters and unseen ones are left out, colour codes stay, and what is longer than `most` characters is cut.
pub fn decoded(bytes: &[u8], most: usize) -> String {
    let kept = |c: &char| !c.is_control() && !is_unseen(*c);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().filter(kept).take(most).collect(),
        Err(_) => bytes.iter().map(|byte| windows_1252(*byte)).filter(kept).take(most).collect(),
    }
}

/// What nobody sees, and what turns the direction of a line round.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_are_read_and_what_steers_a_terminal_is_not() {
        assert_eq!(decoded("zo\u{eb}".as_bytes(), 9), "zo\u{eb}");
        assert_eq!(decoded(b"zo\xEB \x80^1", 9), "zo\u{eb} €^1");
        assert_eq!(decoded(b"a\x1b[2J\nb\x85", 9), "a[2Jb…");
        assert_eq!(decoded("a\u{202e}b\u{200b}c\u{2028}".as_bytes(), 9), "abc");
        assert_eq!(decoded("aaaa".as_bytes(), 3), "aaa");
    }
}
