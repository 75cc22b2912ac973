//! Years of decisions cost a correction and a new file nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use slomix_hub::domain::decisions::Correction;
use slomix_hub::store::decisions::Decision;
use slomix_hub::store::engine::STATEMENTS;
use slomix_hub::store::{Durability, Store};
use slomix_shared::sim::Accidents;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::table::{key, rounds};
use crate::pipeline::{Bench, evenings};

/// Counts the statements that reach the database, and those that read all decisions.
#[derive(Clone, Default)]
struct Counted {
    all: Arc<AtomicUsize>,
    of_all_decisions: Arc<AtomicUsize>,
}

impl<S: tracing::Subscriber> Layer<S> for Counted {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == STATEMENTS {
            self.all.fetch_add(1, Ordering::Relaxed);
            let reads_all = format!("{event:?}").contains("read what was decided\"");
            self.of_all_decisions.fetch_add(usize::from(reads_all), Ordering::Relaxed);
        }
    }
}

impl Counted {
    fn take(&self) -> (usize, usize) {
        (self.all.swap(0, Ordering::Relaxed), self.of_all_decisions.swap(0, Ordering::Relaxed))
    }
}

/// Voids of so many rounds that no file tells of.
async fn voids(store: &Store, count: u32) {
    let mut tx = store.begin(Durability::Full).await.unwrap();
    for number in 0..count {
        let target =
            format!("main/2019-01-01-{:02}{:02}{:02}-supply-round-1", number / 3600, number / 60 % 60, number % 60);
        let (author, reason) = ("me".to_owned(), "so it was".to_owned());
        tx.decide(&Decision { kind: "void", target, value: String::new(), author, reason }, 1).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_correction_and_a_file_ask_no_more_with_many_decisions_than_with_few() {
    let _beside = tracing::Dispatch::new(tracing_subscriber::registry());
    let mut asked = Vec::new();
    for count in [3, 300] {
        let bench = Bench::new().await;
        let mut files = evenings(7, 1, Accidents::default());
        let last = files.pop().unwrap();
        bench.keep(&files).await;
        bench.derive().await;
        voids(&bench.store, count).await;
        let round = key(&rounds(&bench).await[0]);

        let counted = Counted::default();
        let _listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(counted.clone()));
        bench.deriver.correct(&Correction::Void { round }, "ann", "it was so").await.unwrap();
        let (of_correction, _) = counted.take();
        bench.keep(&[last]).await;
        bench.derive().await;
        asked.push((of_correction, counted.take()));
    }
    assert_eq!(asked[0], asked[1]);
    assert_eq!(asked[0].1.1, 0, "nothing was decided since");
}

/// What another program decides and undoes beside this one is heeded all the same.
#[tokio::test]
async fn what_is_undone_elsewhere_holds_no_more() {
    let bench = Bench::new().await;
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    let before = bench.dump().await;
    let round = key(&rounds(&bench).await[0]);
    let void = Correction::Void { round: round.clone() };
    let made = bench.deriver.correct(&void, "ann", "it was so").await.unwrap();
    assert!(bench.dump().await != before);
    let beside = Store::open(bench.store.path().unwrap()).await.unwrap();
    let mut tx = beside.begin(Durability::Full).await.unwrap();
    tx.undo(made.id, "bob", "it was not", 2).await.unwrap();
    tx.queue_round(&round).await.unwrap();
    tx.commit().await.unwrap();
    bench.derive().await;
    assert!(bench.dump().await == before);
}
