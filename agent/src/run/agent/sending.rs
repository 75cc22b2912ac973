use std::sync::Arc;
use std::time::Duration;

use slomix_shared::wire::{CloseCode, ResetCode, limits};
use tracing::{debug, error, info, warn};

use super::Agent;
use crate::run::Moment;
use crate::run::work::{Build, Built};
use crate::ship::{DeliverError, Delivered, deliver};
use crate::spool::{Lane, Pending};

/// Files and bytes in one batch.
const BATCH_FILES: usize = 64;
const BATCH_BYTES: u64 = 1024 * 1024;
/// An acknowledgement is durable after this long at the latest; losing it would only send a file twice.
const SYNC_AFTER: Duration = Duration::from_secs(1);

impl Agent {
    /// Sends as much as may be under way at once.
    ///
    /// A lane is open while nothing of the lanes before it is under way, so that telemetry comes last at the hub, too.
    pub(super) fn pump(&mut self, at: Moment) {
        while self.link.is_some()
            && self.times.paused_until.is_none()
            && self.under_way.len() < limits::BATCHES_UNDER_WAY
        {
            let first = self.under_way.iter().min().copied().unwrap_or(Lane::Telemetry);
            // That one is kept for stats.
            let last_place = self.under_way.len() == limits::BATCHES_UNDER_WAY - 1;
            let open = |lane| lane <= first && (lane == Lane::Stats || !last_place);
            let files = self.line.spool.take(BATCH_FILES, BATCH_BYTES, open);
            let Some(pending) = files.first() else { break };
            self.under_way.push(Lane::of(pending.file.kind));
            let job = Build {
                lane: Lane::of(pending.file.kind),
                known: self.line.spool.known_contents(&files),
                files,
                rules: Arc::clone(&self.rules),
                disk: self.line.spool.disk(),
            };
            if job.is_small() {
                self.built(job.make(at), at);
            } else {
                self.jobs.spawn_blocking(move || job.make_apart(at));
            }
        }
    }

    /// A batch is not under way any more.
    fn landed(&mut self, lane: Lane) {
        if let Some(place) = self.under_way.iter().position(|other| *other == lane) {
            self.under_way.swap_remove(place);
        }
    }

    pub(super) fn built(&mut self, mut built: Built, at: Moment) {
        let loaded = std::mem::take(&mut built.loaded);
        match self.link.clone() {
            Some(link) if !loaded.is_empty() => {
                self.deliveries.spawn(deliver(link, Arc::clone(&self.sender), loaded, at.ms(), self.ack_patience));
            }
            _ => {
                self.landed(built.lane);
                self.line.failed(loaded.into_iter().map(|file| file.pending).collect(), None, at);
            }
        }
        if !built.broken.is_empty() {
            error!(files = built.broken.len(), "reading these files broke off, which is a defect of the agent");
            self.line.failed(std::mem::take(&mut built.broken), Some(ResetCode::Malformed), at);
        }
        self.line.built(built, at);
        self.times.sync.get_or_insert(at.now + SYNC_AFTER);
        self.changed(at);
    }

    pub(super) fn delivered(&mut self, delivered: Delivered, at: Moment) {
        self.landed(delivered.lane);
        let error = match delivered.result {
            Ok(ack) => {
                debug!(sequence = ack.sequence, files = delivered.files.len(), "ack");
                self.pause.reset();
                self.reporter.delivery_problem = None;
                self.ack_patience = self.pace.ack_patience;
                self.line.acked(delivered.files, ack, self.reporter.boot, at);
                self.times.sync.get_or_insert(at.now + SYNC_AFTER);
                self.changed(at);
                return;
            }
            Err(error) => error,
        };
        let files: Vec<Pending> = delivered.files.into_iter().map(|(pending, _)| pending).collect();
        match &error {
            // What became of the connection the link tells, and whether that is worth a warning.
            DeliverError::Lost => {
                info!(files = files.len(), "a batch was under way when the connection ended, its files wait");
            }
            error => {
                warn!(reason = %error, files = files.len(), "a batch was not acknowledged, its files wait");
                self.reporter.delivery_problem = Some(error.to_string());
            }
        }
        let senseless = match error {
            DeliverError::Senseless(code) => Some(code),
            DeliverError::Unsealed(_) => Some(ResetCode::Malformed),
            DeliverError::Lost => None,
            DeliverError::NotStored | DeliverError::Answer(_) => {
                self.times.paused_until = Some(at.now + self.pause.wait(255));
                None
            }
            DeliverError::Silent(_) => {
                // Nobody may be there any more: a new call finds out sooner than the idle timeout.
                self.ack_patience = (self.ack_patience * 2).min(self.pace.ack_patience * 8);
                // The one that it has moved to since is not to blame.
                if let Some(link) = self.link.take_if(|link| link.stable_id() == delivered.line) {
                    link.close(CloseCode::Done);
                }
                None
            }
        };
        self.line.failed(files, senseless, at);
        self.changed(at);
    }
}
