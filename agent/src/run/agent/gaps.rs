use std::time::Duration;

use slomix_line::Connection;
use slomix_shared::wire::{Gap, GapReply, GapReport, ResetCode, limits};
use tokio::task::JoinError;
use tracing::{debug, info, warn};

use super::Agent;
use crate::run::Moment;
use crate::ship::{FrameError, read_message, write_message};
use crate::spool::Record;

/// Gaps that could not be told are told again after this.
const TELL_AGAIN: Duration = Duration::from_secs(30);
/// Where the hub does not take them, this much later: it may have become another one.
const TELL_MUCH_LATER: Duration = Duration::from_hours(1);
/// In one report.
const AT_ONCE: usize = 100;

/// What the hub said of gaps.
pub(super) struct Told {
    gaps: Vec<Record>,
    reply: Result<GapReply, FrameError>,
}

impl Agent {
    /// Tells the hub of files that are lost, until it has an answer.
    pub(super) fn tell_gaps(&mut self, at: Moment) {
        let Some(link) = self.link.clone() else { return };
        if !self.tellings.is_empty() || self.times.tell.is_some_and(|tell| tell > at.now) {
            return;
        }
        if self.line.spool.gaps().1 == 0 {
            self.times.tell = None;
            return;
        }
        let gaps = self.line.spool.untold(AT_ONCE);
        let patience = self.pace.ack_patience;
        self.tellings.spawn(async move {
            let report = GapReport::new(gaps.iter().map(gap).collect());
            let told = tokio::time::timeout(patience, tell(&link, &report)).await;
            Told { gaps, reply: told.unwrap_or(Err(FrameError::Short)) }
        });
    }

    pub(super) fn told(&mut self, told: Result<Told, JoinError>, at: Moment) {
        let again = match told {
            Ok(Told { gaps, reply: Ok(GapReply::Noted) }) => {
                info!(files = gaps.len(), "the hub knows of lost files");
                self.line.spool.told(&gaps);
                self.times.sync.get_or_insert(at.now);
                Duration::ZERO
            }
            Ok(Told { reply: Ok(GapReply::Refused { reason }), .. }) => {
                warn!(reason, "the hub takes no note of lost files");
                TELL_MUCH_LATER
            }
            Ok(Told { reply: Ok(GapReply::Unrecognised) | Err(FrameError::Reset(ResetCode::Unexpected)), .. }) => {
                debug!("the hub does not know of lost files, it is older or newer than this agent");
                TELL_MUCH_LATER
            }
            Ok(Told { reply: Err(problem), .. }) => {
                debug!(error = %problem, "the hub could not be told of lost files");
                TELL_AGAIN
            }
            Err(problem) => {
                tracing::error!(error = %problem, "telling of lost files broke off");
                TELL_AGAIN
            }
        };
        self.times.tell = Some(at.now + again);
        self.changed(at);
    }
}

async fn tell(link: &Connection, report: &GapReport) -> Result<GapReply, FrameError> {
    let (mut send, mut receive) = link.open_bi().await.map_err(FrameError::Lost)?;
    match write_message(&mut send, report).await {
        // Only its reset says why the hub stopped reading.
        Ok(()) | Err(FrameError::Reset(_)) => {}
        Err(error) => return Err(error),
    }
    read_message(&mut receive).await
}

fn gap(record: &Record) -> Gap {
    let why = record.outcome.lost().unwrap_or_default();
    Gap {
        kind: record.kind,
        name: record.name.clone(),
        size: record.size,
        modified_at_ms: record.key().state.modified_ms(),
        hash: record.hash,
        why: why[..why.floor_char_boundary(limits::REASON)].to_owned(),
        noticed_at_ms: record.at_ms,
    }
}
