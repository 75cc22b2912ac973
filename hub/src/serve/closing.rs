//! Notices that a session is over, which no file tells: the pause after which a round would be another session's has
//! passed, nothing waits to be derived, and the session stands as it did when it was looked at before.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::domain::session::is_over;
use crate::link::Clock;
use crate::pipeline::{Deriver, PipelineError};
use crate::reports::calendar;
use crate::store::read::SessionRow;

const HOUR_MS: i64 = 3_600_000;
/// What ended longer ago than this gets no digest any more, whatever else is posted: nobody waits for it, and what is
/// looked through at every look stays small.
const LONGEST_MS: i64 = 48 * HOUR_MS;

/// What is needed to see the end of a session.
pub(super) struct Closing {
    pub(super) deriver: Deriver,
    pub(super) clock: Clock,
    /// How long after a session's end people are told, in milliseconds.
    pub(super) newest_ms: i64,
}

/// Sessions that may be over, as they were at the last look, and whether their digest was asked for.
type Seen = BTreeMap<i64, (SessionRow, bool)>;

impl Closing {
    /// Looks now and then. Runs until it is aborted.
    pub(super) async fn watch(self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut seen = Seen::new();
        let mut told = false;
        loop {
            ticks.tick().await;
            let looked = self.look(&mut seen).await;
            if let Err(error) = &looked
                && !told
            {
                tracing::warn!("whether a session is over could not be seen, it is looked for again: {error}");
            }
            told = looked.is_err();
        }
    }

    async fn look(&self, seen: &mut Seen) -> Result<(), PipelineError> {
        let store = self.deriver.store();
        if store.pending_count().await? > 0 {
            return Ok(());
        }
        let now_ms = (self.clock)();
        let day = |ms: i64| calendar::today(ms, &TimeZone::UTC).to_string();
        // Dates are those of the servers' clocks, and an evening bears the date on which it began.
        let (first, last) = (day(now_ms - 2 * LONGEST_MS), day(now_ms + 24 * HOUR_MS));
        let mut sessions = store.sessions_between(&first, &last).await?;
        sessions.retain(|session| self.is_told_of(session, now_ms));
        sessions.sort_by_key(|session| session.end_ms);
        seen.retain(|id, _| sessions.iter().any(|session| session.id == *id));
        for session in sessions {
            match seen.get(&session.id) {
                Some((before, true)) if *before == session => {}
                Some((before, false)) if *before == session => {
                    self.deriver.close_session(&session).await?;
                    seen.insert(session.id, (session, true));
                }
                _ => drop(seen.insert(session.id, (session, false))),
            }
        }
        Ok(())
    }

    /// Whether a session is over, and not for so long that nobody is told any more.
    fn is_told_of(&self, session: &SessionRow, now_ms: i64) -> bool {
        let gap_minutes = self.deriver.rules(&session.server).session_gap_minutes;
        let newest_ms = self.newest_ms.saturating_add(gap_minutes.saturating_mul(60_000)).min(LONGEST_MS);
        is_over(session.end_ms, gap_minutes, now_ms) && now_ms - session.end_ms < newest_ms
    }
}
