use super::text::decoded;

/// Pairs in one infostring; a server's has at most a few hundred.
const MOST: usize = 512;

/// `\key\value\key\value…`, as the engine writes it.
///
/// There is no escaping. Keys are the same in capitals; of two the first counts; a key without a value, or with an
/// empty one, is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Infostring<'a> {
    pairs: Vec<(&'a [u8], &'a [u8])>,
    bytes: usize,
}

impl<'a> Infostring<'a> {
    /// Takes bytes for an infostring. It never fails: what makes no pair is passed over.
    pub fn parse(bytes: &'a [u8]) -> Self {
        let rest = bytes.strip_prefix(b"\\").unwrap_or(bytes);
        let mut fields = rest.split(|byte| *byte == b'\\');
        let mut pairs = Vec::new();
        while let (Some(key), Some(value)) = (fields.next(), fields.next()) {
            if !key.is_empty() && !value.is_empty() && pairs.len() < MOST {
                pairs.push((key, value));
            }
        }
        Self { pairs, bytes: bytes.len() }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a [u8]> {
        let found = self.pairs.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.as_bytes()));
        found.map(|(_, value)| *value)
    }

    /// The value as text of at most `most` characters.
    pub fn text(&self, key: &str, most: usize) -> Option<String> {
        self.get(key).map(|value| decoded(value, most)).filter(|text| !text.is_empty())
    }

    /// The value as a whole number.
    pub fn int(&self, key: &str) -> Option<i64> {
        std::str::from_utf8(self.get(key)?).ok()?.trim().parse().ok()
    }

    /// The value as thousandths, rounded: `7.1234` is 7123.
    pub fn thousandths(&self, key: &str) -> Option<i64> {
        let text = std::str::from_utf8(self.get(key)?).ok()?.trim();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if !part.bytes().all(|byte| byte.is_ascii_digit()) || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let digit = |at: usize| part.as_bytes().get(at).map_or(0, |byte| i64::from(byte - b'0'));
        let part = digit(0) * 100 + digit(1) * 10 + digit(2) + i64::from(digit(3) >= 5);
        whole.checked_mul(1_000)?.checked_add(part)
    }

    /// Whether the engine may have left keys out because it was full.
    pub fn may_be_cut(&self) -> bool {
        const NEARLY_FULL: usize = 1_000;
        self.bytes >= NEARLY_FULL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_a_part_are_thousandths() {
        let read = |text: &str| Infostring::parse(format!("\\t\\{text}").as_bytes()).thousandths("t");
        assert_eq!(
            ["12", "7.1234", "7.1235", "0.5", "-1", "1.2.3", "x", "9999999999999999999"].map(read),
            [Some(12_000), Some(7_123), Some(7_124), Some(500), None, None, None, None]
        );
    }
}
