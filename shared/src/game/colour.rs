/// Removes the engine's colour codes and turns the rest into text.
///
/// A code is `^` and any printable byte but `^` and space (the engine colours by every one of them), or `^` and a
/// byte from 0x80 up. A `^` before a space, before another `^` or at the end stays. Works on bytes, since `^` may
/// stand before half of a UTF-8 sequence; what is left and is no UTF-8 is dropped.
pub fn clean_name(raw: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'^'
            && let Some((&code, after)) = tail.split_first()
            && code > b' '
            && code != b'^'
            && code != 0x7F
        {
            rest = after;
            continue;
        }
        bytes.push(byte);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.extend(chunk.valid().chars().filter(|c| !c.is_control()));
    }
    text
}

/// What two spellings of one name share: colour codes, bytes outside 0x20 to 0x7E and repeated spaces removed.
///
/// The endstats writer puts names through the engine's cleaner, which leaves just this.
pub fn matching_key(raw: &[u8]) -> String {
    let clean = clean_name(raw);
    let ascii: String = clean.chars().filter(|c| (' '..='~').contains(c)).collect();
    let mut key = String::with_capacity(ascii.len());
    for word in ascii.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_36_colour_codes() {
        for (raw, clean) in [
            ("^/foo^d X", "foo X"),
            ("^1R^7N", "RN"),
            ("a^^1b", "a^b"),
            ("tail^", "tail^"),
            ("dev^?ice", "device"),
            ("a^ b", "a^ b"),
            ("^6A^2lpha", "Alpha"),
        ] {
            assert_eq!(clean_name(raw.as_bytes()), clean, "{raw}");
        }
    }

    #[test]
    fn case_37_bytes_that_are_no_text() {
        assert_eq!(clean_name(b"ab\xFFcd"), "abcd");
        assert_eq!(clean_name("^1zo\u{eb}".as_bytes()), "zo\u{eb}");
        assert_eq!(matching_key("^1zo\u{eb}  x ".as_bytes()), "zo x");
    }

    #[test]
    fn case_38_spaces_are_kept_in_the_name_and_folded_in_the_key() {
        assert_eq!(clean_name(b"  a   b "), "  a   b ");
        assert_eq!(matching_key(b"  a   b "), "a b");
    }
}
