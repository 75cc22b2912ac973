//! Inputs that a reader of the agent once failed on, and some that it might have.

use std::fs;
use std::path::Path;

use slomix_agent::gameserver::{
    InfoReply, Reply, RoundTeller, StatusReply, cvar_value, log_event, map_list, status_rows,
};
use slomix_agent::spool::{Decoded, decode_record};
use slomix_agent::validate::{Limits, Rules, Subject};
use slomix_shared::artifact::Kind;

/// The inputs of a fuzz target that were kept.
fn each(target: &str, read: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/regressions").join(target);
    let mut count = 0;
    for input in fs::read_dir(folder).unwrap() {
        read(&fs::read(input.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "{target} has no inputs");
}

#[test]
fn round_events_are_judged() {
    each("rules", |content| {
        let subject = Subject { kind: Kind::Gametime, name: "gametime-supply-R1-1768421295.json", content, now: 0 };
        Rules::new(None, Limits::default()).try_judge(&subject).unwrap().unwrap();
    });
}

#[test]
fn ledger_entries_are_good_damaged_or_torn() {
    each("record", |payload| {
        let length = (payload.len() as u32).to_le_bytes();
        let whole = [&length[..], &crc32fast::hash(payload).to_le_bytes(), payload].concat();
        for bytes in [payload, &whole] {
            if let Decoded::Good(_, length) | Decoded::Damaged(length) = decode_record(bytes) {
                assert!(length <= bytes.len());
            }
        }
    });
}

#[test]
fn what_a_game_server_says_is_read_or_passed_over() {
    each("getstatus", |datagram| match Reply::of(datagram) {
        Reply::Status(body) => {
            let reply = StatusReply::parse(body);
            assert!(reply.status().players.len() <= 128);
            assert!(reply.teams().is_none_or(|teams| teams.len() == reply.players.len()));
        }
        Reply::Info(body) => drop(InfoReply::parse(body, "a1b2")),
        Reply::Print(_) | Reply::Other => {}
    });
    each("rcon", |text| {
        let rows = status_rows(text).map_or(0, |rows| rows.len());
        assert!(rows <= 128);
        let maps = map_list(text).unwrap_or_default();
        assert!(maps.iter().all(|map| !map.is_empty()));
        assert_eq!(cvar_value(text, "sv_protect"), None);
    });
    each("game_log", |log| {
        let mut teller = RoundTeller::default();
        for event in log.split(|byte| *byte == b'\n').filter_map(log_event) {
            teller.hear(event, None);
        }
        assert_eq!(teller.map(), None);
    });
}
