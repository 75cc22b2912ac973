//! Layer 1, the file itself: what is too large, not what its manifest says, not signed by its sender, cut off or spoilt
//! on the disk becomes no round.

use slomix_hub::pipeline::verify::verify;
use slomix_hub::store::Durability;
use slomix_hub::values;
use slomix_shared::artifact::MAX_FILE_BYTES;
use slomix_shared::identity::{AgentId, BootId, SigningKey};
use slomix_shared::wire::{
    Batch, BatchHead, FrameHeader, ManifestEntry, Message, OpenBatch, WireError, decode, encode,
};

use super::healthy::{FIRST, SECOND, derived, fates, file, first, pair, second};

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn head(entries: Vec<ManifestEntry>) -> BatchHead {
    BatchHead::new(AgentId::from_bytes([1; 16]), BootId::from_bytes([2; 16]), 7, 0, entries)
}

/// A batch of one file on its way, one of its bytes changed where `from` stood.
fn tampered(from: &[u8], to: &[u8]) -> Result<OpenBatch, WireError> {
    let content = first(66).into_bytes();
    let batch = Batch::seal(&head(vec![ManifestEntry::of(FIRST, &content, 0)]), vec![content], &key()).unwrap();
    let mut frame = encode(&batch).unwrap();
    if frame[1] == 1 {
        // What travels is compressed: the change is made to what it becomes.
        let plain_len = u32::from_be_bytes([frame[6], frame[7], frame[8], frame[9]]) as usize;
        let plain = zstd::bulk::decompress(&frame[FrameHeader::LEN..], plain_len).unwrap();
        frame.truncate(FrameHeader::LEN);
        frame[1] = 0;
        frame[2..6].copy_from_slice(&(plain_len as u32).to_be_bytes());
        frame.extend(plain);
    }
    let at = frame.windows(from.len()).position(|bytes| bytes == from).unwrap();
    frame[at..at + to.len()].copy_from_slice(to);
    let parsed = FrameHeader::parse(frame[..FrameHeader::LEN].try_into().unwrap(), Batch::LIMIT).unwrap();
    decode::<Batch>(&parsed, &frame[FrameHeader::LEN..])?.open(&key().verifying_key())
}

#[test]
fn a_content_that_is_not_what_was_signed_is_refused() {
    let same = tampered(b"\\legacy3\\", b"\\legacy3\\").unwrap();
    assert_eq!(same.files[0].problem, None);
    let changed = tampered(b"\\legacy3\\", b"\\legacy6\\").unwrap();
    let problem = changed.files[0].problem.clone().unwrap();
    assert!(problem.contains("the manifest says hash"), "{problem}");
}

#[test]
fn a_manifest_that_its_sender_did_not_sign_is_refused() {
    let renamed = tampered(b"supply-round-1", b"supply-round-2");
    assert!(matches!(renamed, Err(WireError::Signature)), "{renamed:?}");
}

#[test]
fn a_batch_under_another_key_is_refused() {
    let content = first(66).into_bytes();
    let batch = Batch::seal(&head(vec![ManifestEntry::of(FIRST, &content, 0)]), vec![content], &key()).unwrap();
    let other = SigningKey::from_seed(&[4; 32]).verifying_key();
    assert!(matches!(batch.open(&other), Err(WireError::Signature)));
}

#[test]
fn a_size_that_is_not_the_manifest_s_or_is_over_the_cap_is_refused() {
    let content = first(66).into_bytes();
    let short = ManifestEntry { size: 5, ..ManifestEntry::of(FIRST, &content, 0) };
    let sealed = Batch::seal(&head(vec![short]), vec![content], &key());
    assert!(matches!(sealed, Err(WireError::File { .. })), "{sealed:?}");
    let huge = vec![b'x'; MAX_FILE_BYTES + 1];
    let sealed = Batch::seal(&head(vec![ManifestEntry::of(FIRST, &huge, 0)]), vec![huge], &key());
    assert!(matches!(sealed, Err(WireError::TooLarge { .. } | WireError::File { .. })));
}

#[tokio::test]
async fn a_file_that_was_cut_off_waits_for_the_whole_one() {
    let whole = first(66);
    let cut = file(FIRST, &whole.as_bytes()[..whole.len() - 20]);
    let bench = derived(&[cut, file(SECOND, second(31))]).await;
    assert_eq!(
        fates(&bench).await,
        [(FIRST.to_owned(), "quarantined: truncated".to_owned()), (SECOND.to_owned(), "stored".to_owned())]
    );
    bench.keep(&[file(FIRST, whole)]).await;
    bench.derive().await;
    let clean = derived(&pair()).await;
    let rounds =
        |lines: Vec<String>| lines.into_iter().filter(|line| line.contains("\"table\":\"round")).collect::<Vec<_>>();
    assert_eq!(rounds(bench.dump().await), rounds(clean.dump().await), "as if it had never been cut");
}

#[tokio::test]
async fn a_content_that_the_disk_spoilt_makes_no_row() {
    let bench = derived(&[]).await;
    bench.keep(&pair()).await;
    let mut tx = bench.store.begin(Durability::Full).await.unwrap();
    let sql = "update artifact set content = (select content from artifact where name = $1) where name = $2";
    tx.execute("spoil a content", sql, values![SECOND, FIRST]).await.unwrap();
    tx.commit().await.unwrap();
    bench.derive().await;
    assert_eq!(fates(&bench).await[0], (FIRST.to_owned(), "quarantined: damaged".to_owned()));
    assert_eq!(verify(&bench.store, |_| {}).await.unwrap().damaged, [FIRST]);
}
