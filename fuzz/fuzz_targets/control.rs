//! Requests to a game server and the answers: the first byte says which, the rest is the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::framed;
use slomix_shared::wire::{ControlReply, ControlRequest, FrameHeader, Message, decode, encode};

/// As for other messages with a tag: it is buffered before it is read.
const TIMES: usize = 96;

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, body)) = bytes.split_first() else { return };
    match which % 2 {
        0 => {
            if let Some(request) = read::<ControlRequest>(body) {
                assert!(!request.intent.word().is_empty());
                let _ = request.intent.detail();
            }
        }
        _ => {
            if let Some(reply) = read::<ControlReply>(body) {
                assert!(["done", "refused", "failed"].contains(&reply.answer.outcome()));
            }
        }
    }
});

/// What was understood is understood again.
fn read<T: Message + PartialEq + std::fmt::Debug>(body: &[u8]) -> Option<T> {
    let message = framed::<T>(body, TIMES).ok()?;
    // A short form of a body may be within the limit, and the named one not.
    let frame = encode(&message).ok()?;
    let (header, body) = frame.split_first_chunk().expect("a frame has a header");
    let header = FrameHeader::parse(header, T::LIMIT).expect("a header that was written");
    assert_eq!(decode::<T>(&header, body).expect("a message that was written"), message);
    Some(message)
}
