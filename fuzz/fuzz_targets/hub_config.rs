//! The hub's configuration: the text of its file, and the variables over it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_hub::config::Config;

/// The text is parsed twice, for its keys and for its values: a key of two bytes is a table's node each time.
const TIMES: usize = 512;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // It names a file that is then read.
    if text.to_ascii_lowercase().contains("token_file") || text.contains('\\') {
        return;
    }
    if let Err(error) = bounded(text.len(), TIMES, || Config::parse(text, |_| None)) {
        assert!(!error.to_string().is_empty());
    }
    // Each line a variable.
    let variables: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('=')).collect();
    let look_up = |name: &str| {
        let found = variables.iter().find(|(own, _)| own.trim() == name && !name.contains("FILE"));
        found.map(|(_, value)| (*value).to_owned())
    };
    if let Ok(config) = Config::parse("", look_up) {
        assert!(!config.servers.is_empty() && config.sessions.match_window_minutes < config.sessions.gap_minutes);
        let _ = (config.invite_address(), config.rules("main"), (config.channels())("main"));
    }
});
