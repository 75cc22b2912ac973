//! What version 1 of every message looks like, byte for byte. A failure here means that peers in the field, or
//! signatures and heads kept in archives, would no longer be understood: add a new golden file instead.

use std::fmt::Debug;

use data_encoding::HEXLOWER;

use super::frame::to_msgpack;
use super::{BatchHead, FrameHeader, Message, decode, specimen, verify_head};
use crate::identity::{Purpose, Signature};

fn bytes(golden: &str) -> Vec<u8> {
    HEXLOWER.decode(golden.split_whitespace().collect::<String>().as_bytes()).unwrap()
}

fn in_lines(bytes: &[u8]) -> String {
    let hex = HEXLOWER.encode(bytes);
    let lines: Vec<_> = hex.as_bytes().chunks(96).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\n")
}

/// The plain body written today is the golden one, and the golden one still reads as the same value.
fn holds<T: Message + PartialEq + Debug>(value: &T, golden: &str) {
    let written = to_msgpack(value, T::NAME).unwrap();
    assert_eq!(in_lines(&written), golden.trim_end(), "{} is written otherwise", T::NAME);
    assert_eq!(&read::<T>(0, &bytes(golden)), value, "{} reads otherwise", T::NAME);
}

fn read<T: Message>(codec: u8, body: &[u8]) -> T {
    let mut header = vec![T::TYPE, codec];
    header.extend((body.len() as u32).to_be_bytes());
    header.extend((body.len() as u32).to_be_bytes());
    decode(&FrameHeader::parse(&header.try_into().unwrap(), T::LIMIT).unwrap(), body).unwrap()
}

#[test]
fn version_1_of_every_message() {
    holds(&specimen::batch(), include_str!("golden/batch_v1.hex"));
    holds(&specimen::ack(), include_str!("golden/ack_v1.hex"));
    holds(&specimen::agent_notice(), include_str!("golden/agent_notice_v1.hex"));
    holds(&specimen::hub_notice(), include_str!("golden/hub_notice_v1.hex"));
    holds(&specimen::offer_again(), include_str!("golden/offer_again_v1.hex"));
    holds(&specimen::live(), include_str!("golden/live_v1.hex"));
    holds(&specimen::live_of_later(), include_str!("golden/live_v1_later.hex"));
    holds(&specimen::join_request(), include_str!("golden/join_request_v1.hex"));
    holds(&specimen::join_reply(), include_str!("golden/join_reply_v1.hex"));
    holds(&specimen::certificate_request(), include_str!("golden/certificate_request_v1.hex"));
    holds(&specimen::certificate_reply(), include_str!("golden/certificate_reply_v1.hex"));
    holds(&specimen::certificate_pending(), include_str!("golden/certificate_pending_v1.hex"));
    holds(&specimen::join_refused(), include_str!("golden/join_refused_v1.hex"));
    holds(&specimen::certificate_refused(), include_str!("golden/certificate_refused_v1.hex"));
    holds(&specimen::agent_notice_of_later(), include_str!("golden/agent_notice_v1_later.hex"));
    holds(&specimen::agent_notice_with_memory(), include_str!("golden/agent_notice_v1_memory.hex"));
    holds(&specimen::hub_clock(), include_str!("golden/hub_clock_v1.hex"));
}

/// A peer that knows nothing of what was added passes it over.
#[test]
fn what_was_added_to_what_is_seen_live_takes_nothing_from_an_older_peer() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(tag = "notice", rename_all = "snake_case")]
    enum Older {
        Live { answers: Option<bool>, map: Option<String>, most_players: Option<i64> },
    }
    let read: Older = rmp_serde::from_slice(&bytes(include_str!("golden/live_v1_later.hex"))).unwrap();
    assert_eq!(read, Older::Live { answers: Some(false), map: Some("supply".to_owned()), most_players: Some(24) });
}

#[test]
fn a_head_kept_with_its_signature_verifies_for_ever() {
    let (head, signature) = include_str!("golden/signed_head_v1.hex").split_once("\n\n").unwrap();
    let signature = Signature::from_slice(&bytes(signature)).unwrap();
    let key = specimen::key().verifying_key();
    let read: BatchHead = verify_head(&bytes(head), &signature, Purpose::Batch, &key).unwrap();
    assert_eq!(read, specimen::head());
}

#[test]
fn a_compressed_frame_of_version_1_reads() {
    let frame = bytes(include_str!("golden/compressed_frame_v1.hex"));
    let (header, body) = frame.split_first_chunk().unwrap();
    let header = FrameHeader::parse(header, super::limits::BATCH).unwrap();
    assert_eq!(decode::<super::Batch>(&header, body).unwrap(), specimen::batch());
    assert!(body.len() < to_msgpack(&specimen::batch(), "batch").unwrap().len());
}

/// One message below another, a blank line between.
fn hold<T: Message + PartialEq + Debug>(values: &[T], golden: &str) {
    let texts: Vec<&str> = golden.trim_end().split("\n\n").collect();
    assert_eq!(texts.len(), values.len());
    for (value, text) in values.iter().zip(texts) {
        holds(value, text);
    }
}

#[test]
fn version_1_of_every_request_to_a_game_server_and_every_answer() {
    let requests: Vec<_> = specimen::intents().into_iter().map(specimen::control_request).collect();
    hold(&requests, include_str!("golden/control_requests_v1.hex"));
    hold(&specimen::control_replies(), include_str!("golden/control_replies_v1.hex"));
}

#[test]
fn version_1_of_a_report_of_lost_files_and_of_its_answers() {
    holds(&specimen::gap_report(), include_str!("golden/gap_report_v1.hex"));
    hold(&specimen::gap_replies(), include_str!("golden/gap_replies_v1.hex"));
}
