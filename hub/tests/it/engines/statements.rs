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

/// What went through stores, by engine, purpose and text.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeMap<[String; 3], Told>>>);

/// What a statement was for, and a letter for each bind.
#[derive(Default)]
struct Told {
    engine: String,
    doing: String,
    sql: String,
    binds: String,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "engine" => value.clone_into(&mut self.engine),
            "doing" => value.clone_into(&mut self.doing),
            "sql" => value.clone_into(&mut self.sql),
            "binds" => value.clone_into(&mut self.binds),
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
            self.0.lock().unwrap().insert([&told.engine, &told.doing, &told.sql].map(String::clone), told);
        }
    }
}

impl Seen {
    /// Explains every statement; the answer is what they were for.
    async fn explain(&self, how: &str, store: &Store) -> BTreeSet<String> {
        let mut seen = std::mem::take(&mut *self.0.lock().unwrap());
        // Some cases compare with a file beside the server, which has statements of its own.
        let engine = if how == ON_SQLITE { "SQLite" } else { "PostgreSQL" };
        seen.retain(|_, told| told.engine == engine);
        // What a case does to the schema itself has no plan, nor have rows that go in as they are.
        let has_plan = |told: &&Told| !["alter ", "do ", "copy "].iter().any(|verb| told.sql.starts_with(verb));
        for Told { doing, sql, binds, .. } in seen.values().filter(has_plan) {
            let explained = store.fetch("explain", &format!("{how} {sql}"), binds.chars().map(bind).collect()).await;
            let plan = explained.unwrap_or_else(|error| panic!("{doing}: {error}\n{sql}"));
            assert!(!plan.is_empty() || how == ON_SQLITE, "{doing}");
        }
        seen.into_values().map(|told| told.doing).collect()
    }
}

const ON_SQLITE: &str = "explain query plan";
const ON_POSTGRES: &str = "explain";

/// What only SQLite is asked: only there can an id be no number.
const SQLITE_ONLY: [&str; 3] = ["check the file", "heal a number", "look whether a receipt misses its file"];

fn bind(letter: char) -> Value {
    match letter {
        'i' => Value::Int(0),
        't' => Value::Text(String::new()),
        'b' => Value::Bytes(Vec::new()),
        'l' => Value::Ints(Vec::new()),
        _ => Value::Null,
    }
}

/// Runs every case on databases of one engine and explains what went through; fails for what did not.
async fn run_and_explain(how: &str, bench: impl AsyncFn() -> Bench) {
    // Beside one listener alone, a place in the code that another thread comes to first would stay silent for all:
    // tracing then asks that thread, which has none.
    let _beside = tracing::Dispatch::new(tracing_subscriber::registry());
    let seen = Seen::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(seen.clone()));
    for case in CASES {
        case(bench().await).await;
    }
    drop(listening);
    let explained = seen.explain(how, &bench().await.store).await;
    let missing: Vec<_> = named()
        .into_iter()
        .filter(|name| !explained.contains(name) && (how == ON_SQLITE || !SQLITE_ONLY.contains(&name.as_str())))
        .collect();
    assert!(missing.is_empty(), "no case of the suite makes the store {missing:?}");
}

#[tokio::test]
async fn every_statement_runs_and_is_explained_on_sqlite() {
    run_and_explain(ON_SQLITE, Bench::announcing).await;
}

#[tokio::test]
async fn every_statement_runs_and_is_explained_on_postgres() {
    if OnServer::new().await.is_some() {
        run_and_explain(ON_POSTGRES, async || OnServer::new().await.unwrap().bench().await).await;
    }
}

/// What the statements in the sources of the store are for. Each stands as a text at its call and belongs to one
/// statement alone, so that none can hide behind another.
fn named() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for file in sources(&folder) {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
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

/// The sources of the store, without those of the engines below it.
fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let own = entries.filter(|path| !path.with_extension("").ends_with("engine"));
    own.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}
