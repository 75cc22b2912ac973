//! Whole frames as a peer sends them: header, codec and body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::wire::{
    Ack, AgentNotice, Batch, CertificateReply, CertificateRequest, FrameHeader, GapReply, GapReport, HubNotice,
    JoinReply, JoinRequest, Message, decode, limits,
};

/// As for messages; what a compressed body claims to become counts as input.
const TIMES: usize = 96;

fuzz_target!(|bytes: &[u8]| {
    let Some((header, body)) = bytes.split_first_chunk::<{ FrameHeader::LEN }>() else { return };
    match header[0] {
        Ack::TYPE => read::<Ack>(header, body),
        AgentNotice::TYPE => read::<AgentNotice>(header, body),
        HubNotice::TYPE => read::<HubNotice>(header, body),
        JoinRequest::TYPE => read::<JoinRequest>(header, body),
        JoinReply::TYPE => read::<JoinReply>(header, body),
        CertificateRequest::TYPE => read::<CertificateRequest>(header, body),
        CertificateReply::TYPE => read::<CertificateReply>(header, body),
        GapReport::TYPE => read::<GapReport>(header, body),
        GapReply::TYPE => read::<GapReply>(header, body),
        _ => read::<Batch>(header, body),
    }
});

fn read<T: Message>(bytes: &[u8; FrameHeader::LEN], body: &[u8]) {
    let Ok(header) = FrameHeader::parse(bytes, T::LIMIT) else { return };
    assert!(header.body_len() <= T::LIMIT && header.message() == bytes[0]);
    let plain = u32::from_be_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]) as usize;
    assert!(plain <= T::LIMIT && plain <= header.body_len() * limits::RATIO);
    // What the header says of its body, the transport has seen to.
    let body = &body[..body.len().min(header.body_len())];
    let _ = bounded(body.len() + plain, TIMES, || decode::<T>(&header, body));
}
