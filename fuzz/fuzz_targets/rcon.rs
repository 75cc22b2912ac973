//! What a game server's console prints: lists of players and maps, and settings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_agent::gameserver::{cvar_value, decoded, map_list, status_rows};
use slomix_fuzz::bounded;

/// A row or a map of a few bytes becomes a value of a hundred.
const TIMES: usize = 48;

fuzz_target!(|text: &[u8]| {
    bounded(text.len(), TIMES, || {
        if let Ok(rows) = status_rows(text) {
            assert!(rows.len() <= 128);
            for row in rows {
                assert!(!row.seat().name.contains(char::is_control));
            }
        }
        if let Some(maps) = map_list(text) {
            assert!(maps.iter().all(|map| (1..=64).contains(&map.len()) && !map.contains(['/', ';', ' '])));
        }
        let _ = cvar_value(text, "sv_protect");
        let _ = decoded(text, 1_024);
    });
});
