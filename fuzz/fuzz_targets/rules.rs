//! A round event as the agent's own rules see it: decoded to Lua values and judged.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use slomix_agent::validate::{Limits, Opinion, Rules, SandboxError, Subject};
use slomix_fuzz::bounded;
use slomix_shared::artifact::Kind;

/// The text is held once more outside of Lua, and quoted in notes.
const TIMES: usize = 8;
/// What Lua and the rules take, and half as much again for the file.
const MEMORY: usize = 1024 * 1024;

fuzz_target!(|bytes: &[u8]| {
    let subject = Subject {
        kind: Kind::Gametime,
        name: "gametime-supply-R1-1768421295.json",
        content: bytes,
        now: 1_768_421_300,
    };
    let limits = Limits { time: Duration::from_secs(5), memory: MEMORY };
    let mut rules = Rules::new(None, limits);
    let judged = bounded(bytes.len() + MEMORY / TIMES, TIMES, || rules.try_judge(&subject));
    match judged.expect("events are judged") {
        Ok(judgement) => assert_eq!(judgement.opinion == Opinion::Accept, judgement.rules.is_empty()),
        // Only a large file may run out of so little memory.
        Err(SandboxError::Script(error)) => assert!(bytes.len() > 4 * 1024, "{error}"),
        Err(error) => panic!("{error}"),
    }
});
