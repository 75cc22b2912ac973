//! Frames, batches and peers that mean harm or come from another version.

use serde::Serialize;
use serde_json::json;

use super::frame::{from_msgpack, to_msgpack};
use super::{
    Ack, AckOutcome, AgentNotice, Batch, BatchHead, CertificateReply, ControlAnswer, ControlReply, ControlRequest,
    FileState, FrameHeader, Gap, GapReply, GapReport, HubNotice, Intent, ManifestEntry, Message, RoundPhase, WireError,
    decode, encode, limits, specimen,
};
use crate::artifact::{Kind, MAX_FILE_BYTES};
use crate::identity::SigningKey;

fn header(message: u8, codec: u8, body: u32, plain: u32) -> [u8; FrameHeader::LEN] {
    let mut bytes = [message, codec, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes[2..6].copy_from_slice(&body.to_be_bytes());
    bytes[6..].copy_from_slice(&plain.to_be_bytes());
    bytes
}

/// Frames `body` as it is.
fn framed<T: Message>(body: &[u8]) -> Result<T, WireError> {
    let len = body.len() as u32;
    decode(&FrameHeader::parse(&header(T::TYPE, 0, len, len), T::LIMIT)?, body)
}

fn other_version(value: impl Serialize) -> Vec<u8> {
    rmp_serde::to_vec_named(&value).unwrap()
}

#[test]
fn headers_that_claim_too_much_are_refused_before_anything_is_allocated() {
    let parse = |bytes| FrameHeader::parse(&bytes, 1_000).unwrap_err();
    assert!(matches!(
        parse(header(1, 0, u32::MAX, u32::MAX)),
        WireError::TooLarge { bytes: 0xffff_ffff, limit: 1_000 }
    ));
    assert!(matches!(parse(header(1, 1, 10, 1_001)), WireError::TooLarge { bytes: 1_001, .. }));
    assert!(matches!(parse(header(1, 1, 4, 801)), WireError::Ratio { body: 4, plain: 801 }));
    assert!(matches!(parse(header(1, 0, 4, 5)), WireError::Length(_)));
    assert!(matches!(parse(header(1, 2, 4, 4)), WireError::Codec(2)));
}

#[test]
fn a_body_that_is_not_what_the_header_says_is_refused() {
    let ack = specimen::ack();
    let plain = to_msgpack(&ack, "ack").unwrap();
    let squeezed = zstd::bulk::compress(&plain, 1).unwrap();
    let parse = |plain_len: usize| {
        let header = header(Ack::TYPE, 1, squeezed.len() as u32, plain_len as u32);
        decode::<Ack>(&FrameHeader::parse(&header, Ack::LIMIT).unwrap(), &squeezed)
    };
    assert_eq!(parse(plain.len()).unwrap(), ack);
    assert!(matches!(parse(plain.len() - 1), Err(WireError::Zstd(_))));
    assert!(matches!(parse(plain.len() + 1), Err(WireError::Length(_))));

    let mut longer = plain.clone();
    longer.push(0xc0);
    assert!(matches!(framed::<Ack>(&longer), Err(WireError::Trailing(1))));
    assert!(matches!(framed::<Ack>(&plain[..plain.len() - 1]), Err(WireError::Decode { .. })));
    assert!(matches!(framed::<Ack>(&[]), Err(WireError::Decode { .. })));
    let header = FrameHeader::parse(&header(Ack::TYPE, 0, 9, 9), Ack::LIMIT).unwrap();
    assert!(matches!(decode::<Ack>(&header, &plain), Err(WireError::Length(_))));
    assert!(matches!(
        decode::<HubNotice>(&header, &plain[..9]),
        Err(WireError::WrongMessage { found: 2, expected: 4 })
    ));
}

#[test]
fn deep_nesting_and_endless_lists_are_refused() {
    // An unknown field is skipped, however deep it is, but not beyond the limit.
    let mut deep = vec![0x81, 0xa1, b'x'];
    deep.extend(std::iter::repeat_n(0x91, 100_000));
    deep.push(0xc0);
    assert!(matches!(framed::<AgentNotice>(&deep), Err(WireError::Decode { .. })));

    let batch = to_msgpack(&specimen::batch(), "batch").unwrap();
    let contents = batch.windows(9).position(|bytes| bytes == b"\xa8contents").unwrap();
    let mut endless = batch[..contents + 9].to_vec();
    endless.extend([0xdd, 0, 0x10, 0, 0]);
    endless.extend([0xc4, 0].repeat(0x10_0000));
    let error = framed::<Batch>(&endless).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("257"), "{error:?}");
}

#[test]
fn what_shrinks_beyond_the_ratio_travels_plain() {
    let content = vec![0; 2 * 1024 * 1024];
    let entry = ManifestEntry::of("zeros.txt", &content, 0);
    let head = BatchHead { manifest: vec![entry], ..specimen::head() };
    let batch = Batch::seal(&head, vec![content], &specimen::key()).unwrap();
    let frame = encode(&batch).unwrap();
    let (header, body) = frame.split_first_chunk().unwrap();
    let header = FrameHeader::parse(header, Batch::LIMIT).unwrap();
    assert!(header.body_len() > 2 * 1024 * 1024);
    assert_eq!(decode::<Batch>(&header, body).unwrap(), batch);
}

#[test]
fn one_changed_byte_of_the_head_or_the_signature_is_noticed() {
    let key = specimen::key().verifying_key();
    let good = to_msgpack(&specimen::batch(), "batch").unwrap();
    let sealed = specimen::batch().open(&key).unwrap();
    for (part, len) in [(&sealed.head_bytes[..], sealed.head_bytes.len()), (&sealed.signature.as_bytes()[..], 64)] {
        let at = good.windows(len).position(|bytes| bytes == part).unwrap();
        for offset in 0..len {
            let mut bad = good.clone();
            bad[at + offset] ^= 1;
            let error = framed::<Batch>(&bad).unwrap().open(&key).unwrap_err();
            assert!(matches!(error, WireError::Signature), "byte {offset}: {error:?}");
        }
    }
    let other = SigningKey::from_seed(&[8; 32]).verifying_key();
    assert!(matches!(specimen::batch().open(&other), Err(WireError::Signature)));
}

#[test]
fn a_changed_content_is_refused_alone() {
    let good = to_msgpack(&specimen::batch(), "batch").unwrap();
    let at = good.windows(7).position(|bytes| bytes == b"a stats").unwrap();
    let mut bad = good;
    bad[at] ^= 1;
    let open = framed::<Batch>(&bad).unwrap().open(&specimen::key().verifying_key()).unwrap();
    assert!(open.files[0].problem.as_deref().unwrap().contains("hash"), "{:?}", open.files[0].problem);
    assert_eq!(open.files[1].problem, None);
}

#[test]
fn a_batch_over_the_caps_or_beside_its_manifest_is_not_sealed() {
    let seal = |manifest: Vec<ManifestEntry>, contents| {
        Batch::seal(&BatchHead { manifest, ..specimen::head() }, contents, &specimen::key())
    };
    let (manifest, contents) = specimen::files();
    assert!(matches!(seal(manifest.clone(), vec![]), Err(WireError::Count { listed: 2, held: 0 })));
    assert!(matches!(seal(vec![], vec![]), Err(WireError::Files(0))));
    assert!(matches!(seal(vec![manifest[1].clone(); 257], vec![vec![]; 257]), Err(WireError::Files(257))));
    let swapped = vec![contents[1].clone(), contents[0].clone()];
    assert!(matches!(seal(manifest.clone(), swapped), Err(WireError::File { .. })));
    let slashed = ManifestEntry::of("../passwd", b"", 0);
    assert!(matches!(seal(vec![slashed], vec![vec![]]), Err(WireError::File { .. })));

    let largest = vec![b'x'; MAX_FILE_BYTES];
    let entry = ManifestEntry::of("largest.txt", &largest, 0);
    let batch = seal(vec![entry.clone()], vec![largest.clone()]).unwrap();
    assert!(encode(&batch).unwrap().len() < limits::BATCH);
    let two = seal(vec![entry, manifest[0].clone()], vec![largest, contents[0].clone()]);
    assert!(matches!(two, Err(WireError::TooLarge { .. })));
}

#[test]
fn a_newer_peer_is_understood_as_far_as_possible() {
    let hash = vec![1_u8; 32];
    let ack: Ack = framed(&other_version(json!({
        "sequence": 3, "receipt": {"shelf": [1, 2]},
        "items": [
            {"hash": hash, "outcome": {"is": "postponed", "until": 9}, "shelf": 1},
            {"hash": hash, "outcome": {"is": "duplicate", "of": "x"}},
        ],
    })))
    .unwrap();
    assert_eq!(ack.items[0].outcome, AckOutcome::Unrecognised);
    assert!(!ack.items[0].outcome.is_durable());
    assert_eq!(ack.items[1].outcome, AckOutcome::Duplicate);
    assert!(!ack.sequence_reset);

    let notice: HubNotice = framed(&other_version(json!({"notice": "mail", "body": {"text": "x"}}))).unwrap();
    assert_eq!(notice, HubNotice::Unrecognised);
    let notice: HubNotice = framed(&other_version(json!({"notice": "outcomes", "files": [
        {"kind": "hologram", "name": "n", "hash": hash, "state": "frozen", "colour": "blue"},
    ]})))
    .unwrap();
    let HubNotice::Outcomes { files } = notice else { panic!("{notice:?}") };
    assert_eq!((files[0].kind, files[0].state), (Kind::Unrecognised, FileState::Unrecognised));

    let later: CertificateReply = framed(&other_version(json!({"answer": "tomorrow", "at": 3}))).unwrap();
    assert_eq!(later, CertificateReply::Unrecognised);
    let pending: CertificateReply = framed(&other_version(json!({"answer": "pending", "place": 3}))).unwrap();
    assert_eq!(pending, CertificateReply::Pending { since_ms: None });
    let chain = vec![[0_u8; 4]; 9];
    let long = framed::<CertificateReply>(&other_version(json!({"answer": "certified", "certificates": chain})));
    assert!(matches!(long, Err(WireError::Decode { .. })));

    let status: AgentNotice = framed(&other_version(json!({"notice": "status", "version": "9", "mood": 1}))).unwrap();
    let AgentNotice::Status(status) = status else { panic!("{status:?}") };
    assert_eq!((status.version.as_str(), status.unacked_files), ("9", None));

    let request: ControlRequest = framed(&other_version(json!({
        "version": 9, "nonce": "c0".repeat(16), "deadline_ms": 5, "by": "x",
        "intent": {"intent": "dance", "with": 3},
    })))
    .unwrap();
    assert_eq!(request.intent, Intent::Unrecognised);
    let reply: ControlReply =
        framed(&other_version(json!({"nonce": "c0".repeat(16), "answer": {"is": "postponed", "until": 9}}))).unwrap();
    assert_eq!(reply.answer, ControlAnswer::Unrecognised);
    let live = json!({"notice": "live", "players": [{"name": "a", "team": "referee", "hat": 1}],
        "round": {"phase": "overtime"}, "weather": "dry"});
    let AgentNotice::Live(live) = framed(&other_version(live)).unwrap() else { panic!() };
    assert_eq!(live.round.map(|round| round.phase), Some(RoundPhase::Unknown));
    assert_eq!((live.answers, live.players.map(|players| players.len())), (None, Some(1)));
}

#[test]
fn a_head_of_another_version_is_not_opened() {
    let head = BatchHead { version: 2, ..specimen::head() };
    let batch = Batch::seal(&head, specimen::files().1, &specimen::key()).unwrap();
    let error = batch.open(&specimen::key().verifying_key()).unwrap_err();
    assert!(matches!(error, WireError::Version { found: 2 }));
    assert!(from_msgpack::<BatchHead>(&[0xc0], "batch head").is_err());
}

#[test]
fn more_players_or_maps_than_there_can_be_are_refused() {
    let live = |players: usize| {
        let players = vec![json!({"name": "a"}); players];
        framed::<AgentNotice>(&other_version(json!({"notice": "live", "players": players})))
    };
    assert!(live(limits::SEATS).is_ok() && live(limits::SEATS + 1).is_err());
    let maps = |maps: usize| {
        let answer = json!({"is": "maps", "maps": vec!["m"; maps]});
        framed::<ControlReply>(&other_version(json!({"nonce": "c0".repeat(16), "answer": answer})))
    };
    assert!(maps(limits::MAPS).is_ok() && maps(limits::MAPS + 1).is_err());
}

#[test]
fn a_report_of_lost_files_is_bounded_and_what_is_newer_in_it_passed_over() {
    let gap = json!({"kind": "hologram", "name": "n", "size": 5, "modified_at_ms": 7, "mood": "sad"});
    let report = |gaps: usize| {
        let gaps = vec![gap.clone(); gaps];
        framed::<GapReport>(&other_version(json!({"version": 2, "gaps": gaps, "shelf": 1})))
    };
    let read = report(1).unwrap();
    assert_eq!((read.version, read.gaps[0].kind, &read.gaps[0].hash), (2, Kind::Unrecognised, &None));
    assert!(report(limits::GAPS).is_ok() && report(limits::GAPS + 1).is_err());
    let later: GapReply = framed(&other_version(json!({"answer": "perhaps", "when": 3}))).unwrap();
    assert_eq!(later, GapReply::Unrecognised);

    let with = |name: String, why: String| Gap { name, why, ..read.gaps[0].clone() };
    assert_eq!(with("n".repeat(255), "w".repeat(limits::REASON)).problem(), None);
    for name in ["", "../passwd", "a\0b", &"n".repeat(256)] {
        assert!(with(name.to_owned(), String::new()).problem().is_some(), "{name}");
    }
    assert!(with("n".to_owned(), "w".repeat(limits::REASON + 1)).problem().is_some());
    // The most that an agent may tell at once fits into one frame.
    let most = vec![with("n".repeat(255), "w".repeat(limits::REASON)); limits::GAPS];
    assert!(encode(&GapReport::new(most)).is_ok());
}
