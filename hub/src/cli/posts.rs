//! Rounds as they land, printed in the terminal.

use std::sync::Arc;

use slomix_shared::artifact::Kind;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::pipeline::Event;
use crate::reports::round::RoundReport;
use crate::reports::round_post;
use crate::reports::words::plural;
use crate::store::Store;

use super::frame::print_post;
use super::setup::clock;

/// Prints the posts of rounds in the order in which the pipeline finished them.
pub(crate) struct TerminalPosts {
    events: mpsc::UnboundedSender<Event>,
    printer: JoinHandle<Printed>,
}

/// What was printed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Printed {
    /// From close to post, in microseconds, of every round printed with a known close.
    pub(crate) close_to_post_us: Vec<i64>,
    /// Rounds that were too old to print.
    pub(crate) old: usize,
}

impl TerminalPosts {
    /// A printer over a store. Rounds that ended longer than `newest_ms` ago are only counted, and the others are told in
    /// a line of the log each where they are not shown `whole`.
    pub(crate) fn start(store: Store, newest_ms: i64, whole: bool) -> Self {
        let (events, mut inbox) = mpsc::unbounded_channel::<Event>();
        let now = clock();
        let printer = tokio::spawn(async move {
            let mut printed = Printed::default();
            while let Some(event) = inbox.recv().await {
                print_event(&store, &event, newest_ms, whole, &now, &mut printed).await;
            }
            printed
        });
        Self { events, printer }
    }

    /// Takes what happened.
    pub(crate) fn take(&self, event: Event) {
        // The printer only ends with this handle.
        let _ = self.events.send(event);
    }

    /// Prints what is left; the answer is what was printed in all.
    pub(crate) async fn finish(self) -> Printed {
        drop(self.events);
        self.printer.await.unwrap_or_default()
    }
}

async fn print_event(
    store: &Store,
    event: &Event,
    newest_ms: i64,
    whole: bool,
    now: &Arc<dyn Fn() -> i64 + Send + Sync>,
    printed: &mut Printed,
) {
    let stored = event.outcomes.iter().filter(|one| one.kind == Kind::Stats && one.state == "stored");
    let mut old = 0;
    for outcome in stored.rev() {
        let Ok(Some(round)) = store.round_of_artifact(outcome.artifact).await else { continue };
        if now() - round.end_ms > newest_ms {
            // One that was stored before and is derived anew, as after a correction, is no news.
            old += usize::from(outcome.new);
            continue;
        }
        let closed = store.closed_us(outcome.artifact).await.ok().flatten().filter(|_| outcome.new);
        let aside = closed.map(|closed| jiff::Timestamp::now().as_microsecond() - closed);
        match RoundReport::read(store, round).await {
            Ok(report) => {
                let took = aside.map(|us| format!("close to post {} ms", (us + 500) / 1000)).unwrap_or_default();
                let post = round_post::post(&report);
                if whole {
                    print_post(&post, &took);
                } else {
                    tracing::info!("{} {took}", post.title);
                }
                printed.close_to_post_us.extend(aside);
            }
            Err(error) => tracing::error!("a round could not be shown: {error}"),
        }
    }
    if old > 0 {
        printed.old += old;
        tracing::info!("{} stored in silence", plural(old as i64, "older round", "older rounds"));
    }
    for outcome in event.outcomes.iter().filter(|one| one.state == "quarantined") {
        tracing::warn!("{} is in quarantine ({}): {}", outcome.name, outcome.code, outcome.reason);
    }
}
