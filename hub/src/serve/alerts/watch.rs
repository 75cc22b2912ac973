use std::time::Duration;

use tokio::time::timeout;

use super::Alerts;
use super::book::Book;
use super::clear::Clear;
use super::growth::Growth;
use super::rules::{View, findings};
use crate::reports::alert::{Alert, Board};
use crate::serve::Source;
use crate::serve::watching::PATIENCE;
use crate::store::StoreError;
use crate::store::counts::Quarantined;

/// How often is looked.
pub(in crate::serve) const EVERY: Duration = Duration::from_secs(10);

impl Alerts {
    /// Looks every so often. Runs until it is aborted.
    pub(in crate::serve) async fn watch(self, source: Source, every: Duration) {
        let (mut book, mut clear, mut growth) = (Book::default(), Clear::default(), None);
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let view = view(&source, &mut growth).await;
            let findings = findings(&view);
            clear.look(&findings, view.now_ms);
            book.look(findings, view.now_ms);
            let board = Board { alerts: book.alerts(), clear: clear.keys(view.now_ms) };
            self.0.send_if_modified(|told| {
                let changed = *told != board;
                tell(&told.alerts, &board.alerts);
                *told = board;
                changed
            });
        }
    }
}

/// The log hears of each once, and when it is over.
fn tell(before: &[Alert], now: &[Alert]) {
    for alert in now.iter().filter(|alert| !before.contains(alert)) {
        let (rule, subject) = (alert.rule, &alert.subject);
        if alert.over_ms.is_none() {
            tracing::warn!(rule, subject, "alert: {}", alert.title);
        } else {
            tracing::info!(rule, subject, "over: {}", alert.title);
        }
    }
}

async fn view(source: &Source, growth: &mut Option<Growth>) -> View {
    let now_ms = (source.clock)();
    let obstacles = source.obstacles().await;
    let asked = async {
        let agents = source.agents().await?;
        Ok::<_, StoreError>((agents, source.store.quarantine_count().await?))
    };
    let known = if obstacles.is_empty() { timeout(PATIENCE, asked).await.ok().and_then(Result::ok) } else { None };
    let mut view = View {
        now_ms,
        started_ms: source.started_ms,
        obstacles,
        servers: source.live.lines().into_iter().map(|(_, line)| line).collect(),
        ..View::default()
    };
    if let Some((agents, count)) = known {
        let more = growth.get_or_insert_with(|| Growth::from(count, now_ms)).by(count, now_ms);
        view.agents = Some(agents);
        view.grown = Some((more, if more > 0 { newest(source).await } else { None }));
    }
    view
}

async fn newest(source: &Source) -> Option<Quarantined> {
    source.store.newest_in_quarantine(1).await.ok()?.pop()
}
