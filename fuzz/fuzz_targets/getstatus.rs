//! What a game server answers to `getstatus` and `getinfo`: datagrams as they come.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_agent::gameserver::{InfoReply, Reply, StatusReply};
use slomix_fuzz::bounded;

/// A pair of two letters or a line of a few bytes becomes a value of some thirty; of both only so many are kept.
const TIMES: usize = 48;

fuzz_target!(|datagram: &[u8]| {
    match Reply::of(datagram) {
        Reply::Status(body) => {
            let status = bounded(datagram.len(), TIMES, || {
                let reply = StatusReply::parse(body);
                let _ = reply.answers("a1b2");
                (reply.teams(), reply.status())
            });
            let (teams, status) = status;
            assert!(status.players.len() <= 128);
            assert!(status.players.iter().all(|player| player.name.chars().count() <= 64));
            assert!(teams.is_none_or(|teams| teams.len() == status.players.len()));
            assert!(status.players.iter().all(|player| !player.name.contains(char::is_control)));
        }
        Reply::Info(body) => drop(bounded(datagram.len(), TIMES, || InfoReply::parse(body, "a1b2"))),
        Reply::Print(_) | Reply::Other => {}
    }
});
