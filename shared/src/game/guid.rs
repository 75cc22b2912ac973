use std::fmt;

/// The first eight characters of the upper-cased `cl_guid`, as the stats file gives them.
///
/// Humans have eight hexadecimal digits. Omni-bots have `OMNIBOT` and a digit of their slot. Clients without a
/// real GUID have a placeholder that may be shorter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(String);

impl Guid {
    /// Takes the GUID part of a player line; empty is none. Bytes that are not ASCII graphic become `?`.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let text: String = bytes
            .iter()
            .take(32)
            .map(|&b| if b.is_ascii_graphic() { b.to_ascii_uppercase() as char } else { '?' })
            .collect();
        (!text.is_empty()).then_some(Self(text))
    }

    /// As stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of a real client's GUID, none for bots and placeholders.
    pub fn value(&self) -> Option<u32> {
        let real = self.0.len() == 8 && self.0.bytes().all(|b| b.is_ascii_hexdigit()) && self.0 != "00000000";
        real.then(|| u32::from_str_radix(&self.0, 16).ok()).flatten()
    }

    /// Whether the full GUID was an Omni-bot's.
    pub fn is_omnibot(&self) -> bool {
        self.0.starts_with("OMNIBOT")
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A real client's whole `cl_guid`: 32 hexadecimal digits, upper case. Bots and clients without one have none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FullGuid(String);

impl FullGuid {
    /// Takes 32 hexadecimal digits; anything else is none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != 32 || !bytes.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        Some(Self(bytes.iter().map(|&b| b.to_ascii_uppercase() as char).collect()))
    }

    /// As stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first eight characters, as a stats file gives them.
    pub fn short(&self) -> Guid {
        Guid(self.0[..8].to_owned())
    }
}

impl fmt::Display for FullGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_eight_hex_digits_are_a_real_client() {
        let value = |text: &str| Guid::from_bytes(text.as_bytes()).and_then(|guid| guid.value());
        assert_eq!(value("0a88841d"), Some(0x0A88_841D));
        assert_eq!(value("OMNIBOT0"), None);
        assert_eq!(value("unknown"), None);
        assert_eq!(value("00000000"), None);
        assert_eq!(value(""), None);
    }

    #[test]
    fn a_full_guid_is_32_hex_digits() {
        let full = FullGuid::from_bytes(b"0a88841d00000000000000000000000f").unwrap();
        assert_eq!((full.short().as_str(), &full.as_str()[29..]), ("0A88841D", "00F"));
        for odd in [&b"0A88841D"[..], b"OMNIBOT00                       ", b""] {
            assert_eq!(FullGuid::from_bytes(odd), None);
        }
    }
}
