//! Every statement that the store has is run by the suite and explained by its engine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use slomix_hub::store::engine::STATEMENTS;
use slomix_hub::store::{Store, Value};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::{CASES, OnServer};
use crate::pipeline::Bench;

/// What went through stores, by text: what it was for.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeMap<String, String>>>);

#[derive(Default)]
struct Told {
    doing: String,
    sql: String,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "doing" => value.clone_into(&mut self.doing),
            "sql" => value.clone_into(&mut self.sql),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S: tracing::Subscriber> Layer<S> for Seen {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == STATEMENTS {
            let mut told = Told::default();
            event.record(&mut told);
            self.0.lock().unwrap().insert(told.sql, told.doing);
        }
    }
}

impl Seen {
    /// Explains every statement; the answer is what they were for.
    async fn explain(&self, how: &str, store: &Store) -> BTreeSet<String> {
        let seen = std::mem::take(&mut *self.0.lock().unwrap());
        for (sql, doing) in &seen {
            let explained = store.fetch("explain", &format!("{how} {sql}"), binds(sql)).await;
            let plan = explained.unwrap_or_else(|error| panic!("{doing}: {error}\n{sql}"));
            assert!(!plan.is_empty() || how.contains("query plan"), "{doing}");
        }
        seen.into_values().collect()
    }
}

/// A null for each bind, and a list where one belongs.
fn binds(sql: &str) -> Vec<Value> {
    let numbered = (1..=64).rev().find(|number| sql.contains(&format!("${number}"))).unwrap_or(0);
    let bare = sql.matches('?').count();
    let bind = |number: usize| match sql.contains(&format!("= any(${number})")) {
        true => Value::Ints(vec![]),
        false => Value::Null,
    };
    (1..=numbered.max(bare)).map(bind).collect()
}

#[tokio::test]
async fn every_statement_runs_and_is_explained_on_sqlite() {
    let seen = Seen::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(seen.clone()));
    for case in CASES {
        case(Bench::announcing().await).await;
    }
    drop(listening);
    let store = Bench::announcing().await.store;
    assert_eq!(named(), seen.explain("explain query plan", &store).await.intersection(&named()).cloned().collect());
}

#[tokio::test]
async fn every_statement_runs_and_is_explained_on_postgres() {
    if OnServer::new().await.is_none() {
        return;
    }
    let seen = Seen::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(seen.clone()));
    for case in CASES {
        case(OnServer::new().await.unwrap().bench().await).await;
    }
    drop(listening);
    let store = OnServer::new().await.unwrap().store().await;
    assert_eq!(named(), seen.explain("explain", &store).await.intersection(&named()).cloned().collect());
}

/// What the statements in the sources of the store are for. Each stands as a text at its call and belongs to one
/// statement alone, so that none can hide behind another.
fn named() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for file in sources(&folder) {
        let text = std::fs::read_to_string(&file).unwrap();
        for call in [".fetch(", ".execute(", ".insert_rows("] {
            for (at, _) in text.match_indices(call) {
                let place = format!("{}:{}", file.display(), text[..at].matches('\n').count() + 1);
                let argument = text[at + call.len()..].trim_start();
                let literal = argument.strip_prefix('"').and_then(|rest| rest.split('"').next());
                let name = literal.unwrap_or_else(|| panic!("{place}: say what it is for at the call"));
                assert!(names.insert(name.to_owned()), "{place}: another statement is for `{name}` too");
            }
        }
    }
    assert!(names.len() > 60, "{names:?}");
    names
}

/// The sources of the store, without what is below it.
fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true if path.ends_with("engine") => vec![],
            true => sources(&path),
            false if path.ends_with("engine.rs") => vec![],
            false => vec![path],
        })
        .collect()
}
