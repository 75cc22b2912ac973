use std::time::Instant;

use slomix_shared::wire::{AckItem, AckOutcome, OpenBatch, OpenFile, Verdict, VerdictOutcome};
use tokio::sync::watch;

use super::{Archive, ArchiveError, Delivery};
use crate::link::{AgentRecord, Intake, IntakeError};
use crate::store::archive::{Arrival, Envelope};

/// Metric: batches that were kept.
pub const BATCHES: &str = "slomix_hub_batches_total";
/// Metric: files that were kept, by `outcome` (`received` or `duplicate`).
pub const FILES: &str = "slomix_hub_files_total";
/// Metric: batches that could not be kept, so that their agents send them again.
pub const KEEP_FAILURES: &str = "slomix_hub_keep_failures_total";
/// Metric: from a batch's arrival to its being durable, in seconds.
pub const KEEP_SECONDS: &str = "slomix_hub_keep_seconds";

/// The archive as the link's intake: what agents ship is kept as it came.
#[derive(Debug)]
pub struct ArchiveIntake {
    archive: Archive,
    trouble: watch::Sender<Option<String>>,
}

impl ArchiveIntake {
    /// An intake into `archive`.
    pub fn new(archive: Archive) -> Self {
        Self { archive, trouble: watch::Sender::new(None) }
    }

    /// Why the last batch could not be kept, unless nothing at all can be, which the store tells; none once one was
    /// kept again.
    pub fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.trouble.subscribe()
    }
}

impl Intake for ArchiveIntake {
    async fn receive(&self, batch: OpenBatch, from: &AgentRecord) -> Result<Vec<AckItem>, IntakeError> {
        let begun = Instant::now();
        let hashes: Vec<_> = batch.files.iter().map(|file| file.entry.hash).collect();
        let kept = self.archive.receive(delivery(batch, from)).await;
        let trouble = match &kept {
            Err(error @ ArchiveError::Store(_)) => Some(error.to_string()),
            _ => None,
        };
        self.trouble.send_replace(trouble);
        let new = kept.map_err(|error| {
            metrics::counter!(KEEP_FAILURES).increment(1);
            match error {
                ArchiveError::Revoked => IntakeError::Revoked,
                error => {
                    IntakeError::NotKept { is_outage: matches!(error, ArchiveError::Outage(_)), source: error.into() }
                }
            }
        })?;
        metrics::histogram!(KEEP_SECONDS).record(begun.elapsed());
        metrics::counter!(BATCHES).increment(1);
        let items = hashes.into_iter().zip(new).map(|(hash, new)| {
            let (outcome, name) =
                if new { (AckOutcome::Received, "received") } else { (AckOutcome::Duplicate, "duplicate") };
            metrics::counter!(FILES, "outcome" => name).increment(1);
            AckItem { hash, outcome }
        });
        Ok(items.collect())
    }
}

/// A verified batch as the archive takes it; head and signature stay the bytes that were signed.
fn delivery(batch: OpenBatch, from: &AgentRecord) -> Delivery {
    let envelope = Envelope {
        agent: from.id.to_string(),
        boot: batch.head.boot.to_string(),
        // Databases hold 63 bits; a sequence beyond that is nonsense, and gates nothing.
        sequence: i64::try_from(batch.head.sequence).unwrap_or(i64::MAX),
        created_ms: batch.head.created_at_ms,
        head: batch.head_bytes,
        signature: batch.signature.as_bytes().to_vec(),
    };
    Delivery { server: from.server.clone(), envelope, arrivals: batch.files.into_iter().map(arrival).collect() }
}

fn arrival(file: OpenFile) -> Arrival {
    let entry = file.entry;
    Arrival {
        kind: entry.kind,
        name: entry.name,
        content: file.content,
        hash: entry.hash,
        modified_ms: entry.modified_at_ms,
        closed_us: entry.closed_at_us,
        verdict: verdict(entry.verdict.as_ref()),
        rules: entry.verdict.map(|verdict| verdict.rules.join(",")).unwrap_or_default(),
    }
}

/// A verdict as its receipt has it.
pub(crate) fn verdict(verdict: Option<&Verdict>) -> &'static str {
    match verdict.map(|verdict| verdict.outcome) {
        None => "none",
        Some(VerdictOutcome::Accept) => "accept",
        Some(VerdictOutcome::Suspect | VerdictOutcome::Unrecognised) => "suspect",
        Some(VerdictOutcome::Reject) => "reject",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use slomix_shared::identity::{AgentId, BootId, Purpose, Signature, SigningKey};
    use slomix_shared::wire::{Batch, BatchHead, ManifestEntry, verify_head};

    use super::*;
    use crate::store::{Durability, Store};

    const NOW_MS: i64 = 1_794_253_837_000;

    fn agent() -> AgentRecord {
        AgentRecord {
            id: AgentId::from_bytes([1; 16]),
            name: "vienna".to_owned(),
            server: "main".to_owned(),
            signing_key: SigningKey::from_seed(&[3; 32]).verifying_key(),
            joined_at_ms: 0,
            revoked_at_ms: None,
            certificate_ends_at_ms: None,
            readmission: None,
        }
    }

    fn ruled(name: &str, outcome: Option<VerdictOutcome>) -> ManifestEntry {
        let verdict = outcome.map(|outcome| Verdict { outcome, rules: vec!["a".to_owned(), "b".to_owned()] });
        ManifestEntry { verdict, closed_at_us: Some(5), ..ManifestEntry::of(name, name.as_bytes(), 4) }
    }

    #[tokio::test]
    async fn a_batch_is_kept_as_it_was_signed() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
        let (archive, _writing) = Archive::start(store.clone(), Arc::new(|| NOW_MS));
        let intake = ArchiveIntake::new(archive);
        let (from, key) = (agent(), SigningKey::from_seed(&[3; 32]));
        let entries = vec![
            ruled("one", None),
            ruled("three", Some(VerdictOutcome::Accept)),
            ruled("seven", Some(VerdictOutcome::Unrecognised)),
            ruled("fourteen", Some(VerdictOutcome::Reject)),
        ];
        let contents: Vec<Vec<u8>> = entries.iter().map(|entry| entry.name.clone().into_bytes()).collect();
        let seal = |sequence| {
            let head = BatchHead::new(from.id, BootId::from_bytes([2; 16]), sequence, 3, entries.clone());
            Batch::seal(&head, contents.clone(), &key).unwrap().open(&key.verifying_key()).unwrap()
        };
        let answer = |outcome: &AckOutcome| -> Vec<AckItem> {
            entries.iter().map(|entry| AckItem { hash: entry.hash, outcome: outcome.clone() }).collect()
        };
        assert_eq!(intake.receive(seal(7), &from).await.unwrap(), answer(&AckOutcome::Received));
        assert_eq!(intake.receive(seal(u64::MAX), &from).await.unwrap(), answer(&AckOutcome::Duplicate));

        let mut told = Vec::new();
        for head in store.artifacts_after(i64::MIN, 10).await.unwrap() {
            let [first, again] = store.receipts(head.id).await.unwrap().try_into().unwrap();
            assert_eq!((first.agent, first.sequence, again.sequence), (from.id.to_string(), 7, i64::MAX));
            assert_eq!((first.created_ms, first.received_ms), (3, NOW_MS));
            assert_eq!((first.modified_ms, first.closed_us), (4, Some(5)));
            let signature = Signature::from_slice(&first.signature).unwrap();
            let signed = verify_head(&first.head, &signature, Purpose::Batch, &key.verifying_key()).unwrap();
            assert_eq!(signed.manifest, entries, "the stored bytes verify and say what was sent");
            told.push((head.name, first.verdict, first.rules));
        }
        told.sort();
        let told: Vec<_> =
            told.iter().map(|(name, verdict, rules)| [name, verdict, rules].map(String::as_str)).collect();
        let [fourteen, seven] = [["fourteen", "reject", "a,b"], ["seven", "suspect", "a,b"]];
        assert_eq!(told, [fourteen, ["one", "none", ""], seven, ["three", "accept", "a,b"]]);
        assert_eq!(*intake.trouble().borrow(), None);
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_no_ack_and_shows() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
        let (archive, _writing) = Archive::start(store.clone(), Arc::new(|| NOW_MS));
        let intake = ArchiveIntake::new(archive);
        let (from, key) = (agent(), SigningKey::from_seed(&[3; 32]));
        let head = BatchHead::new(from.id, BootId::from_bytes([2; 16]), 1, 3, vec![ruled("one", None)]);
        let batch = || Batch::seal(&head, vec![b"one".to_vec()], &key).unwrap().open(&key.verifying_key()).unwrap();
        let rename = async |from: &str, to: &str| {
            let mut tx = store.begin(Durability::Full).await.unwrap();
            tx.execute("rename", &format!("alter table {from} rename to {to}"), vec![]).await.unwrap();
            tx.commit().await.unwrap();
        };
        rename("batch", "elsewhere").await;
        let failed = intake.receive(batch(), &from).await.unwrap_err();
        assert!(matches!(failed, IntakeError::NotKept { is_outage: false, .. }), "{failed}");
        let trouble = intake.trouble().borrow().clone().unwrap();
        assert!(trouble.starts_with("the archive could not keep a batch"), "{trouble}");
        assert_eq!(*store.write_trouble().borrow(), None, "others might be kept");
        rename("elsewhere", "batch").await;
        intake.receive(batch(), &from).await.unwrap();
        assert_eq!(*intake.trouble().borrow(), None);

        store.close().await;
        let failed = intake.receive(batch(), &from).await.unwrap_err();
        assert!(matches!(failed, IntakeError::NotKept { is_outage: true, .. }), "{failed}");
        assert!(store.write_trouble().borrow().is_some());
        assert_eq!(*intake.trouble().borrow(), None, "the store tells that");
    }
}
