//! The bodies of all messages but the batch: the first byte says which, the rest is the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::framed;
use slomix_shared::identity::SigningKey;
use slomix_shared::wire::{
    Ack, AgentNotice, CertificateReply, CertificateRequest, FrameHeader, HubNotice, JoinReply, JoinRequest, Message,
    decode, encode,
};

/// A message with a tag is buffered before it is read: 32 bytes for a value of one, and as much again for the growth.
const TIMES: usize = 96;

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, body)) = bytes.split_first() else { return };
    match which % 7 {
        0 => read::<Ack>(body),
        1 => read::<AgentNotice>(body),
        2 => read::<HubNotice>(body),
        3 => read::<JoinReply>(body),
        5 => read::<CertificateReply>(body),
        6 => {
            if let Ok(request) = framed::<CertificateRequest>(body, TIMES) {
                let _ = request.verify(&[0; 32], &SigningKey::from_seed(&[7; 32]).verifying_key());
            }
        }
        _ => {
            if let Ok(request) = framed::<JoinRequest>(body, TIMES) {
                let _ = request.proven_key();
            }
        }
    }
});

/// What was understood is understood again.
fn read<T: Message + PartialEq + std::fmt::Debug>(body: &[u8]) {
    let Ok(message) = framed::<T>(body, TIMES) else { return };
    // A short form of a body may be within the limit, and the named one not.
    let Ok(frame) = encode(&message) else { return };
    let (header, body) = frame.split_first_chunk().expect("a frame has a header");
    let header = FrameHeader::parse(header, T::LIMIT).expect("a header that was written");
    assert_eq!(decode::<T>(&header, body).expect("a message that was written"), message);
}
