//! Batches as their receiver opens them, with a signature that holds: an enrolled agent may mean harm too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde_bytes::Bytes;
use slomix_fuzz::{bounded, framed};
use slomix_shared::artifact::MAX_FILE_BYTES;
use slomix_shared::identity::{Purpose, SigningKey};
use slomix_shared::wire::{Batch, BatchHead, limits};

/// The contents lie in the body, in the batch and, cut in files, nowhere else.
const TIMES: usize = 16;

/// A batch before it is one: the same names, but any bytes for a head.
#[derive(Serialize)]
struct Unchecked<'a> {
    head: &'a Bytes,
    signature: &'a Bytes,
    contents: Vec<&'a Bytes>,
}

fuzz_target!(|bytes: &[u8]| {
    // A head of as many bytes as the first two say, then contents of as many bytes as the byte before each says.
    let Some((len, rest)) = bytes.split_first_chunk() else { return };
    let Some((head, mut rest)) = rest.split_at_checked(u16::from_le_bytes(*len).into()) else { return };
    let mut contents = Vec::new();
    while let Some((&len, more)) = rest.split_first() {
        let (content, more) = more.split_at(more.len().min(len.into()));
        contents.push(Bytes::new(content));
        rest = more;
    }

    let _ = bounded(head.len(), TIMES, || BatchHead::decode(head));
    let key = SigningKey::from_seed(&[7; 32]);
    let signature = key.sign(Purpose::Batch, head);
    let unchecked = Unchecked { head: Bytes::new(head), signature: Bytes::new(signature.as_bytes()), contents };
    let body = rmp_serde::to_vec_named(&unchecked).expect("bytes have a form");
    let Ok(batch) = framed::<Batch>(&body, TIMES) else { return };
    let claimed = batch.unproven_head();
    let Ok(open) = bounded(body.len(), TIMES, || batch.open(&key.verifying_key())) else { return };
    assert_eq!(claimed.expect("what opens has a head"), open.head);
    assert!((1..=limits::BATCH_FILES).contains(&open.files.len()) && open.files.len() == open.head.manifest.len());
    for file in open.files.iter().filter(|file| file.problem.is_none()) {
        assert!(file.content.len() <= MAX_FILE_BYTES && file.entry.size == file.content.len() as u64);
        assert!((1..=255).contains(&file.entry.name.len()) && !file.entry.name.contains('/'));
    }
});
