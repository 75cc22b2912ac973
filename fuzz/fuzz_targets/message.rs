//! The bodies of all messages but the batch: the first byte says which, the rest is the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::{bounded, framed};
use slomix_shared::wire::{Ack, AgentNotice, FrameHeader, HubNotice, JoinReply, JoinRequest, Message, decode, encode};

/// A tagged enum is buffered before it is read, 64 bytes for a member of two.
const TIMES: usize = 96;

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, body)) = bytes.split_first() else { return };
    match which % 5 {
        0 => read::<Ack>(body),
        1 => read::<AgentNotice>(body),
        2 => read::<HubNotice>(body),
        3 => {
            if let Some(request) = read::<JoinRequest>(body) {
                let _ = request.proven_key();
            }
            None
        }
        _ => read::<JoinReply>(body).map(drop),
    };
});

fn read<T: Message>(body: &[u8]) -> Option<T> {
    None
}
