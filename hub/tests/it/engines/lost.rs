//! A server that goes away and comes back, and a database that is somebody else's.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use slomix_hub::config::Config;
use slomix_hub::store::{DatabaseUrl, Durability, Store, StoreError};
use slomix_shared::sim::Accidents;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::OnServer;
use crate::pipeline::evenings;
use crate::serve;

const END_SESSIONS: &str =
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'NAME'";

/// What the driver puts into the log, by where it says it.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Told {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let target = event.metadata().target();
        if target.starts_with("sqlx::query") {
            self.0.lock().unwrap().push(target.to_owned());
        }
    }
}

impl OnServer {
    /// Ends every session of the hub, as a server that restarts does.
    pub(super) async fn cut(&self) {
        self.run("postgres", &END_SESSIONS.replace("NAME", &self.database)).await;
    }

    /// Lets nobody in, or everybody again.
    async fn open(&self, open: bool) {
        self.run("postgres", &format!("alter database {} allow_connections {open}", self.database)).await;
    }
}

#[tokio::test]
async fn a_lost_session_is_made_anew_and_holds_the_database_again() {
    let Some(place) = OnServer::new().await else { return };
    let bench = place.bench().await;
    bench.store.hold().await.unwrap();
    let files = evenings(5, 1, Accidents::default());
    bench.keep(&files[..2]).await;
    place.cut().await;
    bench.keep(&files[2..]).await;
    place.cut().await;
    bench.derive().await;

    let other = place.store().await;
    assert!(matches!(other.hold().await, Err(StoreError::Held { .. })), "it was taken again");

    place.open(false).await;
    place.cut().await;
    let refused = bench.store.begin(Durability::Full).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused}");
    bench.store.answers().await.unwrap_err();
    place.open(true).await;
    bench.store.answers().await.unwrap();
    assert_eq!(bench.keep(&files[..1]).await, [false], "nothing of it is lost");
    assert_eq!(bench.store.pending_count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_transaction_that_loses_its_session_fails_and_leaves_nothing() {
    let Some(place) = OnServer::new().await else { return };
    let store = place.store().await;
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.execute(
        "write",
        "insert into derivation (id, version) values (1, 7) on conflict (id) do update set version = 7",
        vec![],
    )
    .await
    .unwrap();
    place.cut().await;
    let lost = tx.commit().await.unwrap_err();
    assert!(matches!(lost, StoreError::Lost { doing: "commit", .. }) && !lost.is_disk_full(), "{lost}");
    let said = lost.to_string();
    assert!(said.starts_with(&format!("the database {} went away while it should commit", place.url())), "{said}");
    assert!(said.ends_with("can be done again when it is back") && lost.is_outage(), "{said}");
    assert_eq!(*store.write_trouble().borrow(), Some(said), "nothing can be written until something is");
    store.try_writing().await.unwrap();
    assert_eq!(*store.write_trouble().borrow(), None);
    assert!(store.expect_derivation(7).await.unwrap(), "it was not written");
}

#[tokio::test]
async fn one_hub_works_on_a_database() {
    let Some(place) = OnServer::new().await else { return };
    let (one, other) = (place.store().await, place.store().await);
    one.hold().await.unwrap();
    let refused = other.hold().await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "another slomix-hub works on the database {}: stop it, or give this one a database of its own",
            place.url()
        )
    );
    // What a command writes beside it takes its turn.
    other.begin(Durability::Full).await.unwrap().commit().await.unwrap();
    one.begin(Durability::Full).await.unwrap().commit().await.unwrap();
    one.close().await;
    other.hold().await.unwrap();
}

#[tokio::test]
async fn whoever_loses_the_database_to_another_hub_writes_nothing_more() {
    let Some(place) = OnServer::new().await else { return };
    let one = place.store().await;
    one.hold().await.unwrap();
    place.cut().await;
    let other = place.store().await;
    other.hold().await.unwrap();
    for refused in [one.begin(Durability::Full).await.map(drop), one.keep_hold().await, one.try_writing().await] {
        assert!(matches!(refused, Err(StoreError::Held { .. })), "{refused:?}");
    }
    let why = one.write_trouble().borrow().clone().unwrap();
    assert!(why.starts_with("another slomix-hub works on the database"), "{why}");
    other.close().await;
    one.keep_hold().await.unwrap();
    assert!(matches!(place.store().await.hold().await, Err(StoreError::Held { .. })), "it was taken again");
    one.try_writing().await.unwrap();
    assert_eq!(*one.write_trouble().borrow(), None);
}

#[tokio::test]
async fn a_hold_that_was_lost_is_taken_again_without_a_write() {
    let Some(place) = OnServer::new().await else { return };
    let one = place.store().await;
    one.hold().await.unwrap();
    place.cut().await;
    one.keep_hold().await.unwrap();
    let other = place.store().await;
    assert!(matches!(other.hold().await, Err(StoreError::Held { .. })));
    one.keep_hold().await.unwrap();
    other.keep_hold().await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_is_undone_leaves_no_gap_for_another_hub() {
    let Some(place) = OnServer::new().await else { return };
    let (one, other) = (place.store().await, place.store().await);
    one.hold().await.unwrap();
    let session = "select pg_backend_pid()";
    let mut tx = one.begin(Durability::Full).await.unwrap();
    let before = tx.fetch("tell the session", session, vec![]).await.unwrap();
    tx.execute("write", "update derivation set version = 77", vec![]).await.unwrap();
    drop(tx);
    let mut tx = one.begin(Durability::Full).await.unwrap();
    assert_eq!(tx.fetch("tell the session", session, vec![]).await.unwrap(), before, "it is the same session");
    tx.execute("fail", "insert into derivation (id, version) values (2, 2)", vec![]).await.unwrap_err();
    drop(tx);
    assert!(matches!(other.hold().await, Err(StoreError::Held { .. })));
    assert!(one.expect_derivation(77).await.unwrap(), "neither was written");
}

#[tokio::test]
async fn waiting_for_a_turn_puts_no_statement_into_the_log() {
    let Some(place) = OnServer::new().await else { return };
    let store = place.store().await;
    store.hold().await.unwrap();
    // Beside one listener alone, a place in the code that another thread comes to first would stay silent for all.
    let _beside = tracing::Dispatch::new(tracing_subscriber::registry());
    let told = Told::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(told.clone()));
    store.begin(Durability::Full).await.unwrap().commit().await.unwrap();
    store.answers().await.unwrap();
    assert_eq!(*told.0.lock().unwrap(), [""; 0], "whatever the time it took");
    store.pending_count().await.unwrap();
    drop(listening);
    assert!(!told.0.lock().unwrap().is_empty(), "what readers ask is told, to those who want to hear it");
}

#[tokio::test]
async fn a_socket_is_found_by_its_directory() {
    let Some(place) = OnServer::new().await else { return };
    let directory = place.server.directory().display().to_string();
    for url in [
        format!("postgres:///{}?host={directory}&user=postgres", place.database),
        format!("postgres://postgres@/{}?host={}", place.database, directory.replace('/', "%2F")),
        format!("postgres://postgres@{}:5432/{}", directory.replace('/', "%2f"), place.database),
    ] {
        Store::connect(&url.parse().unwrap()).await.unwrap().answers().await.unwrap();
    }
}

#[tokio::test]
async fn a_hub_without_its_server_tells_what_it_knows_and_goes_on_when_that_is_back() {
    let Some(place) = OnServer::new().await else { return };
    let dir = tempfile::tempdir().unwrap();
    let hub = serve::start(Config { database: Some(place.url()), ..serve::config() }, dir.path()).await.unwrap();
    let at = hub.addresses();
    assert_eq!(serve::status(&hub).await["database"]["unreachable_since_ms"], Value::Null);
    place.open(false).await;
    place.cut().await;

    let (code, said) = serve::get(at.http, "/readyz", "*/*").await;
    assert!(code == 503 && said.contains("cannot be used"), "{code}: {said}");
    let (code, said) = serve::get(at.admin, "/status", "*/*").await;
    let status: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &status["waiting"], &status["posts"]), (503, &Value::Null, &Value::Null));
    assert!(status["database"]["unreachable_since_ms"].is_i64() && status["database"]["path"].is_string(), "{said}");
    assert_eq!(status["obstacles"].as_array().unwrap().len(), 1, "{said}");
    let (code, said) = serve::get(at.admin, "/metrics", "*/*").await;
    assert!(code == 200 && said.contains("\nslomix_hub_ready 0\n"), "{code}: {said}");

    place.open(true).await;
    serve::until("it is ready again", async || serve::get(at.http, "/readyz", "*/*").await.0 == 200).await;
    assert_eq!(serve::status(&hub).await["obstacles"], serde_json::json!([]));
    assert!(matches!(place.store().await.hold().await, Err(StoreError::Held { .. })), "and holds the database");
    hub.stop().await;
}

#[tokio::test]
async fn a_database_that_took_the_place_of_another_takes_nothing() {
    let Some(place) = OnServer::new().await else { return };
    let bench = place.bench().await;
    let database = &place.database;
    place.cut().await;
    place.run("postgres", &format!("drop database {database}")).await;
    assert!(bench.store.begin(Durability::Full).await.is_err());
    place.run("postgres", &format!("create database {database}")).await;
    let gone = bench.store.begin(Durability::Full).await.unwrap_err();
    assert!(matches!(gone, StoreError::Gone { .. }), "{gone}");
    place.store().await;
    let gone = bench.store.begin(Durability::Full).await.unwrap_err();
    assert!(matches!(gone, StoreError::Gone { .. }), "another one has the tables: {gone}");
}

#[tokio::test]
async fn what_keeps_a_hub_out_is_said_with_the_fix_and_without_the_password() {
    let Some(place) = OnServer::new().await else { return };
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody: DatabaseUrl = format!("postgres://stats:hush@127.0.0.1:{port}/slomix").parse().unwrap();
    place.run("postgres", "create database latin encoding 'LATIN1' locale 'C' template template0").await;
    place.run("postgres", "create role guest login").await;
    let server = &place.server;
    let urls = [nobody, server.url("nowhere"), server.url("latin"), server.url_of("guest", &place.database)];
    let mut said = Vec::new();
    for url in urls {
        let refused = Store::connect(&url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused:?}");
        let socket = server.directory().display().to_string();
        said.push(refused.to_string().replace(&port.to_string(), "PORT").replace(&socket, "SOCKET"));
    }
    let said = said.join("\n").replace(&place.database, "DATABASE");
    assert!(!said.contains("hush"));
    insta::assert_snapshot!(said);
}
