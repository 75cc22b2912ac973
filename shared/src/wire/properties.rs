//! What always holds: every batch comes back as it was sealed, and no bytes make the decoder panic.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{
    Ack, AckItem, AckOutcome, AgentNotice, Batch, BatchHead, CertificateReply, CertificateRequest, ControlReply,
    ControlRequest, FrameHeader, Gap, GapReply, GapReport, HubNotice, JoinReply, JoinRequest, ManifestEntry, Message,
    Verdict, VerdictOutcome, decode, encode, specimen,
};
use crate::artifact::{ContentHash, FileName};
use crate::identity::{AgentId, BootId, SigningKey};

/// Header and body as a receiver takes them from a stream.
fn receive<T: Message>(bytes: &[u8]) -> Option<T> {
    let (header, body) = bytes.split_first_chunk()?;
    let header = FrameHeader::parse(header, T::LIMIT).ok()?;
    decode(&header, body.get(..header.body_len())?).ok()
}

fn entry() -> impl Strategy<Value = (ManifestEntry, Vec<u8>)> {
    let content = prop_oneof![
        vec(any::<u8>(), 0..2_000),
        // Long and regular, so that compression and its limit take part.
        (any::<u8>(), 0_usize..300_000).prop_map(|(byte, len)| vec![byte; len]),
    ];
    let verdict = (0..3_usize, vec("[a-z.]{1,20}", 0..4)).prop_map(|(outcome, rules)| Verdict {
        outcome: [VerdictOutcome::Accept, VerdictOutcome::Suspect, VerdictOutcome::Reject][outcome],
        rules,
    });
    ("[^/\0]{1,60}", content, any::<i64>(), any::<Option<i64>>(), proptest::option::of(verdict)).prop_map(
        |(name, content, modified, closed_at_us, verdict)| {
            let entry = ManifestEntry { closed_at_us, verdict, ..ManifestEntry::of(&name, &content, modified) };
            (entry, content)
        },
    )
}

fn sealed() -> impl Strategy<Value = (BatchHead, Vec<Vec<u8>>, SigningKey)> {
    (any::<[u8; 16]>(), any::<[u8; 16]>(), any::<u64>(), any::<i64>(), vec(entry(), 1..6), any::<[u8; 32]>()).prop_map(
        |(agent, boot, sequence, created, files, seed)| {
            let (manifest, contents) = files.into_iter().unzip();
            let head =
                BatchHead::new(AgentId::from_bytes(agent), BootId::from_bytes(boot), sequence, created, manifest);
            (head, contents, SigningKey::from_seed(&seed))
        },
    )
}

fn outcome() -> impl Strategy<Value = AckOutcome> {
    prop_oneof![
        Just(AckOutcome::Received),
        Just(AckOutcome::Duplicate),
        any::<String>().prop_map(|reason| AckOutcome::refused(&reason)),
    ]
}

fn gap() -> impl Strategy<Value = Gap> {
    let hash = proptest::option::of(any::<[u8; 32]>().prop_map(ContentHash::from));
    let fields = ("[^/\0]{1,60}", any::<u64>(), any::<i64>(), hash, ".{0,80}", any::<i64>());
    fields.prop_map(|(name, size, modified_at_ms, hash, why, noticed_at_ms)| Gap {
        kind: FileName::kind_of(&name),
        name,
        size,
        modified_at_ms,
        hash,
        why,
        noticed_at_ms,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_batch_comes_back_as_it_was_sealed((head, contents, key) in sealed()) {
        let frame = encode(&Batch::seal(&head, contents.clone(), &key).unwrap()).unwrap();
        let open = receive::<Batch>(&frame).unwrap().open(&key.verifying_key()).unwrap();
        prop_assert_eq!(&BatchHead::decode(&open.head_bytes).unwrap(), &head);
        prop_assert!(open.files.iter().all(|file| file.problem.is_none()));
        let entries: Vec<_> = open.files.iter().map(|file| file.entry.clone()).collect();
        prop_assert_eq!(entries, head.manifest.clone());
        prop_assert_eq!(open.files.into_iter().map(|file| file.content).collect::<Vec<_>>(), contents);
        prop_assert_eq!(open.head, head);
    }

    #[test]
    fn an_ack_comes_back(sequence: u64, reset: bool, outcomes in vec((any::<[u8; 32]>(), outcome()), 0..40)) {
        let items = outcomes.into_iter().map(|(hash, outcome)| AckItem { hash: ContentHash::from(hash), outcome });
        let ack = Ack { sequence, items: items.collect(), sequence_reset: reset };
        prop_assert_eq!(receive::<Ack>(&encode(&ack).unwrap()), Some(ack));
    }

    #[test]
    fn a_report_of_lost_files_comes_back(gaps in vec(gap(), 0..40)) {
        let report = GapReport::new(gaps);
        prop_assert_eq!(receive::<GapReport>(&encode(&report).unwrap()), Some(report));
    }

    #[test]
    fn a_damaged_frame_is_refused_or_read_but_never_panics(
        at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>(), message in 0..20_usize
    ) {
        let frame = match message {
            0 => encode(&specimen::batch()),
            1 => encode(&specimen::ack()),
            2 => encode(&specimen::agent_notice()),
            3 => encode(&specimen::hub_notice()),
            4 => encode(&specimen::join_request()),
            5 => encode(&specimen::join_reply()),
            6 => encode(&specimen::certificate_request()),
            7 => encode(&specimen::certificate_reply()),
            8 => encode(&specimen::live()),
            9..12 => encode(&specimen::control_request(specimen::intents()[message - 5].clone())),
            12..18 => encode(&specimen::control_replies()[message - 12]),
            18 => encode(&specimen::gap_report()),
            _ => encode(&specimen::gap_replies()[1]),
        };
        let mut frame = frame.unwrap();
        let len = frame.len();
        frame[at.index(len)] = byte;
        frame.truncate(1 + cut.index(2 * len));
        all_readers(&frame);
    }

    #[test]
    fn any_bytes_are_refused_or_read_but_never_panic(mut bytes in vec(any::<u8>(), 10..400), codec in 0..2_u8, message in 1..22_u8) {
        let body = (bytes.len() - FrameHeader::LEN) as u32;
        bytes[0] = message;
        bytes[1] = codec;
        bytes[2..6].copy_from_slice(&body.to_be_bytes());
        bytes[6..10].copy_from_slice(&if codec == 0 { body } else { body * 3 }.to_be_bytes());
        all_readers(&bytes);
    }
}

fn all_readers(bytes: &[u8]) {
    if let Some(batch) = receive::<Batch>(bytes) {
        let _ = batch.unproven_head();
        let _ = batch.open(&specimen::key().verifying_key());
    }
    let _ = receive::<Ack>(bytes);
    let _ = receive::<AgentNotice>(bytes);
    let _ = receive::<HubNotice>(bytes);
    let _ = receive::<JoinRequest>(bytes).map(|request| request.proven_key().is_ok());
    let _ = receive::<JoinReply>(bytes);
    let _ = receive::<ControlRequest>(bytes);
    let _ = receive::<ControlReply>(bytes);
    let key = specimen::key().verifying_key();
    let _ = receive::<CertificateRequest>(bytes).map(|request| request.verify(&[0; 32], &key));
    let _ = receive::<CertificateReply>(bytes);
    let _ = receive::<GapReport>(bytes).map(|report| report.gaps.iter().filter_map(Gap::problem).count());
    let _ = receive::<GapReply>(bytes);
}
