//! Inputs that a parser once failed on, and some that it might have: each is read, whatever comes of it.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_bytes::Bytes;

use crate::artifact::{FileName, LocalStamp};
use crate::formats::{endstats, gametime, stats};
use crate::game::{Guid, clean_name, matching_key};
use crate::identity::{
    AGENT_CERTIFICATE_LIFE, AgentId, Authority, CaPin, JoinToken, Purpose, SigningKey, TlsKey, TlsPair, VerifyingKey,
    agent_of, certificates_from_pem, not_after_ms,
};
use crate::wire::{
    Ack, AgentNotice, Batch, BatchHead, CertificateReply, CertificateRequest, ControlReply, ControlRequest,
    FrameHeader, HubNotice, JoinReply, JoinRequest, Message, decode,
};

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

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn formats() {
    each("stats", |bytes| {
        if let Ok(file) = stats::parse(bytes) {
            file.players.iter().for_each(|player| assert!(!player.name().is_empty()));
        }
    });
    each("endstats", |bytes| {
        if let Ok(file) = endstats::parse(bytes) {
            let longest = file.versus.iter().filter_map(|line| line.subject.as_ref()).map(|subject| subject.name.len());
            assert!(longest.max().unwrap_or(0) <= 256, "each line carries its subject's name");
        }
    });
    each("gametime", |bytes| drop(gametime::parse(bytes)));
}

#[test]
fn names() {
    each("name", |bytes| drop(FileName::parse(&text(bytes))));
    each("stamp", |bytes| {
        let _ = (LocalStamp::parse(&text(bytes)), stats::parse_time(bytes));
        if let Ok(seconds) = bytes.try_into().map(i64::from_le_bytes) {
            let stamp = LocalStamp::from_seconds(seconds);
            assert_eq!(LocalStamp::from_seconds(stamp.seconds()), stamp);
        }
    });
    each("colour", |bytes| {
        let _ = Guid::from_bytes(bytes);
        assert!(matching_key(bytes).len() <= clean_name(bytes).len());
    });
}

#[test]
fn identity() {
    each("token", |bytes| drop(text(bytes).parse::<JoinToken>()));
    let authority = Authority::create(TlsKey::from_seed(&[1; 32]), 1_794_253_837_000).unwrap();
    each("certificate", |bytes| {
        let _ = (agent_of(bytes), not_after_ms(bytes), CaPin::of_certificate(&bytes.into()));
        assert!(authority.issue_agent(bytes, AgentId::from_bytes([4; 16]), 0, AGENT_CERTIFICATE_LIFE).is_err());
        let text = text(bytes);
        let _ = (
            certificates_from_pem(&text),
            SigningKey::from_pem(&text),
            VerifyingKey::from_pem(&text),
            TlsPair::from_pem(&text),
        );
    });
}

fn framed<T: Message>(body: &[u8]) -> Option<T> {
    let len = (body.len() as u32).to_be_bytes();
    let header = [&[T::TYPE, 0], &len[..], &len[..]].concat();
    let header = FrameHeader::parse(header.as_slice().try_into().unwrap(), T::LIMIT).ok()?;
    decode(&header, body).ok()
}

#[test]
fn messages() {
    each("message", |bytes| match bytes[0] % 7 {
        0 => drop(framed::<Ack>(&bytes[1..])),
        1 => drop(framed::<AgentNotice>(&bytes[1..])),
        2 => drop(framed::<HubNotice>(&bytes[1..])),
        3 => drop(framed::<JoinReply>(&bytes[1..])),
        5 => drop(framed::<CertificateReply>(&bytes[1..])),
        6 => drop(framed::<CertificateRequest>(&bytes[1..])),
        _ => drop(framed::<JoinRequest>(&bytes[1..])),
    });
    each("control", |bytes| match bytes[0] % 2 {
        0 => drop(framed::<ControlRequest>(&bytes[1..]).map(|request| request.intent.detail())),
        _ => drop(framed::<ControlReply>(&bytes[1..]).map(|reply| reply.answer.outcome())),
    });
    each("frame", |bytes| {
        let (header, body) = bytes.split_first_chunk().unwrap();
        let _ = FrameHeader::parse(header, Ack::LIMIT).map(|header| decode::<Ack>(&header, body).is_ok());
        let _ =
            FrameHeader::parse(header, AgentNotice::LIMIT).map(|header| decode::<AgentNotice>(&header, body).is_ok());
        let _ = FrameHeader::parse(header, Batch::LIMIT).map(|header| decode::<Batch>(&header, body).is_ok());
    });
}

#[test]
fn signed_batches() {
    #[derive(Serialize)]
    struct Unchecked<'a> {
        head: &'a Bytes,
        signature: &'a Bytes,
        contents: Vec<&'a Bytes>,
    }
    let key = SigningKey::from_seed(&[7; 32]);
    // A head of as many bytes as the first two say; what follows are contents.
    each("batch", |bytes| {
        let (len, rest) = bytes.split_first_chunk().unwrap();
        let (head, content) = rest.split_at(u16::from_le_bytes(*len).into());
        let _ = BatchHead::decode(head);
        let signature = key.sign(Purpose::Batch, head);
        let (signature, contents) = (Bytes::new(signature.as_bytes()), vec![Bytes::new(content)]);
        let body = rmp_serde::to_vec_named(&Unchecked { head: Bytes::new(head), signature, contents }).unwrap();
        let _ = framed::<Batch>(&body).unwrap().open(&key.verifying_key());
    });
}
