//! Whether a batch's sequence went backwards within its boot.

use std::sync::Mutex;

use slomix_shared::identity::BootId;

use super::connections::lock;

/// What one connection knows of the sequences that its agent has shipped.
///
/// An agent opens streams in the order of their sequences, but streams overtake each other. So a batch is measured
/// against what had been archived when its stream opened, not against what has been archived since.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    latest: Mutex<Option<Seen>>,
    before: tokio::sync::Mutex<Option<Seen>>,
}

/// The highest sequence of a boot; none where the boot is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    boot: BootId,
    highest: Option<u64>,
}

impl Seen {
    fn highest_of(this: Option<Self>, boot: BootId) -> Option<u64> {
        this.filter(|seen| seen.boot == boot).and_then(|seen| seen.highest)
    }
}

impl Sequences {
    /// What has been archived over this connection up to now: to be taken when a stream opens.
    pub(super) fn at_open(&self) -> Option<Seen> {
        *lock(&self.latest)
    }

    /// Whether `sequence` is below what was archived when its stream opened. `earlier` looks up what the archive held
    /// before this connection, and is asked once for each boot.
    pub(super) async fn went_back<E>(
        &self,
        at_open: Option<Seen>,
        boot: BootId,
        sequence: u64,
        earlier: impl Future<Output = Result<Option<u64>, E>>,
    ) -> Result<bool, E> {
        let mut before = self.before.lock().await;
        if before.is_none_or(|seen| seen.boot != boot) {
            *before = Some(Seen { boot, highest: earlier.await? });
        }
        let known = Seen::highest_of(at_open, boot).max(Seen::highest_of(*before, boot));
        Ok(known.is_some_and(|known| sequence < known))
    }

    /// Notes that a batch is archived.
    pub(super) fn archived(&self, boot: BootId, sequence: u64) {
        let mut latest = lock(&self.latest);
        let highest = Seen::highest_of(*latest, boot).max(Some(sequence));
        *latest = Some(Seen { boot, highest });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOT: BootId = BootId::from_bytes([1; 16]);

    async fn back(sequences: &Sequences, at_open: Option<Seen>, sequence: u64, earlier: Option<u64>) -> bool {
        let earlier = async { Ok::<_, ()>(earlier) };
        sequences.went_back(at_open, BOOT, sequence, earlier).await.unwrap()
    }

    #[tokio::test]
    async fn only_what_was_archived_when_the_stream_opened_counts() {
        let sequences = Sequences::default();
        let (first, second) = (sequences.at_open(), sequences.at_open());
        assert!(!back(&sequences, second, 2, None).await);
        sequences.archived(BOOT, 2);
        assert!(!back(&sequences, first, 1, None).await, "overtaken, not reset");
        sequences.archived(BOOT, 1);
        assert!(back(&sequences, sequences.at_open(), 1, None).await);
        assert!(!back(&sequences, sequences.at_open(), 2, None).await, "the same again is a replay");
    }

    #[tokio::test]
    async fn what_an_earlier_connection_archived_counts() {
        let sequences = Sequences::default();
        assert!(back(&sequences, None, 3, Some(7)).await);
        assert!(!back(&sequences, None, 8, None).await);
        let other = BootId::from_bytes([2; 16]);
        let new_boot = sequences.went_back(None, other, 1, async { Ok::<_, ()>(None) }).await;
        assert_eq!(new_boot, Ok(false));
    }
}
