//! What the hub makes of a batch.

use std::sync::Arc;

use slomix_agent::ship::write_message;
use slomix_line::SendStream;
use slomix_shared::identity::VerifyingKey;
use slomix_shared::wire::{Ack, AckItem, AckOutcome, Batch, OpenFile, ResetCode};

use super::{Kept, Shared};

impl Shared {
    pub(super) async fn take(self: Arc<Self>, mut send: SendStream, batch: Batch, key: VerifyingKey) {
        let open = batch.open(&key).unwrap();
        if let Some(code) = self.mishap(&open.files) {
            send.reset(code);
            return;
        }
        let sequence = open.head.sequence;
        let items = open.files.into_iter().map(|file| self.keep(file, sequence)).collect();
        self.state().batches += 1;
        self.changed.send_replace(());
        let mut changed = self.changed.subscribe();
        while self.state().manners.hold_acks {
            changed.changed().await.unwrap();
        }
        // The agent may be gone by now.
        let _ = write_message(&mut send, &Ack { sequence, items, sequence_reset: false }).await;
        let _ = send.stopped().await;
    }

    fn mishap(&self, files: &[OpenFile]) -> Option<ResetCode> {
        let mut state = self.state();
        let code = if state.manners.cannot_store > 0 {
            state.manners.cannot_store -= 1;
            Some(ResetCode::NotStored)
        } else {
            let chokes = files.iter().any(|file| state.manners.choke_on.contains(&file.entry.name));
            chokes.then_some(ResetCode::Malformed)
        };
        if code.is_some() {
            state.batches += 1;
            drop(state);
            self.changed.send_replace(());
        }
        code
    }

    fn keep(&self, file: OpenFile, sequence: u64) -> AckItem {
        assert_eq!(file.problem, None);
        let mut state = self.state();
        let hash = file.entry.hash;
        let outcome = if state.manners.refuse.contains(&file.entry.name) {
            AckOutcome::refused("not here")
        } else if state.kept.iter().any(|kept| kept.entry.hash == hash && kept.entry.name == file.entry.name) {
            AckOutcome::Duplicate
        } else {
            AckOutcome::Received
        };
        if !matches!(outcome, AckOutcome::Refused { .. }) {
            state.kept.push(Kept { entry: file.entry, content: file.content, sequence });
        }
        AckItem { hash, outcome }
    }
}
