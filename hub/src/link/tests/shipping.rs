use std::sync::atomic::Ordering;
use std::task::Poll;

use slomix_shared::artifact::MAX_FILE_BYTES;
use slomix_shared::identity::{BootId, SigningKey};
use slomix_shared::wire::{Ack, AckOutcome, Batch, BatchHead, FrameHeader, ManifestEntry, Message, ResetCode, encode};

use super::agent::{Ended, TestAgent, ask, ship};
use super::{TestHub, WAYS};

fn reason(ack: &Ack, at: usize) -> &str {
    match &ack.items[at].outcome {
        AckOutcome::Refused { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// The frame of `batch` without compression, so that single bytes of it can be changed.
fn plain_frame(batch: &Batch) -> Vec<u8> {
    let frame = encode(batch).unwrap();
    let (header, body) = frame.split_at(FrameHeader::LEN);
    let plain = u32::from_be_bytes(header[6..].try_into().unwrap());
    let body = if header[1] == 0 { body.to_vec() } else { zstd::bulk::decompress(body, plain as usize).unwrap() };
    [&[Batch::TYPE, 0][..], &plain.to_be_bytes(), &plain.to_be_bytes(), &body].concat()
}

#[tokio::test]
async fn what_is_shipped_twice_is_a_duplicate() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        let first = ship(&connection, &agent.batch(1, &[("a.txt", b"a"), ("b.txt", b"b")])).await.unwrap();
        assert!(first.items.iter().all(|item| item.outcome == AckOutcome::Received));
        let second = ship(&connection, &agent.batch(2, &[("b.txt", b"b"), ("c.txt", b"c")])).await.unwrap();
        let outcomes: Vec<_> = second.items.iter().map(|item| &item.outcome).collect();
        assert_eq!(outcomes, [&AckOutcome::Duplicate, &AckOutcome::Received]);
        assert_eq!((second.sequence, second.sequence_reset), (2, false));

        let about = &hub.link.connections().list()[0];
        assert_eq!((about.name.as_str(), about.batches, about.files, about.refused), ("vienna", 2, 4, 0));
        assert!(about.last_batch_ms >= Some(about.since_ms));
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_before_the_commit() {
    for way in WAYS {
        let (hub, connection, batch) = TestHub::that_ends_no_commit(way).await;
        let mut ack = std::pin::pin!(ship(&connection, &batch));
        tokio::select! {
            _ = &mut ack => panic!("acknowledged without a commit"),
            () = hub.memory.wait_for_commits(1) => {}
        }
        let early = std::future::poll_fn(|context| Poll::Ready(ack.as_mut().poll(context).is_ready())).await;
        assert!(!early && hub.memory.is_empty());
        hub.memory.commits.add_permits(1);
        assert_eq!(ack.await.unwrap().items[0].outcome, AckOutcome::Received);
    }
}

#[tokio::test]
async fn a_batch_that_is_not_kept_is_not_acknowledged() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        let batch = agent.batch(1, &[("a.txt", b"a")]);
        for down in [&hub.memory.archive_is_down, &hub.memory.registry_is_down] {
            down.store(true, Ordering::Relaxed);
            assert_eq!(ship(&connection, &batch).await, Err(Ended::Reset(ResetCode::NotStored)));
            down.store(false, Ordering::Relaxed);
        }
        assert!(hub.memory.is_empty());
        assert_eq!(ship(&connection, &batch).await.unwrap().items[0].outcome, AckOutcome::Received);
    }
}

#[tokio::test]
async fn a_flipped_bit_in_a_content_refuses_that_file_alone() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        let mut frame = plain_frame(&agent.batch(1, &[("a.txt", b"first content"), ("b.txt", b"second")]));
        let at = frame.windows(13).position(|bytes| bytes == b"first content").unwrap();
        frame[at] ^= 1;
        let ack: Ack = ask(&connection, &frame).await.unwrap();
        assert!(reason(&ack, 0).contains("hash"), "{ack:?}");
        assert_eq!(ack.items[1].outcome, AckOutcome::Received);
        assert_eq!((hub.memory.content("a.txt"), hub.memory.content("b.txt")), (None, Some(b"second".to_vec())));
        assert_eq!(hub.link.connections().list()[0].refused, 1);
    }
}

#[tokio::test]
async fn a_batch_whose_signature_does_not_hold_is_refused_whole() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        let good = agent.batch(1, &[("a.txt", b"a"), ("b.txt", b"b")]);
        let mut frame = plain_frame(&good);
        let at = frame.windows(5).position(|bytes| bytes == b"a.txt").unwrap();
        frame[at] ^= 1;
        let ack: Ack = ask(&connection, &frame).await.unwrap();
        assert!(reason(&ack, 0).contains("signature") && reason(&ack, 1).contains("signature"));

        let forged = TestAgent { signing_key: SigningKey::from_seed(&[9; 32]), ..agent };
        let ack = ship(&connection, &forged.batch(1, &[("a.txt", b"a")])).await.unwrap();
        assert!(reason(&ack, 0).contains("signature"));
        assert!(hub.memory.is_empty());
        assert_eq!(ship(&connection, &good).await.unwrap().items.len(), 2);
    }
}

#[tokio::test]
async fn an_agent_cannot_ship_in_anothers_name() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let (vienna, linz) = (hub.agent("vienna").await, hub.agent("linz").await);
        let connection = vienna.connect().await.unwrap();
        let ack = ship(&connection, &linz.batch(1, &[("a.txt", b"a")])).await.unwrap();
        assert!(reason(&ack, 0).contains("signature"));
        let renamed = TestAgent { id: linz.id, ..vienna };
        let ack = ship(&connection, &renamed.batch(1, &[("a.txt", b"a")])).await.unwrap();
        assert!(reason(&ack, 0).contains("another agent"));
        assert!(hub.memory.is_empty());
    }
}

#[tokio::test]
async fn an_oversize_or_malformed_frame_ends_its_stream_only() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        let framed = |message: u8, len: usize, body: &[u8]| {
            let len = (len as u32).to_be_bytes();
            [&[message, 0][..], &len, &len, body].concat()
        };
        let good = plain_frame(&agent.batch(1, &[("a.txt", b"a")]));
        let cases = [
            (framed(Batch::TYPE, Batch::LIMIT + 1, b"x"), ResetCode::TooLarge),
            (framed(Batch::TYPE, 4, b"\xc0\xc0\xc0\xc0"), ResetCode::Malformed),
            (framed(Batch::TYPE, 40, b"cut off"), ResetCode::Malformed),
            (framed(Ack::TYPE, 1, b"\xc0"), ResetCode::Unexpected),
            ([&good[..], b"x"].concat(), ResetCode::Malformed),
            (b"GET / HTTP/1.1\r\n\r\n".to_vec(), ResetCode::Malformed),
            (Vec::new(), ResetCode::Malformed),
        ];
        for (frame, code) in cases {
            assert_eq!(ask::<Ack>(&connection, &frame).await, Err(Ended::Reset(code)), "{frame:?}");
        }
        assert!(hub.memory.is_empty());
        assert_eq!(ask::<Ack>(&connection, &good).await.unwrap().items[0].outcome, AckOutcome::Received);
    }
}

#[tokio::test]
async fn a_file_of_the_largest_size_arrives() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        // Hashes of a counter do not compress.
        let content: Vec<u8> =
            (0..MAX_FILE_BYTES as u32 / 32).flat_map(|n| *blake3::hash(&n.to_be_bytes()).as_bytes()).collect();
        let ack = ship(&connection, &agent.batch(1, &[("large.txt", &content)])).await.unwrap();
        assert_eq!(ack.items[0].outcome, AckOutcome::Received);
        assert!(hub.memory.content("large.txt") == Some(content));
    }
}

#[tokio::test]
async fn a_sequence_that_goes_backwards_is_kept_and_reported() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        assert!(!ship(&connection, &agent.batch(5, &[("a.txt", b"a")])).await.unwrap().sequence_reset);
        let again = ship(&connection, &agent.batch(4, &[("b.txt", b"b")])).await.unwrap();
        assert_eq!((again.sequence_reset, &again.items[0].outcome), (true, &AckOutcome::Received));

        // Over another connection too, but not in another boot.
        let connection = agent.connect().await.unwrap();
        assert!(ship(&connection, &agent.batch(3, &[("c.txt", b"c")])).await.unwrap().sequence_reset);
        let manifest = vec![ManifestEntry::of("d.txt", b"d", 0)];
        let head = BatchHead::new(agent.id, BootId::from_bytes([8; 16]), 1, 0, manifest);
        let batch = Batch::seal(&head, vec![b"d".to_vec()], &agent.signing_key).unwrap();
        assert!(!ship(&connection, &batch).await.unwrap().sequence_reset);
        assert_eq!(hub.link.connections().list()[0].sequence_resets, 1);
    }
}
