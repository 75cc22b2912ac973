//! Colour-coded names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::game::{Guid, MapName, clean_name, matching_key};

/// The bytes without codes, the text made of them, its ASCII, which grows as it goes, and the key.
const TIMES: usize = 6;

fuzz_target!(|raw: &[u8]| {
    let clean = bounded(raw.len(), TIMES, || clean_name(raw));
    assert!(clean.len() <= raw.len() && !clean.contains(char::is_control));
    let key = bounded(raw.len(), TIMES, || matching_key(raw));
    assert!(key.len() <= clean.len() && key.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    assert!(!key.contains("  ") && key.trim() == key);
    if let Some(guid) = Guid::from_bytes(raw) {
        assert!(guid.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(!(guid.is_omnibot() && guid.value().is_some()));
    }
    if let Some(map) = std::str::from_utf8(raw).ok().and_then(MapName::parse) {
        assert_eq!(map.key(), map.key().to_lowercase());
    }
});
