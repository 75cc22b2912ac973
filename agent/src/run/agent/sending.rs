use std::sync::Arc;
use std::time::Duration;

use slomix_shared::wire::{CloseCode, ResetCode};
use tracing::{debug, warn};

use super::Agent;
use crate::run::Moment;
use crate::run::work::{Build, Built, Delivered, Done};
use crate::ship::{DeliverError, deliver};
use crate::spool::{Lane, Pending};

/// Batches under way at once; the last place is kept for stats.
const UNDER_WAY: usize = 4;
/// Files and bytes in one batch.
const BATCH_FILES: usize = 64;
const BATCH_BYTES: u64 = 1024 * 1024;
/// An acknowledgement is durable after this long at the latest; losing it would only send a file twice.
const SYNC_AFTER: Duration = Duration::from_secs(1);

impl Agent {
    /// Sends as much as may be under way at once.
    pub(super) fn pump(&mut self, at: Moment) {
        while self.link.is_some() && self.times.paused_until.is_none() {
            let under_way = self.deliveries.len() + self.building;
            let files = match under_way {
                UNDER_WAY.. => break,
                _ if under_way == UNDER_WAY - 1 => self.line.take(BATCH_FILES, BATCH_BYTES, |lane| lane == Lane::Stats),
                _ => self.line.take(BATCH_FILES, BATCH_BYTES, |_| true),
            };
            if files.is_empty() {
                break;
            }
            self.sequence += 1;
            let build = Build {
                known: self.line.known_contents(&files),
                files,
                sequence: self.sequence,
                sender: Arc::clone(&self.sender),
                rules: Arc::clone(&self.rules),
            };
            if build.is_small() {
                let built = build.make(at);
                self.built(built, at);
            } else {
                self.building += 1;
                self.jobs.spawn_blocking(move || Done::Built(build.make(Moment::take())));
            }
        }
    }

    pub(super) fn built(&mut self, mut built: Built, at: Moment) {
        if let Some((files, problem)) = built.unsealed.take() {
            warn!(error = %problem, files = files.len(), "these files cannot be put into one batch");
            self.line.failed(files, Some(ResetCode::Malformed), at);
        }
        if let Some(sealed) = built.sealed.take() {
            match self.link.clone() {
                Some(link) => {
                    let patience = self.ack_patience;
                    self.deliveries.spawn(async move {
                        let result = deliver(&link, &sealed, patience).await;
                        Delivered { files: sealed.files, result }
                    });
                }
                None => self.line.failed(sealed.files.into_iter().map(|(pending, _)| pending).collect(), None, at),
            }
        }
        self.line.built(built, &self.watchman.watch, at);
        self.changed(at);
    }

    pub(super) fn delivered(&mut self, delivered: Delivered, at: Moment) {
        let error = match delivered.result {
            Ok(ack) => {
                debug!(sequence = ack.sequence, files = delivered.files.len(), "ack");
                self.pause.reset();
                self.ack_patience = self.pace.ack_patience;
                self.line.acked(delivered.files, ack, at);
                self.times.sync.get_or_insert(at.now + SYNC_AFTER);
                self.changed(at);
                return;
            }
            Err(error) => error,
        };
        let files: Vec<Pending> = delivered.files.into_iter().map(|(pending, _)| pending).collect();
        warn!(reason = %error, files = files.len(), "a batch was not acknowledged, its files wait");
        let senseless = match error {
            DeliverError::Senseless(code) => Some(code),
            DeliverError::Lost => None,
            DeliverError::NotStored | DeliverError::Answer(_) => {
                self.times.paused_until = Some(at.now + self.pause.wait(255));
                None
            }
            DeliverError::Silent(_) => {
                // Nobody may be there any more: a new call finds out sooner than the idle timeout.
                self.ack_patience = (self.ack_patience * 2).min(self.pace.ack_patience * 8);
                if let Some(link) = self.link.take() {
                    link.close(CloseCode::Done.number().into(), b"no ack");
                }
                None
            }
        };
        self.line.failed(files, senseless, at);
        self.changed(at);
    }
}
