//! Join tokens: as a text, and as the bytes within one, whose checksum is made to hold.
#![no_main]

use data_encoding::BASE32_NOPAD;
use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::identity::{AgentId, JoinToken, TokenError};

/// The text without its spaces, in upper case, and the bytes in it.
const TIMES: usize = 16;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = read(text);
        if let Ok(id) = text.parse::<AgentId>() {
            assert_eq!(id.to_string(), text.to_ascii_lowercase());
        }
    }
    let sum = blake3::hash(bytes);
    let text = format!("slomix_join_{}", BASE32_NOPAD.encode(&[bytes, &sum.as_bytes()[..4]].concat()));
    if let Err(TokenError::Prefix) = read(&text) {
        panic!("the prefix is there");
    }
});

fn read(text: &str) -> Result<(), TokenError> {
    let token = bounded(text.len(), TIMES, || text.parse::<JoinToken>())?;
    assert_eq!(token.to_string().parse(), Ok(token));
    Ok(())
}
